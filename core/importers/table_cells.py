"""The cells of a table, one by one: read where they can be, else left unknown with the reason."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import pandas as pd

from core import written_numbers
from core.board import contents
from core.errors import InvalidTableError
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
# ~7.6B, 1.2T, 7,2 Md; 30B-A3B is the whole and what is active of it.
_SIZE: Final = re.compile(
    r"[~≈]?\s*(?P<figure>[^~≈]{1,40}?)\s*(?P<unit>t|trillion|b|bn|billion|md|mds|mrd|m|million)\.?"
    r"(?:\s*param(?:eter)?s?|[\s_-]*\(?a\d{1,3}(?:\.\d{1,3})?b\)?)?",
    re.IGNORECASE,
)
_UNITS: Final = {"t": 1e3, "trillion": 1e3, "m": 1e-3, "million": 1e-3}
_EXPERTS: Final = re.compile(r"\d{1,3}\s*[x×]\s*\d{1,3}(?:[.,]\d{1,3})?\s*b", re.IGNORECASE)
_LINKED: Final = re.compile(
    r"<a\b[^<>]{0,500}?(?:href=[\"'](?P<address>[^<>\"']{0,400})[\"'][^<>]{0,500})?>(?P<text>[^<>]{1,200})</a>"
    r"|\[(?P<shown>[^\[\]]{1,200})\]\((?P<to>[^()]{0,500})\)"
)
_OF_HUB: Final = re.compile(r"(?:https?://)?(?:www\.)?(?:huggingface\.co|hf\.co)/([^/\s]+/[^/\s]+)/?")
# 45.3 ± 1.2, 45.3 (±1.2), 45.3 (1.2): errors are worked out from the number of questions.
_WITH_ERROR: Final = re.compile(r"([^±(]{1,30}?)\s*(?:\(?(?:±|\+/-)[^±]{1,30}|\(\s*\d[\d.,]{0,9}\s*%?\s*\))")
# A size written out; no model has a million billions.
_COUNTED: Final = 1e6
# Billions; what is larger and has no unit is likelier in millions.
_LARGEST: Final = 2_000
# Kinds as people call them, beside those of the board.
_KINDS: Final = {
    "pretrained": "base", "pre-trained": "base", "chat": "instruct",
    "instruction-tuned": "instruct", "instruction tuned": "instruct", "instruct-tuned": "instruct",
    "fine-tuned": "finetune", "finetuned": "finetune", "merged": "merge",
}  # fmt: skip


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
        column: [_split(column, value)[0] for value in frame[column] if isinstance(value, str)]
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
    frame: pd.DataFrame,
    columns: Sequence[str],
    *,
    sign: str,
    millions: frozenset[str],
    faults: Faults,
    left_out: list[str],
) -> list[dict[str, object]]:
    """One record for each row whose model has a name that a model can have.

    Args:
        frame: cells under the contract's column names.
        columns: those to read.
        sign: the decimal sign.
        millions: columns whose sizes are in millions where no unit is written.
        faults: takes the cells that were left unknown.
        left_out: takes the rows that were left out, with the reason.
    """
    records = []
    for row, values in enumerate(frame[list(columns)].itertuples(index=False, name=None), start=1):
        records.append(_record(row, dict(zip(columns, values, strict=True)), sign, millions, faults))
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


def _record(
    row: int, values: Mapping[str, object], sign: str, millions: frozenset[str], faults: Faults
) -> dict[str, object]:
    record: dict[str, object] = {}
    for column, value in values.items():
        if is_missing(value):
            continue
        text = str(value).strip()
        try:
            if (read := _read(column, value, text, sign, in_millions=column in millions)) is not None:
                record[column] = read
        except ValueError as expected:
            faults.add(row, column, str(expected), value)
    return record


def _read(column: str, value: object, text: str, sign: str, *, in_millions: bool) -> object | None:
    if column == "model_id":
        if linked := _LINKED.fullmatch(text):
            address = linked["address"] or linked["to"] or ""
            text = address if _OF_HUB.fullmatch(address) else (linked["text"] or linked["shown"]).strip()
        if of_hub := _OF_HUB.fullmatch(text):
            text = of_hub[1]
        return CHECKS[column](text)
    if column == "kind":
        return CHECKS[column](_KINDS.get(text.lower(), text))
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
    if column in _SIZES:
        return _size(column, text, sign if isinstance(value, str) else written_numbers.POINT, in_millions)
    return CHECKS[column](_figure(column, text, sign) if isinstance(value, str) else text)


def _size(column: str, text: str, sign: str, in_millions: bool) -> object | None:
    """Billions of parameters; None where the board's 0 or -1 says that the size isn't known.

    Raises:
        ValueError: it is none, or its unit is not known; says what was expected.
    """
    if _EXPERTS.fullmatch(text):
        raise ValueError("all parameters together, such as 46.7B, since experts share some")
    figure, unit = _split(column, text)
    try:
        number = written_numbers.number(figure, sign)
    except ValueError:
        raise ValueError("a size in billions such as 7.6, or with its unit such as 350M") from None
    if number <= 0:
        return None
    if not unit:
        unit = 1e-9 if number >= _COUNTED else 1e-3 if in_millions else 1.0
    if unit == 1 and sign == written_numbers.COMMA and "." in figure:
        raise ValueError("a size with a decimal comma such as 7,6, or without a separator such as 1543")
    if unit == 1 and number > _LARGEST:
        raise ValueError(f"a size of at most {_LARGEST:,} billion, or with its unit such as 7000M")
    return CHECKS[column](repr(round(number * unit, 9)))


def _figure(column: str, text: str, sign: str) -> str:
    """The text of a number in Python's own spelling."""
    figure, _ = _split(column, text)
    try:
        number = written_numbers.number(figure, sign)
    except ValueError:
        # The column's own check says what was expected; infinities and words are none of it.
        return figure
    if column.endswith("_raw") and figure.endswith("%"):
        return repr(round(number / 100, 9))
    return repr(number)


def _split(column: str, text: str) -> tuple[str, float]:
    """A number as it is written, without its error, and its unit in billions, 0 where none is written."""
    text = text.strip("* \t\n")
    if with_error := _WITH_ERROR.fullmatch(text):
        text = with_error[1]
    if column in _SIZES and (sized := _SIZE.fullmatch(text)):
        return sized["figure"], _UNITS.get(sized["unit"].lower(), 1.0)
    return (text.lstrip("~≈ ") if column in _SIZES else text), 0.0


def shares(frame: pd.DataFrame) -> list[str]:
    """The columns of scores, where none of them holds anything above 1.

    Scores run from 0 to 100: a table of nothing but 0.453 and 0.51 is one of shares.
    """
    scored = [key for key in BENCHMARK_KEYS if key in frame]
    values = frame[scored].apply(pd.to_numeric, errors="coerce").dropna(axis=1, how="all")
    most = values.max()
    return list(most.index) if len(most) and (most <= 1).all() and (most > 0).all() else []


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
