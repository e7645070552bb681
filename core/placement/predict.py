"""From a fit to points: what the board would show for a base, with errors."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from core.placement.cells import BOARD
from core.placement.scale import TASK_SE, TASKS, from_logit

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from core.placement.design import Design
    from core.placement.model import Fit

    Array = NDArray[np.float64]

DRAWS: Final = 4000
FEW: Final = 2  # studies: up to so many, errors are widened by what other such bases show
_SEED: Final = 20261129


@dataclass(frozen=True, slots=True)
class Prediction:
    """What the board would show for one base, in points.

    Attributes:
        tasks, average: expected values; task_low, task_high, low, high: 90% limits.
        cov: 6x6 covariance of the errors of the tasks.
    """

    tasks: Array
    task_low: Array
    task_high: Array
    average: float
    low: float
    high: float
    cov: Array

    def widened(self, factor: float) -> Prediction:
        """The same with every error ``factor`` times as large; limits stay within 0 to 100."""

        def out(limit: Array, middle: Array) -> Array:
            return np.asarray((middle + factor * (limit - middle)).clip(0, 100))

        middle = np.array(self.average)
        return Prediction(
            tasks=self.tasks,
            task_low=out(self.task_low, self.tasks),
            task_high=out(self.task_high, self.tasks),
            average=self.average,
            low=float(out(np.array(self.low), middle)),
            high=float(out(np.array(self.high), middle)),
            cov=self.cov * factor**2,
        )


def from_normal(mean: Array, cov: Array) -> Prediction:
    """Points from the normal distribution of six logits.

    A score is the share that the logit stands for plus the sampling error of the board's questions; the
    draws are the same for every base, so that equal distributions give equal figures.
    """
    rng = np.random.default_rng(_SEED)
    normal = rng.standard_normal((DRAWS, 2 * len(TASKS)))
    normal = np.vstack([normal, -normal])
    root = np.linalg.cholesky(cov + 1e-9 * np.eye(len(TASKS)))
    points = 100 * from_logit(mean + normal[:, : len(TASKS)] @ root.T)
    points = (points + normal[:, len(TASKS) :] * np.array(TASK_SE)).clip(0, 100)
    average = points.mean(axis=1)
    low, high = np.quantile(points, [0.05, 0.95], axis=0)
    return Prediction(
        tasks=points.mean(axis=0),
        task_low=low,
        task_high=high,
        average=float(average.mean()),
        low=float(np.quantile(average, 0.05)),
        high=float(np.quantile(average, 0.95)),
        cov=np.cov(points.T),
    )


def board_columns(design: Design, *, second_source: bool) -> list[int]:
    """Index of the six intercepts; the second source has a MATH column of its own where it was fitted."""
    result = []
    for task in TASKS:
        other = f"{BOARD}, second source|{task}"
        name = other if second_source and other in design.columns else f"{BOARD}|{task}"
        result.append(design.columns.index(name))
    return result


def predict(fit: Fit, design: Design, base: str, *, second_source: bool = False) -> Prediction:
    """What the board would show for a base whose board rows the fit has not seen."""
    i = design.bases.index(base)
    columns = board_columns(design, second_source=second_source)
    tasks = [design.benchmarks.index(f"{BOARD}:{task}") for task in TASKS]
    a = fit.slopes[tasks]
    where, gain, _ = fit.links[i]
    cross: Array = -(a @ gain) @ fit.cov[where][:, columns]
    cov: Array = fit.cov[columns][:, columns] + cross + cross.T
    cov += a @ (fit.theta_cov[i] + fit.report_cov[1]) @ a.T + np.diag(fit.sigma2[tasks])
    return from_normal(fit.mean[columns] + a @ fit.theta[i], cov)
