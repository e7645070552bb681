"""What each tried model reaches with all the data, and how sure the pilot is of the differences.

Measures where lower is better (a loss, an error, bits per byte) follow the scaling law as they are; where
higher is better, what is missing to the best score does. Everything is on the logarithm: 0.1 is a tenth.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from core.pilot import law

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from core.pilot.file import Pilot, Run
    from core.pilot.law import Prior

    Floats = npt.NDArray[np.float64]

# A score that nothing is missing to on n examples may still miss half of one.
_LEAST_MISSED: Final = 0.5


@dataclass(frozen=True, slots=True)
class Finals:
    """Of m tried models: logarithms of what is lost on the held-out examples after tuning on all the data.

    Attributes:
        model_ids: m.
        runs: per model, its runs by growing subset.
        losses: per model, the mean loss of each run.
        errors: per model, the relative standard error of each that differs from run to run.
        mean: m, extrapolated.
        sd: m, of the extrapolation.
        next_sd: m, what ``sd`` would be after one more subset, twice the largest.
        shared: m x m covariance by the finite held-out set. What every model finds hard is in all its
            entries and cancels in differences: the comparison is paired.
    """

    model_ids: tuple[str, ...]
    runs: tuple[Sequence[Run], ...]
    losses: tuple[Floats, ...]
    errors: tuple[Floats, ...]
    mean: Floats
    sd: Floats
    next_sd: Floats
    shared: Floats

    @property
    def covariance(self) -> Floats:
        """Covariance (m x m) of the means."""
        return np.asarray(np.diag(self.sd**2) + self.shared)


def reached(pilot: Pilot, model_ids: Sequence[str], prior: Prior) -> Finals:
    """Extrapolate the runs of these models to all the reader's data.

    Args:
        pilot: from :func:`core.pilot.file.read_pilot`.
        model_ids: those of its models that have a run and are wanted.
        prior: of the scaling law.
    """
    runs = tuple(pilot.best_runs(name) for name in model_ids)
    examples = [lost(pilot, rows) for rows in runs]
    losses = tuple(_means(pilot, rows) for rows in examples)
    errors = tuple(_own_errors(rows, means) for rows, means in zip(examples, losses, strict=True))
    count = len(model_ids)
    mean, sd, next_sd = np.zeros(count), np.zeros(count), np.zeros(count)
    target = np.array([float(pilot.examples.train)])
    for size in {len(rows) for rows in runs}:
        # Subsets grow alike for all, so as many runs are the same subsets.
        group = [i for i in range(count) if len(runs[i]) == size]
        sizes = np.array([float(run.subset) for run in runs[group[0]]])
        seen, error = np.array([losses[i] for i in group]), np.array([errors[i] for i in group])
        further = np.array([2 * sizes[-1], max(target[0], 2 * sizes[-1])])
        found = law.extrapolate(sizes, seen, np.array([target[0], further[0]]), prior, relative_error=error)
        then = law.extrapolate(
            np.append(sizes, further[0]),
            np.column_stack([seen, found.median[:, 1]]),
            further[1:],
            prior,
            relative_error=np.column_stack([error, error[:, -1]]),
        )
        mean[group], sd[group] = found.mean[:, 0], found.sd[:, 0]
        next_sd[group] = np.minimum(then.sd[:, 0], found.sd[:, 0])
    last = np.array([rows[-1] / means[-1] for rows, means in zip(examples, losses, strict=True)])
    shared = np.atleast_2d(np.cov(last)) / pilot.examples.held_out
    return Finals(tuple(model_ids), runs, losses, errors, mean, sd, next_sd, shared)


def lost(pilot: Pilot, runs: Sequence[Run]) -> Floats:
    """What each example loses (runs x examples): the score, or what is missing to the best one."""
    scores = np.array([run.scores for run in runs], dtype=np.float64)
    if pilot.measure.top is not None:
        scores = np.asarray(pilot.measure.top - scores, dtype=np.float64)
    return scores


def back(pilot: Pilot, log_loss: Floats) -> Floats:
    """Logarithms of losses as means of the pilot's own measure, within its bounds."""
    plain = np.exp(log_loss)
    if pilot.measure.top is None:
        return np.asarray(plain)
    return np.asarray(np.clip(pilot.measure.top - plain, 0.0, pilot.measure.top))


def _means(pilot: Pilot, examples: Floats) -> Floats:
    largest = pilot.measure.top or max(float(examples.max()), 1e-9)
    means = np.maximum(examples.mean(axis=1), _LEAST_MISSED * largest / examples.shape[1])
    return np.asarray(means, dtype=np.float64)


def _own_errors(examples: Floats, means: Floats) -> Floats:
    """Relative standard errors of a model's runs that the examples' own difficulty doesn't explain.

    With one run alone the two can't be told apart, and all of the error counts.
    """
    relative = examples / means[:, None]
    if len(relative) > 1:
        relative = relative - relative.mean(axis=0)
        freedom = len(relative) / (len(relative) - 1)
    else:
        freedom = 1.0
    return np.asarray(np.sqrt(relative.var(axis=1, ddof=1) * freedom / examples.shape[1]))
