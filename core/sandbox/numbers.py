"""Numbers in a column of a CSV or Parquet file from outside, read in a process of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import msgspec
import numpy as np

from core.errors import InvalidTableError
from core.sandbox.tables import ask, check_parquet, damaged

if TYPE_CHECKING:
    from numpy.typing import NDArray

MAX_COLUMNS: Final = 2_000
# Bytes of a CSV file that is read here, since a process takes half a second to start.
_SMALL: Final = 500_000
_SCRIPT: Final = "number_columns.py"
_MAX_LISTED: Final = 4_000_000
_MAX_SHOWN: Final = 1_000


class UnclearSignError(InvalidTableError):
    """Only the reader can say what separates the decimals of a column; ``shown`` is a cell of it."""

    def __init__(self, column: str, shown: str, *, name: str) -> None:
        self.shown = shown
        super().__init__(
            f"The column {column[:60]} holds “{shown}”, which may be a decimal comma or thousands.",
            source=name,
            remedy="Say what commas mean, or write numbers as 1234.5.",
        )


def columns(body: bytes, *, name: str) -> list[str]:
    """Columns that hold numbers, as numbers or as text, in nine of ten filled cells of the first 1,000 rows.

    Raises:
        InvalidTableError: no table, or more than ``MAX_COLUMNS`` columns.
        SourceUnavailableError: the machine is too busy.
    """
    asked = {"parquet": _is_parquet(body, name), "most": MAX_COLUMNS}
    return msgspec.json.decode(_answer(asked, body, name, _MAX_LISTED), type=list[str])


def column(
    body: bytes, wanted: str, *, name: str, rows: int, decimal: str | None = None
) -> NDArray[np.float64]:
    """One column of the first ``rows``; NaN where a cell holds no number (:mod:`core.written_numbers`).

    Args:
        body: the file's content.
        wanted: the column's name.
        name: the file's name, for messages.
        rows: how many to read.
        decimal: what separates decimals, ``"."`` or ``","``; None leaves it to what the cells show.

    Raises:
        UnclearSignError: the cells leave open what their commas mean, and ``decimal`` is None.
        InvalidTableError: no table, or no such column.
        SourceUnavailableError: the machine is too busy.
    """
    asked = {
        "parquet": _is_parquet(body, name), "most": MAX_COLUMNS, "column": wanted, "rows": rows,
        "decimal": decimal,
    }  # fmt: skip
    unclear, _, values = _answer(asked, body, name, 8 * rows + _MAX_SHOWN).partition(b"\n")
    if shown := msgspec.json.decode(unclear, type=str):
        raise UnclearSignError(wanted, shown, name=name)
    return np.frombuffer(values[: len(values) // 8 * 8], dtype="<f8").astype(np.float64)


def _answer(asked: dict[str, Any], body: bytes, name: str, most: int) -> bytes:
    if asked["parquet"] or len(body) > _SMALL:
        return ask(_SCRIPT, asked, body, name=name, most=most)
    from core.sandbox.children import number_columns  # noqa: PLC0415 - a process of its own for large files

    try:
        return number_columns.answer(asked, body)
    except number_columns.CAUSES:
        raise damaged(name) from None


def _is_parquet(body: bytes, name: str) -> bool:
    found = body[:4] == b"PAR1" or name.lower().endswith((".parquet", ".pq"))
    if found:
        check_parquet(body, name)
    return found
