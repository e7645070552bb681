"""The live board checked in the background: one thread per process, watched by every session."""

from __future__ import annotations

import threading
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final, Literal

from core.errors import DataError
from core.hub import cache, live_board

if TYPE_CHECKING:
    from core.hub.client import HubAccess
    from core.hub.live_board import LiveBoard

# A board checked this recently isn't asked about again at start.
FRESH: Final = timedelta(hours=6)


@dataclass(frozen=True, slots=True)
class Status:
    """What the background check is doing or how it ended. ``share`` is 0-1, None where unknown."""

    state: Literal["never", "running", "updated", "unchanged", "failed", "stopped"] = "never"
    step: str = ""
    share: float | None = None
    cause: str = ""
    remedy: str = ""
    note: str = ""
    ended: str = ""


class BoardWatch:
    """Holds the last good live board and renews it off the page's own thread.

    >>> watch = BoardWatch()
    >>> watch.status.state, watch.board
    ('never', None)
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._cancel = threading.Event()
        self._status = Status()
        self._board: LiveBoard | None = None

    @property
    def status(self) -> Status:
        return self._status

    @property
    def board(self) -> LiveBoard | None:
        return self._board

    @property
    def running(self) -> bool:
        return self._thread is not None and self._thread.is_alive()

    def start(
        self,
        access: HubAccess,
        *,
        only_if_old: bool = False,
        after: float = 0.0,
        seconds: float = live_board.SECONDS,
    ) -> bool:
        """Begin a check unless one runs; True if begun. Returns at once.

        Args:
            access: endpoint and token.
            only_if_old: be content with a stored copy that was checked within :data:`FRESH`.
            after: seconds to wait first, so that a server's first page isn't slowed down.
            seconds: time limit of the check.
        """
        with self._lock:
            if self.running:
                return False
            self._cancel = threading.Event()
            self._status = Status("running", "Looking for a stored copy")
            self._thread = threading.Thread(
                target=self._run,
                args=(access, self._cancel, only_if_old, after, seconds),
                name="live-board",
                daemon=True,
            )
            self._thread.start()
            return True

    def stop(self) -> None:
        """Ask the running check to end; what is shown stays."""
        self._cancel.set()

    def wait(self, seconds: float) -> bool:
        """Wait for the running check; False if it still runs after that."""
        thread = self._thread
        if thread is not None:
            thread.join(seconds)
        return not self.running

    def _run(
        self, access: HubAccess, cancel: threading.Event, only_if_old: bool, after: float, seconds: float
    ) -> None:
        ended = Status("failed", cause="The check ended unexpectedly.", remedy="Try again.")
        try:
            if cancel.wait(after):
                ended = Status("stopped", cause="The check was stopped.")
                return
            # The stored copy first: it is good at once, whatever the network does.
            if self._board is None:
                try:
                    self._board = live_board.stored()
                except DataError as problem:
                    self._status = replace(self._status, note=problem.what)
            if only_if_old and self._board and cache.is_recent(self._board.manifest.checked, FRESH):
                ended = Status("unchanged", ended=self._board.manifest.checked)
                return
            result = live_board.refresh(access, cancel=cancel, progress=self._tell, seconds=seconds)
            self._board = result.board or self._board
            ended = Status(
                result.outcome, cause=result.cause, remedy=result.remedy, note=result.note, ended=cache.now()
            )
        finally:
            self._status = ended

    def _tell(self, step: str, share: float | None) -> None:
        self._status = replace(self._status, step=step, share=share)
