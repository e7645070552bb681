"""The embedded board and what follows from it, worked out once for all tests; to be read only."""

from __future__ import annotations

from core.leaderboard import load_leaderboard
from core.variants.lift import lift_table
from core.variants.pairs import pair_variants

BOARD = load_leaderboard()
PAIRS = pair_variants(BOARD)
LIFTS = lift_table(BOARD, PAIRS)
