"""Read Parquet from standard input: its columns, or an Arrow stream of some of them.

Run as a script by :mod:`core.sandbox.parquet` with the question as JSON. A Parquet file of some kilobytes
can stand for gigabytes, and a forged one may crash its reader: here both end this process, not the app. The
answer is small whatever the file: texts longer than a cell may be and answers beyond the limit are refused.
"""

from __future__ import annotations

import io
import json
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

TOO_LONG, TOO_MUCH = 3, 4
_ROWS = 2_048


def main() -> None:
    import pyarrow as pa  # noqa: PLC0415 - within the limits the parent set
    import pyarrow.parquet as pq  # noqa: PLC0415

    asked = json.loads(sys.argv[1])
    pa.set_cpu_count(1)
    body = io.BytesIO(sys.stdin.buffer.read())
    if "columns" in asked:
        flat = {field.name for field in pq.read_schema(body) if _is_flat(field.type)}
        asked["columns"] = [name for name in asked["columns"] if name in flat]
    # Texts stay as a dictionary until their length is known: one text may stand in every row.
    file = pq.ParquetFile(body, read_dictionary=asked.get("columns"))
    {"look": _look, "read": _read, "unpack": _unpack}[asked["action"]](file, asked)


def _look(file: Any, _asked: dict[str, Any]) -> None:
    json.dump(_looked(file), sys.stdout)


def _looked(file: Any) -> dict[str, Any]:
    fields = list(file.schema_arrow)
    flat = [field.name for field in fields if _is_flat(field.type)]
    return {"rows": file.metadata.num_rows, "columns": len(fields), "flat": flat}


def _read(file: Any, asked: dict[str, Any]) -> None:
    """Both at once; of a table with more than is asked for, what was looked at alone."""
    looked = _looked(file)
    within = looked["rows"] <= asked["rows"] and looked["columns"] <= asked["all_columns"]
    once = len(set(looked["flat"])) == len(looked["flat"])
    columns = asked["columns"] if within and once else []
    _unpack(file, asked | {"columns": columns}, {"looked": json.dumps(looked)})


def _unpack(file: Any, asked: dict[str, Any], beside: dict[str, str] | None = None) -> None:
    import pyarrow as pa  # noqa: PLC0415

    wanted = set(asked["columns"])
    present = [field.name for field in file.schema_arrow if field.name in wanted]
    fields = [pa.field(name, _plain_type(file.schema_arrow.field(name).type)) for name in present]
    schema = pa.schema(fields, metadata=beside)
    left = asked["rows"]
    written = 0
    with pa.ipc.new_stream(sys.stdout.buffer, schema) as stream:
        for batch in _batches(file, present) if present else ():
            columns = [_plain(batch.column(name), asked["longest"], asked["cut"]) for name in present]
            part = pa.record_batch(columns, schema=schema).slice(0, left)
            part.validate(full=True)  # a text may hold bytes that are no UTF-8
            written += part.get_total_buffer_size()
            if written > asked["answer"]:
                sys.exit(TOO_MUCH)
            stream.write_batch(part)
            left -= part.num_rows
            if left <= 0:
                break


def _batches(file: Any, present: list[str]) -> Iterator[Any]:
    yield from file.iter_batches(batch_size=_ROWS, columns=present, use_threads=False)


def _is_flat(kind: Any) -> bool:
    import pyarrow as pa  # noqa: PLC0415

    return not pa.types.is_nested(kind)


def _plain_type(kind: Any) -> Any:
    import pyarrow as pa  # noqa: PLC0415

    plain = kind.value_type if pa.types.is_dictionary(kind) else kind
    is_text = pa.types.is_large_string(plain) or pa.types.is_string_view(plain)
    return pa.string() if is_text else plain


def _plain(column: Any, longest: int, cut: bool) -> Any:
    import pyarrow as pa  # noqa: PLC0415
    import pyarrow.compute as pc  # noqa: PLC0415

    if pa.types.is_dictionary(column.type):
        texts = column.dictionary
        if _has_length(texts.type):
            lengths = pc.binary_length(texts)
            if (pc.max(lengths).as_py() or 0) > longest:
                used = pc.drop_null(pc.unique(column.indices))
                if not cut and (pc.max(pc.take(lengths, used)).as_py() or 0) > longest:
                    sys.exit(TOO_LONG)
                texts = pc.if_else(pc.greater(lengths, longest), None, texts)
                column = pa.DictionaryArray.from_arrays(column.indices, texts)
        return column.cast(_plain_type(column.type))
    if _has_length(column.type) and (pc.max(pc.binary_length(column)).as_py() or 0) > longest:
        if not cut:
            sys.exit(TOO_LONG)
        column = pc.if_else(pc.greater(pc.binary_length(column), longest), None, column)
    return column.cast(_plain_type(column.type))


def _has_length(kind: Any) -> bool:
    import pyarrow as pa  # noqa: PLC0415

    return any(
        check(kind)
        for check in (
            pa.types.is_string, pa.types.is_large_string, pa.types.is_binary, pa.types.is_large_binary,
            pa.types.is_fixed_size_binary,
        )
    )  # fmt: skip


if __name__ == "__main__":
    main()
