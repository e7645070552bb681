"""Parquet from outside: looked over first, unpacked in a process of its own."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Final

from core.errors import InvalidTableError, SourceUnavailableError

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    import pandas as pd
    import pyarrow as pa

_CHILD: Final = Path(__file__).parent / "children" / "unpack.py"
_FOOTER_BYTES: Final = 1_000_000
_MEMORY: Final = 2_000_000_000
_CPU_SECONDS: Final = 20
_WALL_SECONDS: Final = 120.0
# A whole board of 5,000 rows is 4 MB in Arrow.
MAX_ANSWER: Final = 16_000_000
# Bytes; twice what a cell of letters beyond ASCII may hold.
LONGEST_TEXT: Final = 1_200
_MAX_CELLS: Final = 5_000_000
_SLOTS: Final = threading.BoundedSemaphore(2)
_TOO_LONG, _TOO_MUCH = 3, 4


def column_names(body: bytes, *, name: str, max_rows: int, max_columns: int) -> list[str]:
    """The columns of a Parquet file that hold one value a row, without unpacking any.

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
        fields = list(metadata.schema.to_arrow_schema())
        rows = metadata.num_rows
    except (pa.ArrowException, OSError, ValueError, MemoryError):
        raise _damaged(name) from None
    for count, most, what in ((len(fields), max_columns, "columns"), (rows, max_rows, "rows")):
        if count > most:
            raise InvalidTableError(
                f"The table has {count:,} {what}; at most {most:,} are read.",
                source=name,
                remedy=f"Export it again with fewer {what}.",
            )
    if rows <= 0:
        raise InvalidTableError("The table has no rows.", source=name, remedy="Export it again.")
    return [field.name for field in fields if not pa.types.is_nested(field.type)]


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
    """``columns`` of the first ``rows`` of a Parquet file, unpacked by another process.

    Two files at most are unpacked at a time; others wait.

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
    import pyarrow as pa  # noqa: PLC0415

    if len(columns) * rows > _MAX_CELLS and not cut:
        raise _too_much(name)
    limits = {
        "memory": _MEMORY, "seconds": _CPU_SECONDS, "columns": list(columns), "rows": rows,
        "longest": longest, "cut": cut, "answer": answer,
    }  # fmt: skip
    if not _SLOTS.acquire(timeout=_WALL_SECONDS):
        raise _busy(name)
    try:
        code, unpacked = _ask(json.dumps(limits), body, answer + 1_000_000)
        if code == _TOO_LONG:
            raise InvalidTableError(
                f"A cell of the table holds a text of more than {longest:,} bytes.",
                source=name,
                remedy="Leave out columns that are not results.",
            )
        if code == _TOO_MUCH:
            raise _too_much(name)
        if code is None:
            raise _busy(name)
        if code != 0:
            raise _damaged(name)
        table: pa.Table = pa.ipc.open_stream(unpacked).read_all()
        frame: pd.DataFrame = table.to_pandas()
    except (pa.ArrowException, OSError, ValueError, MemoryError):
        raise _damaged(name) from None
    finally:
        _SLOTS.release()
    return frame


def _ask(limits: str, body: bytes, most: int) -> tuple[int | None, bytes]:
    """What the child answered and how it ended; None where time ran out.

    Reading stops at ``most`` bytes, and the child with it.
    """
    command = [sys.executable, "-I", str(_CHILD), limits]
    with tempfile.TemporaryFile() as given:
        given.write(body)
        given.seek(0)
        child = subprocess.Popen(  # noqa: S603 - this interpreter and our own script
            command, stdin=given, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=_environment()
        )
    late = threading.Event()

    def end() -> None:
        late.set()
        child.kill()

    timer = threading.Timer(_WALL_SECONDS, end)
    timer.start()
    try:
        if child.stdout is None:
            return 1, b""
        with child.stdout as stream:
            answer = stream.read(most)
            if len(answer) >= most:
                return _TOO_MUCH, b""
        code = child.wait()
    finally:
        timer.cancel()
        child.kill()
        child.wait()
    return (None, b"") if late.is_set() else (code, answer)


def _environment() -> dict[str, str]:
    """Nothing of the server's but what an interpreter needs to start."""
    kept: Collection[str] = ("PATH", "SYSTEMROOT", "LD_LIBRARY_PATH")
    found = {key: os.environ[key] for key in kept if key in os.environ}
    return found | {"ARROW_DEFAULT_MEMORY_POOL": "system", "OMP_NUM_THREADS": "1"}


def _damaged(name: str) -> InvalidTableError:
    return InvalidTableError(
        "The Parquet file is damaged or unpacks to more than a board needs.",
        source=name,
        remedy="Export it again, or use CSV.",
    )


def _too_much(name: str) -> InvalidTableError:
    return InvalidTableError(
        "The Parquet file unpacks to more than a board needs.",
        source=name,
        remedy="Export only the columns of the template.",
    )


def _busy(name: str) -> SourceUnavailableError:
    return SourceUnavailableError(
        "The server is busy and did not get to unpacking the file.",
        source=name,
        remedy="Try again in a minute.",
    )
