"""The cells of a table, one by one: read where they can be, else left unknown with the reason."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import pandas as pd

from core.board import contents
from core.errors import InvalidTableError
from core.importers import written_numbers
from core.importers.checks import CHECKS, is_missing, printable
from core.importers.contract_frame import COUNTS, NUMBERS
from core.schema import BENCHMARK_KEYS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

_NUMERIC: Final = frozenset((*NUMBERS, *COUNTS))
_SIZES: Final = frozenset({"params_b", "reported_params_b", "active_params_b"})
_NOTHING: Final = frozenset({
    "", "-", "--", "–", "—", "?", ".", "na", "n/a", "#n/a", "nan", "none", "null", "unknown", "tbd",
    "not reported",
})  # fmt: skip
_SIZE: Final = re.compile(r"(.{1,40}?)\s*(b|bn|billion|m|million)(?:\s*param(?:eter)?s?)?", re.IGNORECASE)
_LINKED: Final = re.compile(r"<a\b[^<>]{0,500}>([^<>]{1,200})</a>|\[([^\[\]]{1,200})\]\([^()]{0,500}\)")
_OF_HUB: Final = re.compile(r"(?:https?://)?(?:www\.)?(?:huggingface\.co|hf\.co)/([^/\s]+/[^/\s]+)/?")
# 45.3 ± 1.2, 45.3 (±1.2): errors are worked out from the number of questions.
_WITH_ERROR: Final = re.compile(r"([^±(]{1,30}?)\s*\(?(?:±|\+/-)[^±]{1,30}")
# A size written out; no model has a million billions.
_COUNTED: Final = 1e6


@dataclass(slots=True)
class Faults:
    """What could not be read, by column; a note for each column rather than for each cell."""

    file: str
    _first: dict[str, tuple[int, str, str]] = field(default_factory=dict)
    _count: dict[str, int] = field(default_factory=dict)

    def add(self, row: int, column: str, expected: str, found: object) -> None:
        self._first.setdefault(column, (row, expected, printable(found)))
        self._count[column] = self._count.get(column, 0) + 1

    def notes(self) -> list[str]:
        return [self._note(column) for column in self._first]

    def first(self) -> str:
        """The first fault in words, "" where there is none."""
        return next((self._said(column) for column in self._first), "")

    def _note(self, column: str) -> str:
        count = self._count[column]
        many = f"{count:,} cells are not used; the first: " if count > 1 else "a cell is not used: "
        return f"{self.file}: {many}{self._said(column)}"

    def _said(self, column: str) -> str:
        row, expected, found = self._first[column]
        return f"row {row}, column “{column}”: expected {expected}, found “{found}”."


def ask_for_decimal_sign(frame: pd.DataFrame, given: str | None, *, file: str) -> str:
    """The decimal sign of a table: as given, else a point unless commas may be decimals.

    Raises:
        InvalidTableError: there are commas that the reader must explain.
    """
    if given is not None:
        return given
    texts = {
        column: [value.strip() for value in frame[column] if isinstance(value, str) and value.strip()]
        for column in frame.columns
        if column in _NUMERIC
    }
    sign, shown = written_numbers.decimal_sign(itertools.chain.from_iterable(texts.values()))
    if sign != written_numbers.POINT:
        column = next(column for column, found in texts.items() if shown in found)
        what = "a decimal comma" if sign == written_numbers.COMMA else "a decimal comma or thousands"
        raise InvalidTableError(
            f"Column “{column}” holds “{printable(shown)}”, which may be {what}.",
            source=file,
            remedy="Say under “Decimal sign” what commas mean in this file, or write numbers as 1234.5.",
        )
    return written_numbers.POINT


def read_cells(
    frame: pd.DataFrame, columns: Sequence[str], *, sign: str, faults: Faults, left_out: list[str]
) -> list[dict[str, object]]:
    """One record for each row whose model has a name that a model can have.

    Args:
        frame: cells under the contract's column names.
        columns: those to read.
        sign: the decimal sign.
        faults: takes the cells that were left unknown.
        left_out: takes the rows that were left out, with the reason.
    """
    records = []
    for row, values in enumerate(frame[list(columns)].itertuples(index=False, name=None), start=1):
        records.append(_record(row, dict(zip(columns, values, strict=True)), sign, faults))
    if not _wrong_name([record.get("model_id") for record in records]):
        return records
    named = []
    for row, record in enumerate(records, start=1):
        if wrong := _wrong_name([record.get("model_id")]):
            left_out.append(wrong.replace("Row 1", f"Row {row}", 1))
        else:
            named.append(record)
    return named


def _wrong_name(found: Sequence[object]) -> str:
    """What is wrong with the first name that no model can have; "" where all are right."""
    try:
        contents.check_names(pd.Series(found, dtype="object"), column="model_id", source="")
    except InvalidTableError as error:
        return error.what
    return ""


def _record(row: int, values: Mapping[str, object], sign: str, faults: Faults) -> dict[str, object]:
    record: dict[str, object] = {}
    for column, value in values.items():
        if is_missing(value):
            continue
        text = str(value).strip()
        try:
            if (read := _read(column, value, text, sign)) is not None:
                record[column] = read
        except ValueError as expected:
            faults.add(row, column, str(expected), value)
    return record


def _read(column: str, value: object, text: str, sign: str) -> object | None:
    if column == "model_id":
        if linked := _LINKED.fullmatch(text):
            text = (linked[1] or linked[2]).strip()
        if of_hub := _OF_HUB.fullmatch(text):
            text = of_hub[1]
        return CHECKS[column](text)
    if column == "reported_kind":
        kind = contents.reported_kind(text)
        if kind is None and text.strip("? "):
            raise ValueError("a type that the leaderboard has, such as pretrained")
        return kind
    if column == "architecture" and text.lower() in ("?", "unknown"):
        return None
    if column not in _NUMERIC:
        return CHECKS[column](text)
    if text.lower() in _NOTHING:
        return None
    if isinstance(value, str):
        text = _figure(column, text, sign)
    if column in _SIZES and _is_no_size(text):
        return None
    return CHECKS[column](text)


def _is_no_size(text: str) -> bool:
    """The board writes 0 or -1 for a size that it doesn't know."""
    try:
        return float(text) <= 0
    except ValueError:
        return False


def _figure(column: str, text: str, sign: str) -> str:
    """The text of a number in Python's own spelling."""
    unit = 1.0
    text = text.strip("* ")
    if with_error := _WITH_ERROR.fullmatch(text):
        text = with_error[1]
    if column in _SIZES and (sized := _SIZE.fullmatch(text)):
        text, unit = sized[1], (1.0 if sized[2].lower().startswith("b") else 1e-3)
    elif column.endswith("_raw") and text.endswith("%"):
        unit = 0.01
    try:
        number = written_numbers.number(text, sign)
    except ValueError:
        # The column's own check says what was expected; infinities and words are none of it.
        return text
    if column in _SIZES and number >= _COUNTED:
        unit = 1e-9
    return repr(round(number * unit, 9) if unit != 1 else number)


def shares(frame: pd.DataFrame) -> str:
    """The first of two or more columns of scores that all hold nothing above 1, "" where there are none.

    Scores run from 0 to 100: a table of nothing but 0.453 and 0.51 is one of shares.
    """
    scored = [key for key in BENCHMARK_KEYS if key in frame]
    values = frame[scored].apply(pd.to_numeric, errors="coerce").dropna(axis=1, how="all")
    most = values.max()
    return str(most.index[0]) if len(most) > 1 and (most <= 1).all() and (most > 0).all() else ""


def repeated(records: Iterable[Mapping[str, object]]) -> list[int]:
    """Places of records that are the same as an earlier one in every cell."""
    seen: set[tuple[tuple[str, str], ...]] = set()
    found = []
    for place, record in enumerate(records):
        key = tuple(sorted((column, repr(value)) for column, value in record.items()))
        if key in seen:
            found.append(place)
        seen.add(key)
    return found
