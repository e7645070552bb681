"""Rank intervals, ties and chances: hand-worked cases, and agreement with plain simulation."""

import numpy as np
import pandas as pd
import pytest

from core.errors import InvalidInputError
from core.leaderboard import load_leaderboard
from core.ranking import ranks
from core.schema import BENCHMARK_KEYS


def test_scores_far_apart_have_one_possible_rank() -> None:
    ranked = ranks.rank_rows([10, 30, 20], [0.7, 0.7, 0.7])
    assert ranked["rank"].tolist() == [3, 1, 2]
    assert ranked["rank"].equals(ranked["rank_low"].rename("rank"))
    assert ranked["rank"].equals(ranked["rank_high"].rename("rank"))
    assert ranked["group"].tolist() == [3, 1, 2]


def test_close_scores_share_ranks_and_group() -> None:
    ranked = ranks.rank_rows([30, 29.5, 20], [0.7, 0.7, 0.7])
    assert ranked["rank_low"].tolist() == [1, 1, 3]
    assert ranked["rank_high"].tolist() == [2, 2, 3]
    assert ranked["group"].tolist() == [1, 1, 2]
    assert ranks.tied_at_top(ranked) == 2


def test_interval_holds_about_ninety_percent_of_independently_drawn_ranks() -> None:
    rng = np.random.default_rng(7)
    score, se = rng.uniform(10, 30, 60), rng.uniform(0.5, 1.5, 60)
    ranked = ranks.rank_rows(score, se)
    drawn = rng.normal(score, se, (4000, 60))
    drawn_rank = (-drawn).argsort(axis=1).argsort(axis=1) + 1
    inside = (drawn_rank >= ranked["rank_low"].to_numpy()) & (drawn_rank <= ranked["rank_high"].to_numpy())
    assert 0.88 <= inside.mean() <= 0.99  # ranks are whole numbers, so intervals cover a little more
    assert inside.mean(axis=0).min() >= 0.85


@pytest.mark.parametrize("rows", [2_000, 25_000])
def test_intervals_of_many_rows_hold_about_ninety_percent_too(rows: int) -> None:
    rng = np.random.default_rng(8)
    score, se = rng.normal(25, 8, rows), rng.uniform(0.5, 1.0, rows)
    ranked = ranks.rank_rows(score, se)
    drawn_rank = (-rng.normal(score, se)).argsort().argsort() + 1
    inside = (drawn_rank >= ranked["rank_low"].to_numpy()) & (drawn_rank <= ranked["rank_high"].to_numpy())
    assert 0.87 <= inside.mean() <= 0.93


def test_the_limits_among_many_are_those_of_many_draws() -> None:
    rng = np.random.default_rng(9)
    score, se = np.sort(rng.normal(25, 8, 2_500))[::-1], rng.uniform(0.3, 1.5, 2_500)
    se[:5] = 0
    ranked = ranks.rank_rows(score, se).astype(float)
    drawn = (-rng.normal(score, se, (4_000, 2_500))).argsort(axis=1).argsort(axis=1) + 1
    low, high = np.quantile(drawn, [0.05, 0.95], axis=0)
    width = high - low
    assert (np.abs(ranked["rank_low"] - low) <= 3 + 0.06 * width).all()
    assert (np.abs(ranked["rank_high"] - high) <= 3 + 0.06 * width).all()


def test_equal_scores_without_error_keep_their_ranks_apart() -> None:
    ranked = ranks.rank_rows(np.full(2_000, 20.0), np.zeros(2_000))
    assert ranked["rank_low"].max() == 1
    assert ranked["rank_high"].min() == 2_000


def test_the_same_rows_give_the_same_intervals() -> None:
    score, se = np.linspace(30, 20, 50), np.full(50, 0.8)
    pd.testing.assert_frame_equal(ranks.rank_rows(score, se), ranks.rank_rows(score, se))


def test_unknown_scores_are_not_ranked_and_unknown_errors_get_no_interval() -> None:
    ranked = ranks.rank_rows([5, np.nan, 9], [1, 1, np.nan])
    assert ranked["rank"].tolist() == [2, pd.NA, 1]
    assert pd.isna(ranked.loc[2, "rank_low"])
    assert not pd.isna(ranked.loc[0, "rank_low"])


def test_no_rows_give_no_ranks() -> None:
    assert ranks.rank_rows([], []).empty


def test_a_group_ends_where_its_first_row_is_clearly_better() -> None:
    # With errors of 1, a lead of 1.645 * sqrt(2) = 2.33 points is where 95% is reached.
    ranked = ranks.rank_rows([10, 7.7, 7.6, 7.5], [1, 1, 1, 1])
    assert ranked["group"].tolist() == [1, 1, 2, 2]


@pytest.mark.parametrize(("gap", "expected"), [(0.0, 0.5), (1.0, 0.8271), (-1.0, 0.1729), (1.7447, 0.95)])
def test_chance_of_being_better_follows_the_normal_law(gap: float, expected: float) -> None:
    # Each error 0.75, so the difference has an error of 0.75 * sqrt(2) = 1.0607.
    assert ranks.probability_better(30 + gap, 0.75, 30, 0.75) == pytest.approx(expected, abs=1e-4)


def test_without_errors_the_higher_score_wins_for_certain() -> None:
    assert list(ranks.probability_better(np.array([2.0, 1.0, 0.0]), 0.0, 1.0, 0.0)) == [1.0, 0.5, 0.0]


def test_matrix_is_complementary_with_an_empty_diagonal() -> None:
    matrix = ranks.probability_matrix([30, 29, 20], [0.7, 0.8, 0.9])
    off = ~np.eye(3, dtype=bool)
    assert np.allclose((matrix + matrix.T)[off], 1)
    assert np.isnan(matrix.diagonal()).all()


def test_own_weights_by_hand() -> None:
    board = pd.DataFrame({"ifeval": [40.0], "ifeval_se": [2.0], "bbh": [20.0], "bbh_se": [1.0]})
    result = ranks.weighted_scores(board, {"ifeval": 1, "bbh": 3, "musr": 0})
    assert result.loc[0, "score"] == pytest.approx(25)
    assert result.loc[0, "score_se"] == pytest.approx(np.sqrt(0.5**2 + 0.75**2))


def test_equal_weights_are_the_published_average() -> None:
    board = load_leaderboard("snapshot").dropna(subset=[*BENCHMARK_KEYS, "average"])
    result = ranks.weighted_scores(board, dict.fromkeys(BENCHMARK_KEYS, 1.0))
    assert np.allclose(result["score"], board["average"], atol=1e-6)


@pytest.mark.parametrize("weights", [{}, {"bbh": 0}, {"bbh": -1}, {"bbh": float("nan")}, {"hellaswag": 1}])
def test_unusable_weights_are_refused_in_plain_words(weights: dict[str, float]) -> None:
    with pytest.raises(InvalidInputError):
        ranks.weighted_scores(load_leaderboard("snapshot").head(), weights)


def test_a_difference_counts_from_ninety_five_percent_on() -> None:
    assert ranks.exceeds_noise(1.65, 1) is True
    assert ranks.exceeds_noise(-1.65, 1) is True
    assert ranks.exceeds_noise(1.64, 1) is False
    assert ranks.exceeds_noise(float("nan"), 1) is None
