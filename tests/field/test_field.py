"""Today's field: measured and placed bases in one table, one row a model."""

from __future__ import annotations

import pandas as pd
import pytest

from core.errors import InvalidInputError
from core.leaderboard import load_field, load_leaderboard
from core.placement import load_placement
from core.schema import SCORE_KEYS, SOURCE_BOARD, SOURCE_PLACED


@pytest.fixture(scope="module")
def today() -> pd.DataFrame:
    return load_field("today")


@pytest.fixture(scope="module")
def board() -> pd.DataFrame:
    return load_leaderboard("snapshot")


def test_every_base_stands_once_in_the_leaderboards_columns(today, board):
    assert today["model_id"].str.lower().is_unique
    assert set(board.columns) <= set(today.columns)
    assert set(today["kind"]) == {"base", "continued"}
    assert set(today["evidence"]) == {"measured", "placed", "size only"}
    for name in board.columns:
        assert today[name].dtype == board[name].dtype, name


def test_measured_bases_are_the_boards_figure_for_figure(today, board):
    bases = board[board["kind"].isin(["base", "continued"]) & board["primary"]].set_index("model_id")
    measured = today[today["evidence"] == "measured"].set_index("model_id")
    assert set(measured.index) == set(bases.index)
    pd.testing.assert_frame_equal(measured[bases.columns], bases.loc[measured.index])


def test_a_base_older_than_the_catalogue_has_the_context_that_its_shape_tells(today):
    context = today.set_index("model_id")["context_length"]
    assert context["meta-llama/Llama-3.1-8B"] == 131_072, "as on its model's page"
    assert context["Qwen/Qwen3-8B-Base"] == 32_768, "the catalogue's"
    assert context.isna().any(), "what nobody tells stays unknown"


def test_a_placed_base_carries_the_placements_figures_and_its_interval(today):
    placement = load_placement().set_index("model_id")
    placed = today[today["evidence"] != "measured"].set_index("model_id")
    theirs = placement.loc[placed.index]
    assert placed["average"].tolist() == theirs["placed_average"].tolist()
    assert placed["bbh_high"].tolist() == theirs["bbh_high"].tolist()
    # Ten points from end to end of a 90 % interval are 2 x 1.645 standard deviations.
    one = placed.iloc[0]
    assert one["average_se"] == pytest.approx((one["average_high"] - one["average_low"]) / 3.2897, rel=1e-4)
    assert placed[[f"{key}_raw" for key in SCORE_KEYS if key != "average"]].isna().all().all()
    assert set(placed["source"]) == {SOURCE_PLACED}


def test_limits_enclose_every_score_and_months_are_months(today):
    for key in SCORE_KEYS:
        known = today[today[f"{key}_low"].notna()]
        assert (known[f"{key}_low"] <= known[key] + 1e-9).all()
        assert (known[key] <= known[f"{key}_high"] + 1e-9).all()
    assert today["released"].dropna().str.fullmatch(r"20\d\d-(0[1-9]|1[0-2])").all()
    assert (today["released"] >= "2026-01").sum() > 20


def test_a_base_that_was_not_published_or_is_tuned_is_not_offered(today):
    names = set(today["model_id"])
    assert "Qwen/Qwen3-32B-Base" not in names
    assert not [name for name in names if name.lower().endswith(("-instruct", "-chat-norwegian"))]


def test_the_board_as_it_was_holds_the_board_alone(board):
    was = load_field("board")
    assert set(was["source"]) == {SOURCE_BOARD}
    assert set(was["evidence"]) == {"measured"}
    old = board[(board["source"] == SOURCE_BOARD) & board["kind"].isin(["base", "continued"])]
    assert set(was["model_id"]) == set(old["model_id"])


def test_another_field_is_refused():
    with pytest.raises(InvalidInputError, match="yesterday"):
        load_field("yesterday")
