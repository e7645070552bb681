"""Target values as people have them: pasted, or a column of a CSV or Parquet file, read in bounded memory."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, get_args

import numpy as np

from core.errors import InvalidInputError, InvalidTableError
from core.sandbox import numbers
from core.tokenizers.targets import MAX_TARGETS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

MAX_PASTED: Final = 2_000_000
# What a comma within a word means: 19,99 is 19.99; 1,234 is 1234; 1,2 is 1 and 2.
Commas = Literal["decimal", "thousands", "between"]
COMMAS: Final[tuple[Commas, ...]] = get_args(Commas)
_BREAKS: Final = re.compile(r"[\s;]+|,\s+")
_GROUPED: Final = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?")
_MAY_BE_DECIMAL: Final = re.compile(r"[+-]?(\d{1,3}(\.\d{3})+|\d*),\d+")
_CURRENCY: Final = re.compile(r"[$€£¥]|USD|EUR|GBP", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Targets:
    """``values``; ``dropped``: cells that held no number; ``cut``: whether rows were past the limit."""

    values: NDArray[np.float64]
    dropped: int = 0
    cut: bool = False


def pasted(text: str, commas: Commas | None = None) -> Targets:
    """Numbers separated by line breaks, spaces, tabs, semicolons or commas.

    ``$1,234.50`` is one number; ``1,2,3`` are three; ``19,99`` may be one or two.

    Args:
        text: at most ``MAX_PASTED`` characters.
        commas: what they mean in words such as ``19,99``; None where :func:`unclear_comma` finds none.

    Raises:
        InvalidInputError: something is no number (named with its line), a comma can be read in two ways, or
            there is nothing.
    """
    if len(text) > MAX_PASTED:
        raise InvalidInputError(
            f"This is more than {MAX_PASTED / 1e6:.0f} million characters.",
            remedy="Upload it as a file instead.",
        )
    if commas is None:
        commas, word = _meaning(text)
        if commas is None:
            raise InvalidInputError(
                f"“{word}” may be one number or several.", remedy="Say what commas mean, or write 1234.5."
            )
    values: list[float] = []
    for number, word in _words(text):
        values.extend(_parse(word, number, commas))
    if not values:
        raise InvalidInputError("There are no target values.", remedy="Paste numbers, one per line.")
    return Targets(np.array(values[:MAX_TARGETS]), cut=len(values) > MAX_TARGETS)


def unclear_comma(text: str) -> str:
    """The first word whose comma only the reader can explain; "" where there is none.

    >>> unclear_comma("19,99 33"), unclear_comma("1,234.50 1,050"), unclear_comma("1,2,3")
    ('19,99', '', '')
    """
    meaning, word = _meaning(text[:MAX_PASTED])
    return "" if meaning else word


def _meaning(text: str) -> tuple[Commas | None, str]:
    """What commas within words mean, None where that is unclear; and the word that shows it."""
    unclear = grouped = ""
    points = False
    for _, word in _words(text):
        if "," not in word:
            points = points or _shows_point(word)
        elif _GROUPED.fullmatch(word) and ("." in word or word.count(",") > 1):
            points = True
        elif _GROUPED.fullmatch(word):
            grouped = grouped or word
        elif _MAY_BE_DECIMAL.fullmatch(word):
            unclear = unclear or word
        elif word.count(",") > 1:
            return "between", word
    if unclear or (grouped and not points):
        return None, (unclear or grouped)[:30]
    return "thousands", grouped


def _shows_point(word: str) -> bool:
    """``19.99`` holds a decimal point; in ``1.234`` it may stand for thousands."""
    return "." in word and not re.fullmatch(r"[+-]?[1-9]\d{0,2}(\.\d{3})+", word)


def _words(text: str) -> Iterator[tuple[int, str]]:
    """Each word with the number of its line, without currencies and commas around it."""
    for number, line in enumerate(text.splitlines(), start=1):
        for word in _BREAKS.split(_CURRENCY.sub(" ", line)):
            if bare := word.strip(","):
                yield number, bare


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


def _parse(word: str, line: int, commas: Commas) -> Iterator[float]:
    if commas == "decimal":
        parts = [word.replace(".", "").replace(",", ".") if _MAY_BE_DECIMAL.fullmatch(word) else word]
    elif _GROUPED.fullmatch(word) and (commas == "thousands" or "." in word):
        parts = [word.replace(",", "")]
    else:
        # 1.5,2.5 can be nothing but two numbers.
        two = commas == "between" or not _MAY_BE_DECIMAL.fullmatch(word)
        parts = word.split(",") if two else [word]
    for part in parts:
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
