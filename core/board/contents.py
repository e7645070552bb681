"""Reading a board file in the columns of the Hub's ``open-llm-leaderboard/contents``.

A file is checked before anything is made of it. What cannot be used raises
:class:`~core.errors.InvalidTableError` with row and column; what can be repaired is, and a message says so.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from core.errors import InvalidTableError, SourceUnavailableError
from core.schema import BENCHMARKS, KINDS, MOST_LIKES

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

# The whole final board is 1 MB as Parquet and 3 MB as CSV.
MAX_BYTES: Final = 100_000_000
MAX_ROWS: Final = 100_000
MAX_COLUMNS: Final = 400
MAX_NAME: Final = 200
# Bytes of one cell; of all that a file unpacks to.
_LONGEST_TEXT: Final = 10_000
_MAX_UNPACKED: Final = 200_000_000

_PART: Final = "[A-Za-z0-9_][A-Za-z0-9_.-]*"
_NAME: Final = re.compile(f"({_PART}/)?{_PART}")

# The Hub writes a type as an icon and words; the words are enough.
REPORTED_TYPES: Final = {
    "continuously pretrained": "continued",
    "pretrained": "base",
    "fine-tuned": "finetune",
    "chat model": "instruct",
    "merge": "merge",
    "multimodal": "multimodal",
    "other": "other",
}

SCORE_COLUMNS: Final = (
    "Average ⬆️",
    *(benchmark.hub_column for benchmark in BENCHMARKS),
    *(f"{benchmark.hub_column} Raw" for benchmark in BENCHMARKS),
)
HUB_COLUMNS: Final = (
    "fullname",
    "Precision",
    "Type",
    "Architecture",
    "Model sha",
    "Hub License",
    "Hub ❤️",
    "#Params (B)",
    "MoE",
    "Flagged",
    "Chat Template",
    "Merged",
    "Official Providers",
    "Upload To Hub Date",
    "Submission Date",
    "Base Model",
    *SCORE_COLUMNS,
)
_FLAGS: Final = ("MoE", "Flagged", "Chat Template", "Merged", "Official Providers")


def read_table(path: Path) -> pd.DataFrame:
    """Any Parquet or CSV file as it stands, bounded in size.

    Raises:
        SourceUnavailableError: there is no such file.
        InvalidTableError: it is no table, or larger than any board.
    """
    if not path.is_file():
        raise SourceUnavailableError(
            "There is no such file.", source=path.name, remedy="Check the path, or upload the file again."
        )
    if path.stat().st_size > MAX_BYTES:
        raise InvalidTableError(
            f"The file is larger than {MAX_BYTES // 1_000_000} MB, which no board is.",
            source=path.name,
            remedy="Export the leaderboard's table only.",
        )
    frame = _read_parquet(path) if path.suffix.lower() == ".parquet" else _read_csv(path)
    if len(frame) > MAX_ROWS:
        raise _too_many(path, len(frame))
    if frame.empty:
        raise InvalidTableError("The table has no rows.", source=path.name, remedy="Export it again.")
    return frame


def _too_many(path: Path, rows: int) -> InvalidTableError:
    return InvalidTableError(
        f"The table has {rows:,} rows; at most {MAX_ROWS:,} are read.",
        source=path.name,
        remedy="Export the leaderboard's table only.",
    )


def _read_parquet(path: Path) -> pd.DataFrame:
    from core.sandbox import parquet  # noqa: PLC0415 - a CSV needs none of it

    body = path.read_bytes()
    names = parquet.column_names(body, name=path.name, max_rows=MAX_ROWS, max_columns=MAX_COLUMNS)
    return parquet.unpack(
        body, names, name=path.name, rows=MAX_ROWS, longest=_LONGEST_TEXT, cut=True, answer=_MAX_UNPACKED
    )


def _read_csv(path: Path) -> pd.DataFrame:
    try:
        return pd.read_csv(path, nrows=MAX_ROWS + 1, low_memory=False)
    except (UnicodeDecodeError, ValueError) as error:
        raise InvalidTableError(
            "The file is not a readable CSV table in UTF-8.", source=path.name, remedy="Export it again."
        ) from error


def check_hub_columns(frame: pd.DataFrame, *, source: str) -> pd.DataFrame:
    """The frame with every column of the Hub's table in its right type, or the first fault in plain words.

    Missing scores stay NA. Columns that are not used are dropped.

    Raises:
        InvalidTableError: names the column, and the row where there is one, counted from 1 below the heading.
    """
    require(frame, HUB_COLUMNS, source)
    checked = frame.loc[:, list(HUB_COLUMNS)].reset_index(drop=True)
    check_names(checked["fullname"], column="fullname", source=source)
    for column in (*SCORE_COLUMNS, "#Params (B)", "Hub ❤️"):
        checked[column] = _numbers(checked, column, source)
    for column in _FLAGS:
        checked[column] = _flags(checked, column, source)
    for column in ("Upload To Hub Date", "Submission Date"):
        checked[column] = _dates(checked, column, source)
    _check_ranges(checked, source)
    return checked


def require(frame: pd.DataFrame, columns: Sequence[str], source: str) -> None:
    """Raise :class:`InvalidTableError` that names the columns the table lacks."""
    missing = [column for column in columns if column not in frame.columns]
    if missing:
        named = ", ".join(f"“{column}”" for column in missing[:5])
        more = f" and {len(missing) - 5} more" if len(missing) > 5 else ""
        raise InvalidTableError(
            f"The table lacks the column{'s' if len(missing) > 1 else ''} {named}{more}.",
            source=source,
            remedy="Use the table of the Hub dataset open-llm-leaderboard/contents with all its columns.",
        )


def fault(row: int, column: str, what: str, source: str, model: object = None) -> InvalidTableError:
    named = f" ({model})" if isinstance(model, str) and _NAME.fullmatch(model) else ""
    return InvalidTableError(
        f"Row {row + 1}{named}, column “{column}”: {what}.",
        source=source,
        remedy="Correct or remove the row and try again.",
    )


def check_names(names: pd.Series, *, column: str, source: str) -> None:
    """Names as the Hub allows them: letters, digits and ``. _ -``, with or without an organisation."""
    for row, name in enumerate(names):
        if not isinstance(name, str) or not name:
            raise fault(row, column, "the model has no name", source)
        if len(name) > MAX_NAME:
            raise fault(row, column, f"the name is longer than {MAX_NAME} characters", source)
        if not _NAME.fullmatch(name):
            raise fault(
                row,
                column,
                "the name holds characters that no model on the Hub has (letters, digits and . _ - /)",
                source,
            )


def _numbers(frame: pd.DataFrame, column: str, source: str) -> pd.Series:
    values = pd.to_numeric(frame[column], errors="coerce").astype("float64")
    lost = values.isna() & frame[column].notna()
    if lost.any():
        row = int(np.flatnonzero(lost)[0])
        raise fault(row, column, "a number was expected", source, frame["fullname"].iloc[row])
    return values.where(np.isfinite(values))


def _flags(frame: pd.DataFrame, column: str, source: str) -> pd.Series:
    words = {"true": True, "false": False, "1": True, "0": False, "1.0": True, "0.0": False}
    text = frame[column].astype("string").str.strip().str.lower()
    values = text.map(words)
    lost = values.isna() & frame[column].notna()
    if lost.any():
        row = int(np.flatnonzero(lost)[0])
        raise fault(row, column, "true or false was expected", source, frame["fullname"].iloc[row])
    return values.astype("boolean").fillna(False).astype(bool)


def _dates(frame: pd.DataFrame, column: str, source: str) -> pd.Series:
    values = pd.to_datetime(frame[column], errors="coerce", format="ISO8601")
    lost = values.isna() & frame[column].notna() & (frame[column].astype("string").str.strip() != "")
    if lost.any():
        row = int(np.flatnonzero(lost)[0])
        raise fault(
            row, column, "a date such as 2025-03-13 was expected", source, frame["fullname"].iloc[row]
        )
    return values.astype("datetime64[s]")


def _check_ranges(frame: pd.DataFrame, source: str) -> None:
    """Score ranges and types, through pandera; its first failure in words."""
    import pandera.pandas as pa  # noqa: PLC0415 - heavy, and needed only when a file is read

    def within(low: float, high: float) -> pa.Column:
        return pa.Column(float, pa.Check.in_range(low, high), nullable=True)

    columns = {column: within(0, 1 if column.endswith(" Raw") else 100) for column in SCORE_COLUMNS}
    columns["Type"] = pa.Column(checks=pa.Check(lambda types: types.map(_is_known_type)), nullable=True)
    columns["Hub ❤️"] = within(0, MOST_LIKES)
    try:
        pa.DataFrameSchema(columns).validate(frame, lazy=True)
    except pa.errors.SchemaErrors as errors:
        failures = errors.failure_cases.dropna(subset=["index"]).sort_values(["index", "column"])
        first = failures.iloc[0]
        row, column = int(first["index"]), str(first["column"])
        raise fault(row, column, _range_words(column), source, frame["fullname"].iloc[row]) from errors


def _range_words(column: str) -> str:
    if column == "Type":
        return "the type is none that the leaderboard has"
    if column == "Hub ❤️":
        return "the number of likes is below 0 or beyond a million million"
    return f"the score is not between 0 and {1 if column.endswith(' Raw') else 100}"


def _is_known_type(value: object) -> bool:
    return reported_kind(value) is not None or not isinstance(value, str)


def reported_kind(value: object) -> str | None:
    """The board's type in this project's words; None where it is none of them."""
    if not isinstance(value, str):
        return None
    if value in KINDS:
        return value
    text = value.lower()
    return next((kind for words, kind in REPORTED_TYPES.items() if words in text), None)


def drop_repeats(frame: pd.DataFrame) -> tuple[pd.DataFrame, list[str]]:
    """Leave out rows with model, precision, template and revision of an earlier one, with messages."""
    keys = ["fullname", "Precision", "Chat Template", "Model sha"]
    repeated = frame.duplicated(keys, keep="first")
    messages = [
        f"Row {row + 1} ({frame['fullname'].iloc[row]}) repeats an earlier row and was left out."
        for row in np.flatnonzero(repeated)
    ]
    return frame.loc[~repeated].reset_index(drop=True), messages


def missing_scores(frame: pd.DataFrame) -> list[str]:
    """A message for every row without all of its scores; they stay unknown."""
    missing = frame[list(SCORE_COLUMNS)].isna()
    return [
        f"Row {row + 1} ({frame['fullname'].iloc[row]}) has no "
        f"{', '.join(missing.columns[missing.iloc[row]][:3])}; left as unknown."
        for row in np.flatnonzero(missing.any(axis=1))
    ]
