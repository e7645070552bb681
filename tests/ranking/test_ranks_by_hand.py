"""Ranks, intervals and groups worked by hand on a few rows."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from core.errors import InvalidInputError
from core.ranking import ranks
from core.schema import SCORE_KEYS


def board(*rows: tuple[str, float, float]) -> pd.DataFrame:
    """Model, score and error, the same for every benchmark and the average."""
    frame = pd.DataFrame(rows, columns=["model_id", "value", "error"]).set_index("model_id", drop=False)
    for key in SCORE_KEYS:
        frame[key], frame[f"{key}_se"] = frame["value"], frame["error"]
    return frame


def test_a_board_is_ranked_by_a_score_best_first_on_its_own_index() -> None:
    given = board(("a", 10, 0.1), ("b", 30, 0.1), ("c", np.nan, 0.1), ("d", 20, 0.1))
    ranked = ranks.rank_board(given, "bbh")
    assert ranked.index.tolist() == ["b", "d", "a"], "what has no score is left out"
    for column in ("rank", "rank_low", "rank_high", "group"):
        assert ranked[column].tolist() == [1, 2, 3], column
    assert ranked["score"].tolist() == [30, 20, 10]
    assert ranked["score_se"].tolist() == [0.1] * 3
    assert set(ranks.RANK_COLUMNS) <= set(ranked.columns)
    assert set(given.columns) <= set(ranked.columns)


def test_a_board_is_ranked_by_own_weights() -> None:
    given = board(("a", 10, 0.1), ("b", 20, 0.1)).assign(ifeval=[100.0, 0.0])
    assert ranks.rank_board(given, "own", {"ifeval": 1, "bbh": 1}).index.tolist() == ["a", "b"]
    assert ranks.rank_board(given, "own", {"bbh": 1}).index.tolist() == ["b", "a"]
    assert ranks.rank_board(given, "average", {"ifeval": 1}).index.tolist() == ["b", "a"]
    with pytest.raises(InvalidInputError):
        ranks.rank_board(given, "own")
    with pytest.raises(InvalidInputError, match="no score called hellaswag"):
        ranks.rank_board(given, "hellaswag")


def test_equal_scores_keep_their_order() -> None:
    assert ranks.rank_board(board(("a", 5, 0), ("b", 9, 0), ("c", 5, 0)), "gpqa").index.tolist() == [
        "b",
        "a",
        "c",
    ]


def test_the_interval_leaves_five_percent_on_either_side() -> None:
    """Two rows, x errors of their gap apart, change places in Phi(-x) of the draws: over or under 5%."""
    for gap, high in ((1.60, 2), (1.70, 1)):
        ranked = ranks.rank_rows([10 + gap, 10], [1 / 2**0.5] * 2)
        assert ranked["rank_high"].tolist() == [high, 2]
        assert ranked["rank_low"].tolist() == [1, 3 - high]


@pytest.mark.parametrize(("ahead", "low_of_second", "high_of_first"), [(3, 1, 2), (2, 2, 1)])
def test_two_of_forty_draws_on_either_side_are_left_out(
    monkeypatch: pytest.MonkeyPatch, ahead: int, low_of_second: int, high_of_first: int
) -> None:
    """The first stands at 0.5 for certain, the second at 0 +- 1: ahead where it draws 1, not where -1."""
    asked = []

    class Draws:
        def standard_normal(self, shape: tuple[int, int], dtype: type) -> np.ndarray:
            asked.append(shape)
            noise = np.full(shape, -1.0, dtype)
            noise[:ahead, 1] = 1.0
            return noise

    monkeypatch.setattr(np.random, "default_rng", lambda _seed: Draws())
    monkeypatch.setattr(ranks, "_MOST_DRAWS", 40)
    ranked = ranks.rank_rows([0.5, 0.0], [0.0, 1.0])
    assert asked == [(40, 2)]
    assert ranked["rank_low"].tolist() == [1, low_of_second]
    assert ranked["rank_high"].tolist() == [high_of_first, 2]
    monkeypatch.setattr(ranks, "_CELLS", 10)
    ranks.rank_rows([0.5, 0.0], [0.0, 1.0])
    assert asked[-1] == (5, 2), "fewer for long boards"


def test_the_interval_of_many_equal_rows_is_the_middle_ninety_percent() -> None:
    """A hundred rows that can't be told apart: each rank is as likely, so 90% are the ranks from 6 to 95."""
    ranked = ranks.rank_rows([50.0] * 100, [1.0] * 100)
    middle = ranked.iloc[10:90]
    assert middle["rank_low"].mean() == pytest.approx(5.5, abs=0.5)
    assert middle["rank_high"].mean() == pytest.approx(95.5, abs=0.5)
    assert ranked["rank"].tolist() == list(range(1, 101))
    assert (ranked["rank_low"] <= ranked["rank"]).all(), "the observed rank lies inside"
    assert (ranked["rank_high"] >= ranked["rank"]).all()
    assert set(ranked["group"]) == {1}


def test_among_thousands_the_limits_are_how_many_lie_above_the_limits_of_the_score() -> None:
    """1,999 exact scores 0 to 1998, and one of 1000.5 that lies between 900.5 and 1100.5 with 90%.

    898 lie above the upper limit, which makes 899 the best rank; 1,098 above the lower, which makes 1,099 the
    worst.
    """
    exact = np.arange(1999.0)
    ranked = ranks.rank_rows([*exact, 1000.5], [*np.zeros(1999), 100 / ranks.INTERVAL_Z])
    assert ranked.iloc[-1][["rank", "rank_low", "rank_high"]].tolist() == [999, 899, 1099]
    assert (ranked["rank_low"] <= ranked["rank"]).all()
    assert (ranked["rank_high"] >= ranked["rank"]).all()
    far = ranked.iloc[:500]
    assert far["rank_low"].tolist() == far["rank_high"].tolist() == list(range(2000, 1500, -1))


def test_what_a_ranking_reads() -> None:
    assert ranks.scores_of("bbh") == ["bbh", "bbh_se"]
    assert ranks.scores_of("own")[:3] == ["ifeval", "ifeval_se", "bbh"]
    given = board(("a", 10, 0.1), ("b", 30, 0.1))
    for by in ("average", "own"):
        weights = {"ifeval": 1.0, "musr": 2.0}
        whole = ranks.rank_board(given, by, weights)[ranks.RANK_COLUMNS]
        pd.testing.assert_frame_equal(
            ranks.rank_board(given[ranks.scores_of(by)], by, weights)[ranks.RANK_COLUMNS], whole
        )


def test_an_unknown_error_gives_no_interval_but_a_rank_and_a_group() -> None:
    ranked = ranks.rank_rows([9, 5, 4.9, 1], [np.nan, np.nan, 1.0, 1.0])
    assert ranked["rank"].tolist() == [1, 2, 3, 4]
    assert ranked[["rank_low", "rank_high"]].isna().sum().tolist() == [2, 2]
    assert ranked["group"].tolist() == [1, 2, 2, 3]


def test_a_group_is_counted_from_its_first_row() -> None:
    # A lead of 1.645 x sqrt(2) = 2.33 counts: each next row is close to the one before, not to the first.
    ranked = ranks.rank_rows([10, 9, 8, 7, 6, 5], [1.0] * 6)
    assert ranked["group"].tolist() == [1, 1, 1, 2, 2, 2]
    assert ranks.tied_at_top(ranked) == 3
    # 9 comes first in more than a twentieth of the draws, 8 in fewer, though neither is clearly behind 10.
    assert ranks.could_be_first(ranked) == 2
    assert ranks.rank_rows([10, 10, 10], [0.0] * 3)["group"].tolist() == [1, 2, 3], "a lead of 0 at no error"


def test_weighted_scores_by_hand() -> None:
    frame = pd.DataFrame(
        {"ifeval": [10.0, np.nan], "ifeval_se": [3.0, 1], "bbh": [30.0, 30], "bbh_se": [4.0, np.nan]},
        index=["a", "b"],
    )
    found = ranks.weighted_scores(frame, {"ifeval": 2, "bbh": 2})
    assert found.loc["a"].tolist() == [20, 2.5]  # sqrt(9 + 16) / 2
    assert found.loc["b"].isna().all()
    assert ranks.weighted_scores(frame, {"bbh": 5, "ifeval": 0})["score"].tolist() == [30, 30]


@pytest.mark.parametrize(
    ("weights", "said"),
    [
        ({"hellaswag": 1, "bbh": 1}, "no benchmark called hellaswag"),
        ({"bbh": -0.1}, "0 or more"),
        ({"bbh": float("inf")}, "0 or more"),
        ({"bbh": 0.0, "gpqa": 0}, "nothing to rank by"),
    ],
)
def test_weights_that_cannot_be_used_say_why(weights: dict[str, float], said: str) -> None:
    with pytest.raises(InvalidInputError, match=said):
        ranks.weighted_scores(board(("a", 1, 1)), weights)


@pytest.mark.parametrize(
    ("one", "one_se", "other", "other_se", "chance"),
    [
        (30.0, 0.75, 29.0, 0.75, 0.8271),
        (1.0, 3.0, 6.0, 4.0, 0.1587),  # Phi(-5 / 5)
        (1.0, 0.0, 0.0, 0.0, 1.0),
        (0.0, 0.0, 1.0, 0.0, 0.0),
        (1.0, 0.0, 1.0, 0.0, 0.5),
        (1.0, 0.0, 1.0, 1.0, 0.5),
    ],
)
def test_chances_by_hand(one: float, one_se: float, other: float, other_se: float, chance: float) -> None:
    assert ranks.probability_better(one, one_se, other, other_se) == pytest.approx(chance, abs=1e-4)


@pytest.mark.parametrize("unknown", [(np.nan, 1, 2, 1), (1, np.nan, 2, 1), (1, np.nan, 2, np.nan)])
def test_chances_of_what_is_not_known_are_not_known(unknown: tuple[float, ...]) -> None:
    assert np.isnan(ranks.probability_better(*unknown))


def test_the_matrix_reads_row_beats_column() -> None:
    matrix = ranks.probability_matrix([10.0, 0.0], [1.0, 1.0])
    assert matrix[0, 1] > 0.999
    assert matrix[1, 0] < 0.001
    assert np.isnan(matrix.diagonal()).all()


@pytest.mark.parametrize(
    ("difference", "error", "real"),
    [(1.645, 1.0, True), (1.6448, 1.0, False), (-3.3, 2.0, True), (0.0, 0.0, True), (1.0, np.nan, None),
     (np.inf, 1.0, None)],
)  # fmt: skip
def test_a_difference_beyond_the_noise(difference: float, error: float, real: bool | None) -> None:
    assert ranks.exceeds_noise(difference, error) is real


def test_long_boards_take_fewer_draws_and_hold_their_ranks() -> None:
    """Far apart, so that every interval is one rank, beyond what a small integer holds."""
    rows = 2_001
    ranked = ranks.rank_rows(np.arange(rows, 0, -1, dtype=float), np.full(rows, 1e-6))
    assert ranked["rank_low"].tolist() == ranked["rank_high"].tolist() == list(range(1, rows + 1))
    assert ranks.rank_rows([np.nan], [1.0]).isna().all(axis=None)


def test_the_first_group_is_counted_and_no_other() -> None:
    ranked = ranks.rank_rows([10.0, 1.0, 0.9, 0.8], [0.1] * 4)
    assert ranks.tied_at_top(ranked) == 1


def test_small_errors_follow_the_normal_law_too() -> None:
    # Errors of 0.3 and 0.4 make 0.5: a lead of 0.5 is one of them.
    assert ranks.probability_better(30.0, 0.3, 29.5, 0.4) == pytest.approx(0.8413, abs=1e-4)


def test_one_negative_weight_among_good_ones_is_refused() -> None:
    with pytest.raises(InvalidInputError, match="0 or more"):
        ranks.weighted_scores(board(("a", 1, 1)), {"bbh": 1.0, "gpqa": -1.0})
