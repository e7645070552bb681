"""Columns of numbers in a CSV or Parquet file on standard input.

Run as a script by :mod:`core.sandbox.numbers` with the question as JSON, so that what a file unfolds to ends
this process, not the app. Small CSV files, which unfold to nothing, are read by the same code in the app.
"""

from __future__ import annotations

import io
import json
import sys
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Iterator

CAUSES = (ValueError, KeyError, OSError, MemoryError, OverflowError)
_BATCH = 65_536
_LOOKED_AT, _SHARE = 1_000, 0.9
_MAX_HEADING = 200_000
_CURRENCY = r"[$€£¥]|\b(?:USD|EUR|GBP|CHF|JPY)\b"
_EMPTY = ("", "-", "--", "–", "—", "na", "n/a", "nan", "none", "null", "?")
# 19,99 or 1.234,5: no thousands separator stands there.
_PROOF = r"[+-]?(?:\d{1,3}(?:\.\d{3})+|\d+),(?:\d{1,2}|\d{4,})|[+-]?\d{1,3}(?:\.\d{3})+,\d+"
_THOUSANDS = r"[+-]?\d{1,3}(?:,\d{3})+(?:\.\d+)?"
_DECIMAL_COMMA = r"[+-]?(?:\d{1,3}(?:\.\d{3})+|\d+)(?:,\d+)?"


def answer(asked: dict[str, Any], raw: bytes) -> bytes:
    """A list of columns as JSON, or the numbers of ``asked["column"]``, NaN where a cell holds none.

    Raises:
        ValueError, KeyError, OSError, MemoryError, OverflowError: the file can't be read.
    """
    table: _Table = _Parquet(raw) if asked["parquet"] else _Csv(raw, asked["most"])
    if "column" in asked:
        values = _numbers(list(table.column(asked["column"], asked["rows"])))
        return values[: asked["rows"]].astype("<f8").tobytes()
    found = [name for name, cells in table.head(asked["most"]) if _holds_numbers(cells)]
    return json.dumps(found).encode()


class _Csv:
    def __init__(self, raw: bytes, most: int) -> None:
        self._raw = raw
        heading = raw[: _MAX_HEADING + 1].split(b"\n", 1)[0]
        self._mark = max((",", ";", "\t"), key=lambda mark: heading.count(mark.encode()))
        if len(heading) > _MAX_HEADING or heading.count(self._mark.encode()) >= most:
            raise ValueError("too wide")

    def head(self, _most: int) -> Iterator[tuple[str, pd.Series]]:
        frame = self._read(nrows=_LOOKED_AT)
        return ((str(name), frame[name]) for name in frame)

    def column(self, name: str, rows: int) -> Iterator[pd.Series]:
        left = rows
        for frame in self._read(usecols=[name], chunksize=_BATCH):
            yield frame[name]
            left -= len(frame)
            if left <= 0:
                return

    def _read(self, **how: Any) -> Any:
        return pd.read_csv(io.BytesIO(self._raw), sep=self._mark, encoding_errors="replace", **how)


class _Parquet:
    def __init__(self, raw: bytes) -> None:
        import pyarrow as pa  # noqa: PLC0415
        import pyarrow.parquet as pq  # noqa: PLC0415

        pa.set_cpu_count(1)
        self._file = pq.ParquetFile(io.BytesIO(raw))
        self._nested = pa.types.is_nested

    def head(self, most: int) -> Iterator[tuple[str, pd.Series]]:
        names = [field.name for field in self._file.schema_arrow if not self._nested(field.type)]
        for name in dict.fromkeys(names[:most]):
            for batch in self._batches(name, _LOOKED_AT):
                yield name, batch
                break

    def column(self, name: str, rows: int) -> Iterator[pd.Series]:
        left = rows
        for batch in self._batches(name, _BATCH):
            yield batch
            left -= len(batch)
            if left <= 0:
                return

    def _batches(self, name: str, size: int) -> Iterator[pd.Series]:
        for batch in self._file.iter_batches(batch_size=size, columns=[name], use_threads=False):
            batch.validate(full=True)  # a text may hold bytes that are no UTF-8
            yield batch.column(0).to_pandas()


_Table = _Csv | _Parquet


def _holds_numbers(cells: pd.Series) -> bool:
    if pd.api.types.is_bool_dtype(cells):
        return False
    if pd.api.types.is_numeric_dtype(cells):
        return True
    filled = cells[~_words(cells).str.lower().isin(_EMPTY) & cells.notna()]
    return bool(len(filled) and np.isfinite(_numbers([filled])).mean() > _SHARE)


def _numbers(parts: list[pd.Series]) -> np.ndarray:
    """Values of a column that came in parts: whether its commas are decimal is asked of all of it."""
    texts = [None if pd.api.types.is_numeric_dtype(part) else _words(part) for part in parts]
    commas = any(text is not None and text.str.fullmatch(_PROOF).any() for text in texts)
    found = [
        part.to_numpy(dtype=np.float64, na_value=np.nan) if text is None else _read(text, commas)
        for part, text in zip(parts, texts, strict=True)
    ]
    return np.concatenate([np.empty(0), *found])


def _words(cells: pd.Series) -> pd.Series:
    text = cells.astype("string").fillna("")
    return text.str.replace(_CURRENCY, "", regex=True).str.replace("\u00a0", " ").str.strip()


def _read(text: pd.Series, commas: bool) -> np.ndarray:
    if commas:
        text = text.where(text.str.fullmatch(_DECIMAL_COMMA), "")
        text = text.str.replace(".", "", regex=False).str.replace(",", ".", regex=False)
    else:
        grouped = text.str.fullmatch(_THOUSANDS)
        text = text.where(~grouped, text.str.replace(",", "", regex=False))
    return pd.to_numeric(text, errors="coerce").to_numpy(dtype=np.float64, na_value=np.nan)


if __name__ == "__main__":
    try:
        sys.stdout.buffer.write(answer(json.loads(sys.argv[1]), sys.stdin.buffer.read()))
    except CAUSES as error:
        sys.exit(type(error).__name__)
