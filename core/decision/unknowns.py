"""What stands in for a figure nobody has: what is typical of the candidates that have it, with its scatter.

A missing figure must put no model ahead or behind. So it counts as the mean of the known ones or, where that
predicts known figures better when each is left out in turn, as what a line through them says at the model's
capability. In the simulation it is drawn with the scatter of the known ones around that.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

# With fewer known figures than this a line through them is chance.
_FEWEST_FOR_LINE: Final = 8


def typical(known: Floats, beside: Floats, wanted: Floats) -> tuple[Floats, Floats]:
    """Centres for unknown figures, and the scatter of the known ones around theirs.

    Args:
        known: m known figures.
        beside: m capabilities of the same candidates; NaN where unknown.
        wanted: n capabilities at which a centre is asked for; NaN where unknown.

    Returns:
        n centres and m deviations (mean about 0); no figure known: zeros and one deviation of 0.

    >>> typical(np.array([0.2, 0.4]), np.array([0.5, 0.6]), np.array([0.9]))
    (array([0.3]), array([-0.1,  0.1]))
    """
    if not len(known):
        return np.zeros(len(wanted)), np.zeros(1)
    centre = float(known.mean())
    off = known - centre
    slope, middle = _line(known, beside)
    if slope == 0:
        return np.full(len(wanted), centre), off
    # No line is followed beyond the capabilities it was seen at.
    at = np.clip(np.where(np.isnan(wanted), middle, wanted), beside.min(), beside.max())
    return centre + slope * (at - middle), off - slope * (beside - middle)


def _line(known: Floats, beside: Floats) -> tuple[float, float]:
    """Slope on capability (0 where the plain mean predicts better), and where the line is centred."""
    count = len(known)
    if count < _FEWEST_FOR_LINE or np.isnan(beside).any():
        return 0.0, 0.0
    middle = float(beside.mean())
    away = beside - middle
    total = float(away @ away)
    if total < 1e-12:
        return 0.0, middle
    off = known - known.mean()
    slope = float(away @ off) / total
    # Errors with each figure left out in turn follow from its leverage.
    by_mean = off * count / (count - 1)
    by_line = (off - slope * away) / np.maximum(1 - 1 / count - away**2 / total, 1e-9)
    return (slope, middle) if by_line @ by_line < by_mean @ by_mean else (0.0, middle)
