"""Target values as people have them: pasted, or a column of a CSV or Parquet file, read in bounded memory."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from core.errors import InvalidInputError, InvalidTableError
from core.sandbox import numbers
from core.tokenizers.targets import MAX_TARGETS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

MAX_PASTED: Final = 2_000_000
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
    numeric = numbers.columns(raw, name=name)
    if not numeric:
        raise InvalidTableError(
            "No column of this file holds numbers.",
            source=name,
            remedy="One column must be the target values.",
        )
    likely = ("target", "price", "label", "value", "y", "answer", "completion", "amount", "score")
    return sorted(
        numeric,
        key=lambda column: likely.index(column.lower()) if column.lower() in likely else 99,
    )


def column(raw: bytes, name: str, wanted: str) -> Targets:
    """One column's numbers, at most ``MAX_TARGETS`` rows of it.

    Raises:
        InvalidTableError: no such column, or no number in it.
        SourceUnavailableError: the machine was too busy to unpack a Parquet file.
    """
    found = numbers.column(raw, wanted, name=name, rows=MAX_TARGETS + 1)
    rows = found[:MAX_TARGETS]
    kept = rows[np.isfinite(rows)]
    if not len(kept):
        raise InvalidTableError(
            f"The column {wanted[:60]} holds no numbers.",
            source=name,
            remedy="Choose another column, or paste the values.",
        )
    return Targets(kept, dropped=len(rows) - len(kept), cut=len(found) > MAX_TARGETS)


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
