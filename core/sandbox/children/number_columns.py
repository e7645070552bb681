"""Columns of numbers in a CSV or Parquet file on standard input.

Run as a script by :mod:`core.sandbox.numbers` with the question as JSON, so that what a file unfolds to ends
this process, not the app. Small CSV files, which unfold to nothing, are read by the same code in the app.
Of the app it needs the reader of written numbers alone.
"""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

if __name__ == "__main__":
    # Isolated mode leaves the app's folder out.
    sys.path.append(str(Path(__file__).resolve().parents[3]))

from core import written_numbers

if TYPE_CHECKING:
    from collections.abc import Iterator

CAUSES = (ValueError, KeyError, OSError, MemoryError, OverflowError)
_BATCH = 65_536
_LOOKED_AT, _SHARE = 1_000, 0.9
_MAX_HEADING = 200_000
_EMPTY = ("", "-", "--", "–", "—", "na", "n/a", "nan", "none", "null", "?")


def answer(asked: dict[str, Any], raw: bytes) -> bytes:
    """A list of columns as JSON, or the numbers of ``asked["column"]``, NaN where a cell holds none.

    Before the numbers stands a line of JSON: "", or a cell whose decimal sign is unclear; then none follow.
    ``asked["decimal"]`` says the sign; None leaves it to the cells.

    Raises:
        ValueError, KeyError, OSError, MemoryError, OverflowError: the file can't be read.
    """
    table: _Table = _Parquet(raw) if asked["parquet"] else _Csv(raw, asked["most"])
    if "column" in asked:
        cells = [part for part in table.column(asked["column"], asked["rows"]) if len(part)]
        column = pd.concat(cells)[: asked["rows"]] if cells else pd.Series([], dtype="string")
        values, unclear = _numbers(column, asked["decimal"])
        return json.dumps(unclear).encode() + b"\n" + values.astype("<f8").tobytes()
    found = [name for name, cells in table.head(asked["most"]) if _holds_numbers(cells)]
    return json.dumps(found).encode()


class _Csv:
    def __init__(self, raw: bytes, most: int) -> None:
        self._raw = raw
        self._encoding = _encoding(raw)
        heading = raw[: _MAX_HEADING + 1].split(b"\n", 1)[0]
        # The tab first: a heading without any is one column, whose decimal commas part nothing.
        self._mark = max(("\t", ",", ";"), key=lambda mark: heading.count(mark.encode()))
        if len(heading) > _MAX_HEADING or heading.count(self._mark.encode()) >= most:
            raise ValueError("too wide")

    def head(self, _most: int) -> Iterator[tuple[str, pd.Series]]:
        frame = self._read(nrows=_LOOKED_AT)
        return ((str(name), frame[name]) for name in frame)

    def column(self, name: str, rows: int) -> Iterator[pd.Series]:
        left = rows
        # As text: pandas would read the chunks without a comma by other rules than the rest.
        for frame in self._read(usecols=[name], chunksize=_BATCH, dtype="str"):
            yield frame[name]
            left -= len(frame)
            if left <= 0:
                return

    def _read(self, **how: Any) -> Any:
        return pd.read_csv(
            io.BytesIO(self._raw), sep=self._mark, encoding=self._encoding, encoding_errors="replace", **how
        )


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


def _encoding(raw: bytes) -> str:
    """UTF-8, else what spreadsheets on Windows write."""
    try:
        raw.decode()
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"


def _holds_numbers(cells: pd.Series) -> bool:
    if pd.api.types.is_bool_dtype(cells):
        return False
    if pd.api.types.is_numeric_dtype(cells):
        return True
    filled = cells[~_words(cells).str.lower().isin(_EMPTY) & cells.notna()]
    read = [_numbers(filled, sign)[0] for sign in (written_numbers.POINT, written_numbers.COMMA)]
    return bool(len(filled) and max(np.isfinite(values).mean() for values in read) > _SHARE)


def _numbers(cells: pd.Series, sign: str | None) -> tuple[np.ndarray, str]:
    """Values of a column, and "", or nothing and a cell that shows that its decimal sign is unclear."""
    if pd.api.types.is_numeric_dtype(cells):
        return cells.to_numpy(dtype=np.float64, na_value=np.nan), ""
    words = _words(cells)
    if sign != written_numbers.COMMA:
        # A column in Python's own spelling, as nearly all are, is read in a fifth of the time.
        try:
            return pd.to_numeric(words).to_numpy(dtype=np.float64, na_value=np.nan), ""
        except ValueError:
            pass
    places, texts = pd.factorize(words)
    if sign is None:
        sign, shown = written_numbers.decimal_sign(texts)
        if sign == written_numbers.UNCLEAR:
            return np.empty(0), shown
    return np.array([_number(text, sign) for text in texts], dtype=np.float64)[places], ""


def _number(text: str, sign: str) -> float:
    try:
        return written_numbers.number(text, sign)
    except ValueError:
        return np.nan


def _words(cells: pd.Series) -> pd.Series:
    return cells.astype("string").fillna("").str.strip()


if __name__ == "__main__":
    try:
        sys.stdout.buffer.write(answer(json.loads(sys.argv[1]), sys.stdin.buffer.read()))
    except CAUSES as error:
        sys.exit(type(error).__name__)
