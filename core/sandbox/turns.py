"""Whose turn it is: a few things shared by many readers, one round after another."""

from __future__ import annotations

import threading
import time
from collections import Counter, OrderedDict, deque
from typing import TYPE_CHECKING, Any, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

T = TypeVar("T")


class Turns(Generic[T]):
    """Lends things to readers: each in turn, however much one of them asks for.

    While there are several things, no reader has all of them: one who holds them for long leaves one.
    """

    def __init__(self, things: Sequence[T]) -> None:
        self._idle = list(things)
        self._most = max(1, len(things) - 1)
        self._has: Counter[str] = Counter()
        # Readers who wait, the next one first; each with tickets in the order of asking.
        self._waiting: OrderedDict[str, deque[object]] = OrderedDict()
        self._change = threading.Condition()

    def take(self, reader: str, fit: Callable[[T], Any], seconds: float) -> T | None:
        """The idle thing that fits best (the least ``fit``); None if none was free within ``seconds``."""
        ticket = object()
        late = time.monotonic() + seconds
        with self._change:
            self._waiting.setdefault(reader, deque()).append(ticket)
            while not self._is_next(reader, ticket):
                left = late - time.monotonic()
                if left <= 0 or not self._change.wait(left):
                    self._leave(reader, ticket)
                    return None
            thing = min(self._idle, key=fit)
            self._idle.remove(thing)
            self._leave(reader, ticket)
            if reader in self._waiting:
                self._waiting.move_to_end(reader)
            self._has[reader] += 1
            return thing

    def give_back(self, reader: str, thing: T) -> None:
        """What was taken is there for the next."""
        with self._change:
            self._idle.append(thing)
            self._has[reader] -= 1
            if not self._has[reader]:
                del self._has[reader]
            self._change.notify_all()

    def each_idle(self, work: Callable[[T], Any]) -> None:
        """Do something short to all that nobody has."""
        with self._change:
            for thing in self._idle:
                work(thing)

    def _is_next(self, reader: str, ticket: object) -> bool:
        """Whoever has the fewest is next; among equals who has waited longest."""
        if not self._idle:
            return False
        may = [name for name in self._waiting if self._has[name] < self._most]
        if not may or min(may, key=lambda name: self._has[name]) != reader:
            return False
        return self._waiting[reader][0] is ticket

    def _leave(self, reader: str, ticket: object) -> None:
        self._waiting[reader].remove(ticket)
        if not self._waiting[reader]:
            del self._waiting[reader]
        self._change.notify_all()
