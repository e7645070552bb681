"""From separate forecasts to one choice: what a forecast is sure of counts, and what it isn't is shrunk.

The model with the best forecast is often the one whose forecast errs most. Its posterior mean, given how far
models usually lie apart, is what a choice should go by.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

# How far scores agree with what tuning reaches: what ten bases tuned alike on 31 narrow tasks give (LoRA
# Land: leaderboard average 0.26, best benchmark 0.39).
RELATION: Final = 0.3


def unforeseen(mean: Floats, covariance: Floats, spread: float, relation: float = 0.0) -> float:
    """Variance between models, on the logarithm of the loss, that nothing known before foresees.

    The forecasts may lie further apart than models usually do; then it is larger.

    Args:
        mean: m forecasts on the logarithm, two at least.
        covariance: m x m, theirs.
        spread: standard deviation between models, learnt from others.
        relation: correlation of what is known before with the outcome; 0 if nothing is used.
    """
    m = len(mean)
    doubt = float(np.trace((np.eye(m) - 1 / m) @ covariance)) / (m - 1)
    return (spread**2 + max(float(np.var(mean, ddof=1)) - doubt, 0.0)) * (1 - relation**2)


def gain(covariance: Floats, variance: float) -> Floats:
    """How far each posterior difference follows the forecasts (m x m, rows add up to 0).

    Args:
        covariance: m x m, of the forecasts.
        variance: between models, from :func:`unforeseen`.

    >>> gain(np.diag([0.01, 0.01]), 0.01)  # as sure as models lie apart: half of each difference
    array([[ 0.25, -0.25],
           [-0.25,  0.25]])
    """
    inverse = np.linalg.inv(variance * np.eye(len(covariance)) + covariance)
    pulled = inverse.sum(axis=1)
    return np.asarray(variance * (inverse - np.outer(pulled, pulled) / pulled.sum()))


def choose_by(mean: Floats, sd: Floats, spread: float) -> Floats:
    """Posterior means (m, about 0) of independent forecasts: lower is better, as in ``mean``.

    Args:
        mean: m forecasts on the logarithm of the loss.
        sd: m, theirs.
        spread: between models, learnt from others.
    """
    covariance = np.diag(sd**2)
    return np.asarray(gain(covariance, unforeseen(mean, covariance, spread)) @ mean)
