"""The table of sources: which file each family's facts were computed from."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Final

from core.errors import InvalidTableError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

_KEY: Final = re.compile(r"[a-z0-9][a-z0-9_]{0,39}")
_SHA256: Final = re.compile(r"[0-9a-f]{64}")
_MAX_BYTES: Final = 2**20
_CELL: Final = 300


@dataclass(frozen=True, slots=True)
class TokenizerSource:
    """One row of ``core/data/tokenizer_sources.csv``.

    ``family`` names the file (``<family>.json`` and the like) the builder reads. ``source_path`` is the file
    at the publisher's; where that is no ``tokenizer.json``, most of ours were converted from it beforehand.
    ``sha256`` is that of the file the builder read, unpacked; empty until it has.
    """

    family: str
    label: str
    source_repo: str
    source_path: str
    source_commit: str
    licence: str
    sha256: str

    @property
    def said(self) -> str:
        """Where the file came from, for readers."""
        commit = self.source_commit[:12] if len(self.source_commit) == 40 else self.source_commit
        return f"{self.source_repo}, {self.source_path} at {commit}"


COLUMNS: Final = tuple(field.name for field in fields(TokenizerSource))
_MAY_BE_EMPTY: Final = ("licence", "sha256")


def read_sources(path: Path) -> list[TokenizerSource]:
    """The rows of a table of sources, in their order.

    Raises:
        InvalidTableError: not to be read, a column or a cell is missing, a family is no valid key or stands
            there twice, or a sha256 is none. It names the line.
    """
    try:
        with path.open(encoding="utf-8", newline="") as stream:
            text = stream.read(_MAX_BYTES + 1)
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidTableError(f"The table of sources can't be read: {error}.", source=path.name) from error
    if len(text) > _MAX_BYTES:
        raise InvalidTableError("The table of sources is over 1 MB.", source=path.name)
    reader = csv.DictReader(text.splitlines())
    for column in COLUMNS:
        if column not in (reader.fieldnames or ()):
            raise InvalidTableError(f"The table of sources lacks the column {column}.", source=path.name)
    rows: list[TokenizerSource] = []
    for cells in reader:
        row = TokenizerSource(*((cells[column] or "").strip() for column in COLUMNS))
        if wrong := _wrong(row, {known.family for known in rows}):
            raise InvalidTableError(
                f"{path.name}, line {reader.line_num}: {wrong}.",
                source=path.name,
                remedy="Correct that line; the columns are explained in core/tokenizers/source_table.py.",
            )
        rows.append(row)
    return rows


def write_sources(rows: Iterable[TokenizerSource], path: Path) -> None:
    """Write the table anew."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows([getattr(row, column) for column in COLUMNS] for row in rows)


def _wrong(row: TokenizerSource, known: set[str]) -> str:
    if not _KEY.fullmatch(row.family):
        return f"family {row.family[:40]!r} is not 1 to 40 lower-case letters, digits and underscores"
    if row.family in known:
        return f"the family {row.family} stands there twice"
    for column in COLUMNS:
        value = getattr(row, column)
        if not value and column not in _MAY_BE_EMPTY:
            return f"{column} is empty"
        if len(value) > _CELL:
            return f"{column} is longer than {_CELL} characters"
    if row.sha256 and not _SHA256.fullmatch(row.sha256):
        return "sha256 is not 64 hexadecimal digits; leave it empty and the builder fills it in"
    return ""
