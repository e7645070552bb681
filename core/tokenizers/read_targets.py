"""Target values as people have them: pasted, or a column of a CSV or Parquet file, read in bounded memory."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, get_args

import numpy as np

from core import written_numbers
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
# What a space within a field means: 1 234.50 is 1234.5, or 1 and 234.5.
Spaces = Literal["thousands", "between"]
_BREAKS: Final = re.compile(r"[\s;]+|,\s+")
_FIELDS: Final = re.compile(r"[\t;]+|,\s+")
_PER_CENT: Final = re.compile(r"\s+%")
_SPACED: Final = re.compile(r"[-−+]?[1-9]\d{0,2}(?: \d{3})+(?P<decimals>[.,]\d+)?%?")
_THREES: Final = re.compile(r"\d{3}(?:,\d{3}){2,}")


@dataclass(frozen=True, slots=True)
class Targets:
    """``values``; ``dropped``: cells that held no number; ``cut``: whether rows were past the limit."""

    values: NDArray[np.float64]
    dropped: int = 0
    cut: bool = False


def pasted(text: str, commas: Commas | None = None, spaces: Spaces | None = None) -> Targets:
    """Numbers separated by line breaks, spaces, tabs, semicolons or commas.

    ``$1,234.50`` is one number; ``1,2,3`` are three; ``19,99`` may be one or two.

    Args:
        text: at most ``MAX_PASTED`` characters.
        commas: what they mean in words such as ``19,99``; None where :func:`unclear_comma` finds none.
        spaces: what they mean in ``1 234.50``; None where :func:`unclear_space` finds none.

    Raises:
        InvalidInputError: something is no number (named with its line), a comma or space can be read in two
            ways, or there is nothing.
    """
    if len(text) > MAX_PASTED:
        raise InvalidInputError(
            f"This is more than {MAX_PASTED / 1e6:.0f} million characters.",
            remedy="Upload it as a file instead.",
        )
    if spaces is None and (field := unclear_space(text)):
        raise InvalidInputError(
            f"“{field}” may be one number or several.", remedy="Say what spaces mean, or write 1234.5."
        )
    if commas is None:
        commas, word = _meaning(text, spaces)
        if commas is None:
            raise InvalidInputError(
                f"“{word}” may be one number or several.", remedy="Say what commas mean, or write 1234.5."
            )
    values: list[float] = []
    for number, word in _words(text, spaces):
        values.extend(_parse(word, number, commas))
    if not values:
        raise InvalidInputError("There are no target values.", remedy="Paste numbers, one per line.")
    return Targets(np.array(values[:MAX_TARGETS]), cut=len(values) > MAX_TARGETS)


def unclear_comma(text: str, spaces: Spaces | None = None) -> str:
    """The first word whose comma only the reader can explain; "" where there is none.

    >>> unclear_comma("19,99 33"), unclear_comma("1,234.50 1,050"), unclear_comma("1,2,3")
    ('19,99', '', '')
    """
    meaning, word = _meaning(text[:MAX_PASTED], spaces)
    return "" if meaning else word


def unclear_space(text: str) -> str:
    """The first field that may be one number or several; "" where none is, or one is clearly several.

    >>> unclear_space("1 234,50"), unclear_space("100 200 300"), unclear_space("1 234.50; 7 9")
    ('1 234,50', '', '')
    """
    found = ""
    for line in text[:MAX_PASTED].splitlines():
        for field in _FIELDS.split(_plain(line)):
            if " " not in (bare := field.strip()):
                continue
            if not (spaced := _SPACED.fullmatch(bare)):
                return ""
            found = found or (bare[:30] if spaced["decimals"] else "")
    return found


def _meaning(text: str, spaces: Spaces | None) -> tuple[Commas | None, str]:
    """What commas within words mean, None where that is unclear; and the word that shows it."""
    decimal = grouped = ""
    points = groups_of_points = False
    for _, word in _words(text, spaces):
        if "," not in word and "." not in word:
            continue
        signs = written_numbers.signs(word)
        if not signs and word.count(",") > 1:
            return "between", word
        if "," not in word:
            points |= signs == written_numbers.POINT
            groups_of_points |= signs == written_numbers.COMMA
        elif signs == written_numbers.COMMA:
            decimal = decimal or word
        elif signs == written_numbers.POINT and not _THREES.fullmatch(word):
            points = True
        elif signs:
            grouped = grouped or word
    if decimal or (grouped and not points):
        return None, (decimal or grouped)[:30]
    return ("decimal" if groups_of_points and not points else "thousands"), grouped


def _words(text: str, spaces: Spaces | None) -> Iterator[tuple[int, str]]:
    """Each word with the number of its line, without currencies and commas around it."""
    for number, line in enumerate(text.splitlines(), start=1):
        joined = written_numbers.join_groups(_plain(line), spaces=spaces == "thousands")
        for word in _BREAKS.split(joined):
            if bare := word.strip(","):
                yield number, bare


def _plain(line: str) -> str:
    """A line without currencies, and with each sign of per cent right after its number."""
    return _PER_CENT.sub("%", written_numbers.without_currency(line))


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


def column(raw: bytes, name: str, wanted: str, decimal: str | None = None) -> Targets:
    """One column's numbers, at most ``MAX_TARGETS`` rows of it.

    Args:
        raw: the file's content.
        name: its name.
        wanted: the column's.
        decimal: what separates decimals, ``"."`` or ``","``; None leaves it to what the cells show.

    Raises:
        UnclearSignError: only the reader can say what commas mean (of :mod:`core.sandbox.numbers`).
        InvalidTableError: no such column, or no number in it.
        SourceUnavailableError: the machine was too busy to unpack a Parquet file.
    """
    found = numbers.column(raw, wanted, name=name, rows=MAX_TARGETS + 1, decimal=decimal)
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
    """The numbers of a word.

    Raises:
        InvalidInputError: one is none.
    """
    signs = written_numbers.signs(word)
    sign, parts = written_numbers.POINT, [word]
    if commas == "decimal":
        # 19.99 can be nothing else, whatever commas mean.
        sign = sign if "," not in word and signs == written_numbers.POINT else written_numbers.COMMA
    elif "," in word:
        two = not ("." in word and signs == written_numbers.POINT) if commas == "between" else not signs
        # 1.5,2.5 can be nothing but two numbers.
        parts = word.split(",") if two else parts
    for part in filter(None, parts):
        try:
            yield written_numbers.number(part, sign)
        except ValueError:
            raise InvalidInputError(
                f"Line {line}: {part[:30]!r} is not a number.", remedy="Paste numbers only, one per line."
            ) from None
