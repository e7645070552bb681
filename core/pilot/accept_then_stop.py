"""Accept-then-stop, the selection rule of the rectified scaling law's authors, to compare with."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]


def accept_then_stop(
    sizes: Floats, losses: Floats, targets: Floats, *, first: int = 3, tolerance: float = 5.0
) -> Floats:
    """Losses at t ``targets`` of one model, by a line through the logarithms of its largest trial runs.

    Runs are taken from the largest down: the first three always, a further one while it lies within five
    standard deviations of the line so far; the first that doesn't ends it, for there the power law has not
    begun. After Lin et al., ICML 2024, Algorithm 1.

    Args:
        sizes: k increasing sizes.
        losses: k losses.
        targets: t sizes to predict.
        first: runs accepted unseen.
        tolerance: standard deviations of the residuals.
    """
    x, y = np.log(sizes[::-1]), np.log(losses[::-1])
    taken = min(first, len(x))
    while taken < len(x):
        slope, level = np.polyfit(x[:taken], y[:taken], 1)
        scatter = max(float((y[:taken] - level - slope * x[:taken]).std()), 1e-12)
        if abs(y[taken] - level - slope * x[taken]) > tolerance * scatter:
            break
        taken += 1
    slope, level = np.polyfit(x[:taken], y[:taken], 1)
    return np.asarray(np.exp(level + slope * np.log(targets)))
