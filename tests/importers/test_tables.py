"""Tables of one's own: what is right comes in whole, what is wrong is named by column, row and reason."""

from __future__ import annotations

import io

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from core.board import scoring
from core.errors import InvalidTableError
from core.importers import tables
from core.importers.contract_frame import SOURCE_OWN_TABLE
from core.importers.join_board import append_to_board, complete_rows
from core.importers.tables import import_table, template
from core.leaderboard import load_leaderboard
from core.schema import BENCHMARK_KEYS
from tests.hub_tables import hub_frame, to_parquet


def csv(frame: pd.DataFrame, **how) -> bytes:
    return frame.to_csv(index=False, **how).encode()


def contract(**changes) -> pd.DataFrame:
    row = {"model_id": "me/mine", "kind": "base", "params_b": 7.5, **dict.fromkeys(BENCHMARK_KEYS, 40.0)}
    return pd.DataFrame([row | changes, {"model_id": "me/other", "ifeval": 50}])


@pytest.mark.parametrize("layout", ["contract", "board"])
def test_the_template_comes_back_in(layout):
    row = import_table(template(layout), name="template.csv").frame.iloc[0]
    assert row["model_id"] == "your-name/your-model"
    assert row["source"] == SOURCE_OWN_TABLE
    assert row[list(BENCHMARK_KEYS)].notna().all()


def test_contract_columns_from_csv_and_parquet_are_the_same():
    from_csv = import_table(csv(contract()), name="a.csv").frame
    from_parquet = import_table(to_parquet(contract()), name="a.parquet").frame
    pd.testing.assert_frame_equal(from_csv, from_parquet)
    first, second = (from_csv.iloc[i] for i in range(2))
    assert first["average"] == pytest.approx(40.0)
    assert pd.isna(second["average"]), "one score of six is no average"
    assert pd.isna(second["kind"])
    assert (first["kind"], first["kind_evidence"]) == ("base", "as the table says")


def test_scores_errors_and_averages_follow_from_raw_scores():
    frame = import_table(b"model_id,gpqa_raw,math_lvl_5\nme/a,0.4,25\n", name="a.csv").frame
    assert frame["gpqa"][0] == pytest.approx(20.0)
    assert frame["math_lvl_5_raw"][0] == pytest.approx(0.25)
    # How many questions were asked isn't known: as if a quarter of the board's had been.
    assert frame["gpqa_se"][0] == pytest.approx(2 * float(scoring.standard_error("gpqa", 0.4)))
    assert "how many questions" in frame["comparability"][0]


def test_a_table_of_points_alone_gets_wide_errors_and_one_with_errors_keeps_them():
    points = ",".join(BENCHMARK_KEYS)
    heading = f"model_id,{points}"
    bare = import_table(f"{heading}\nme/a,40,30,20,10,10,30\n".encode(), name="a.csv").frame
    assert bare["bbh_se"][0] >= 2 * float(scoring.standard_error("bbh", 0.4))
    assert bare["average_se"][0] > 1
    errors = ",".join(f"{key}_se" for key in BENCHMARK_KEYS)
    known = import_table(
        f"{heading},{errors}\nme/a,40,30,20,10,10,30,1,1,1,1,1,1\n".encode(), name="a.csv"
    ).frame
    assert known["bbh_se"][0] == 1
    assert known["comparability"].isna().all()


def test_board_columns():
    body = to_parquet(hub_frame(30))
    frame = import_table(body, name="contents.parquet").frame
    assert len(frame) == 30
    assert set(frame["source"]) == {SOURCE_OWN_TABLE}
    again = import_table(csv(hub_frame(30)), name="contents.csv").frame
    np.testing.assert_allclose(frame["average"], again["average"])


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_separators_spaces_and_byte_order_mark(separator):
    text = separator.join(["model_id", " ifeval "]) + "\n" + separator.join(["me/a", " 40"])
    frame = import_table(b"\xef\xbb\xbf" + text.encode(), name="a.csv").frame
    assert frame["ifeval"].tolist() == [40.0]


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
def test_line_ends_of_every_system(end):
    body = end.join([b"model_id,ifeval", b"me/a,40", b"me/b,50", b""])
    assert import_table(body, name="a.csv").frame["ifeval"].tolist() == [40.0, 50.0]


def test_columns_that_mean_nothing_are_left_out_and_named():
    imported = import_table(
        csv(contract(my_notes="x", average=99.0, source="open-llm-leaderboard")), name="a.csv"
    )
    assert "“my_notes”" in imported.notes[0]
    assert imported.frame["average"][0] == pytest.approx(40.0), "worked out, not taken over"
    assert set(imported.frame["source"]) == {SOURCE_OWN_TABLE}, "nobody's rows pass for the board's"


WRONG = {
    "text for a score": (
        {"bbh": "high"},
        "row 1, column “bbh”: expected a number from 0 to 100, found “high”",
    ),
    "score over 100": ({"gpqa": 140}, "row 1, column “gpqa”: expected a number from 0 to 100, found “140"),
    "negative": ({"musr": -1}, "column “musr”: expected a number from 0 to 100"),
    "infinite": ({"musr": "inf"}, "column “musr”: expected a number from 0 to 100, found “inf”"),
    "raw over 1": ({"bbh_raw": 40}, "column “bbh_raw”: expected a number from 0 to 1"),
    "kind": ({"kind": "foundation"}, "column “kind”: expected one of base, continued"),
    "flag": ({"moe": "maybe"}, "column “moe”: expected true or false, found “maybe”"),
    "date": ({"submitted": "soon"}, "column “submitted”: expected a date such as 2026-01-31"),
}
AS_FILE = pytest.mark.parametrize(
    "as_file", [csv, lambda frame: to_parquet(frame.astype("str"))], ids=["csv", "parquet"]
)


@pytest.mark.parametrize(("change", "said"), WRONG.values(), ids=WRONG.keys())
@AS_FILE
def test_a_wrong_cell_is_left_unknown_and_named(change, said, as_file):
    """The cell, not the row and not the file."""
    imported = import_table(as_file(contract(**change)), name="mine")
    assert len(imported.frame) == 2
    assert pd.isna(imported.frame[next(iter(change))][0])
    assert imported.frame["ifeval"].tolist() == [40.0, 50.0]
    assert any(said in note and "not used" in note for note in imported.notes)


def test_many_wrong_cells_of_a_column_are_one_note():
    body = b"model_id,ifeval,bbh\n" + b"".join(b"me/m%d,good,40\n" % i for i in range(500))
    notes = import_table(body, name="a.csv").notes
    said = "a.csv: 500 cells are not used; the first: row 1, column “ifeval”: expected a number from 0 to 100"
    assert [note for note in notes if "ifeval" in note] == [f"{said}, found “good”."]


@pytest.mark.parametrize(
    "name", ["<script>alert(1)</script>", "=cmd|' /C calc'!A0", None, "a b c", "x" * 201]
)
@AS_FILE
def test_a_row_whose_name_no_model_has_is_left_out(name, as_file):
    imported = import_table(as_file(contract(model_id=name)), name="mine")
    assert imported.frame["model_id"].tolist() == ["me/other"]
    assert any("Row 1, column “model_id”" in note and "left out" in note for note in imported.notes)


@pytest.mark.parametrize(
    "body",
    [b"model_id,ifeval\n<b>,40\n", b"model_id,ifeval\nme/a,high\nme/b,low\n", b"model_id,ifeval\n,4\n"],
)
def test_a_table_without_one_usable_row_is_refused_with_what_to_do(body):
    with pytest.raises(InvalidTableError, match=r"No row of the table can be used. Row 1, column") as raised:
        import_table(body, name="mine.csv")
    assert "template" in raised.value.remedy


def test_wrong_cells_in_board_columns_are_left_unknown():
    frame = hub_frame(5).astype({"GPQA": object, "Type": object}).drop(columns="GPQA Raw")
    frame.loc[3, "GPQA"] = 250
    frame.loc[2, "Type"] = "quite new"
    imported = import_table(csv(frame), name="mine.csv")
    assert imported.frame["gpqa"].isna().tolist() == [False, False, False, True, False]
    assert imported.frame["reported_kind"].isna().tolist() == [False, False, True, False, False]
    assert any("row 4, column “gpqa”" in note for note in imported.notes)


def test_some_of_the_board_s_columns_are_enough():
    some = b"Rank,fullname,#Params (B),MMLU-PRO,BBH,GPQA\n1,acme/Plum-8B,8.03,30.5,35.1,8.2\n"
    own = b"model_id,params_b,mmlu_pro,bbh,gpqa\nacme/Plum-8B,8.03,30.5,35.1,8.2\n"
    first, second = (import_table(body, name="a.csv").frame for body in (some, own))
    columns = ["model_id", "params_b", "mmlu_pro", "bbh", "gpqa", "ifeval", "average"]
    pd.testing.assert_frame_equal(first[columns], second[columns])
    assert second["mmlu_pro_se"][0] == pytest.approx(2 * first["mmlu_pro_se"][0]), (
        "a copy of the board's is counted"
    )
    assert first[["ifeval", "average", "license", "chat_template"]].isna().all(axis=None)


@pytest.mark.parametrize(
    ("shown", "column"),
    [
        ("Maintainer's Highlight", "official"),
        ("Maintainer’s Highlight", "official"),
        ("Official Providers", "official"),
        ("Merged", "merged"),
    ],
)
def test_older_headings(shown, column):
    body = f"fullname,{shown},IFEval\nme/a,True,40\nme/b,False,30\n".encode()
    assert import_table(body, name="a.csv").frame[column].tolist() == [True, False]


@pytest.mark.parametrize(
    "heading", ["model_name", "Model", "model", "Model Name", "name", "repo_id", "MODEL_ID"]
)
def test_a_name_s_column_under_other_names(heading):
    imported = import_table(f"{heading},mmlu_pro\nacme/Plum-8B,30.5\n".encode(), name="a.csv")
    assert imported.frame["model_id"].tolist() == ["acme/Plum-8B"]
    assert imported.frame["mmlu_pro"].tolist() == [30.5]


def test_a_table_without_names_asks_for_them():
    with pytest.raises(InvalidTableError, match="has “checkpoint”, “mmlu_pro”") as raised:
        import_table(b"checkpoint,mmlu_pro\nacme/Plum-8B,30.5\n", name="a.csv")
    assert "model_id" in raised.value.remedy


def test_a_heading_that_looks_like_a_score_is_pointed_out_not_guessed():
    imported = import_table(b"model_name,mmlu_pro_norm\nacme/Plum-8B,30.5\n", name="a.csv")
    assert imported.frame["mmlu_pro"].isna().all()
    assert any("call it “mmlu_pro”" in note for note in imported.notes)


@pytest.mark.parametrize("size", ["0", "0.0", "-1", "", "-", "–", "?", "n/a", "unknown"])
@pytest.mark.parametrize("heading", ["params_b", "#Params (B)"])
def test_a_size_that_says_unknown(size, heading):
    body = f"model_id,{heading},mmlu_pro\nacme/Plum-8B,8.03,30.5\nacme/Unknown-Size,{size},18.0\n".encode()
    frame = import_table(body, name="a.csv").frame
    assert frame["params_b"].isna().tolist() == [False, True]
    assert frame["mmlu_pro"].tolist() == [30.5, 18.0]


@pytest.mark.parametrize(
    ("size", "read"),
    [
        ("8.03B", 8.03), ("8.03 b", 8.03), ("350M", 0.35), ("7 billion", 7.0), ("1.2T", 1200.0), ("~7B", 7.0),
        ("30B-A3B", 30.0), ("235B (A22B)", 235.0), ("7.2 Md", 7.2), ("7 Mrd.", 7.0), ("1543", 1543.0),
    ],
)  # fmt: skip
def test_sizes_with_their_unit(size, read):
    frame = import_table(f"model_id,params_b,ifeval\na/b,{size},1\n".encode(), name="a.csv").frame
    assert frame["params_b"].tolist() == [pytest.approx(read)]


@pytest.mark.parametrize(
    ("size", "said"),
    [
        ("8x7B", "all parameters together, such as 46.7B"),
        ("7000", "at most 2,000 billion, or with its unit such as 7000M"),
        ("large", "a size in billions such as 7.6"),
    ],
)
@AS_FILE
def test_a_size_that_cannot_be_known_is_left_unknown_and_says_what_to_write(size, said, as_file):
    imported = import_table(as_file(contract(params_b=size)), name="mine")
    assert imported.frame["params_b"].isna().all()
    assert any(said in note for note in imported.notes)


@pytest.mark.parametrize("heading", ["params_m", "Params (M)", "Parameters (millions)"])
def test_sizes_in_millions_where_the_heading_says_so(heading):
    body = f"model_id,{heading},ifeval\nme/a,7000,1\nme/b,350,2\nme/c,7B,3\nme/d,7241732096,4\n".encode()
    assert import_table(body, name="a.csv").frame["params_b"].tolist() == [7, 0.35, 7, 7.241732096]


def test_sizes_with_a_decimal_comma():
    body = b"model_id;params_b;ifeval\nme/a;7,2 Md;1\nme/b;7.615;2\nme/c;1.543;3\nme/d;7.241M;4\n"
    with pytest.raises(InvalidTableError, match="“7,2”"):
        import_table(body, name="a.csv")
    imported = import_table(body, name="a.csv", decimal=",")
    assert imported.frame["params_b"].fillna(0).tolist() == [7.2, 0, 0, 7.241]
    assert any("2 cells are not used" in note and "such as 7,6" in note for note in imported.notes)


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("pretrained", "base"), ("Chat", "instruct"), ("instruction-tuned", "instruct"),
        ("fine-tuned", "finetune"), ("Base", "base"),
    ],
)  # fmt: skip
def test_kinds_as_people_call_them(said, kind):
    assert import_table(csv(contract(kind=said)), name="a.csv").frame["kind"][0] == kind


@pytest.mark.parametrize(
    ("cell", "name"),
    [
        ("[Qwen2.5](https://huggingface.co/Qwen/Qwen2.5-7B)", "Qwen/Qwen2.5-7B"),
        ("<a target='_blank' href='https://hf.co/Qwen/Qwen2.5-7B'>Qwen2.5</a>", "Qwen/Qwen2.5-7B"),
        ("[me/a](https://example.org/a)", "me/a"),
        ("<a>me/a</a>", "me/a"),
    ],
)
def test_a_link_names_the_repository_it_leads_to(cell, name):
    assert import_table(csv(contract(model_id=cell)), name="a.csv").frame["model_id"][0] == name


@pytest.mark.parametrize("cells", [["0.405", "0.61"], ["0.9"]])
def test_one_column_that_may_be_shares_is_said(cells):
    rows = "".join(f"me/m{at},{cell}\n" for at, cell in enumerate(cells))
    imported = import_table(f"model_id,ifeval\n{rows}".encode(), name="a.csv")
    assert imported.frame["ifeval"].tolist() == [float(cell) for cell in cells]
    assert any("“ifeval” holds nothing above 1" in note for note in imported.notes)
    assert not any("above 1" in note for note in import_table(csv(contract()), name="a.csv").notes)


def test_separators_dashes_and_signs_in_numbers():
    body = (
        'model_id;likes;ifeval;bbh;gpqa_raw\nme/a;"1,234";40.5 %;–;33%\nme/b;12\u202f345;−;33.25;0.4\n'
    ).encode()
    frame = import_table(body, name="a.csv").frame
    assert frame["likes"].tolist() == [1234, 12345]
    assert frame["ifeval"].fillna(-1).tolist() == [40.5, -1]
    assert frame["bbh"].fillna(-1).tolist() == [-1, 33.25]
    assert frame["gpqa_raw"].round(4).tolist() == [0.33, 0.4]


@pytest.mark.parametrize("cell", ["40,5", "1.040,5", "40,123", "0,405"])
def test_a_decimal_comma_is_asked_about_and_then_read(cell):
    body = f"model_id;ifeval;likes\nme/a;{cell};3\n".encode()
    with pytest.raises(InvalidTableError, match="comma") as raised:
        import_table(body, name="a.csv")
    assert "Decimal sign" in raised.value.remedy
    commas = import_table(body.replace(b"1.0", b"0"), name="a.csv", decimal=",").frame["ifeval"]
    assert commas.tolist() == [{"40,123": 40.123, "0,405": 0.405}.get(cell, 40.5)]


def test_a_point_stated_by_the_reader_makes_commas_thousands():
    frame = import_table(b'model_id,likes,ifeval\nme/a,"1,234",4\n', name="a.csv", decimal=".").frame
    assert frame["likes"].tolist() == [1234]
    with pytest.raises(InvalidTableError, match="decimal comma or thousands"):
        import_table(b'model_id,likes,ifeval\nme/a,"1,234",4\n', name="a.csv")


def test_rows_that_are_the_same_are_one():
    imported = import_table(b"model_id,ifeval\nme/a,40\nme/a,40\nme/a,50\n", name="a.csv")
    assert imported.frame["ifeval"].tolist() == [40.0, 50.0]
    assert any("two rows that are the same" in note for note in imported.notes)


def test_cells_behind_the_last_column_may_be_empty():
    assert len(import_table(b"model_id,ifeval\nme/a,40,,\n", name="a.csv").frame) == 1
    with pytest.raises(InvalidTableError) as raised:
        import_table(b"model_id,likes\nme/a,1,234\n", name="a.csv")
    assert "in quotes" in raised.value.remedy


def test_an_average_that_is_not_the_mean_is_worked_out_and_said():
    close, far = (import_table(csv(contract(average=value)), name="a.csv") for value in (40.004, 41.0))
    assert close.frame["average"][0] == 40.004, "rounded by its maker"
    assert far.frame["average"][0] == pytest.approx(40.0)
    assert any("mean of its six scores" in note for note in far.notes)


SAME_FILE = {
    "own columns": csv(contract()),
    "own columns, raw": b"model_id,gpqa_raw,math_lvl_5,bbh_raw\nme/a,0.4,25,0.5\n",
    "own columns with evidence": csv(contract(kind_evidence="I made it", params_evidence="counted")),
    "board's columns": csv(hub_frame(12)),
    "board's columns as Parquet": to_parquet(hub_frame(12)),
    "some of them": b"Rank,fullname,#Params (B),MMLU-PRO\n1,acme/Plum-8B,8.03,30.5\n2,acme/Quince,0,18\n",
    "cells left unknown": csv(contract(bbh="high", kind="great")),
    "names of the board": csv(contract(model_id="Qwen/Qwen2.5-7B-Instruct")),
}


@pytest.mark.parametrize("body", SAME_FILE.values(), ids=SAME_FILE.keys())
def test_a_script_and_the_data_page_read_a_file_alike(body, tmp_path):
    """`load_leaderboard(path)` and an upload give one frame, standard errors included, but for `source`."""
    path = tmp_path / ("a.parquet" if body[:4] == b"PAR1" else "a.csv")
    path.write_bytes(body)
    loaded = load_leaderboard(path)
    uploaded = complete_rows(import_table(body, name=path.name).frame)
    pd.testing.assert_frame_equal(loaded.drop(columns="source"), uploaded.drop(columns="source"))
    scored = loaded["mmlu_pro"].gt(0) if "mmlu_pro_raw" in loaded else loaded["gpqa"].notna()
    assert loaded.loc[scored, "mmlu_pro_se"].notna().all()
    assert set(uploaded["source"]) == {SOURCE_OWN_TABLE}


BROKEN = {
    "empty": b"",
    "no heading": b"1,2,3\n4,5,6\n",
    "heading alone": b"model_id,ifeval\n",
    "too many cells": b"model_id,ifeval\nme/a,1\nme/b,1,2,3\n",
    "open quote": b'model_id,ifeval\n"me/a,1\nme/b,2\n',
    "too few cells": b"model_id,ifeval\nme/a\n",
    "endless cell": b"model_id,ifeval\nme/a," + b"1" * 200_000 + b"\n",
    "not UTF-8": b"model_id,ifeval\nme/\xff,1\n",
    "NUL": b"model_id,ifeval\nme/\x00a,1\n",
    "heading twice": b"model_id,ifeval,ifeval\nme/a,1,2\n",
    "a zip": b"PK\x03\x04" + b"\x00" * 100,
    "endless heading": b"model_id," + b"x" * 100_000,
    "a million columns": b"model_id," + b",".join(b"c%d" % i for i in range(1_000_000)) + b"\nme/a\n",
    "too many rows": b"model_id,ifeval\n" + b"me/a,1\n" * 5_001,
    "a great many rows": b"model_id,ifeval\n" + b"me/a,1\n" * 60_000,
    "magic only": b"PAR1PAR1PAR1",
    "forged footer": b"PAR1" + b"\x00" * 50 + (2**31 - 1).to_bytes(4, "little") + b"PAR1",
    "cut Parquet": to_parquet(contract())[:-30] + b"PAR1",
    "Parquet of zero rows": to_parquet(contract().iloc[:0]),
    "too large": b"x" * 20_000_001,
}


@pytest.mark.parametrize("body", BROKEN.values(), ids=BROKEN.keys())
@pytest.mark.parametrize("name", ["mine.csv", "mine.parquet"])
def test_a_broken_file_is_refused(body, name):
    with pytest.raises(InvalidTableError) as raised:
        import_table(body, name=name)
    assert raised.value.remedy


def test_a_small_file_that_unpacks_to_gigabytes_is_refused():
    """One long text in a dictionary, meant by every row: 2 GB in some kilobytes."""
    long = pa.DictionaryArray.from_arrays(pa.array([0] * 4000, pa.int32()), pa.array(["x" * 500_000]))
    body = io.BytesIO()
    pq.write_table(pa.table({"model_id": ["me/a"] * 4000, "license": long}), body, compression="zstd")
    assert len(body.getvalue()) < 50_000
    with pytest.raises(InvalidTableError):
        import_table(body.getvalue(), name="bomb.parquet")


def test_more_rows_than_are_read():
    many = pd.DataFrame({"model_id": [f"me/m{i}" for i in range(5001)], "ifeval": 1.0})
    with pytest.raises(InvalidTableError, match=r"5,001 rows; at most 5,000"):
        import_table(to_parquet(many), name="many.parquet")


def test_own_rows_beside_the_board_keep_its_types():
    board = load_leaderboard("snapshot")
    rows = import_table(csv(contract(model_id="Qwen/Qwen2.5-7B")), name="a.csv").frame
    joined = append_to_board(board, rows)
    for column in board.columns:
        expected = "boolean" if column == "chat_template" else board[column].dtype
        assert joined[column].dtype == expected, column
    assert joined["model_id"].iloc[-2:].tolist() == ["Qwen/Qwen2.5-7B-own-run", "me/other"]
    assert joined["primary"].iloc[-2:].all()


def test_the_child_reads_no_more_than_asked(monkeypatch):
    """Parquet is unpacked by another process: when that one ends badly, this one says so."""
    monkeypatch.setattr("core.sandbox.tables._MEMORY", 1_000_000)
    with pytest.raises(InvalidTableError, match="damaged, or unpacks"):
        import_table(to_parquet(contract()), name="a.parquet")
    assert tables.MAX_ROWS == 5_000


def not_utf8(texts: list[bytes]) -> pa.Array:
    """A column that says it is text and isn't."""
    offsets = np.cumsum([0, *map(len, texts)]).astype(np.int32)
    buffers = [None, pa.py_buffer(offsets.tobytes()), pa.py_buffer(b"".join(texts))]
    return pa.Array.from_buffers(pa.string(), len(texts), buffers)


def test_a_parquet_text_that_is_no_text_is_refused():
    buffer = io.BytesIO()
    table = pa.table({"model_id": not_utf8([b"a/good-7B", b"\x80/bad-7B"]), "ifeval": [40.0, 41.0]})
    pq.write_table(table, buffer)
    with pytest.raises(InvalidTableError, match="damaged, or unpacks"):
        import_table(buffer.getvalue(), name="a.parquet")


AS_PEOPLE_HAVE_THEM = {
    "a heading in German": ("Modell;IFEval;Größe\nme/a;40.5;7.2\n", {"ifeval": 40.5, "params_b": 7.2}),
    "a heading in French": ("Modèle,IFEval\nme/a,40.5\n", {"ifeval": 40.5}),
    "bars": ("model_id|ifeval\nme/a|40.5\n", {"ifeval": 40.5}),
    "the separator noted": ("sep=;\nmodel_id;ifeval\nme/a;40.5\n", {"ifeval": 40.5}),
    "an odd line end first": ("\rmodel_id,ifeval\nme/a,40.5\n", {"ifeval": 40.5}),
    "empty lines first": ("\n \nmodel_id,ifeval\nme/a,40.5\n", {"ifeval": 40.5}),
    "errors behind": ("model_id,ifeval,bbh\nme/a,40.5 ± 1.2,30 (+/- 2)\n", {"ifeval": 40.5, "bbh": 30}),
    "errors in brackets": ("model_id,ifeval,bbh\nme/a,45.3 (1.2),30 (2%)\n", {"ifeval": 45.3, "bbh": 30}),
    "bold": ("model_id,ifeval\nme/a,**40.5**\n", {"ifeval": 40.5}),
    "addresses": ("model,ifeval\nhttps://huggingface.co/me/a,40.5\n", {"ifeval": 40.5}),
    "Markdown links": ("model,ifeval\n[me/a](https://hf.co/me/a),40.5\n", {"ifeval": 40.5}),
    "sizes counted": ('model,params,bbh\nme/a,"7,241,732,096",30\n', {"params_b": 7.241732096, "bbh": 30}),
    "one score below 1": ("model_id,math_lvl_5\nme/a,0.9\n", {"math_lvl_5": 0.9}),
}


@pytest.mark.parametrize(("text", "known"), AS_PEOPLE_HAVE_THEM.values(), ids=AS_PEOPLE_HAVE_THEM.keys())
def test_tables_as_people_write_them(text, known):
    row = import_table(text.encode(), name="t.csv").frame.iloc[0]
    assert {key: row[key] for key in ("model_id", *known)} == {"model_id": "me/a"} | known


WHAT_TO_DO = {
    "shares": (b"model_id,ifeval,bbh\nme/a,0.4,0.51\n", "between 0 and 1", "by 100"),
    "Excel": (b"PK\x03\x04" + b"x" * 99, "Excel", "Export it as CSV"),
    "gzip": (b"\x1f\x8b" + b"x" * 99, "gzip", "Unpack"),
    "JSON": (b'{"model_id": "me/a", "ifeval": 40}\n', "JSON", "end in .json"),
    "a web page": (b"\n<!DOCTYPE html><p>x", "web page", "Download the file itself"),
}


@pytest.mark.parametrize(("body", "said", "remedy"), WHAT_TO_DO.values(), ids=WHAT_TO_DO.keys())
def test_what_cannot_be_read_says_what_to_do(body, said, remedy):
    with pytest.raises(InvalidTableError, match=said) as raised:
        import_table(body, name="t.csv")
    assert remedy in raised.value.remedy


def test_a_date_whose_day_may_be_the_month_stays_unknown():
    body = b"model_id,ifeval,submitted\nme/a,40,03/04/2026\nme/b,41,31.01.2026\nme/c,42,2026-04-03\n"
    found = import_table(body, name="t.csv")
    assert found.frame["submitted"].astype("string").tolist() == [pd.NA, "2026-01-31", "2026-04-03"]
    assert any("day and month can't be told apart" in note for note in found.notes)


def test_a_column_that_stands_twice_in_parquet_is_named():
    columns = [pa.array(["me/a"]), pa.array(["me/b"]), pa.array([1.0])]
    body = io.BytesIO()
    pq.write_table(pa.Table.from_arrays(columns, names=["model_id", "model_id", "ifeval"]), body)
    with pytest.raises(InvalidTableError, match="“model_id” stands in the table twice"):
        import_table(body.getvalue(), name="t.parquet")
