"""Whole-number weights for sliders that give a criterion a share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

TOP: Final = 100
_TRIES: Final = 4


def behind(
    weights: Floats, counted: npt.NDArray[np.bool_], k: int, share: float, value: Floats, first: int
) -> list[int]:
    """Weights of 0 to 100 that give the k-th about ``share`` and put candidate ``first`` first.

    Args:
        weights: as given; only those ``counted``, and the k-th, make up the whole.
        counted: which weigh anything now.
        k: whose share changes; the others keep their proportions.
        share: 0 to 1.
        value: n x k expected values.
        first: row of the candidate that is to lead.

    Returns:
        One weight a criterion; empty if no setting of whole numbers near it does.
    """
    others = np.where(counted, weights, 0.0)
    others[k] = 0.0
    idle = np.where(counted, 0.0, weights)
    idle[k] = 0.0
    for trial in _settings(others, k, share):
        total = trial.sum()
        score = value @ (trial / total) if total else np.zeros(len(value))
        if total and score[first] >= score.max() - 1e-12:
            return [round(each) for each in trial + np.clip(idle, 0, TOP)]
    return []


def _settings(others: Floats, k: int, share: float) -> Iterator[Floats]:
    """Whole weights near the share: the others as they are, then the others scaled for finer steps."""
    rest = others.sum()
    if not rest:
        return
    for scale in (1.0, TOP / max(others.max(), 1.0)):
        wanted = share * rest * scale / max(1 - share, 1e-9)
        shrink = min(1.0, TOP / wanted) if wanted else 1.0
        base = np.round(others * scale * shrink)
        own = share * base.sum() / max(1 - share, 1e-9)
        for step in range(_TRIES):
            for each in {np.floor(own) - step, np.ceil(own) + step, np.round(own)}:
                if 0 <= each <= TOP:
                    trial = base.copy()
                    trial[k] = each
                    yield trial
