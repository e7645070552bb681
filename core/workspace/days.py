"""Days as a store counts them: one for each date on which it was used, whatever the machine's clock says.

A clock that jumps a year ahead makes it one day later here, so that nothing is outdated by it.
"""

from __future__ import annotations

import contextlib
import time
from typing import TYPE_CHECKING, Final

from core.hub.cache import read_file, write_file

if TYPE_CHECKING:
    from pathlib import Path

_FILE: Final = "days"
_DAY: Final = 86_400


def days(folder: Path) -> int:
    """Today's number; the first is the clock's own, so that files of before the count have an age too."""
    clock = int(time.time() // _DAY)
    try:
        count, last = (int(part) for part in (read_file(folder / _FILE, 40) or b"").split())
    except ValueError:
        count, last = clock, clock
    else:
        if last == clock:
            return count
        count += 1
    with contextlib.suppress(OSError):
        write_file(folder / _FILE, b"%d %d" % (count, clock))
    return count
