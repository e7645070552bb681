"""What each column of the contract may hold, for rows that come from outside."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Final

import pandas as pd

from core.importers.contract_frame import DATES, FLAGS, NUMBERS, TEXTS
from core.schema import BENCHMARK_KEYS, BENCHMARKS, KINDS, MOST_LIKES

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

MAX_TEXT: Final = 300
MISSING: Final = ("", "NA", "N/A", "NaN", "nan", "None", "null", "-")


class CellError(ValueError):
    """One cell is not what its column holds; ``str()`` says what was expected."""

    def __init__(self, column: str, expected: str, found: object) -> None:
        self.column = column
        self.found = printable(found)
        super().__init__(expected)


def checked(values: Mapping[str, object]) -> dict[str, object]:
    """The known cells of a row in their types, missing ones left out.

    >>> checked({"model_id": "a/b", "ifeval": "40.5", "moe": "no", "bbh": "NA"})
    {'model_id': 'a/b', 'ifeval': 40.5, 'moe': False}

    Raises:
        CellError: names the column and what was expected.
    """
    record = {}
    for column, value in values.items():
        if is_missing(value):
            continue
        try:
            record[column] = CHECKS[column](str(value).strip())
        except ValueError as expected:
            raise CellError(column, str(expected), value) from None
    return record


def is_missing(value: object) -> bool:
    if value is None or value is pd.NaT or value is pd.NA:
        return True
    return (isinstance(value, float) and math.isnan(value)) or str(value).strip() in MISSING


def printable(text: object, *, most: int = 60) -> str:
    """The first ``most`` characters of ``text`` as one line.

    Spaces of every kind become plain ones; what doesn't print is left out.
    """
    return "".join(
        " " if character.isspace() else character
        for character in str(text)[:most]
        if character.isspace() or character.isprintable()
    )


def _text(value: str) -> str:
    if len(value) > MAX_TEXT or not value.isprintable():
        raise ValueError(f"at most {MAX_TEXT} printable characters")
    return value


def _kind(value: str) -> str:
    if value.lower() not in KINDS:
        raise ValueError(f"one of {', '.join(KINDS)}")
    return value.lower()


_WORDS: Final = {
    "true": True, "yes": True, "1": True, "1.0": True, "false": False, "no": False, "0": False, "0.0": False,
}  # fmt: skip


def _flag(value: str) -> bool:
    if value.lower() not in _WORDS:
        raise ValueError("true or false")
    return _WORDS[value.lower()]


_DAY_OR_MONTH: Final = re.compile(r"(\d{1,2})[./-](\d{1,2})[./-]\d{2,4}\b.*")


def _date(value: str) -> pd.Timestamp:
    unclear = _DAY_OR_MONTH.fullmatch(value)
    if unclear and unclear[1] != unclear[2] and max(int(unclear[1]), int(unclear[2])) <= 12:
        raise ValueError("a date such as 2026-01-31, since day and month can't be told apart")
    try:
        moment = pd.Timestamp(value)
    except (ValueError, OverflowError):
        raise ValueError("a date such as 2026-01-31") from None
    if pd.isna(moment) or not 1990 <= moment.year <= 2200:
        raise ValueError("a date such as 2026-01-31")
    return moment.tz_localize(None)


def _count(value: str) -> int:
    number = _within(0, MOST_LIKES)(value)
    if number != int(number):
        raise ValueError("a whole number")
    return int(number)


def _within(low: float, high: float) -> Callable[[str], float]:
    def check(value: str) -> float:
        expected = f"a number from {low:g} to {high:g}"
        try:
            number = float(value)
        except ValueError:
            raise ValueError(expected) from None
        if not low <= number <= high:
            raise ValueError(expected)
        return number

    return check


CHECKS: Final[Mapping[str, Callable[[str], object]]] = {
    **dict.fromkeys(TEXTS, _text),
    **dict.fromkeys(FLAGS, _flag),
    **dict.fromkeys(DATES, _date),
    # Sizes in billions; the smallest test models have a few thousand parameters.
    **dict.fromkeys(NUMBERS, _within(1e-9, 100_000)),
    "likes": _count,
    "kind": _kind,
    "reported_kind": _kind,
    **dict.fromkeys(("average", *BENCHMARK_KEYS), _within(0, 100)),
    **dict.fromkeys(("average_se", *(benchmark.se for benchmark in BENCHMARKS)), _within(0, 100)),
    **dict.fromkeys((benchmark.raw for benchmark in BENCHMARKS), _within(0, 1)),
}
