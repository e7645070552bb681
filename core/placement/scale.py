"""The board's six tasks, and the logit scale on which scores of all benchmarks are compared."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

TASKS: Final = ("ifeval", "bbh", "math_lvl_5", "gpqa", "musr", "mmlu_pro")
TASK_SE: Final = (1.8, 1.0, 0.55, 2.7, 2.85, 0.4)  # median standard error of a base on the board, points
MARGIN: Final = 0.03  # keeps 0 and 100% at a finite distance
CHANCE_SHARE: Final = 0.85  # of the chance level taken off: weak models fall a little below it


def to_logit(share: ArrayLike) -> NDArray[np.float64]:
    """Logit of a share (0-1), softened at both ends."""
    p = np.asarray(share, dtype=np.float64)
    return np.asarray(np.log((p + MARGIN) / (1 + MARGIN - p)), dtype=np.float64)


def from_logit(logit: ArrayLike) -> NDArray[np.float64]:
    """The share (0-1, a little beyond at the ends) that a softened logit stands for."""
    q = 1 / (1 + np.exp(-np.asarray(logit, dtype=np.float64)))
    return np.asarray(q * (1 + 2 * MARGIN) - MARGIN, dtype=np.float64)


def logit_variance(share: ArrayLike, se: ArrayLike) -> NDArray[np.float64]:
    """Variance on the logit scale of a share whose standard error is ``se``, both 0-1."""
    p = np.asarray(share, dtype=np.float64)
    return np.asarray((np.asarray(se) * (1 / (p + MARGIN) + 1 / (1 + MARGIN - p))) ** 2, dtype=np.float64)


def score_to_share(
    value: ArrayLike, low: ArrayLike, high: ArrayLike, chance: ArrayLike, inverted: ArrayLike
) -> NDArray[np.float64]:
    """A printed score as a share 0-1 of what can be earned above chance.

    Args:
        value: as printed.
        low: the benchmark's least value.
        high: its greatest.
        chance: what guessing earns, in the same unit.
        inverted: True where lower is better.
    """
    low, high = np.asarray(low, dtype=np.float64), np.asarray(high, dtype=np.float64)
    floor = CHANCE_SHARE * (np.asarray(chance, dtype=np.float64) - low) / (high - low)
    p = (np.asarray(value, dtype=np.float64) - low) / (high - low)
    share = ((p - floor) / (1 - floor)).clip(0, 1)
    return np.asarray(np.where(np.asarray(inverted, dtype=bool), 1 - share, share))


def share_to_score(
    share: ArrayLike, low: ArrayLike, high: ArrayLike, chance: ArrayLike, inverted: ArrayLike
) -> NDArray[np.float64]:
    """The score that a share stands for: the way back from :func:`score_to_share`."""
    low, high = np.asarray(low, dtype=np.float64), np.asarray(high, dtype=np.float64)
    floor = CHANCE_SHARE * (np.asarray(chance, dtype=np.float64) - low) / (high - low)
    p = np.asarray(share, dtype=np.float64).clip(0, 1)
    p = np.where(np.asarray(inverted, dtype=bool), 1 - p, p)
    return np.asarray((p * (1 - floor) + floor) * (high - low) + low, dtype=np.float64)
