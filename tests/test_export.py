"""What leaves the app can be opened anywhere and harms nobody."""

from __future__ import annotations

import csv
import io

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.export import file_name, to_csv, to_parquet


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "  ="])
def test_text_that_starts_a_formula_is_defused(start: str) -> None:
    frame = pd.DataFrame({"model_id": [start + 'HYPERLINK("http://x.example","y")']})

    out = pd.read_csv(io.BytesIO(to_csv(frame)), keep_default_na=False)

    assert out["model_id"][0].startswith("'")


def test_headings_are_defused_too() -> None:
    assert to_csv(pd.DataFrame({"=1+1": [1]})).startswith(b"'=1+1")


def test_negative_numbers_stay_numbers() -> None:
    assert to_csv(pd.DataFrame({"lift": [-1.5]})) == b"lift\n-1.5\n"


def test_unknown_is_an_empty_cell() -> None:
    frame = pd.DataFrame({"license": pd.array(["mit", pd.NA], dtype="string"), "params_b": [1.5, None]})

    assert to_csv(frame) == b"license,params_b\nmit,1.5\n,\n"


def test_the_frame_itself_is_left_alone() -> None:
    frame = pd.DataFrame({"name": ["=x"]})

    to_csv(frame)

    assert frame["name"][0] == "=x"


def test_equal_headings_are_both_kept() -> None:
    frame = pd.DataFrame([["=a", "b"]], columns=["x", "x"])

    assert to_csv(frame) == b"x,x\n'=a,b\n"


@given(st.lists(st.text(st.characters(exclude_characters="\x00", codec="utf-8")), min_size=1, max_size=5))
def test_no_text_cell_ever_starts_with_a_formula_sign(cells: list[str]) -> None:
    text = to_csv(pd.DataFrame({"x": cells})).decode()

    rows = list(csv.reader(io.StringIO(text, newline="")))[1:]

    assert not [row for row in rows if row and row[0].lstrip(" ").startswith(tuple("=+-@\t\r\n"))]


def test_parquet_keeps_types() -> None:
    frame = pd.DataFrame({"model_id": ["a/b"], "params_b": [7.6], "moe": [True]})

    pd.testing.assert_frame_equal(pd.read_parquet(io.BytesIO(to_parquet(frame))), frame)


def test_file_names_hold_nothing_a_path_could_use() -> None:
    assert file_name("basewise", "../../etc/passwd", "é=1", suffix="md") == "basewise-etc-passwd-1.md"
