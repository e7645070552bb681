"""Today's field: measured and placed bases in one table, one row a model."""

from __future__ import annotations

import pandas as pd
import pytest

from core.catalogue import load_catalogue
from core.errors import InvalidInputError
from core.field.joined import bases, with_placed
from core.importers.contract_frame import OWN_SOURCES, contract_frame
from core.importers.join_board import append_to_board
from core.leaderboard import load_field, load_leaderboard
from core.placement import load_placement
from core.schema import BENCHMARK_KEYS, SCORE_KEYS, SOURCE_BOARD, SOURCE_PLACED


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
    # Ten points from end to end of a 90% interval are 2 x 1.645 standard deviations.
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


@pytest.mark.parametrize("measured", [BENCHMARK_KEYS, BENCHMARK_KEYS[:1]])
def test_a_run_of_a_placed_base_never_takes_it_from_the_field(board, today, measured):
    model = "google/gemma-4-26B-A4B"
    row = {"model_id": model, "source": OWN_SOURCES[1], **dict.fromkeys(measured, 20.0)}
    if len(measured) == len(BENCHMARK_KEYS):
        row["average"] = 20.0
    field = bases(with_placed(append_to_board(board, contract_frame([row])))).set_index("model_id")
    placed = today.set_index("model_id").loc[model]

    own = field.loc[model if "average" in row else f"{model}-own-run"]
    assert own["evidence"] == "measured"
    for name in ("kind", "params_b", "active_params_b", "family", "base_state", "released"):
        assert own[name] == placed[name], name
    assert ("average" in row) or field.loc[model, "evidence"] == "placed"
    assert len(field) == len(today) + ("average" not in row)


def test_every_base_of_the_catalogue_is_told_as_one_by_a_row_of_one_s_own(board):
    catalogue = load_catalogue().set_index("model_id")
    rows = [{"model_id": name, "source": OWN_SOURCES[1], "ifeval": 20.0} for name in catalogue.index]
    own = append_to_board(board, contract_frame(rows)).iloc[len(board) :]

    assert set(own["kind"]) == {"base", "continued"}
    sizes = own.set_index("model_id")["params_b"]
    ratio = (sizes / catalogue["params_b"].reindex(sizes.index)).dropna()
    assert ratio.between(0.9, 1.1).all()
