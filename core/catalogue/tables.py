"""Reading the catalogue's hand-edited CSV files: bounded, strict, and pointing at the row that is wrong."""

from __future__ import annotations

import csv
import gzip
import io
from typing import TYPE_CHECKING, Final

from core.errors import InvalidTableError, SourceUnavailableError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

MAX_BYTES: Final = 2_000_000
_MAX_UNPACKED: Final = 16_000_000
_MAX_CELL: Final = 2_000
MAX_ROWS: Final = 50_000
_REMEDY: Final = "Compare the file with the others of its folder; CONTRIBUTING.md shows the columns."


def read_rows(path: Path, columns: Sequence[str], *, optional: Sequence[str] = ()) -> list[dict[str, str]]:
    """The rows of a UTF-8 CSV file (``.csv``, or ``.csv.gz``) whose first line names its columns.

    Args:
        path: the file, at most 2 MB on disk and 16 MB unpacked.
        columns: columns it must have; they may stand in any order.
        optional: columns it may have besides.

    Returns:
        One dict a row, every cell a string without outer spaces, optional columns that are absent as ``""``.
        The row at index ``i`` stands in line ``i + 2``.

    Raises:
        SourceUnavailableError: the file is not there or not readable.
        InvalidTableError: too large, not UTF-8, not a CSV; a column missing, unknown or given twice; a row
            with too few or too many cells.
    """
    text = _text(path)
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        header = [name.strip() for name in next(reader, [])]
        _check_header(path, header, columns, optional)
        rows: list[dict[str, str]] = []
        blank = dict.fromkeys(optional, "")
        for cells in reader:
            if reader.line_num != len(rows) + 2 or not cells:
                raise InvalidTableError(
                    f"{path.name}, line {len(rows) + 2}: an empty line, or a cell with a line break.",
                    source=path.name,
                    remedy="One row a line.",
                )
            rows.append(blank | _row(path, reader.line_num, header, cells))
            if len(rows) > MAX_ROWS:
                raise InvalidTableError(
                    f"More than {MAX_ROWS:,} rows.", source=path.name, remedy="Split the file in two."
                )
    except csv.Error as error:
        raise InvalidTableError(
            f"{path.name}, line {reader.line_num}: not a CSV row ({error}).", source=path.name, remedy=_REMEDY
        ) from error
    return rows


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise InvalidTableError(
                f"{path.name} is larger than {MAX_BYTES // 1_000_000} MB.",
                source=path.name,
                remedy="Split the file, or pack it with gzip.",
            )
        raw = path.read_bytes()
        if path.suffix == ".gz":
            with gzip.GzipFile(fileobj=io.BytesIO(raw)) as packed:
                raw = packed.read(_MAX_UNPACKED + 1)
            if len(raw) > _MAX_UNPACKED:
                raise InvalidTableError(
                    f"{path.name} unpacks to more than {_MAX_UNPACKED // 1_000_000} MB.",
                    source=path.name,
                    remedy="Split the file.",
                )
    except EOFError as error:
        raise InvalidTableError(
            f"{path.name} is cut off.", source=path.name, remedy="Pack it again."
        ) from error
    except OSError as error:
        raise SourceUnavailableError(
            f"{path.name} cannot be read ({type(error).__name__}).",
            source=path.name,
            remedy="Restore the file.",
        ) from error
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InvalidTableError(
            f"{path.name} is not UTF-8 (byte {error.start}).", source=path.name, remedy="Save it as UTF-8."
        ) from error


def _check_header(path: Path, header: list[str], columns: Sequence[str], optional: Sequence[str]) -> None:
    allowed = {*columns, *optional}
    problems = {
        "column missing": [name for name in columns if name not in header],
        "unknown column": [name for name in header if name not in allowed],
        "column given twice": [name for name in dict.fromkeys(header) if header.count(name) > 1],
    }
    for problem, names in problems.items():
        if names:
            raise InvalidTableError(
                f"{path.name}, line 1: {problem}: {', '.join(name[:40] for name in names[:5])}.",
                source=path.name,
                remedy=_REMEDY,
            )


def _row(path: Path, line: int, header: list[str], cells: list[str]) -> dict[str, str]:
    if len(cells) != len(header):
        raise InvalidTableError(
            f"{path.name}, line {line}: {len(cells)} cells where the first line names {len(header)} columns.",
            source=path.name,
            remedy="A cell with a comma needs quotation marks around it.",
        )
    for name, cell in zip(header, cells, strict=True):
        if len(cell) > _MAX_CELL:
            raise InvalidTableError(
                f"{path.name}, line {line}: {name} holds more than {_MAX_CELL:,} characters.",
                source=path.name,
                remedy="Shorten it.",
            )
    return {name: cell.strip() for name, cell in zip(header, cells, strict=True)}
