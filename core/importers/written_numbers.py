"""Numbers as people write them: currency signs, separators of thousands, decimal points or commas."""

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
_DECORATION: Final = re.compile(r"[\s$€£¥₹'’_]|\b(?:USD|EUR|GBP|CHF|JPY)\b")
_THOUSANDS: Final = re.compile(r"[1-9]\d{0,2}(?:,\d{3})+")
_WITH_POINT: Final = re.compile(r"[+-]?(?:[1-9]\d{0,2}(?:,\d{3})+|\d+)?(?:\.\d*)?(?:[eE][+-]?\d{1,3})?")
_WITH_COMMA: Final = re.compile(r"[+-]?(?:[1-9]\d{0,2}(?:\.\d{3})+|\d+)?(?:,\d*)?(?:[eE][+-]?\d{1,3})?")


def number(text: str, sign: str = POINT) -> float:
    """The number that ``text`` stands for.

    >>> number("$1,234.50"), number("1.234,50 €", ","), number("45.3 %"), number("12'000")
    (1234.5, 1234.5, 45.3, 12000.0)

    Args:
        text: at most 60 characters.
        sign: what separates the decimals: ``"."`` or ``","``.

    Raises:
        ValueError: it is no number, or not one with that sign.
    """
    bare = _bare(text).removesuffix("%")
    pattern = _WITH_COMMA if sign == COMMA else _WITH_POINT
    if not pattern.fullmatch(bare) or not any(letter.isdigit() for letter in bare):
        raise ValueError("no number")
    plain = bare.replace(".", "").replace(",", ".") if sign == COMMA else bare.replace(",", "")
    return float(plain)


def decimal_sign(texts: Iterable[str]) -> tuple[Sign, str]:
    """What separates the decimals in a column or table of numbers, and a text that shows it.

    A comma before anything but three digits is no separator of thousands; where every comma stands before
    three digits and nothing else tells, it is unclear: 1,234 may be a thousand or little more than one.

    >>> decimal_sign(["1,234", "19.99"]), decimal_sign(["19,99", "33"]), decimal_sign(["1,234"])
    (('.', '1,234'), (',', '19,99'), ('unclear', '1,234'))
    """
    points = commas = open_ones = ""
    for text in texts:
        bare = _bare(text).removesuffix("%").lstrip("+-")
        if "," not in bare:
            points = points or (text if bare.count(".") == 1 and not _may_group(bare) else "")
            commas = commas or (text if bare.count(".") > 1 and bare.replace(".", "").isdigit() else "")
        elif "." in bare:
            if bare.rfind(",") > bare.rfind("."):
                commas = commas or text
            else:
                points = points or text
        elif not _THOUSANDS.fullmatch(bare):
            commas = commas or (text if bare.replace(",", "").isdigit() else "")
        elif bare.count(",") > 1:
            points = points or text
        else:
            open_ones = open_ones or text
    if commas:
        return (UNCLEAR if points else COMMA), commas
    return (POINT, open_ones or points) if points or not open_ones else (UNCLEAR, open_ones)


def _may_group(bare: str) -> bool:
    """``1.234`` may be more than a thousand; ``0.234`` can't."""
    return bool(_THOUSANDS.fullmatch(bare.replace(".", ",")))


def _bare(text: str) -> str:
    if len(text) > _LONGEST:
        return "?"
    return _DECORATION.sub("", text).replace("−", "-")
