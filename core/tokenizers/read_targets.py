"""Target values as people have them: pasted, or a column of a CSV or Parquet file, read in bounded memory."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from core.errors import InvalidInputError, InvalidTableError
from core.tokenizers.targets import MAX_TARGETS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

MAX_PASTED: Final = 2_000_000
_MAX_COLUMNS: Final = 2_000
_MAX_COLUMN_BYTES: Final = 512 * 2**20
_BATCH: Final = 65_536
_GROUPED: Final = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?")
_CURRENCY: Final = re.compile(r"[$€£¥]|USD|EUR|GBP", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Targets:
    """``values``; ``dropped``: cells that held no number; ``cut``: whether rows were past the limit."""

    values: NDArray[np.float64]
    dropped: int = 0
    cut: bool = False


def pasted(text: str) -> Targets:
    """Numbers separated by line breaks, spaces, tabs, semicolons or commas.

    ``$1,234.50`` is one number; ``1,2,3`` are three.

    Raises:
        InvalidInputError: something is no number (named with its line), or there is nothing.
    """
    if len(text) > MAX_PASTED:
        raise InvalidInputError(
            f"This is more than {MAX_PASTED / 1e6:.0f} million characters.",
            remedy="Upload it as a file instead.",
        )
    values: list[float] = []
    for number, line in enumerate(text.splitlines(), start=1):
        for word in re.split(r"[\s;]+|,\s+", _CURRENCY.sub(" ", line)):
            values.extend(_parse(word, number))
    if not values:
        raise InvalidInputError("There are no target values.", remedy="Paste numbers, one per line.")
    return Targets(np.array(values[:MAX_TARGETS]), cut=len(values) > MAX_TARGETS)


def columns(raw: bytes, name: str) -> list[str]:
    """Names of the file's columns that hold numbers, the likeliest target first.

    Raises:
        InvalidTableError: not a CSV or Parquet file, or without a column of numbers.
    """
    head = _parquet(raw, name).schema_arrow.names if _is_parquet(name) else None
    sample = _parquet_head(raw, name) if head is not None else _csv_head(raw, name)
    numeric = [str(column) for column in sample if _is_numeric(sample[column])]
    if not numeric:
        raise InvalidTableError(
            "No column of this file holds numbers.",
            source=name,
            remedy="One column must be the target values.",
        )
    likely = ("target", "price", "label", "value", "y", "answer", "completion", "amount", "score")
    return sorted(
        numeric[:_MAX_COLUMNS],
        key=lambda column: likely.index(column.lower()) if column.lower() in likely else 99,
    )


def column(raw: bytes, name: str, wanted: str) -> Targets:
    """One column's numbers, at most ``MAX_TARGETS`` rows of it."""
    batches = _parquet_batches(raw, name, wanted) if _is_parquet(name) else _csv_batches(raw, name, wanted)
    parts, rows, kept = [], 0, 0
    cut = False
    for batch in batches:
        taken = batch[: MAX_TARGETS - rows]
        cut = len(taken) < len(batch)
        rows += len(taken)
        numbers = pd.to_numeric(taken, errors="coerce").to_numpy(dtype=np.float64, na_value=np.nan)
        good = numbers[np.isfinite(numbers)]
        kept += len(good)
        parts.append(good)
        if rows >= MAX_TARGETS:
            cut = cut or next(iter(batches), None) is not None
            break
    if not kept:
        raise InvalidTableError(
            f"The column {wanted[:60]} holds no numbers.",
            source=name,
            remedy="Choose another column, or paste the values.",
        )
    return Targets(np.concatenate(parts), dropped=rows - kept, cut=cut)


def _parse(word: str, line: int) -> Iterator[float]:
    if not word:
        return
    for part in [word.replace(",", "")] if _GROUPED.fullmatch(word) else word.split(","):
        if not part:
            continue
        try:
            value = float(part)
        except ValueError:
            value = float("nan")
        if not np.isfinite(value) or "_" in part:
            raise InvalidInputError(
                f"Line {line}: {part[:30]!r} is not a number.", remedy="Paste numbers only, one per line."
            )
        yield value


def _is_parquet(name: str) -> bool:
    return name.lower().endswith((".parquet", ".pq"))


def _is_numeric(column: pd.Series) -> bool:
    if pd.api.types.is_bool_dtype(column):
        return False
    if pd.api.types.is_numeric_dtype(column):
        return True
    return bool(pd.to_numeric(column, errors="coerce").notna().mean() > 0.9)


def _csv_head(raw: bytes, name: str) -> pd.DataFrame:
    # The header's length first: a file without line breaks must not become a million columns.
    if raw[: 2**20].count(b",") > 0 and b"\n" not in raw[: 2**20] and len(raw) > 2**20:
        raise InvalidTableError(
            "The first line of this file is over 1 MB.",
            source=name,
            remedy="Save it as a table with a row a line.",
        )
    with _table_errors(name):
        return pd.read_csv(io.BytesIO(raw), nrows=1000, sep=_separator(raw), encoding_errors="replace")


def _csv_batches(raw: bytes, name: str, wanted: str) -> Iterator[pd.Series]:
    with _table_errors(name):
        reader = pd.read_csv(
            io.BytesIO(raw),
            usecols=[wanted],
            chunksize=_BATCH,
            sep=_separator(raw),
            encoding_errors="replace",
        )
        for frame in reader:
            yield frame[wanted]


def _separator(raw: bytes) -> str:
    header = raw[: 2**16].split(b"\n", 1)[0]
    return max((",", ";", "\t"), key=lambda mark: header.count(mark.encode()))


def _parquet(raw: bytes, name: str):  # type: ignore[no-untyped-def] # noqa: ANN202 - pyarrow is untyped
    import pyarrow.parquet as pq  # noqa: PLC0415

    with _table_errors(name):
        return pq.ParquetFile(io.BytesIO(raw))


def _parquet_head(raw: bytes, name: str) -> pd.DataFrame:
    file = _parquet(raw, name)
    with _table_errors(name):
        flat = [field.name for field in file.schema_arrow if field.type.num_fields == 0][:_MAX_COLUMNS]
        for batch in file.iter_batches(batch_size=1000, columns=flat):
            batch.validate(full=True)  # a text may hold bytes that are no UTF-8
            head: pd.DataFrame = batch.to_pandas()
            return head
    return pd.DataFrame()


def _parquet_batches(raw: bytes, name: str, wanted: str) -> Iterator[pd.Series]:
    file = _parquet(raw, name)
    with _table_errors(name):
        meta = file.metadata
        for group in range(meta.num_row_groups):
            chunks = (meta.row_group(group).column(at) for at in range(meta.num_columns))
            if any(
                c.path_in_schema == wanted and c.total_uncompressed_size > _MAX_COLUMN_BYTES for c in chunks
            ):
                raise InvalidTableError(
                    "A row group of this column unfolds to over 512 MB.",
                    source=name,
                    remedy="Save the file in smaller row groups, or as CSV.",
                )
        for batch in file.iter_batches(batch_size=_BATCH, columns=[wanted]):
            batch.validate(full=True)
            yield batch.to_pandas()[wanted]


class _table_errors:  # noqa: N801 - reads as a statement
    """Turn what pandas and pyarrow raise on a broken file into one plain sentence."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __enter__(self) -> None: ...

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: object) -> None:
        # pyarrow's and pandas' own errors are all ValueErrors, KeyErrors or OSErrors.
        if isinstance(error, (ValueError, KeyError, OSError, MemoryError)):
            raise InvalidTableError(
                f"This file can't be read as a table: {str(error)[:120]}",
                source=self._name,
                remedy="Give a CSV with a header line, or a Parquet file.",
            ) from None
