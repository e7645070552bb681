"""Numbers as people write them: currency signs, separators of thousands, decimal points or commas.

Nothing but the standard library, since a process of its own reads the columns of large files with it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable

POINT: Final = "."
COMMA: Final = ","
UNCLEAR: Final = "unclear"
Sign = Literal[".", ",", "unclear"]

_LONGEST: Final = 60
_PLAIN: Final = re.compile(r"[+-]?[0-9.,]+")
_CURRENCY: Final = re.compile(
    r"[$£¥\u20a0-\u20cf]"
    r"|(?<![^\W\d_])(?:USD|EUR|GBP|CHF|JPY|PLN|CZK|SEK|NOK|DKK|HUF|zł|Kč|kr|Ft)(?![^\W\d_])",
    re.IGNORECASE,
)
# Spaces that a line is not broken at: no-break, thin, figure and narrow no-break.
_HARD_SPACES: Final = "\u00a0\u2009\u2007\u202f"


def _grouped(separators: str) -> re.Pattern[str]:
    """A whole number whose thousands are set apart by one of these, the same throughout."""
    return re.compile(
        rf"(?<![\w.,])[1-9]\d{{0,2}}(?P<separator>[{separators}])\d{{3}}(?:(?P=separator)\d{{3}})*(?!\d)"
    )


_GROUPED: Final = _grouped(f"{_HARD_SPACES}'’_")
_GROUPED_OR_SPACED: Final = _grouped(f"{_HARD_SPACES}'’_ ")
# Two digits at most, so that all are finite.
_EXPONENT: Final = r"(?:[eE][+-]?\d{1,2})?"
_WITH: Final = {
    POINT: re.compile(rf"[+-]?(?=\.?\d)(?:[1-9]\d{{0,2}}(?:,\d{{3}})+|\d+)?(?:\.\d*)?{_EXPONENT}"),
    COMMA: re.compile(rf"[+-]?(?=,?\d)(?:[1-9]\d{{0,2}}(?:\.\d{{3}})+|\d+)?(?:,\d*)?{_EXPONENT}"),
}


def number(text: str, sign: str = POINT) -> float:
    """The number that ``text`` stands for; finite.

    >>> number("$1,234.50"), number("1 234,50 zł", ","), number("45.3 %"), number("12'000")
    (1234.5, 1234.5, 45.3, 12000.0)

    Args:
        text: at most 60 characters.
        sign: what separates the decimals: ``"."`` or ``","``.

    Raises:
        ValueError: it is no number, or not one with that sign.
    """
    bare = _bare(text)
    if not _WITH[sign].fullmatch(bare):
        raise ValueError("no number")
    return float(bare.replace(".", "").replace(",", ".") if sign == COMMA else bare.replace(",", ""))


def signs(text: str) -> str:
    """The decimal signs that ``text`` can be read with, "" where it is no number.

    >>> signs("19.99"), signs("1.234,50"), signs("1,234"), signs("7"), signs("1,2,3")
    ('.', ',', '.,', '.,', '')
    """
    bare = _bare(text)
    return "".join(sign for sign, pattern in _WITH.items() if pattern.fullmatch(bare))


def decimal_sign(texts: Iterable[str]) -> tuple[Sign, str]:
    """What separates the decimals in a column or table of numbers, and a text that shows it.

    A comma before anything but three digits is no separator of thousands; where every comma stands before
    three digits and nothing else tells, it is unclear: 1,234 may be a thousand or little more than one.

    >>> decimal_sign(["1,234", "19.99"]), decimal_sign(["19,99", "33"]), decimal_sign(["1,234"])
    (('.', '1,234'), (',', '19,99'), ('unclear', '1,234'))
    """
    points = commas = open_ones = ""
    for text in texts:
        can = signs(text)
        if can == POINT:
            points = points or text
        elif can == COMMA:
            commas = commas or text
        elif can and "," in text:
            open_ones = open_ones or text
    if commas:
        return (UNCLEAR if points else COMMA), commas
    return (POINT, open_ones or points) if points or not open_ones else (UNCLEAR, open_ones)


def join_groups(text: str, *, spaces: bool = False) -> str:
    """``text`` without hard spaces and apostrophes that set thousands apart; ``spaces``: plain ones as well.

    >>> join_groups("1'234.50; 7 500"), join_groups("7 500 or 7 50", spaces=True)
    ('1234.50; 7 500', '7500 or 7 50')
    """
    pattern = _GROUPED_OR_SPACED if spaces else _GROUPED
    return pattern.sub(lambda found: found[0].replace(found["separator"], ""), text)


def without_currency(text: str) -> str:
    """``text`` with a space for each currency's sign or code."""
    return _CURRENCY.sub(" ", text)


def _bare(text: str) -> str:
    """Digits, signs and separators alone, as far as ``text`` is a number."""
    if len(text) > _LONGEST:
        return "?"
    if _PLAIN.fullmatch(text):
        return text
    bare = without_currency(text).strip().replace("−", "-").removesuffix("%").rstrip()
    if bare[:1] in ("+", "-"):
        bare = bare[0] + bare[1:].lstrip()
    return join_groups(bare, spaces=True)
