"""The rows that answers rest on, read once, and plain values out of frames."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from core.board import snapshot
from core.errors import InvalidInputError
from core.field import joined
from core.leaderboard import load_leaderboard

if TYPE_CHECKING:
    from collections.abc import Sequence

WHEN: Final = ("today", "board")
SCHEMA: Final = "basewise/v1"


@lru_cache(maxsize=2)
def rows(when: str) -> pd.DataFrame:
    """Every row of the field, as the pages have it; never changed in place.

    Raises:
        InvalidInputError: ``when`` is neither "today" nor "board".
    """
    if when not in WHEN:
        raise InvalidInputError(f"There is no field of “{when[:40]}”.", remedy="Give today or board.")
    board = load_leaderboard("snapshot")
    return joined.with_placed(board) if when == "today" else joined.as_it_was(board)


def head(when: str) -> dict[str, Any]:
    """What every answer begins with: its schema, and where and when the figures come from."""
    manifest = snapshot.manifest()["board"]
    return {
        "schema": SCHEMA,
        "field": when,
        "measured": {"source": manifest["source"], "date": manifest["date"]},
        "units": "scores in points, 0 (guessing) to 100; parameters in billions; memory in GB of 1e9 bytes",
    }


def records(frame: pd.DataFrame, columns: Sequence[str]) -> list[dict[str, Any]]:
    """Rows as dictionaries of plain values; None is unknown."""
    return [
        {str(name): plain(value) for name, value in record.items()}
        for record in frame[[name for name in columns if name in frame]].to_dict("records")
    ]


def plain(value: Any) -> Any:
    """A value that JSON can hold, floats to four digits behind the point."""
    if isinstance(value, dict):
        return {str(key): plain(each) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(each) for each in value]
    if value is None or value is pd.NA or value is pd.NaT:
        return None
    if isinstance(value, pd.Timestamp):
        return value.date().isoformat()
    if hasattr(value, "item"):
        value = value.item()
    if isinstance(value, float):
        return round(value, 4) if math.isfinite(value) else None
    return value
