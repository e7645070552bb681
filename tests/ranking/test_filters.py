"""Each filter on the real board: what stays, and that every hidden row is accounted for."""

import dataclasses

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.ranking import filters, search
from core.ranking.filters import BoardFilter
from core.schema import SOURCE_NEWER
from tests import boards

ANY = BoardFilter(size=(0, 150), unknown_size=True, base_only=False, all_runs=True)


def shown(**choices: object) -> pd.DataFrame:
    return filters.apply(boards.board(), dataclasses.replace(ANY, **choices)).rows


def test_nothing_chosen_shows_every_row() -> None:
    result = filters.apply(boards.board(), ANY)
    assert len(boards.board()) == len(result.rows)
    assert result.hidden == {}


def test_the_opening_view_holds_base_models_up_to_nine_billion() -> None:
    rows = filters.apply(boards.board(), BoardFilter()).rows
    assert {"base"} == set(rows["kind"])
    assert filters.nominal_size(rows).between(0, 9).all()
    assert rows["model_id"].is_unique


def test_base_models_of_the_course_are_in_the_opening_view() -> None:
    rows = set(filters.apply(boards.board(), BoardFilter()).rows["model_id"])
    assert {"Qwen/Qwen2.5-7B", "google/gemma-2-9b", "microsoft/phi-2"} <= rows
    assert {"mistralai/Mistral-7B-v0.1", "mistralai/Mistral-7B-v0.3"} <= rows


def test_continued_is_a_switch_beside_base() -> None:
    assert {"base", "continued"} >= set(shown(base_only=True, continued=True)["kind"])
    assert "continued" not in set(shown(base_only=True)["kind"])


def test_unknown_sizes_never_pass_as_zero() -> None:
    unknown = filters.nominal_size(boards.board()).isna()
    assert unknown.any()
    assert shown(unknown_size=False, size=(0, 150)).index.intersection(boards.board().index[unknown]).empty
    with_unknown = shown(unknown_size=True, size=(0, 1))
    assert set(boards.board().index[unknown]) <= set(with_unknown.index)


def test_both_ends_of_the_size_range_are_included() -> None:
    size = filters.nominal_size(shown(unknown_size=False, size=(7, 9)))
    assert size.between(7, 9).all()
    assert size.min() == 7


def test_the_last_stop_means_and_more() -> None:
    board = boards.board().head(2).copy()
    board["params_b"] = [671.0, 405.0]
    if "size_class_b" in board:
        board["size_class_b"] = board["params_b"]
    assert len(filters.apply(board, dataclasses.replace(ANY, size=(80, 150))).rows) == 2
    assert filters.apply(board, dataclasses.replace(ANY, size=(0, 110))).rows.empty


def test_reported_kinds_replace_the_repaired_ones() -> None:
    board = boards.board().head(3).copy()
    board["kind"] = ["base", "instruct", "base"]
    board["reported_kind"] = pd.array(["instruct", "base", pd.NA], dtype="string")
    chosen = dataclasses.replace(ANY, base_only=True)
    assert filters.apply(board, chosen).rows.index.tolist() == [0, 2]
    as_reported = dataclasses.replace(chosen, as_reported=True)
    assert filters.apply(board, as_reported).rows.index.tolist() == [1, 2]


def test_search_wants_every_word_and_takes_no_patterns() -> None:
    names = shown(search="QWEN 2.5-7b")["model_id"].str.lower()
    assert len(names)
    assert names.str.contains("qwen").all()
    assert all("257b" in search.squash(name) for name in names)
    assert shown(search="(").empty
    assert shown(search="<script>").empty


@pytest.mark.parametrize(
    ("choice", "column"),
    [("publishers", "organization"), ("licenses", "license"), ("architectures", "architecture"),
     ("precisions", "precision")],
)  # fmt: skip
def test_lists_keep_only_what_is_named(choice: str, column: str) -> None:
    wanted = boards.board()[column].dropna().value_counts().index[1]
    rows = shown(**{choice: (wanted,)})
    assert {wanted} == set(rows[column])
    assert int((boards.board()[column] == wanted).sum()) == len(rows)


def test_merges_experts_and_flagged_can_be_hidden() -> None:
    assert not (shown(hide_merged=True)["kind"] == "merge").any()
    assert not shown(hide_merged=True)["merged"].any()
    assert not shown(hide_moe=True)["moe"].any()
    assert not shown(hide_flagged=True)["flagged"].any()


def test_newer_bases_are_a_switch() -> None:
    assert (shown()["source"] == SOURCE_NEWER).any()
    assert not (shown(newer=False)["source"] == SOURCE_NEWER).any()


def test_one_row_per_model_prefers_the_higher_precision() -> None:
    rows = shown(all_runs=False)
    assert rows["model_id"].is_unique
    assert boards.board()["model_id"].nunique() == len(rows)
    board = pd.concat([boards.board().head(1)] * 2, ignore_index=True).drop(
        columns="primary", errors="ignore"
    )
    board["precision"] = pd.array(["float16", "bfloat16"], dtype="string")
    assert filters.apply(board, dataclasses.replace(ANY, all_runs=False)).rows.index.tolist() == [1]


def test_rows_without_the_score_ranked_by_are_hidden_and_said() -> None:
    board = boards.board().head(3).copy()
    board.loc[board.index[0], "bbh"] = float("nan")
    result = filters.apply(board, ANY, ranked_by="bbh")
    assert result.hidden == {"no_score": 1}


@settings(max_examples=60)
@given(
    st.builds(
        BoardFilter,
        size=st.tuples(st.sampled_from(filters.SIZE_STOPS), st.sampled_from(filters.SIZE_STOPS)),
        unknown_size=st.booleans(), base_only=st.booleans(), continued=st.booleans(),
        as_reported=st.booleans(), newer=st.booleans(), search=st.sampled_from(["", "qwen", "7b it", "*("]),
        publishers=st.sampled_from([(), ("Qwen",), ("google", "nobody")]),
        licenses=st.sampled_from([(), ("apache-2.0",)]), hide_merged=st.booleans(), hide_moe=st.booleans(),
        hide_flagged=st.booleans(), all_runs=st.booleans(),
    )
)  # fmt: skip
def test_shown_and_hidden_add_up_to_the_board(chosen: BoardFilter) -> None:
    result = filters.apply(boards.board(), chosen)
    assert len(boards.board()) == len(result.rows) + sum(result.hidden.values())
    assert set(result.hidden) <= set(filters.REASONS)
