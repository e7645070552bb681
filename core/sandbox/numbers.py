"""Numbers in a column of a CSV or Parquet file from outside, read in a process of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import msgspec
import numpy as np

from core.sandbox.tables import ask, check_parquet, damaged

if TYPE_CHECKING:
    from numpy.typing import NDArray

MAX_COLUMNS: Final = 2_000
# Bytes of a CSV file that is read here, since a process takes half a second to start.
_SMALL: Final = 500_000
_SCRIPT: Final = "number_columns.py"
_MAX_LISTED: Final = 4_000_000


def columns(body: bytes, *, name: str) -> list[str]:
    """Columns that hold numbers, as numbers or as text, in nine of ten filled cells of the first 1,000 rows.

    Raises:
        InvalidTableError: no table, or more than ``MAX_COLUMNS`` columns.
        SourceUnavailableError: the machine is too busy.
    """
    asked = {"parquet": _is_parquet(body, name), "most": MAX_COLUMNS}
    return msgspec.json.decode(_answer(asked, body, name, _MAX_LISTED), type=list[str])


def column(body: bytes, wanted: str, *, name: str, rows: int) -> NDArray[np.float64]:
    """One column of the first ``rows``; NaN where a cell holds no number.

    Currency, thousands separators and, where a cell of the column proves it, decimal commas are understood.

    Raises:
        InvalidTableError: no table, or no such column.
        SourceUnavailableError: the machine is too busy.
    """
    asked = {"parquet": _is_parquet(body, name), "most": MAX_COLUMNS, "column": wanted, "rows": rows}
    answer = _answer(asked, body, name, 8 * rows)
    return np.frombuffer(answer[: len(answer) // 8 * 8], dtype="<f8").astype(np.float64)


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
