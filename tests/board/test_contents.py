"""Board files: what a refresh of the board refuses, with row and column, and what a file on disk gives."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest

from core.board import contents
from core.errors import DataError, InvalidTableError, SourceUnavailableError
from core.importers import tables
from core.leaderboard import load_leaderboard
from core.schema import BENCHMARKS
from core.variants.pairs import pair_variants
from tests.hub_tables import hub_frame

if TYPE_CHECKING:
    from pathlib import Path


def saved(frame: pd.DataFrame, folder: Path, name: str = "board.csv") -> Path:
    path = folder / name
    if path.suffix == ".csv":
        frame.to_csv(path, index=False)
    else:
        frame.to_parquet(path, index=False)
    return path


@pytest.mark.parametrize("name", ["board.csv", "board.parquet"])
def test_a_sound_table_comes_through_whole(tmp_path: Path, name: str) -> None:
    frame = hub_frame(25).assign(**{"IFEval": 20.0, "IFEval Raw": 0.2})
    frame["Average ⬆️"] = frame[[benchmark.hub_column for benchmark in BENCHMARKS]].mean(axis=1)

    board = load_leaderboard(saved(frame, tmp_path, name))

    assert board["model_id"].tolist() == frame["fullname"].tolist()
    assert board["average"].tolist() == pytest.approx(frame["Average ⬆️"].tolist())
    assert board["bbh_raw"].tolist() == pytest.approx(frame["BBH Raw"].tolist())
    assert set(board["kind"]) == {"base"}
    assert len(board.attrs["messages"]) == 1  # the columns that are not used


@pytest.mark.parametrize("column", ["fullname", "IFEval", "Type", "Average ⬆️", "Chat Template"])
def test_a_board_without_one_of_its_columns_is_refused(column: str) -> None:
    """A reader's own table may lack columns; the board that all readers share may not."""
    with pytest.raises(InvalidTableError, match=column):
        contents.check_hub_columns(hub_frame(5).drop(columns=column), source="board")


@pytest.mark.parametrize(
    ("column", "value", "words"),
    [
        ("IFEval", 100.5, "not between 0 and 100"),
        ("BBH", -0.1, "not between 0 and 100"),
        ("GPQA Raw", 1.2, "not between 0 and 1"),
        ("MUSR", "a lot", "number was expected"),
        ("#Params (B)", "seven", "number was expected"),
        ("Type", "🧪 imagined", "none that the leaderboard has"),
        ("Merged", "perhaps", "true or false"),
        ("Submission Date", "yesterday", "date such as"),
        ("Hub ❤️", -3, "below 0"),
        ("Hub ❤️", 2.0**63, "beyond a million million"),
        ("fullname", "<script>alert(1)</script>", "characters that no model"),
        ("fullname", "lab/modèle", "characters that no model"),
        ("fullname", "lab/Mоdel-7B", "characters that no model"),  # a Cyrillic o
        ("fullname", "lab/a\u202eb", "characters that no model"),
        ("fullname", "../../etc/passwd", "characters that no model"),
        ("fullname", "-/-", "characters that no model"),
        ("fullname", "=HYPERLINK(1)", "characters that no model"),
        ("fullname", "a/b/c", "characters that no model"),
        ("fullname", "x" * 300, "longer than"),
        ("fullname", None, "no name"),
    ],
)
def test_a_board_with_a_cell_that_cannot_be_used_is_refused(column: str, value: object, words: str) -> None:
    frame = hub_frame(6).astype({column: object})
    frame.loc[3, column] = value

    with pytest.raises(InvalidTableError) as caught:
        contents.check_hub_columns(frame, source="board")

    assert "Row 4" in caught.value.what
    assert f"“{column}”" in caught.value.what
    assert words in caught.value.what
    assert "<script>" not in str(caught.value)
    assert caught.value.remedy


def test_a_repeated_row_is_left_out_with_a_message(tmp_path: Path) -> None:
    frame = pd.concat([hub_frame(4), hub_frame(4).iloc[[1]]], ignore_index=True)

    whole, messages = contents.drop_repeats(contents.check_hub_columns(frame, source="board"))
    board = load_leaderboard(saved(frame, tmp_path))

    assert len(whole) == len(board) == 4
    assert messages == [f"Row 5 ({frame['fullname'][1]}) repeats an earlier row and was left out."]
    assert any("two rows that are the same" in message for message in board.attrs["messages"])


def test_a_second_run_of_a_model_stays(tmp_path: Path) -> None:
    second = hub_frame(4).iloc[[1]].assign(Precision="float16", **{"Submission Date": "2024-09-01"})

    board = load_leaderboard(saved(pd.concat([hub_frame(4), second], ignore_index=True), tmp_path))

    assert len(board) == 5
    assert board["primary"].tolist() == [True, False, True, True, True]


def test_a_missing_score_stays_unknown_with_a_message(tmp_path: Path) -> None:
    frame = hub_frame(3)
    frame.loc[2, ["BBH", "BBH Raw"]] = np.nan
    frame.loc[1, "IFEval"] = np.inf

    checked = contents.check_hub_columns(frame, source="board")
    board = load_leaderboard(saved(frame, tmp_path))

    assert np.isnan(checked.loc[1, "IFEval"])
    assert [message.split(" (")[0] for message in contents.missing_scores(checked)] == ["Row 2", "Row 3"]
    assert np.isnan(board.loc[2, "bbh"])
    assert np.isnan(board.loc[2, "bbh_se"])
    assert any("row 2, column “ifeval”" in message for message in board.attrs["messages"])


def test_a_model_without_an_organisation_is_fine(tmp_path: Path) -> None:
    frame = hub_frame(3)
    frame.loc[0, "fullname"] = "gpt2"

    board = load_leaderboard(saved(frame, tmp_path))

    assert board["organization"].isna().tolist() == [True, False, False]


def test_impossible_sizes_become_unknown_or_what_the_name_says(tmp_path: Path) -> None:
    frame = hub_frame(3)
    frame["fullname"] = ["lab/one-7B", "lab/two", "lab/three-1_8b"]
    frame["#Params (B)"] = [-1.0, 0.0, np.nan]

    board = load_leaderboard(saved(frame, tmp_path))

    assert board["params_b"].fillna(-99).tolist() == [7.0, -99, 1.8]


@pytest.mark.parametrize(
    "names",
    [
        ["Qwen/Qwen2.5-7B", "Qwen/Qwen2.5-72B-Instruct", "Qwen/Qwen2-7B-Instruct"],
        ["mistralai/Mistral-7B-v0.1", "mistralai/Mistral-7B-Instruct-v0.2", "a/Mixtral-8x7B-Instruct-v0.1"],
        ["gpt2", "instruct", "it/it"],
        ["a/base", "a/instruct", "a/Instruct-chat"],
    ],
)
def test_look_alikes_and_odd_names_make_no_pair(tmp_path: Path, names: list[str]) -> None:
    board = load_leaderboard(saved(hub_frame(3).assign(fullname=names, IFEval=20.0), tmp_path))

    assert pair_variants(board).empty


def test_an_empty_table_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidTableError, match="no rows"):
        load_leaderboard(saved(hub_frame(3).iloc[:0], tmp_path))


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("board.parquet", b"PAR1 and then nothing of the kind PAR1"),
        ("board.parquet", b""),
        ("board.csv", b"\xff\xfe\x00broken\x80"),
        ("board.csv", b""),
        ("board.csv", b'"unclosed,\n1,2'),
        ("board.csv", b"a,b\n1,2\n"),
    ],
)
def test_what_is_no_board_is_refused(tmp_path: Path, name: str, body: bytes) -> None:
    path = tmp_path / name
    path.write_bytes(body)

    with pytest.raises(InvalidTableError):
        load_leaderboard(path)


def test_a_parquet_that_unpacks_to_too_many_rows_is_not_unpacked(tmp_path: Path) -> None:
    rows = contents.MAX_ROWS + 1
    path = saved(pd.DataFrame({"fullname": pd.array(["a/b"] * rows)}), tmp_path, "bomb.parquet")

    assert path.stat().st_size < 100_000
    with pytest.raises(InvalidTableError, match=r"100,001 rows"):
        load_leaderboard(path)


def test_a_file_that_is_too_large_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(contents, "MAX_BYTES", 100)
    monkeypatch.setattr(tables, "ON_DISK", tables.Limits(bytes=100))
    path = saved(hub_frame(3), tmp_path)

    with pytest.raises(InvalidTableError, match="larger than"):
        contents.read_table(path)
    with pytest.raises(InvalidTableError, match="at most 0 MB are read"):
        load_leaderboard(path)


def test_a_file_that_is_not_there_says_so(tmp_path: Path) -> None:
    with pytest.raises(SourceUnavailableError, match="no such file"):
        load_leaderboard(tmp_path / "nothing.csv")


def test_no_message_holds_the_path_of_the_machine(tmp_path: Path) -> None:
    with pytest.raises(DataError) as caught:
        load_leaderboard(saved(hub_frame(2).drop(columns=["fullname", "Model"]), tmp_path))

    assert str(tmp_path) not in str(caught.value) + caught.value.source
