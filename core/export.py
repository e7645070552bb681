"""Tables on their way out of the app."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

# A spreadsheet runs a cell that begins with one of these, also behind spaces; the last it takes away itself,
# where it begins a file, as a mark of the encoding.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠", "\ufeff")


def to_csv(frame: pd.DataFrame) -> bytes:
    """UTF-8 CSV in which no text cell or heading can act as a spreadsheet formula.

    Numbers stay as they are; text that would start a formula gets an apostrophe before it, which
    spreadsheets hide. Unknown is an empty cell.

    Example: the cell ``=HYPERLINK("x")`` leaves as ``'=HYPERLINK("x")``.
    """
    safe = frame.copy()
    for position, dtype in enumerate(safe.dtypes):
        if dtype.kind not in "iufbM":
            cells = [_harmless(value) for value in safe.iloc[:, position]]
            safe.isetitem(position, cells)
    safe.columns = [_harmless(str(column)) for column in safe.columns]
    return safe.to_csv(index=False, lineterminator="\n").encode("utf-8")


def to_parquet(frame: pd.DataFrame) -> bytes:
    """Parquet with the frame's types."""
    buffer = io.BytesIO()
    frame.to_parquet(buffer, index=False)
    return buffer.getvalue()


def file_name(*parts: str, suffix: str) -> str:
    """A name that every file system takes.

    >>> file_name("basewise", "Qwen/Qwen2.5-7B", suffix="csv")
    'basewise-qwen-qwen2-5-7b.csv'
    """
    words = "-".join(parts).lower()
    kept = "".join(letter if letter.isascii() and letter.isalnum() else "-" for letter in words)
    return "-".join(filter(None, kept.split("-")))[:80] + "." + suffix


def escape_markdown(text: str) -> str:
    """Names from outside must not become markup, nor break a table's row."""
    for mark in "\\|*_`<>[]":
        text = text.replace(mark, "\\" + mark)
    return text.replace("\n", " ")


def _harmless(value: object) -> object:
    if not isinstance(value, str):
        return value
    if value.lstrip(" ").startswith(_FORMULA_STARTS):
        value = "'" + value
    # Left bare by the writer, taken for a line's end by some readers: what follows would begin a cell.
    return value.replace("\r", " ")
