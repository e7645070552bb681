"""Who asks: work on files from outside is done in turn, reader by reader, whatever one of them brings."""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Final

from core.sandbox.child import LOOK, WALL_SECONDS, busy, stopped
from core.sandbox.turns import Turns

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable, Iterator

_ACTING: Final[ContextVar[str]] = ContextVar("reader", default="")
_finders: list[Callable[[], str]] = []


def name_by(find: Callable[[], str]) -> None:
    """Let ``find`` name the reader whose script runs on the calling thread, "" where it is nobody's."""
    _finders[:] = [find]


def current() -> str:
    """The reader on this thread; "" in scripts and tests, which are one reader."""
    return _ACTING.get() or (_finders[0]() if _finders else "")


@contextmanager
def acting_for(reader: str) -> Iterator[None]:
    """Whatever runs within is done for ``reader``: for threads that work aside."""
    token = _ACTING.set(reader)
    try:
        yield
    finally:
        _ACTING.reset(token)


class Slots:
    """So many at a time; while there are several, one reader never has all."""

    def __init__(self, count: int) -> None:
        self._turns: Turns[int] = Turns(range(count))

    @contextmanager
    def one(self, source: str, cancel: threading.Event | None = None) -> Iterator[None]:
        """Wait for a slot and hold it.

        Raises:
            CancelledByReaderError: ``cancel`` was set.
            SourceUnavailableError: none was free within ``WALL_SECONDS``.
        """
        reader = current()
        left = WALL_SECONDS
        slot: int | None = None
        while slot is None:
            step = LOOK if cancel is not None else left
            slot = self._turns.take(reader, lambda _: 0, min(step, left))
            if cancel is not None and cancel.is_set():
                if slot is not None:
                    self._turns.give_back(reader, slot)
                raise stopped()
            left -= step
            if slot is None and left <= 0:
                raise busy(source)
        try:
            yield
        finally:
            self._turns.give_back(reader, slot)
