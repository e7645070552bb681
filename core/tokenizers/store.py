"""The tokenizers in memory: shared by all sessions, a stated number at most, the oldest goes first."""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from typing import TYPE_CHECKING, Final

from core.tokenizers.files import from_bytes
from core.tokenizers.hub_files import fetch_tokenizer

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

    from core.hub.client import HubAccess
    from core.tokenizers.tokenizer import Tokenizer

# A vocabulary of 200,000 takes some 150 MB; six stand side by side on the page.
MAX_LOADED: Final = 8


class Store:
    """Loads each key once, however many sessions ask at the same time. Failures are not kept."""

    def __init__(self, limit: int = MAX_LOADED) -> None:
        self._limit = limit
        self._loaded: OrderedDict[Hashable, Tokenizer] = OrderedDict()
        self._busy: dict[Hashable, threading.Lock] = {}
        self._lock = threading.Lock()

    def get(self, key: Hashable, make: Callable[[], Tokenizer]) -> Tokenizer:
        while True:
            with self._lock:
                if key in self._loaded:
                    self._loaded.move_to_end(key)
                    return self._loaded[key]
                own = self._busy.setdefault(key, threading.Lock())
            with own:
                with self._lock:
                    if self._busy.get(key) is not own:
                        # Whoever held it before is done: look again.
                        continue
                return self._make(key, make)

    def _make(self, key: Hashable, make: Callable[[], Tokenizer]) -> Tokenizer:
        made = None
        try:
            made = make()
            return made
        finally:
            # Both at once: between them another session would load it again.
            with self._lock:
                del self._busy[key]
                if made is not None:
                    self._loaded[key] = made
                while len(self._loaded) > self._limit:
                    self._loaded.popitem(last=False)

    def keys(self) -> list[Hashable]:
        """Oldest use first."""
        with self._lock:
            return list(self._loaded)


_SHARED: Final = Store()


def shared(
    source: str,
    revision: str | None = None,
    *,
    access: HubAccess,
    cancel: threading.Event | None = None,
    on_bytes: Callable[[int, int | None], None] | None = None,
) -> Tokenizer:
    """A Hub repo's tokenizer, from memory if a session with the same token, or none, loaded it before.

    Nothing is looked up on the disk but what :func:`core.tokenizers.hub_files.fetch_tokenizer` kept; it says
    what is raised.
    """
    return _SHARED.get(
        (source, revision, access.mark),
        lambda: fetch_tokenizer(source, revision, access=access, cancel=cancel, on_bytes=on_bytes),
    )


def shared_upload(raw: bytes, name: str, cancel: threading.Event | None = None) -> Tokenizer:
    """An uploaded ``tokenizer.json``, known by its content; ``cancel`` stops the reading."""
    return _SHARED.get(hashlib.sha256(raw).hexdigest(), lambda: from_bytes(raw, name, cancel))
