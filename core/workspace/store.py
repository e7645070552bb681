"""Workspaces kept on the server, so that a reload of the page finds them again.

Each stands under the hash of a key that only its owner's browser knows. Bounded in number, size and age;
where the disk can't be written to, memory holds a few.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import secrets
import threading
import time
from collections import OrderedDict
from typing import TYPE_CHECKING, Final

from core.hub.cache import cache_home
from core.workspace.contents import MAX_BYTES

if TYPE_CHECKING:
    from pathlib import Path

MAX_AGE_DAYS: Final = 30
MAX_KEPT: Final = 500
_IN_MEMORY: Final = 50
_KEY: Final = re.compile(r"[A-Za-z0-9_-]{43}")


def new_key() -> str:
    """256 random bits, as text that fits a cookie."""
    return secrets.token_urlsafe(32)


def is_key(text: object) -> bool:
    return isinstance(text, str) and _KEY.fullmatch(text) is not None


class WorkspaceStore:
    """Bytes by key. Shared by all sessions of a process; processes may share its folder."""

    def __init__(self, folder: Path | None = None) -> None:
        self._given = folder
        self._lock = threading.Lock()
        self._memory: OrderedDict[str, bytes] = OrderedDict()

    @property
    def folder(self) -> Path:
        return self._given or cache_home() / "workspaces"

    def load(self, key: str) -> bytes | None:
        """What was saved under ``key``; None if nothing, too old, or the key is none."""
        if not is_key(key):
            return None
        name = _name(key)
        with self._lock:
            if (held := self._memory.get(name)) is not None:
                return held
        path = self.folder / name
        with contextlib.suppress(OSError):
            stat = path.stat()
            if stat.st_size <= MAX_BYTES and time.time() - stat.st_mtime < MAX_AGE_DAYS * 86400:
                body = path.read_bytes()
                os.utime(path)  # used today: keeps for another while
                return body
        return None

    def save(self, key: str, body: bytes) -> bool:
        """Keep ``body``; True if on disk, False if in memory only (gone when the app stops)."""
        if not is_key(key) or len(body) > MAX_BYTES:
            raise ValueError
        name = _name(key)
        path = self.folder / name
        aside = path.with_name(f"{name}.{os.getpid()}.{threading.get_ident()}.part")
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            aside.write_bytes(body)
            os.replace(aside, path)  # noqa: PTH105 - the call whose atomicity is meant
        except OSError:
            with contextlib.suppress(OSError):
                aside.unlink(missing_ok=True)
            with self._lock:
                self._memory[name] = body
                self._memory.move_to_end(name)
                while len(self._memory) > _IN_MEMORY:
                    self._memory.popitem(last=False)
            return False
        with self._lock:
            self._memory.pop(name, None)
        self._prune()
        return True

    def delete(self, key: str) -> None:
        name = _name(key)
        with self._lock:
            self._memory.pop(name, None)
        with contextlib.suppress(OSError):
            (self.folder / name).unlink()

    def _prune(self) -> None:
        """Remove what is too old, then the longest unused beyond :data:`MAX_KEPT`."""
        with contextlib.suppress(OSError):
            aged = sorted((path.stat().st_mtime, path) for path in self.folder.iterdir())
            oldest = time.time() - MAX_AGE_DAYS * 86400
            surplus = max(len(aged) - MAX_KEPT, 0)
            for position, (used, path) in enumerate(aged):
                if position < surplus or used < oldest:
                    path.unlink(missing_ok=True)


def _name(key: str) -> str:
    # The name on disk doesn't give the key away.
    return hashlib.sha256(key.encode()).hexdigest() + ".json"
