"""What sets one state of the board apart from another."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd


def difference(ours: pd.DataFrame, theirs: pd.DataFrame) -> tuple[int, int]:
    """How many evaluations are new or changed in ``theirs``, and how many of ``ours`` are gone from it."""
    before, after = _evaluations(ours), _evaluations(theirs)
    return len(after - before), len(before - after)


def _evaluations(frame: pd.DataFrame) -> set[tuple[str, ...]]:
    """The model, how it was run, and its average."""
    columns = [frame[name].astype("string").fillna("") for name in ("model_id", "precision", "revision")]
    average = frame["average"].round(6).astype("string").fillna("")
    return set(zip(*columns, average, strict=True))
