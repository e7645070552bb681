"""Parquet from outside: its columns and what they hold, footer and all read in a process of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import msgspec

from core.errors import InvalidTableError
from core.sandbox.tables import ask, check_parquet, damaged, too_much

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    import pyarrow as pa

# A whole board of 5,000 rows is 4 MB in Arrow.
MAX_ANSWER: Final = 16_000_000
# Bytes; twice what a cell of letters beyond ASCII may hold.
LONGEST_TEXT: Final = 1_200
_SCRIPT: Final = "unpack.py"
_MAX_CELLS: Final = 5_000_000
_MAX_LISTED: Final = 4_000_000


# Where an answer's schema carries what was looked at.
_LOOKED: Final = b"looked"


class _Looked(msgspec.Struct, frozen=True):
    """``flat``: names of the columns that hold one value a row; ``columns``: how many there are in all."""

    rows: int
    columns: int
    flat: list[str]


def column_names(body: bytes, *, name: str, max_rows: int, max_columns: int) -> list[str]:
    """The columns of a Parquet file that hold one value a row, without unpacking any.

    Raises:
        InvalidTableError: not a whole Parquet file, no rows, or more of something than is read.
        SourceUnavailableError: the machine is too busy.
    """
    check_parquet(body, name)
    answer = ask(_SCRIPT, {"action": "look"}, body, name=name, most=_MAX_LISTED)
    looked = msgspec.json.decode(answer, type=_Looked)
    _check(looked, name=name, max_rows=max_rows, max_columns=max_columns)
    return looked.flat


def read_columns(
    body: bytes,
    wanted: Sequence[str],
    *,
    name: str,
    max_rows: int,
    max_columns: int,
    answer: int = MAX_ANSWER,
) -> pd.DataFrame:
    """Those of the ``wanted`` columns that a Parquet file has, looked at and unpacked by one process.

    Args:
        body: the file's content.
        wanted: names of columns; those that hold one value a row are read.
        name: the file's name, for messages.
        max_rows: of the whole file.
        max_columns: of the whole file.
        answer: bytes of the columns unpacked.

    Raises:
        InvalidTableError: as :func:`column_names` and :func:`unpack`.
        SourceUnavailableError: the machine is too busy.
    """
    check_parquet(body, name)
    asked = {
        "action": "read", "columns": list(wanted), "rows": max_rows, "all_columns": max_columns,
        "longest": LONGEST_TEXT, "cut": False, "answer": answer,
    }  # fmt: skip
    table = _table(ask(_SCRIPT, asked, body, name=name, most=answer + _MAX_LISTED), name)
    looked = msgspec.json.decode((table.schema.metadata or {}).get(_LOOKED, b"{}"), type=_Looked)
    _check(looked, name=name, max_rows=max_rows, max_columns=max_columns)
    return _frame(table, name)


def _check(looked: _Looked, *, name: str, max_rows: int, max_columns: int) -> None:
    for count, most, what in ((looked.columns, max_columns, "columns"), (looked.rows, max_rows, "rows")):
        if count > most:
            raise InvalidTableError(
                f"The table has {count:,} {what}; at most {most:,} are read.",
                source=name,
                remedy=f"Export it again with fewer {what}.",
            )
    repeated = next((column for column in looked.flat if looked.flat.count(column) > 1), None)
    if repeated is not None:
        raise InvalidTableError(
            f"The column “{repeated[:60]}” stands in the table twice.",
            source=name,
            remedy="Export it again with one of them.",
        )
    if looked.rows <= 0:
        raise InvalidTableError("The table has no rows.", source=name, remedy="Export it again.")


def unpack(
    body: bytes,
    columns: Sequence[str],
    *,
    name: str,
    rows: int,
    longest: int = LONGEST_TEXT,
    cut: bool = False,
    answer: int = MAX_ANSWER,
) -> pd.DataFrame:
    """``columns`` of the first ``rows`` of a Parquet file.

    Args:
        body: the file's content.
        columns: names of columns that hold one value a row.
        name: the file's name, for messages.
        rows: how many are read from the start.
        longest: bytes that a text may have; ``cut``: longer ones become missing instead of an error.
        cut: see ``longest``.
        answer: bytes of the columns unpacked.

    Raises:
        InvalidTableError: it can't be read within these bounds.
        SourceUnavailableError: the machine is too busy.
    """
    check_parquet(body, name)
    if len(columns) * rows > _MAX_CELLS and not cut:
        raise too_much(name)
    asked = {
        "action": "unpack", "columns": list(columns), "rows": rows,
        "longest": longest, "cut": cut, "answer": answer,
    }  # fmt: skip
    return _frame(_table(ask(_SCRIPT, asked, body, name=name, most=answer + 1_000_000), name), name)


def _table(stream: bytes, name: str) -> pa.Table:
    import pyarrow as pa  # noqa: PLC0415 - pandas brings it; only needed where a file is read

    try:
        return pa.ipc.open_stream(stream).read_all()
    except (pa.ArrowException, OSError, ValueError, MemoryError):
        raise damaged(name) from None


def _frame(table: pa.Table, name: str) -> pd.DataFrame:
    import pyarrow as pa  # noqa: PLC0415

    try:
        frame: pd.DataFrame = table.replace_schema_metadata().to_pandas()
    except (pa.ArrowException, OSError, ValueError, MemoryError):
        raise damaged(name) from None
    return frame
