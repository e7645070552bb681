"""How the leaderboard turns answers into scores, and how sure each score is.

Raw scores are accuracies from 0 to 1, normalised ones points from 0 to 100 in which 0 is chance. Subtasks,
choices and sample counts are those of lm-eval's ``leaderboard`` tasks; importers of lm-eval results use them
from here.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from core.schema import BENCHMARK_KEYS

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd
    from numpy.typing import ArrayLike, NDArray


@dataclass(frozen=True, slots=True)
class Subtask:
    """One multiple-choice subtask: ``choices`` options, ``questions`` questions."""

    choices: int
    questions: int

    @property
    def lower_bound(self) -> float:
        return 1 / self.choices


BBH_SUBTASKS: Final[Mapping[str, Subtask]] = {
    "boolean_expressions": Subtask(2, 250),
    "causal_judgement": Subtask(2, 187),
    "date_understanding": Subtask(6, 250),
    "disambiguation_qa": Subtask(3, 250),
    "formal_fallacies": Subtask(2, 250),
    "geometric_shapes": Subtask(11, 250),
    "hyperbaton": Subtask(2, 250),
    "logical_deduction_five_objects": Subtask(5, 250),
    "logical_deduction_seven_objects": Subtask(7, 250),
    "logical_deduction_three_objects": Subtask(3, 250),
    "movie_recommendation": Subtask(6, 250),
    "navigate": Subtask(2, 250),
    "object_counting": Subtask(19, 250),
    "penguins_in_a_table": Subtask(5, 146),
    "reasoning_about_colored_objects": Subtask(18, 250),
    "ruin_names": Subtask(6, 250),
    "salient_translation_error_detection": Subtask(6, 250),
    "snarks": Subtask(2, 178),
    "sports_understanding": Subtask(2, 250),
    "temporal_sequences": Subtask(4, 250),
    "tracking_shuffled_objects_five_objects": Subtask(5, 250),
    "tracking_shuffled_objects_seven_objects": Subtask(7, 250),
    "tracking_shuffled_objects_three_objects": Subtask(3, 250),
    "web_of_lies": Subtask(2, 250),
}
MUSR_SUBTASKS: Final[Mapping[str, Subtask]] = {
    "murder_mysteries": Subtask(2, 250),
    "object_placements": Subtask(5, 256),
    "team_allocation": Subtask(3, 250),
}

# Chance level of the tasks that are normalised as a whole.
LOWER_BOUNDS: Final[Mapping[str, float]] = {"ifeval": 0.0, "math_lvl_5": 0.0, "gpqa": 0.25, "mmlu_pro": 0.1}

IFEVAL_PROMPTS: Final = 541
MATH_QUESTIONS: Final = 1324
MMLU_PRO_QUESTIONS: Final = 12032
# Diamond lies inside main, main inside extended, and all three are counted.
GPQA_QUESTIONS: Final[Mapping[str, int]] = {"diamond": 198, "main": 448, "extended": 546}


def _gpqa_effective_questions() -> float:
    """The number of independent questions that is worth as much as GPQA's three nested sets.

    A question counts as often as it occurs: 198 three times, 250 twice, 98 once (1,192 in all). With weights
    ``w`` the variance of the mean is ``p(1-p) * sum(w^2) / sum(w)^2``, hence ``1192^2 / 2880 = 493.4``.
    """
    diamond, main, extended = (GPQA_QUESTIONS[name] for name in ("diamond", "main", "extended"))
    counts = {3: diamond, 2: main - diamond, 1: extended - main}
    total = sum(weight * count for weight, count in counts.items())
    return total**2 / sum(weight**2 * count for weight, count in counts.items())


GPQA_EFFECTIVE_QUESTIONS: Final = _gpqa_effective_questions()


def normalise(raw: ArrayLike, lower_bound: float) -> NDArray[np.float64]:
    """Points between 0 (chance or worse) and 100: ``(raw - lb) / (1 - lb) * 100``, never below 0.

    >>> float(normalise(0.40, 0.25).round(6))
    20.0
    """
    accuracy = np.asarray(raw, dtype=np.float64)
    points = (accuracy - lower_bound) / (1 - lower_bound) * 100
    return np.where(accuracy < lower_bound, 0.0, points)


def bbh_score(subtask_accuracies: Mapping[str, float]) -> float:
    """BBH in points: each of the 24 subtasks normalised by its own number of choices, then the plain mean.

    Args:
        subtask_accuracies: accuracy (0 to 1) by subtask name, as in :data:`BBH_SUBTASKS`.

    Raises:
        KeyError: a subtask is missing; a mean over fewer would not be comparable.
    """
    return _mean_of_subtasks(subtask_accuracies, BBH_SUBTASKS)


def musr_score(subtask_accuracies: Mapping[str, float]) -> float:
    """MUSR in points, from its three subtasks as :func:`bbh_score` from its 24.

    >>> musr_score({"murder_mysteries": 0.75, "object_placements": 0.2, "team_allocation": 1.0})
    50.0
    """
    return _mean_of_subtasks(subtask_accuracies, MUSR_SUBTASKS)


def _mean_of_subtasks(accuracies: Mapping[str, float], subtasks: Mapping[str, Subtask]) -> float:
    points = [float(normalise(accuracies[name], task.lower_bound)) for name, task in subtasks.items()]
    return math.fsum(points) / len(points)


def standard_error(benchmark: str, raw: ArrayLike) -> NDArray[np.float64]:
    """Standard error of a normalised score, in points, from its raw score and the number of questions.

    Questions are taken as independent draws, an accuracy ``p`` as binomial with variance ``p(1-p)/n``.

    - IFEval: n = 541 prompts. The raw score averages the prompt and the instruction accuracy; instructions
      of one prompt are not independent, so the prompts set the precision.
    - MATH level 5: n = 1,324. MMLU-Pro: n = 12,032.
    - GPQA: n = 493.4 (:data:`GPQA_EFFECTIVE_QUESTIONS`).
    - BBH, MUSR: the mean of k subtasks has the error ``sqrt(sum(p(1-p)/n_i / (1-lb_i)^2)) / k``. The table
      has one accuracy for all subtasks, so ``p`` is the same in each, which errs on the wide side.

    The cut at 0 points is left out: the error is that of the score before it.

    Args:
        benchmark: a key of :data:`core.schema.BENCHMARK_KEYS`.
        raw: accuracies, 0 to 1; NA gives NA.

    >>> float(standard_error("math_lvl_5", 0.10).round(2))
    0.82
    """
    accuracy = np.clip(np.asarray(raw, dtype=np.float64), 0.0, 1.0)
    return np.sqrt(accuracy * (1 - accuracy)) * _UNIT_ERRORS[benchmark]


def standard_error_of_subtasks(
    subtask_accuracies: Mapping[str, float], subtasks: Mapping[str, Subtask]
) -> float:
    """Standard error, in points, of a score built from subtasks whose own accuracies are known."""
    variance = math.fsum(
        p * (1 - p) / task.questions / (1 - task.lower_bound) ** 2
        for p, task in (
            (min(max(subtask_accuracies[name], 0.0), 1.0), task) for name, task in subtasks.items()
        )
    )
    return 100 * math.sqrt(variance) / len(subtasks)


def _subtask_unit(subtasks: Mapping[str, Subtask]) -> float:
    spread = math.fsum(1 / task.questions / (1 - task.lower_bound) ** 2 for task in subtasks.values())
    return 100 * math.sqrt(spread) / len(subtasks)


# Points of error at p(1-p) = 1.
_UNIT_ERRORS: Final[Mapping[str, float]] = {
    "ifeval": 100 / math.sqrt(IFEVAL_PROMPTS),
    "bbh": _subtask_unit(BBH_SUBTASKS),
    "math_lvl_5": 100 / math.sqrt(MATH_QUESTIONS),
    "gpqa": 100 / (1 - LOWER_BOUNDS["gpqa"]) / math.sqrt(GPQA_EFFECTIVE_QUESTIONS),
    "musr": _subtask_unit(MUSR_SUBTASKS),
    "mmlu_pro": 100 / (1 - LOWER_BOUNDS["mmlu_pro"]) / math.sqrt(MMLU_PRO_QUESTIONS),
}


def average_error(errors: pd.DataFrame) -> NDArray[np.float64]:
    """Standard error of the plain mean of the six scores, the tasks taken as independent.

    Args:
        errors: one row per model with the six ``<benchmark>_se`` columns, in points.
    """
    columns = errors[[f"{key}_se" for key in BENCHMARK_KEYS]].to_numpy(dtype=np.float64)
    return np.asarray(np.sqrt((columns**2).sum(axis=1)) / len(BENCHMARK_KEYS), dtype=np.float64)


def average_of(record: Mapping[str, object]) -> dict[str, float]:
    """``average`` of a row with all six scores, and ``average_se`` if it has all six errors; else neither.

    >>> row = {key: 30.0 for key in BENCHMARK_KEYS} | {f"{key}_se": 1.0 for key in BENCHMARK_KEYS}
    >>> {name: round(value, 3) for name, value in average_of(row).items()}
    {'average': 30.0, 'average_se': 0.408}
    """
    scores = [record[key] for key in BENCHMARK_KEYS if key in record]
    errors = [record[f"{key}_se"] for key in BENCHMARK_KEYS if f"{key}_se" in record]
    count = len(BENCHMARK_KEYS)
    if len(scores) < count:
        return {}
    found = {"average": math.fsum(map(_float, scores)) / count}
    if len(errors) == count:
        found["average_se"] = math.sqrt(math.fsum(_float(error) ** 2 for error in errors)) / count
    return found


def _float(value: object) -> float:
    return float(value)  # type: ignore[arg-type]
