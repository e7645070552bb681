"""What a reader is likely to ask for next, worked out while the server has nothing else to do."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Final

from streamlit.runtime.scriptrunner import add_script_run_ctx, get_script_run_ctx

if TYPE_CHECKING:
    from collections.abc import Callable

# Seconds. The answer to the last change is drawn by then; with many readers it keeps this work rare.
_PAUSE: Final = 0.4
_busy = threading.Lock()


def soon(work: Callable[[], None]) -> None:
    """Do ``work`` a moment later, for this session; not at all if such work is under way for anyone.

    It must only fill caches: whoever needs the result and doesn't find it works it out as before.
    """
    if not _busy.acquire(blocking=False):
        return

    def run() -> None:
        try:
            time.sleep(_PAUSE)
            work()
        finally:
            _busy.release()

    thread = threading.Thread(target=run, name="basewise-ahead", daemon=True)
    # The board in use is the session's.
    add_script_run_ctx(thread, get_script_run_ctx())
    thread.start()
