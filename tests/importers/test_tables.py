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
from core.importers.join_board import append_to_board
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
    assert (first["kind"], first["kind_evidence"]) == ("base", "as you said")


def test_scores_errors_and_averages_follow_from_raw_scores():
    frame = import_table(b"model_id,gpqa_raw,math_lvl_5\nme/a,0.4,25\n", name="a.csv").frame
    assert frame["gpqa"][0] == pytest.approx(20.0)
    assert frame["math_lvl_5_raw"][0] == pytest.approx(0.25)
    assert frame["gpqa_se"][0] == pytest.approx(float(scoring.standard_error("gpqa", 0.4)))


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
        contract(bbh="high"),
        "Row 1, column “bbh”: expected a number from 0 to 100, found “high”",
    ),
    "score over 100": (
        contract(gpqa=140),
        "Row 1, column “gpqa”: expected a number from 0 to 100, found “140",
    ),
    "negative": (contract(musr=-1), "column “musr”: expected a number from 0 to 100"),
    "infinite": (contract(musr="inf"), "column “musr”: expected a number from 0 to 100, found “inf”"),
    "raw over 1": (contract(bbh_raw=40), "column “bbh_raw”: expected a number from 0 to 1"),
    "kind": (contract(kind="foundation"), "column “kind”: expected one of base, continued"),
    "flag": (contract(moe="maybe"), "column “moe”: expected true or false, found “maybe”"),
    "date": (contract(submitted="soon"), "column “submitted”: expected a date such as 2026-01-31"),
    "size": (contract(params_b=0), "column “params_b”: expected a number"),
    "name with script": (contract(model_id="<script>alert(1)</script>"), "Row 1, column “model_id”"),
    "formula as name": (contract(model_id="=cmd|' /C calc'!A0"), "Row 1, column “model_id”"),
    "no name": (contract(model_id=None), "Row 1, column “model_id”"),
}


@pytest.mark.parametrize(("frame", "said"), WRONG.values(), ids=WRONG.keys())
@pytest.mark.parametrize(
    "as_file", [csv, lambda frame: to_parquet(frame.astype("str"))], ids=["csv", "parquet"]
)
def test_a_wrong_cell_is_named(frame, said, as_file):
    with pytest.raises(InvalidTableError) as raised:
        import_table(as_file(frame), name="mine")
    assert said in raised.value.what
    assert "template" in raised.value.remedy


def test_a_wrong_cell_in_board_columns_is_named():
    frame = hub_frame(5)
    frame["GPQA"] = frame["GPQA"].astype(object)
    frame.loc[3, "GPQA"] = 250
    with pytest.raises(InvalidTableError, match=r"Row 4 .*column “GPQA”.*0 and 100"):
        import_table(csv(frame), name="mine.csv")
    with pytest.raises(InvalidTableError, match="lacks the column “Precision”"):
        import_table(csv(hub_frame(5).drop(columns="Precision")), name="mine.csv")


BROKEN = {
    "empty": b"",
    "no heading": b"1,2,3\n4,5,6\n",
    "heading alone": b"model_id,ifeval\n",
    "too many cells": b"model_id,ifeval\nme/a,1\nme/b,1,2,3\n",
    "open quote": b'model_id,ifeval\n"me/a,1\nme/b,2\n',
    "too few cells": b"model_id,ifeval\nme/a\n",
    "endless cell": b"model_id,ifeval\nme/a," + b"1" * 200_000 + b"\n",
    "odd line end": b"\rmodel_id,ifeval\nme/a,1\n",
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
