"""The harness's ``leaderboard`` tasks: what the board ran, and how a run's figures become a score.

Scores follow the board: subtasks of BBH and MUSR are normalised one by one and averaged; MATH and GPQA are
the mean over all their questions; IFEval's raw score is the mean of its two strict accuracies. Standard
errors follow from the number of questions the file says were asked.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from core.board import scoring

if TYPE_CHECKING:
    from collections.abc import Mapping

# Questions of difficulty 5 in the test set of MATH; 1,324 in all.
MATH_SUBTASKS: Final[Mapping[str, int]] = {
    "algebra": 307,
    "counting_and_prob": 123,
    "geometry": 132,
    "intermediate_algebra": 280,
    "num_theory": 154,
    "prealgebra": 193,
    "precalculus": 135,
}
# Short name -> (benchmark, metric) of every task whose figure is read.
TASKS: Final[Mapping[str, tuple[str, str]]] = {
    **{f"leaderboard_bbh_{name}": ("bbh", "acc_norm") for name in scoring.BBH_SUBTASKS},
    **{f"leaderboard_musr_{name}": ("musr", "acc_norm") for name in scoring.MUSR_SUBTASKS},
    **{f"leaderboard_gpqa_{name}": ("gpqa", "acc_norm") for name in scoring.GPQA_QUESTIONS},
    **{f"leaderboard_math_{name}_hard": ("math_lvl_5", "exact_match") for name in MATH_SUBTASKS},
    "leaderboard_ifeval": ("ifeval", "prompt_level_strict_acc"),
    "leaderboard_mmlu_pro": ("mmlu_pro", "acc"),
}
IFEVAL_SECOND: Final = "inst_level_strict_acc"
# Solved examples in the prompt, by benchmark, as the board ran them.
SHOTS: Final[Mapping[str, int]] = {
    "ifeval": 0,
    "bbh": 3,
    "math_lvl_5": 4,
    "gpqa": 0,
    "musr": 0,
    "mmlu_pro": 5,
}
# Where the model writes an answer; elsewhere the likelier of given ones is taken.
GENERATED: Final = frozenset({"ifeval", "math_lvl_5"})


@dataclass(frozen=True, slots=True)
class Figure:
    """One task's accuracy (0-1), over how many questions and after how many examples; None is not stated.

    ``original`` is how many questions the run's copy of the task holds, of which ``questions`` were asked;
    ``generated`` says with which settings answers were written, "" for the task's own.
    """

    value: float
    questions: int | None
    original: int | None = None
    shots: int | None = None
    generated: str = ""


def board_questions(task: str) -> int:
    """Questions of a task as the board ran it.

    >>> board_questions("leaderboard_math_algebra_hard"), board_questions("leaderboard_ifeval")
    (307, 541)
    """
    benchmark, _ = TASKS[task]
    name = task.removeprefix("leaderboard_").partition("_")[2]
    if benchmark == "bbh":
        return scoring.BBH_SUBTASKS[name].questions
    if benchmark == "musr":
        return scoring.MUSR_SUBTASKS[name].questions
    if benchmark == "gpqa":
        return scoring.GPQA_QUESTIONS[name]
    if benchmark == "math_lvl_5":
        return MATH_SUBTASKS[name.removesuffix("_hard")]
    return scoring.IFEVAL_PROMPTS if benchmark == "ifeval" else scoring.MMLU_PRO_QUESTIONS


FULL: Final[Mapping[str, int]] = {
    benchmark: sum(board_questions(task) for task, (key, _) in TASKS.items() if key == benchmark)
    for benchmark in SHOTS
}


def other_questions(figures: Mapping[str, Figure]) -> tuple[str, int, int] | None:
    """``(task, its questions, the board's)`` of the first task that holds more than the board's, or None."""
    for task, figure in figures.items():
        held = max(figure.questions or 0, figure.original or 0)
        if held > board_questions(task):
            return task, held, board_questions(task)
    return None


def other_shots(key: str, figures: Mapping[str, Figure]) -> tuple[int, ...]:
    """The stated numbers of examples that differ from the board's, in order."""
    return tuple(sorted({f.shots for f in figures.values() if f.shots is not None and f.shots != SHOTS[key]}))


def score(key: str, figures: Mapping[str, Figure]) -> tuple[float, float, float, int | None]:
    """Raw score (0-1), points, their standard error, and the number of questions where every file says it."""
    asked = [figure.questions for figure in figures.values()]
    total = sum(count for count in asked if count is not None) if None not in asked else None
    if key in ("bbh", "musr"):
        subtasks = scoring.BBH_SUBTASKS if key == "bbh" else scoring.MUSR_SUBTASKS
        by_name = {task.removeprefix(f"leaderboard_{key}_"): figure for task, figure in figures.items()}
        accuracies = {name: figure.value for name, figure in by_name.items()}
        counted = {
            name: replace(subtask, questions=by_name[name].questions or subtask.questions)
            for name, subtask in subtasks.items()
        }
        points = (scoring.bbh_score if key == "bbh" else scoring.musr_score)(accuracies)
        error = scoring.standard_error_of_subtasks(accuracies, counted)
        return math.fsum(accuracies.values()) / len(accuracies), points, error, total
    weights = [figure.questions or board_questions(task) for task, figure in figures.items()]
    shares = [figure.value * weight for figure, weight in zip(figures.values(), weights, strict=True)]
    raw = math.fsum(shares) / sum(weights)
    normalised = float(scoring.normalise(raw, scoring.LOWER_BOUNDS[key]))
    full_error = float(scoring.standard_error(key, raw))
    return raw, normalised, full_error * math.sqrt(FULL[key] / sum(weights)), total
