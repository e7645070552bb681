"""How many rows each range of sizes would show, so that a slider can say so while it moves."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from core.ranking.filters import SIZE_STOPS, BoardFilter, nominal_size, passing

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True)
class SizeCounts:
    """Rows that pass all else, by stop of :data:`core.ranking.filters.SIZE_STOPS`."""

    below: tuple[int, ...]
    """Rows smaller than the stop."""
    up_to: tuple[int, ...]
    """Rows of at most the stop; the last stop takes in all that are larger."""
    unknown: int
    """Rows of unknown size, shown whatever the range."""

    def between(self, low: float, high: float) -> int:
        """Rows shown for a range of two stops, both included.

        >>> SizeCounts(below=(0,) * 33, up_to=(0,) + (4,) * 32, unknown=1).between(0, 150)
        5
        """
        return self.up_to[SIZE_STOPS.index(high)] - self.below[SIZE_STOPS.index(low)] + self.unknown


def count_by_size(board: pd.DataFrame, chosen: BoardFilter, *, ranked_by: str | None = None) -> SizeCounts:
    """Counts for all ranges of sizes with the rest of a filter; arguments as for ``filters.passing``."""
    shown, _ = passing(board, replace(chosen, size=(SIZE_STOPS[0], SIZE_STOPS[-1])), ranked_by=ranked_by)
    return count_sizes(nominal_size(board)[shown].astype(float))


def count_sizes(sizes: pd.Series[float], *, slack: float = 0.0, open_end: bool = True) -> SizeCounts:
    """Counts for all ranges of sizes.

    Args:
        sizes: billions of parameters, missing where unknown.
        slack: how far above a stop a size still counts as within it, in billions.
        open_end: whether the last stop takes in all that are larger.
    """
    known = np.sort(sizes.dropna().to_numpy(float))
    stops = np.asarray(SIZE_STOPS, dtype=float)
    up_to = np.searchsorted(known, stops + slack, side="right")
    if open_end:
        up_to[-1] = len(known)
    return SizeCounts(
        below=tuple(np.searchsorted(known, stops, side="left").tolist()),
        up_to=tuple(up_to.tolist()),
        unknown=len(sizes) - len(known),
    )
