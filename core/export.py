"""Tables on their way out of the app."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

# A spreadsheet runs a cell that begins with one of these.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def to_csv(frame: pd.DataFrame) -> bytes:
    """UTF-8 CSV in which no text cell or heading can act as a spreadsheet formula."""
    safe = frame.copy()
    for column in safe.select_dtypes(exclude=["number", "bool", "datetime"]):
        safe[column] = [_harmless(value) for value in safe[column]]
    safe.columns = [_harmless(column) for column in safe.columns]
    return safe.to_csv(index=False).encode("utf-8")


def to_parquet(frame: pd.DataFrame) -> bytes:
    """Parquet with the frame's own column names and types."""
    return frame.to_parquet(index=False)


def _harmless(value: object) -> object:
    if isinstance(value, str) and value.startswith(_FORMULA_STARTS):
        return "'" + value
    return value
