"""The figures of Leaderboard, Variants and Compare: what they draw is what the frames hold."""

from functools import cache

import numpy as np
import pandas as pd
import pytest

from core.charts import compare as compare_charts
from core.charts import leaderboard as board_charts
from core.charts import variants as variant_charts
from core.charts.labels import count, short
from core.comparison import compare
from core.ranking import filters
from core.ranking.ranks import INTERVAL_Z, rank_board
from core.schema import SOURCE_NEWER
from core.variants import lift
from tests import boards


@cache
def opening() -> pd.DataFrame:
    return rank_board(filters.apply(boards.board(), filters.BoardFilter()).rows, "average")


def draw(view: pd.DataFrame, picked: list[int] | None = None):
    return board_charts.size_against_score(view, score_label="Average", picked=pd.Index(picked or []))


def test_every_row_of_known_size_is_one_point_in_trace_order() -> None:
    fig = draw(opening())
    for trace, rows in zip(fig.data, board_charts.point_rows(opening()).values(), strict=False):
        assert len(trace.x) == len(rows)
        assert np.allclose(trace.y, opening().loc[rows, "score"], atol=0.01)
        assert np.allclose(trace.error_y.array, INTERVAL_Z * opening().loc[rows, "score_se"], atol=0.01)
    assert sum(map(len, board_charts.point_rows(opening()).values())) == opening()["params_b"].notna().sum()


def test_newer_bases_are_a_trace_of_their_own() -> None:
    rows = board_charts.point_rows(opening())[board_charts.NEWER]
    assert set(opening().loc[rows, "source"]) == {SOURCE_NEWER}


def test_picked_rows_are_ringed() -> None:
    picked = opening().index[:2].tolist()
    ring = next(trace for trace in draw(opening(), picked).data if trace.name == "picked")
    assert np.allclose(ring.y, opening().loc[picked, "score"], atol=0.01)
    assert all(trace.name != "picked" for trace in draw(opening()).data)


def test_the_front_rises_with_size() -> None:
    front = board_charts.front_rows(opening())
    assert front["params_b"].is_monotonic_increasing
    assert front["score"].is_monotonic_increasing


def test_long_boards_drop_bars_names_and_points_that_others_cover() -> None:
    whole = rank_board(boards.board().dropna(subset=["average"]), "average")
    fig = draw(whole)
    assert fig.data[0].error_y.array is None
    assert fig.data[0].text is None
    assert fig.data[0].type == "scatter"  # SVG, not WebGL
    rows = board_charts.point_rows(whole)
    assert [len(trace.x) for trace in fig.data[: len(rows)]] == [len(index) for index in rows.values()]
    drawn = whole.loc[[label for index in rows.values() for label in index]]
    assert len(drawn) < whole["params_b"].notna().sum()
    for label in whole.index[whole["params_b"].notna()].difference(drawn.index)[:200]:
        row = whole.loc[label]
        same = drawn[drawn["kind"] == row["kind"]]
        near = (same["score"] - row["score"]).abs() <= 0.375
        # A spot is 2.2% wide in size; what is below 0.1 B is drawn at the left edge.
        sizes = (same["params_b"].clip(lower=0.1) / max(row["params_b"], 0.1)).between(0.977, 1.023)
        assert (near & sizes).any(), row["model_id"]


def test_short_boards_keep_every_point() -> None:
    rows = board_charts.point_rows(opening())

    assert sum(len(index) for index in rows.values()) == opening()["params_b"].notna().sum()


def test_names_cannot_bring_tags_into_a_chart() -> None:
    assert short("x/<b>bold</b>") == "b&gt;"
    view = opening().head(1).assign(model_id="x/<a href='e'>n")
    assert "<a" not in str(draw(view).to_dict())


def test_labels_are_cut_and_counted() -> None:
    assert short("org/" + "m" * 40, 10) == "m" * 9 + "…"
    assert count(1, "model") == "1 model"
    assert count(2000, "model") == "2,000 models"


def test_a_dumbbell_joins_base_and_variant() -> None:
    table = boards.lifts().head(5)
    joints, base, variant = variant_charts.dumbbells(table, "bbh").data
    assert np.allclose(base.x, table["base_bbh"], atol=0.01)
    assert np.allclose(variant.x, table["variant_bbh"], atol=0.01)
    assert list(joints.x[:2]) == pytest.approx(
        [table["base_bbh"].iloc[0], table["variant_bbh"].iloc[0]], abs=0.01
    )


def test_pairs_with_a_caveat_carry_a_star() -> None:
    table = boards.lifts()[boards.lifts()["base_id"] == "meta-llama/Llama-3.1-8B"]
    assert variant_charts.dumbbells(table, "average").data[1].y[0].removesuffix("</b>").endswith("*")


def test_lift_titles_name_the_benchmark_that_moves() -> None:
    assert variant_charts.lift_title(lift.median_lifts(boards.lifts())).startswith("IFEval")
    assert (
        variant_charts.lift_title(lift.median_lifts(boards.lifts().head(0))) == "No comparable pair in view"
    )


def test_the_order_chart_draws_one_line_a_base() -> None:
    orders = lift.order_bases(boards.lifts(), boards.board(), boards.pairs(), "average")
    fig = variant_charts.order_change(orders, set())
    assert len(fig.data) == variant_charts.MOST_LINES
    assert list(fig.data[0].y) == orders.loc[0, ["own_place", "instruct_place", "descendant_place"]].tolist()
    far = orders.iloc[-1]["base_id"]
    assert len(variant_charts.order_change(orders, {far}).data) == variant_charts.MOST_LINES + 1


def test_the_family_chart_holds_every_descendant_once() -> None:
    base_id = "meta-llama/Llama-3.1-8B"
    tuned = lift.descendants(boards.board(), boards.pairs(), base_id)
    base = boards.board().set_index("model_id", drop=False).loc[base_id]
    *families, best = variant_charts.family(base, tuned).data
    places = sorted(place for trace in families for *_, place in trace.customdata)
    assert places == list(range(1, len(tuned) + 1))
    assert best.x[0] == tuned["average"].max().round(2)


def test_places_beyond_the_last_row_are_written_beside_their_marks() -> None:
    orders = lift.order_bases(boards.lifts(), boards.board(), boards.pairs(), "average")
    far = orders.loc[orders["instruct_place"].idxmax()]
    line = variant_charts.order_change(orders, {far["base_id"]}).data[-1]
    assert max(line.y) < far["instruct_place"]
    assert line.text[1].strip() == str(far["instruct_place"])


def test_comparison_charts_hold_each_model() -> None:
    found = compare(boards.board(), ["Qwen/Qwen2.5-7B", "google/gemma-2-9b"], boards.lifts())
    fig = compare_charts.scores(found)
    assert [trace.name for trace in fig.data] == ["Qwen2.5-7B", "gemma-2-9b", "highest"]
    best = found.scores.loc[found.scores.groupby("key")["score"].idxmax(), "score"]
    assert sorted(fig.data[2].x) == pytest.approx(sorted(best), abs=0.01)
    assert len(fig.data[0].x) == 7
    matrix = compare_charts.chances(found).data[0]
    assert matrix.text[0][1] == ">99%"
    assert matrix.text[0][0] == ""
