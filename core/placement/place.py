"""Place a base that was entered just now, given the fitted parameters: a few small matrices, no fit."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from core.catalogue.benchmarks import load_benchmarks
from core.errors import InvalidInputError
from core.placement.cells import column_key, regressors
from core.placement.design import study_kind
from core.placement.model import NU
from core.placement.parameters import load_parameters
from core.placement.predict import FEW, Prediction, from_normal
from core.placement.scale import score_to_share, to_logit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from core.catalogue.benchmarks import Benchmark
    from core.placement.parameters import Parameters

    Array = NDArray[np.float64]

MAX_SCORES: Final = 2_000
_ROUNDS: Final = 8
_MONTH: Final = re.compile(r"(20[0-4]\d)-(0[1-9]|1[0-2])")
_LARGEST_B: Final = 10_000.0
_DEFAULT_YEAR: Final = 2026.0


@dataclass(frozen=True, slots=True)
class Score:
    """One printed score.

    Attributes:
        study: the report it stands in; a key of the reports, or any other name for a new one.
        benchmark: as ``benchmarks.toml`` writes it; value: in the benchmark's own unit.
        shots, cot, metric: as the reports' files write them, None where not printed.
    """

    study: str
    benchmark: str
    value: float
    shots: str | None = None
    cot: str | None = None
    metric: str | None = None


def place(scores: Sequence[Score], params_b: float | None, released: str | None) -> Prediction:
    """What the board would show for a base, from its scores, size and date, given the fitted columns.

    A column that no report has yet takes its benchmark's mean and the spread among reports. With the same
    scores as in the fit the answer is close to the fit's, not equal: families and neighbours are left out.

    Args:
        scores: at most 2,000; none gives "size only".
        params_b: billions; the geometric mean of total and active for a mixture. None: unknown, taken as 7.
        released: YYYY-MM, or None.

    Raises:
        InvalidInputError: too many scores, an unknown benchmark, a value out of its range, a size or
            month that is none.
        SourceUnavailableError: the parameters can't be read.
    """
    if len(scores) > MAX_SCORES:
        raise InvalidInputError(f"More than {MAX_SCORES:,} scores.", remedy="Enter fewer.")
    return place_with(load_parameters(), scores, *_size_and_year(params_b, released))


def _size_and_year(params_b: float | None, released: str | None) -> tuple[float, float]:
    if params_b is not None and not (math.isfinite(params_b) and 0 < params_b <= _LARGEST_B):
        raise InvalidInputError(
            "The number of parameters is not a size in billions.", remedy="Enter 8 for a model of 8B."
        )
    if released is None:
        return params_b or 7.0, _DEFAULT_YEAR
    month = _MONTH.fullmatch(released)
    if not month:
        raise InvalidInputError("The release is not a month.", remedy="Enter it as 2026-04.")
    return params_b or 7.0, int(month[1]) + (int(month[2]) - 1) / 12


def place_with(fitted: Parameters, scores: Sequence[Score], size_b: float, year: float) -> Prediction:
    """:func:`place` with parameters at hand."""
    x = regressors(size_b, year)
    k = fitted.report_cov.shape[1]
    design = np.kron(x[None, :], np.eye(k))
    mean = design @ fitted.regression
    cov = fitted.prior_cov + design @ fitted.regression_cov @ design.T
    if scores:
        mean, cov = _abilities(fitted, scores, mean, cov)
    a = fitted.board_slopes
    few = len({score.study for score in scores}) <= FEW
    board = fitted.board_cov + a @ (cov + fitted.board_luck) @ a.T + np.diag(fitted.board_sigma2)
    return from_normal(fitted.board_mean + a @ mean, board).widened(float(fitted.stretch[int(few)]))


def _abilities(fitted: Parameters, scores: Sequence[Score], mean: Array, cov: Array) -> tuple[Array, Array]:
    """Posterior of the abilities: normal given Student weights, which are refreshed a few times."""
    known = load_benchmarks()
    y, a, own, shared = (
        np.array(part) for part in zip(*(_cell(fitted, known, s) for s in scores), strict=True)
    )
    studies = np.array([score.study for score in scores])
    prior = np.linalg.inv(cov)
    weights = np.ones(len(y))
    theta = mean
    for _ in range(_ROUNDS):
        precision, pull = prior.copy(), prior @ mean
        fitted_error = np.empty(len(y))
        blocks = []
        for study in np.unique(studies):
            at = np.flatnonzero(studies == study)
            luck = fitted.report_cov[study_kind(str(study))]
            noise = a[at] @ luck @ a[at].T + np.diag(own[at] / weights[at] + shared[at])
            inverse = np.linalg.inv(noise)
            precision += a[at].T @ inverse @ a[at]
            pull += a[at].T @ inverse @ y[at]
            blocks.append((at, inverse))
        cov = np.linalg.inv(precision)
        theta = cov @ pull
        for at, inverse in blocks:
            residual = inverse @ (y[at] - a[at] @ theta) * own[at] / weights[at]
            left = own[at] / weights[at] - (own[at] / weights[at]) ** 2 * np.diag(inverse)
            fitted_error[at] = residual**2 + left.clip(0)
        weights = (NU + 1) / (NU + fitted_error / own)
    return theta, cov


def _cell(fitted: Parameters, known: dict[str, Benchmark], score: Score) -> tuple[float, Array, float, float]:
    """Logit less the intercept, slopes, error variance, and the intercept's own variance."""
    benchmark = known.get(score.benchmark)
    if benchmark is None or score.benchmark not in fitted.slopes:
        raise InvalidInputError(
            f"The placement knows no benchmark {score.benchmark[:40]!r}.",
            remedy="Choose one of the benchmarks that the reports use.",
        )
    if not (math.isfinite(score.value) and benchmark.low <= score.value <= benchmark.high):
        raise InvalidInputError(
            f"{score.benchmark}: {score.value:g} is not between {benchmark.low:g} and {benchmark.high:g}.",
            remedy="Enter the score as printed.",
        )
    column = column_key(score.study, score.benchmark, score.shots, score.cot, score.metric)
    chance = benchmark.low if benchmark.chance is None or column.endswith("|MCC") else benchmark.chance
    share = score_to_share(score.value, benchmark.low, benchmark.high, chance, benchmark.lower_is_better)
    if column in fitted.intercepts:
        middle, variance = fitted.intercepts[column]
    else:
        middle, variance = fitted.benchmark_means[score.benchmark]
        variance += fitted.tau2
    return (
        float(to_logit(share)) - middle,
        fitted.slopes[score.benchmark],
        fitted.sigma2[score.benchmark],
        variance,
    )
