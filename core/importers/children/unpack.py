"""Unpack Parquet from standard input into an Arrow stream on standard output.

Run as a script by :mod:`core.importers.parquet` with the bytes of memory allowed, the longest text allowed
and the columns wanted. A Parquet file of some kilobytes can stand for gigabytes, and a forged one may crash
its reader: here both end this process, not the app.
"""

from __future__ import annotations

import contextlib
import io
import sys
from typing import Any


def main() -> None:
    with contextlib.suppress(ImportError):  # not on Windows, where only time is bounded
        import resource  # noqa: PLC0415

        allowed = int(sys.argv[1])
        resource.setrlimit(resource.RLIMIT_AS, (allowed, allowed))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    import pyarrow as pa  # noqa: PLC0415 - within the limit
    import pyarrow.parquet as pq  # noqa: PLC0415

    longest = int(sys.argv[2])
    wanted = sys.argv[3:]
    # Texts stay as a dictionary until their length is known: one text may stand in every row.
    file = pq.ParquetFile(io.BytesIO(sys.stdin.buffer.read()), read_dictionary=wanted)
    present = [name for name in file.schema_arrow.names if name in set(wanted)]
    table = file.read(columns=present, use_threads=False)
    columns = [_plain(table.column(name), longest) for name in present]
    table = pa.table(columns, names=present)
    table.validate(full=True)  # a text may hold bytes that are no UTF-8
    with pa.ipc.new_stream(sys.stdout.buffer, table.schema) as stream:
        stream.write_table(table)


def _plain(column: Any, longest: int) -> Any:
    import pyarrow as pa  # noqa: PLC0415
    import pyarrow.compute as pc  # noqa: PLC0415

    if not pa.types.is_dictionary(column.type):
        if pa.types.is_nested(column.type) or column.nbytes > 50_000_000:
            sys.exit(3)
        return column
    for chunk in column.chunks:
        if (pc.max(pc.binary_length(chunk.dictionary)).as_py() or 0) > longest:
            sys.exit(3)
    return column.cast(column.type.value_type)


if __name__ == "__main__":
    main()
