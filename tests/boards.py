"""The embedded board and what follows from it, each worked out once a process when first asked for.

To be read only.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from core.field.joined import with_placed
from core.leaderboard import load_leaderboard
from core.variants.lift import lift_table
from core.variants.pairs import pair_variants

if TYPE_CHECKING:
    import pandas as pd


@cache
def board() -> pd.DataFrame:
    return load_leaderboard()


@cache
def today() -> pd.DataFrame:
    """The board with every placed base."""
    return with_placed(board())


@cache
def pairs() -> pd.DataFrame:
    return pair_variants(board())


@cache
def lifts() -> pd.DataFrame:
    return lift_table(board(), pairs())
