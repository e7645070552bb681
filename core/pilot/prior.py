"""The prior of the scaling law: learnt from whole curves of other models, or read from the committed file."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from core.pilot import law
from core.pilot.accept_then_stop import accept_then_stop
from core.pilot.law import Prior
from core.pilot.pooling import choose_by

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

FILE: Final = Path(__file__).parents[1] / "data" / "pilot_prior.json"
# Where learning starts: nothing but orders of magnitude.
_START_MEAN: Final = np.array([1.0, 0.0, np.log(0.6), -2.0, 0.0])
_START_COVARIANCE: Final = np.diag([1.0, 4.0, 0.3, 4.0, 0.3])
_ROUNDS: Final = 15
# A pilot has at least this many subsets when widths are learnt.
_FEWEST_SIZES: Final = 4
# Weights of the straight line that are tried.
_WEIGHTS: Final = (0.0, 0.25, 0.5, 0.75, 1.0)


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
        straight=float(stored["straight"]),
    )


def learn_prior(sizes: Floats, losses_by_set: Mapping[str, Floats]) -> Prior:
    """Learn mean, covariance, weight of the straight line and band widths from whole curves.

    Each set's last size is predicted with the parameters of the others, for each number of subsets. The
    weight is the one whose choices lose least there. Widths are those that hold in the worst set, for a new
    task may be as unlike them as they are unlike each other.

    Args:
        sizes: k increasing sizes.
        losses_by_set: two or more sets; n x k losses each.
    """
    names = list(losses_by_set)
    mean, covariance = learn_parameters(sizes, np.vstack([losses_by_set[name] for name in names]))
    counts = range(len(sizes) - 1, _FEWEST_SIZES - 1, -1)
    doublings = np.array([np.log2(sizes[-1] / sizes[count - 1]) for count in counts])
    # Each set's last size, predicted from its first ones with the parameters of the others alone.
    predicted = {}
    for name in names:
        others = [losses_by_set[other] for other in names if other != name]
        plain = _plain(*learn_parameters(sizes, np.vstack(others)), spread=_spread(others))
        losses = losses_by_set[name]
        predicted[name] = [
            _Foretold(
                law.extrapolate(sizes[:count], losses[:, :count], sizes[-1:], plain),
                np.log([accept_then_stop(sizes[:count], row[:count], sizes[-1:])[0] for row in losses]),
                losses[:, -1],
                plain.spread,
            )
            for count in counts
        ]
    straight = min(_WEIGHTS, key=lambda weight: _regret(predicted.values(), weight))
    widths = np.zeros(len(doublings))
    for name in names:
        for i, each in enumerate(predicted[name]):
            middle, sd = each.blended(straight)
            off = np.abs(np.log(each.final) - middle) / sd
            widths[i] = max(widths[i], float(np.quantile(off, 0.9)) / law.Z90)
    return Prior(mean, covariance, doublings, widths, _spread(losses_by_set.values()), straight)


@dataclass(frozen=True, slots=True)
class _Foretold:
    """Both forecasts of a set's last losses, and what came."""

    found: law.Extrapolation
    line: Floats
    final: Floats
    spread: float

    def blended(self, weight: float) -> tuple[Floats, Floats]:
        """Mean and standard deviation (n) on the logarithm."""
        middle, variance = law.blend(self.found.mean[:, 0], self.found.sd[:, 0] ** 2, self.line, weight)
        return middle, np.asarray(np.sqrt(variance))


def _regret(sets: Iterable[list[_Foretold]], weight: float) -> float:
    """Mean of what choosing by the blend loses, as a share of worst to best."""
    lost = []
    for predicted in sets:
        for each in predicted:
            chosen = each.final[choose_by(*each.blended(weight), each.spread).argmin()]
            lost.append((chosen - each.final.min()) / np.ptp(each.final))
    return float(np.mean(lost))


def _spread(sets: Iterable[Floats]) -> float:
    return float(np.median([np.log(losses[:, -1]).std() for losses in sets]))


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


def _plain(mean: Floats, covariance: Floats, spread: float) -> Prior:
    return Prior(mean, covariance, np.array([0.0]), np.array([1.0]), spread)
