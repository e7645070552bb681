"""The leaderboard as one frame, whatever it comes from. Contract: :func:`load_leaderboard`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.board import snapshot

if TYPE_CHECKING:
    import pandas as pd


def load_leaderboard(source: str = "snapshot") -> pd.DataFrame:
    """One row per evaluated model and precision, in the schema of :mod:`core.schema`."""
    if source == "snapshot":
        return snapshot.read()
    raise NotImplementedError(source)
