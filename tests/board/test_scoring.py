"""Scores: normalisation, subtask means, standard errors."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from core.board import scoring
from core.leaderboard import load_leaderboard
from core.schema import BENCHMARK_KEYS, SOURCE_BOARD
from tests.places import SHARED

SUBTASKS = SHARED / "data" / "bbh_musr_subtasks.csv"


def test_chance_is_nought_and_all_right_is_a_hundred() -> None:
    assert scoring.normalise([0.1, 0.25, 0.4, 1.0], 0.25).tolist() == pytest.approx([0, 0, 20, 100])


@pytest.mark.parametrize("key", ["ifeval", "math_lvl_5", "gpqa", "mmlu_pro"])
def test_every_row_is_the_normalised_raw_score(key: str) -> None:
    board = load_leaderboard()

    again = scoring.normalise(board[f"{key}_raw"], scoring.LOWER_BOUNDS[key])

    assert np.abs(again - board[key]).max() < 1e-9


def test_the_average_is_the_plain_mean() -> None:
    board = load_leaderboard()

    assert (board[list(BENCHMARK_KEYS)].mean(axis=1) - board["average"]).abs().max() < 1e-9


def test_questions_add_up_to_the_published_counts() -> None:
    assert len(scoring.BBH_SUBTASKS) == 24
    assert sum(task.questions for task in scoring.BBH_SUBTASKS.values()) == 5761
    assert sum(task.questions for task in scoring.MUSR_SUBTASKS.values()) == 756
    assert pytest.approx(1192**2 / 2880) == scoring.GPQA_EFFECTIVE_QUESTIONS


def test_musr_by_hand() -> None:
    accuracies = {"murder_mysteries": 0.5, "object_placements": 0.6, "team_allocation": 2 / 3}

    # 0, (0.6 - 0.2)/0.8 = 50 and (2/3 - 1/3)/(2/3) = 50 points
    assert scoring.musr_score(accuracies) == pytest.approx(100 / 3)


def test_a_missing_subtask_is_no_score() -> None:
    with pytest.raises(KeyError):
        scoring.musr_score({"murder_mysteries": 0.5})


@pytest.mark.skipif(not SUBTASKS.is_file(), reason="the reference subtask scores are not beside the project")
def test_bbh_and_musr_agree_with_published_subtasks() -> None:
    """Models of the reference with one namesake on the board; a few of them are other runs."""
    reference = pd.read_csv(SUBTASKS).dropna(subset=["bbh_navigate"])
    board = load_leaderboard()
    board = board[board["source"] == SOURCE_BOARD]
    board = board.assign(name=lambda f: f["model_id"].str.split("/").str[-1].str.lower())
    agree_bbh = agree_musr = compared = 0
    for row in reference.to_dict("records"):
        runs = board[board["name"] == str(row["Model"]).lower()]
        if len(set(runs["model_id"])) != 1:
            continue
        compared += 1
        bbh = scoring.bbh_score({name: row[f"bbh_{name}"] for name in scoring.BBH_SUBTASKS})
        musr = scoring.musr_score({name: row[f"musr_{name}"] for name in scoring.MUSR_SUBTASKS})
        agree_bbh += bool((runs["bbh"] - bbh).abs().min() < 1e-9)
        agree_musr += bool((runs["musr"] - musr).abs().min() < 1e-9)

    assert compared >= 95
    assert agree_bbh / compared > 0.93
    assert agree_musr / compared > 0.93


@pytest.mark.parametrize(
    ("key", "raw", "points"),
    [
        ("ifeval", 0.5, 100 * math.sqrt(0.25 / 541)),
        ("math_lvl_5", 0.1, 100 * math.sqrt(0.09 / 1324)),
        ("gpqa", 0.3, 100 / 0.75 * math.sqrt(0.21 / 493.36)),
        ("mmlu_pro", 0.35, 100 / 0.9 * math.sqrt(0.2275 / 12032)),
    ],
)
def test_standard_errors_by_hand(key: str, raw: float, points: float) -> None:
    assert float(scoring.standard_error(key, raw)) == pytest.approx(points, rel=1e-4)


def test_the_error_of_equal_subtasks_is_that_of_the_whole() -> None:
    """With the same accuracy in all subtasks, the error from subtasks and the one from the mean agree."""
    for key, tasks in (("bbh", scoring.BBH_SUBTASKS), ("musr", scoring.MUSR_SUBTASKS)):
        exact = scoring.standard_error_of_subtasks(dict.fromkeys(tasks, 0.45), tasks)
        assert float(scoring.standard_error(key, 0.45)) == pytest.approx(exact)


def test_the_error_of_a_simulated_musr_score_is_the_formula() -> None:
    rng = np.random.default_rng(0)
    accuracies = {"murder_mysteries": 0.55, "object_placements": 0.3, "team_allocation": 0.4}
    scores = [
        scoring.musr_score(
            {
                name: rng.binomial(task.questions, accuracies[name]) / task.questions
                for name, task in scoring.MUSR_SUBTASKS.items()
            }
        )
        for _ in range(4000)
    ]
    formula = scoring.standard_error_of_subtasks(accuracies, scoring.MUSR_SUBTASKS)

    # The cut at chance takes a little off the spread.
    assert np.std(scores) == pytest.approx(formula, rel=0.08)


def test_no_score_has_no_error() -> None:
    assert np.isnan(scoring.standard_error("bbh", [np.nan])).all()


def test_the_average_error_by_hand() -> None:
    errors = pd.DataFrame({f"{key}_se": [3.0] for key in BENCHMARK_KEYS})

    assert scoring.average_error(errors).tolist() == pytest.approx([3 / math.sqrt(6)])


def test_errors_on_the_board_are_of_the_size_the_questions_allow() -> None:
    board = load_leaderboard()

    assert board["average_se"].between(0.2, 1.1).all()
    assert board["ifeval_se"].max() <= 100 * math.sqrt(0.25 / 541) + 1e-9
