"""Unpack Parquet from standard input into an Arrow stream on standard output.

Run as a script by :mod:`core.importers.parquet` with the bytes of memory allowed and the columns wanted. A
Parquet file of some kilobytes can stand for gigabytes, and a forged one may crash its reader: here both end
this process, not the app.
"""

from __future__ import annotations

import contextlib
import io
import sys


def main() -> None:
    with contextlib.suppress(ImportError):  # not on Windows, where only time is bounded
        import resource  # noqa: PLC0415

        allowed = int(sys.argv[1])
        resource.setrlimit(resource.RLIMIT_AS, (allowed, allowed))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    import pyarrow as pa  # noqa: PLC0415 - within the limit
    import pyarrow.parquet as pq  # noqa: PLC0415

    wanted = set(sys.argv[2:])
    file = pq.ParquetFile(io.BytesIO(sys.stdin.buffer.read()))
    columns = [name for name in file.schema_arrow.names if name in wanted]
    table = file.read(columns=columns, use_threads=False)
    with pa.ipc.new_stream(sys.stdout.buffer, table.schema) as stream:
        stream.write_table(table)


if __name__ == "__main__":
    main()
