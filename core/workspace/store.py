"""Workspaces kept on the server, so that a reload of the page finds them again.

Each stands under the hash of a key that only its owner's browser knows, and stays for 30 days: where there is
no room, a new one is refused and not an older one dropped, and one visitor's many push out only their own.

Why no cache from a library (diskcache was looked at): it forgets by the machine's clock, or drops what was
used longest ago, the two ways in which a wrong clock or a stranger takes a reader's workspace away. It also
reads pickles from its files.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import secrets
import threading
from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from core.errors import SourceUnavailableError
from core.hub.cache import CacheNotKeptError, cache_home, locked, read_file, write_file
from core.workspace.days import days
from core.workspace.document import MAX_BYTES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

MAX_AGE_DAYS: Final = 30
MAX_KEPT: Final = 5_000
MAX_KEPT_BYTES: Final = 4_000_000_000
# Of one visitor, for whom their oldest makes room.
MAX_OF_VISITOR: Final = 20
MAX_BYTES_OF_VISITOR: Final = 100_000_000
_IN_MEMORY: Final = 50
_LOCK_SECONDS: Final = 20.0
_KEY: Final = re.compile(r"[A-Za-z0-9_-]{43}")
_HEAD: Final = re.compile(rb"visitor ([0-9a-f]{16})\n")
_HEAD_BYTES: Final = 25
_DAY: Final = 86_400


def new_key() -> str:
    """256 random bits, as text that fits a cookie."""
    return secrets.token_urlsafe(32)


def is_key(text: object) -> bool:
    return isinstance(text, str) and _KEY.fullmatch(text) is not None


@dataclass(frozen=True, slots=True)
class _Kept:
    path: Path
    used: float
    size: int
    visitor: bytes


class WorkspaceStore:
    """Bytes by key. Shared by all sessions of a process; processes may share its folder.

    Where the disk can't be written to, memory holds a few.
    """

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
        body = read_file(path, MAX_BYTES + _HEAD_BYTES)
        if body is None:
            return None
        with contextlib.suppress(OSError):
            today = days(self.folder)
            if today - path.lstat().st_mtime / _DAY >= MAX_AGE_DAYS:
                return None
            _use(path, today)
        return _HEAD.sub(b"", body, count=1) if _HEAD.match(body) else body

    def update(self, key: str, step: Callable[[bytes | None], bytes | None], visitor: str = "") -> bool:
        """Put what ``step`` makes of the kept bytes in their place; None removes them.

        No other tab, process or replica changes them meanwhile. True if it is on disk, False if in memory
        only (gone when the app stops).

        Args:
            key: from :func:`new_key`.
            step: given what is kept, None where there is nothing.
            visitor: who saves, for their share of the room; an address or any other name.

        Raises:
            ValueError: no key, or more than ``MAX_BYTES``.
            SourceUnavailableError: another tab has been saving for 20 seconds.
        """
        if not is_key(key):
            raise ValueError
        with self._alone(key[:1].encode().hex()):
            body = step(self.load(key))
            if body is None:
                self.delete(key)
                return True
            if len(body) > MAX_BYTES:
                raise ValueError
            return self._save(_name(key), body, hashlib.sha256(visitor.encode()).hexdigest()[:16].encode())

    def delete(self, key: str) -> None:
        name = _name(key)
        with self._lock:
            self._memory.pop(name, None)
        with contextlib.suppress(OSError):
            (self.folder / name).unlink()

    def _save(self, name: str, body: bytes, visitor: bytes) -> bool:
        path = self.folder / name
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            with self._alone("room"):
                kept = self._make_room(path, len(body), visitor)
                if kept:
                    write_file(path, b"visitor %s\n" % visitor + body)
                    _use(path, days(self.folder))
        except OSError:
            kept = False
        with self._lock:
            self._memory.pop(name, None)
            if not kept:
                self._memory[name] = body
                while len(self._memory) > _IN_MEMORY:
                    self._memory.popitem(last=False)
        return kept

    def _make_room(self, path: Path, size: int, visitor: bytes) -> bool:
        """Whether there is room, after the outdated and the visitor's own surplus are gone."""
        today = days(self.folder)
        others = [one for one in self._all() if one.path != path]
        for one in others:
            if today - one.used >= MAX_AGE_DAYS:
                one.path.unlink(missing_ok=True)
        others = sorted((one for one in others if today - one.used < MAX_AGE_DAYS), key=lambda one: one.used)
        own = [one for one in others if one.visitor == visitor]
        while own and (
            len(own) >= MAX_OF_VISITOR or sum(one.size for one in own) + size > MAX_BYTES_OF_VISITOR
        ):
            others.remove(own[0])
            own.pop(0).path.unlink(missing_ok=True)
        return len(others) < MAX_KEPT and sum(one.size for one in others) + size <= MAX_KEPT_BYTES

    def _all(self) -> Iterator[_Kept]:
        for path in self.folder.glob("*.json"):
            with contextlib.suppress(OSError):
                stat = path.lstat()
                head = _HEAD.match(_first_bytes(path))
                visitor = head.group(1) if head else b""
                yield _Kept(path, stat.st_mtime / _DAY, stat.st_size, visitor)

    @contextlib.contextmanager
    def _alone(self, what: str) -> Iterator[None]:
        with contextlib.ExitStack() as stack:
            # Where nothing can be written there is nothing to share: memory is this process's own.
            with contextlib.suppress(CacheNotKeptError):
                if not stack.enter_context(locked(self.folder / f".{what}", seconds=_LOCK_SECONDS)):
                    raise SourceUnavailableError(
                        "Another tab is saving at this moment.", remedy="Try again in a minute."
                    )
            yield


def _first_bytes(path: Path) -> bytes:
    number = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
    with open(number, "rb") as file:  # noqa: PTH123 - by its number
        return file.read(_HEAD_BYTES)


def _use(path: Path, today: int) -> None:
    """Used on this day of the store's own count."""
    os.utime(path, (today * _DAY, today * _DAY))


def _name(key: str) -> str:
    # The name on disk doesn't give the key away.
    return hashlib.sha256(key.encode()).hexdigest() + ".json"
