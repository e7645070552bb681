"""Parquet from outside: looked over first, unpacked in a process of its own."""

from __future__ import annotations

import io
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from core.errors import InvalidTableError

if TYPE_CHECKING:
    from collections.abc import Collection

    import pandas as pd

_CHILD: Final = Path(__file__).parent / "children" / "unpack.py"
_FOOTER_BYTES: Final = 1_000_000
_MEMORY: Final = 2_000_000_000
_SECONDS: Final = 30.0
_MAX_UNPACKED: Final = 60_000_000
_LONGEST_TEXT: Final = 20_000


def column_names(body: bytes, *, name: str, max_rows: int, max_columns: int) -> list[str]:
    """The columns of a Parquet file, without unpacking any.

    Raises:
        InvalidTableError: not a whole Parquet file, no rows, or more of something than is read.
    """
    import pyarrow as pa  # noqa: PLC0415 - pandas brings it; only needed where a file is read
    import pyarrow.parquet as pq  # noqa: PLC0415

    if len(body) < 12 or body[:4] != b"PAR1" or body[-4:] != b"PAR1":
        raise InvalidTableError(
            "The file is not a whole Parquet file.", source=name, remedy="Export it again, or use CSV."
        )
    # A footer names every column: its size bounds what reading it can cost.
    if int.from_bytes(body[-8:-4], "little") > _FOOTER_BYTES:
        raise InvalidTableError(
            "The file describes far more columns than a board has.",
            source=name,
            remedy="Export only the columns of the template.",
        )
    try:
        metadata = pq.read_metadata(io.BytesIO(body))
        names = list(metadata.schema.to_arrow_schema().names)
        rows = metadata.num_rows
        unpacked = sum(metadata.row_group(i).total_byte_size for i in range(metadata.num_row_groups))
    except (pa.ArrowException, OSError, ValueError, MemoryError):
        raise _damaged(name) from None
    for count, most, what in ((len(names), max_columns, "columns"), (rows, max_rows, "rows")):
        if count > most:
            raise InvalidTableError(
                f"The table has {count:,} {what}; at most {most:,} are read.",
                source=name,
                remedy=f"Export it again with fewer {what}.",
            )
    if rows <= 0:
        raise InvalidTableError("The table has no rows.", source=name, remedy="Export it again.")
    if unpacked > _MAX_UNPACKED:
        raise InvalidTableError(
            f"The file unpacks to {unpacked / 1e6:,.0f} MB, which no board does.",
            source=name,
            remedy="Export only the columns of the template.",
        )
    return names


def unpack(body: bytes, columns: Collection[str], *, name: str) -> pd.DataFrame:
    """``columns`` of a Parquet file, unpacked within 2 GB and 30 seconds by another process.

    Raises:
        InvalidTableError: it can't be read within these bounds.
    """
    import pyarrow as pa  # noqa: PLC0415

    command = [sys.executable, "-I", str(_CHILD), str(_MEMORY), str(_LONGEST_TEXT), *columns]
    try:
        done = subprocess.run(command, input=body, capture_output=True, timeout=_SECONDS, check=False)  # noqa: S603
    except subprocess.TimeoutExpired:
        raise _damaged(name) from None
    if done.returncode != 0 or len(done.stdout) > 2 * _MAX_UNPACKED:
        raise _damaged(name)
    try:
        table = pa.ipc.open_stream(done.stdout).read_all()
        frame: pd.DataFrame = table.to_pandas()
    except (pa.ArrowException, OSError, ValueError, MemoryError):
        raise _damaged(name) from None
    return frame


def _damaged(name: str) -> InvalidTableError:
    return InvalidTableError(
        "The Parquet file is damaged or unpacks to more than a board needs.",
        source=name,
        remedy="Export it again, or use CSV.",
    )
