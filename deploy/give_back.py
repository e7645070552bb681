"""Memory that readers no longer need goes back to the system.

What was freed in small pieces stays with the process until glibc is asked to look through its heaps; between
the visits of many readers that is a tenth of all it holds. Other C libraries have no such call and need none.
"""

from __future__ import annotations

import ctypes
import threading
from contextlib import suppress
from typing import Final

_EVERY: Final = 30.0  # seconds; one look takes some milliseconds


def give_back() -> bool:
    """Ask once; False where the C library has no such call."""
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).malloc_trim(0)
        return True
    return False


def keep_giving_back() -> threading.Event:
    """Ask now and then, in a thread of its own, until the event that is returned is set."""
    ended = threading.Event()

    def ask() -> None:
        while not ended.wait(_EVERY):
            if not give_back():
                return

    threading.Thread(target=ask, name="basewise-memory", daemon=True).start()
    return ended
