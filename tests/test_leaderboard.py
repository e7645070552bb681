"""The one way in: the snapshot, files, and what is none of these."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest

from core.board import scoring
from core.board.assemble import COLUMNS
from core.errors import DataError, InvalidInputError, SourceUnavailableError
from core.leaderboard import load_leaderboard
from core.schema import BENCHMARKS, KINDS, SOURCE_BOARD, SOURCE_NEWER
from tests.hub_tables import hub_frame

if TYPE_CHECKING:
    from pathlib import Path

# fmt: off
CONTRACT = [
    "model_id", "organization", "precision", "kind", "reported_kind", "kind_evidence", "params_b",
    "reported_params_b", "params_evidence", "architecture", "license", "chat_template", "merged", "moe",
    "flagged", "official", "likes", "revision", "submitted", "average", "source",
]
# fmt: on


def test_the_snapshot_holds_the_board_and_the_newer_bases() -> None:
    board = load_leaderboard("snapshot")
    by_source = board.groupby("source")["model_id"]

    assert by_source.size()[[SOURCE_BOARD, SOURCE_NEWER]].tolist() == [4576, 9]
    assert by_source.nunique()[[SOURCE_BOARD, SOURCE_NEWER]].tolist() == [4497, 9]


def test_the_columns_are_the_contract_s_and_declared() -> None:
    board = load_leaderboard()
    scores = [name for benchmark in BENCHMARKS for name in (benchmark.key, benchmark.raw, benchmark.se)]

    assert set(CONTRACT) | set(scores) <= set(board.columns)
    assert board.columns.tolist() == list(COLUMNS)


def test_scores_lie_where_scores_lie() -> None:
    board = load_leaderboard()
    whole = board["source"].isin([SOURCE_BOARD, SOURCE_NEWER])

    for benchmark in BENCHMARKS:
        for column, most in ((benchmark.key, 100), (benchmark.raw, 1), (benchmark.se, 5)):
            assert board.loc[whole, column].between(0, most).all()
            assert board[column].dropna().between(0, most).all()


def test_flags_are_true_or_false_and_unknown_text_is_na() -> None:
    board = load_leaderboard()

    for column in ("chat_template", "merged", "moe", "flagged", "official", "primary"):
        assert board[column].dtype == bool
    for column in ("license", "architecture", "organization", "revision"):
        assert not board[column].isin(["", "?", "nan", "None", "<NA>"]).any()
    assert board.loc[board["model_id"] == "gpt2", "organization"].isna().all()


@pytest.mark.parametrize(
    "model",
    [
        "Qwen/Qwen2.5-7B",
        "Qwen/Qwen2.5-7B-Instruct",
        "google/gemma-2-9b",
        "google/gemma-2-9b-it",
        "mistralai/Mistral-7B-v0.1",
        "mistralai/Mistral-7B-Instruct-v0.1",
        "mistralai/Mistral-7B-v0.3",
        "mistralai/Mistral-7B-Instruct-v0.3",
        "microsoft/phi-2",
        "microsoft/Phi-3-mini-4k-instruct",
        "meta-llama/Llama-3.1-8B",
        "meta-llama/Llama-3.1-8B-Instruct",
    ],
)
def test_the_models_of_the_course_are_there_with_their_figures(model: str) -> None:
    rows = load_leaderboard().query("model_id == @model and primary")

    assert len(rows) == 1
    assert rows[["average", "params_b", "size_class_b", "mmlu_pro"]].notna().all(axis=None)


def test_base_models_up_to_nine_billion_are_exactly_those() -> None:
    board = load_leaderboard()
    view = board[(board["kind"] == "base") & (board["size_class_b"] <= 9) & board["primary"]]["model_id"]

    assert {"meta-llama/Llama-3.1-8B", "google/gemma-2-9b", "Qwen/Qwen2.5-7B"} <= set(view)
    assert not view.str.contains(r"(?i)instruct(?!ion-pretrain|lm)|chat|-it$").any()
    assert view.is_unique


def test_one_row_stands_for_each_model() -> None:
    board = load_leaderboard()

    assert board.groupby("model_id")["primary"].sum().eq(1).all()


def test_the_row_that_stands_for_a_model_is_run_as_the_model_is_meant() -> None:
    board = load_leaderboard()
    runs = board[board["model_id"] == "meta-llama/Meta-Llama-3-8B-Instruct"]

    assert len(runs) == 2
    assert runs.loc[runs["primary"], "chat_template"].tolist() == [True]


def test_runs_that_cannot_be_compared_say_why() -> None:
    board = load_leaderboard().set_index("model_id")

    assert board.loc["meta-llama/Llama-3.1-8B-Instruct", "comparability"] == "run without its chat template"
    assert board.loc["Qwen/Qwen2.5-Coder-7B", "comparability"] == "a base run with a chat template"
    assert "later study" in board.loc["Qwen/Qwen3-8B-Base", "comparability"]
    assert pd.isna(board.loc["Qwen/Qwen2.5-7B", "comparability"])


@pytest.mark.parametrize("name", ["own.csv", "own.parquet"])
def test_a_table_of_this_app_comes_back_as_it_left(tmp_path: Path, name: str) -> None:
    board = load_leaderboard().iloc[::40].reset_index(drop=True)
    path = tmp_path / name
    if name.endswith("csv"):
        board.to_csv(path, index=False)
    else:
        board.to_parquet(path, index=False)

    again = load_leaderboard(path)

    for column in (
        "model_id",
        "kind",
        "kind_evidence",
        "params_b",
        "average",
        "gpqa_se",
        "license",
        "source",
    ):
        left, right = (
            frame[column].astype(object).where(frame[column].notna(), None) for frame in (board, again)
        )
        assert left.tolist() == right.tolist(), column


def test_a_table_of_one_s_own_needs_names_and_scores_only(tmp_path: Path) -> None:
    path = tmp_path / "mine.csv"
    pd.DataFrame(
        {
            "model_id": ["lab/Nova-3B", "Qwen/Qwen2.5-7B-Instruct"],
            "kind": ["base", None],
            **{benchmark.key: [10.0, 20.0] for benchmark in BENCHMARKS},
        }
    ).to_csv(path, index=False)

    board = load_leaderboard(path)

    assert board["average"].tolist() == [10.0, 20.0]
    assert board["kind"].tolist() == ["base", "instruct"]
    assert board["kind_evidence"].tolist()[0] == "as the table says"
    assert set(board["source"]) == {"mine.csv"}  # not the board
    assert board["params_b"].tolist() == [3.0, 7.616]
    assert board["ifeval_se"].notna().all()  # the raw score follows from the score, the error from both
    # There it doesn't follow: the widest that accuracies allow, doubled since the questions aren't known.
    assert board["bbh_se"].tolist() == pytest.approx([2 * scoring.standard_error("bbh", 0.5)] * 2)
    assert board["comparability"].str.contains("how many questions").all()
    assert set(board["kind"]) <= set(KINDS)


@pytest.mark.parametrize(("column", "value"), [("kind", "great"), ("submitted", "soon"), ("ifeval", 400)])
def test_a_table_of_one_s_own_is_checked_as_well(tmp_path: Path, column: str, value: object) -> None:
    frame = load_leaderboard().head(4).astype({column: object})
    frame.loc[2, column] = value
    path = tmp_path / "mine.csv"
    frame.to_csv(path, index=False)

    board = load_leaderboard(path)

    assert any(f"row 3, column “{column}”" in message for message in board.attrs["messages"])
    assert board["ifeval"].between(0, 100).all()  # worked out from the raw score where the score can't be


def test_the_hub_s_columns_are_known_by_their_names(tmp_path: Path) -> None:
    path = tmp_path / "contents.parquet"
    hub_frame(10).to_parquet(path, index=False)

    assert np.isfinite(load_leaderboard(path)["average_se"]).all()


@pytest.mark.parametrize(
    ("source", "error"),
    [("nowhere", SourceUnavailableError), ("nothing.parquet", SourceUnavailableError)],
)
def test_a_source_that_is_not_there_is_an_error_in_words(source: str, error: type[DataError]) -> None:
    with pytest.raises(error) as caught:
        load_leaderboard(source)

    assert caught.value.remedy


def test_a_file_of_another_kind_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "board.xlsx"
    path.write_bytes(b"PK")

    with pytest.raises(InvalidInputError, match="xlsx"):
        load_leaderboard(path)
