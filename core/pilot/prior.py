"""The prior of the scaling law: learnt from whole curves of other models, or read from the committed file."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from core.pilot import law
from core.pilot.law import Prior

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

FILE: Final = Path(__file__).parents[1] / "data" / "pilot_prior.json"
# Where learning starts: nothing but orders of magnitude.
_START_MEAN: Final = np.array([1.0, 0.0, np.log(0.6), -2.0, 0.0])
_START_COVARIANCE: Final = np.diag([1.0, 4.0, 0.3, 4.0, 0.3])
_ROUNDS: Final = 15
# A pilot has at least this many subsets when widths are learnt.
_FEWEST_SIZES: Final = 4


@cache
def load_prior() -> Prior:
    """The prior for readers' pilots, from all curves the builder was given."""
    stored = json.loads(FILE.read_text(encoding="utf-8"))
    return Prior(
        mean=np.array(stored["mean"]),
        covariance=np.array(stored["covariance"]),
        doublings=np.array(stored["doublings"]),
        widths=np.array(stored["widths"]),
        spread=float(stored["spread"]),
    )


def learn_prior(sizes: Floats, losses_by_set: Mapping[str, Floats]) -> Prior:
    """Learn mean, covariance and band widths from whole curves.

    Widths come from predicting each set's last size with the parameters of the others, for each number of
    subsets; the worst set counts, for a new task may be as unlike them as they are unlike each other.

    Args:
        sizes: k increasing sizes.
        losses_by_set: two or more sets; n x k losses each.
    """
    names = list(losses_by_set)
    mean, covariance = learn_parameters(sizes, np.vstack([losses_by_set[name] for name in names]))
    counts = range(len(sizes) - 1, _FEWEST_SIZES - 1, -1)
    doublings = np.array([np.log2(sizes[-1] / sizes[count - 1]) for count in counts])
    widths = np.zeros(len(doublings))
    for name in names:
        others = np.vstack([losses_by_set[other] for other in names if other != name])
        plain = _plain(*learn_parameters(sizes, others))
        losses = losses_by_set[name]
        for i, count in enumerate(counts):
            found = law.extrapolate(sizes[:count], losses[:, :count], sizes[-1:], plain)
            off = np.abs(np.log(losses[:, -1]) - found.mean[:, 0]) / found.sd[:, 0]
            widths[i] = max(widths[i], float(np.quantile(off, 0.9)) / law.Z90)
    spread = float(np.median([np.log(losses[:, -1]).std() for losses in losses_by_set.values()]))
    return Prior(mean, covariance, doublings, widths, spread)


def learn_parameters(sizes: Floats, losses: Floats) -> tuple[Floats, Floats]:
    """Mean (5) and covariance (5 x 5) of the law's parameters over n x k curves.

    Expectation and maximisation with the Laplace approximation: fit each curve with the prior so far, then
    take the fits' mean, and their scatter plus their uncertainty.
    """
    observed, log_sizes = np.log(losses), np.log(sizes)
    mean, covariance, noise = _START_MEAN, _START_COVARIANCE, 0.05
    for _ in range(_ROUNDS):
        whiten = np.broadcast_to(np.eye(len(sizes)) / noise, (len(losses), len(sizes), len(sizes)))
        fits, uncertainty = law.fit(observed, log_sizes, whiten, mean, law.inverse(covariance))
        off = observed - law.curve(fits, sizes)
        noise = max(float(np.sqrt(np.mean(off**2))), 1e-3)
        mean = fits.mean(axis=0)
        away = fits - mean
        covariance = (away.T @ away + uncertainty.sum(axis=0)) / len(losses) + 1e-4 * np.eye(5)
    return mean, covariance


def _plain(mean: Floats, covariance: Floats) -> Prior:
    return Prior(mean, covariance, np.array([0.0]), np.array([1.0]), 1.0)
