"""One scale for a language: models on the tasks they happened to be tested on.

A cell is y = d + l * (t + u) + e: d and l are the task's level and spread, t the model's ability, u what the
model owes to a study other than the reference (all its cells there share it), and e Student errors of 4
degrees with a spread of the task's own. It is sampled by Gibbs steps, all of them conjugate. The score is the
mean of d + l * t over the reference study's tasks: what the model is expected to have there on average, in
points. A model with few cells gets a wide interval, because neither the tasks' errors nor u average out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_DF: Final = 4.0
# Priors, in points (tasks) and in standard deviations of the models (abilities); all weak beside ten models.
_LEVEL: Final = (50.0, 30.0)
_SPREAD: Final = (10.0, 6.0)
_ERROR: Final = (2.0, 2.0 * 5.0**2)
_STUDY: Final = (4.0, 4.0 * 0.25**2)


@dataclass(frozen=True, slots=True)
class Cells:
    """Scores of one language.

    Attributes:
        model, task, effect: indices of each cell; effect is that of model and study, -1 in the reference.
        value: points.
        reference: the tasks of the reference study.
    """

    model: Ints
    task: Ints
    effect: Ints
    value: Floats
    reference: Ints


def sample(cells: Cells, *, draws: int = 2000, warmup: int = 1000, seed: int = 20261129) -> Floats:
    """Draws of each model's score: (draws, models), points.

    Args:
        cells: the language's scores; every model and task index up to the largest occurs.
        draws: kept draws.
        warmup: draws before them that are thrown away.
        seed: of the random numbers.
    """
    rng = np.random.default_rng(seed)
    models, tasks = int(cells.model.max()) + 1, int(cells.task.max()) + 1
    effects = int(cells.effect.max()) + 1
    elsewhere = cells.effect >= 0
    level = np.full(tasks, _LEVEL[0])
    spread = np.full(tasks, _SPREAD[0])
    error = np.full(tasks, _ERROR[1] / _ERROR[0])
    ability = np.zeros(models)
    owed = np.zeros(max(effects, 1))
    owed_var = _STUDY[1] / _STUDY[0]
    weight = np.ones(len(cells.value))
    kept = np.empty((draws, models))
    for step in range(warmup + draws):
        precision = weight / error[cells.task]
        slope = spread[cells.task]
        extra = np.where(elsewhere, owed[cells.effect], 0.0)
        # Abilities, N(0, 1) before the data.
        left = cells.value - level[cells.task] - slope * extra
        ability = _normal(rng, cells.model, models, precision * slope**2, precision * slope * left, 1.0, 0.0)
        if effects:
            left = cells.value - level[cells.task] - slope * ability[cells.model]
            here = elsewhere
            owed = _normal(
                rng,
                cells.effect[here],
                effects,
                (precision * slope**2)[here],
                (precision * slope * left)[here],
                1 / owed_var,
                0.0,
            )
            owed_var = float((_STUDY[1] + (owed**2).sum() / 2) / rng.gamma(_STUDY[0] + effects / 2))
            extra = np.where(elsewhere, owed[cells.effect], 0.0)
        at = ability[cells.model] + extra
        level = _normal(
            rng,
            cells.task,
            tasks,
            precision,
            precision * (cells.value - slope * at),
            1 / _LEVEL[1] ** 2,
            _LEVEL[0],
        )
        left = cells.value - level[cells.task]
        spread = _normal(
            rng, cells.task, tasks, precision * at**2, precision * at * left, 1 / _SPREAD[1] ** 2, _SPREAD[0]
        )
        residual = (left - spread[cells.task] * at) ** 2
        count = np.bincount(cells.task, minlength=tasks)
        squares = np.bincount(cells.task, weight * residual, minlength=tasks)
        error = (_ERROR[1] + squares / 2) / rng.gamma(_ERROR[0] + count / 2)
        weight = rng.gamma((_DF + 1) / 2, 2.0 / (_DF + residual / error[cells.task]))
        if step >= warmup:
            reference = cells.reference
            kept[step - warmup] = level[reference].mean() + spread[reference].mean() * ability
    return kept


def _normal(
    rng: np.random.Generator,
    index: Ints,
    size: int,
    precision: Floats,
    weighted: Any,
    prior_precision: float,
    prior_mean: float,
) -> Floats:
    """A draw of each group's mean: normal data of known precision, normal prior."""
    total = np.bincount(index, precision, minlength=size) + prior_precision
    mean = (np.bincount(index, weighted, minlength=size) + prior_precision * prior_mean) / total
    return np.asarray(mean + rng.standard_normal(size) / np.sqrt(total), dtype=np.float64)
