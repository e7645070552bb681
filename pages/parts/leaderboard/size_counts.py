"""The Leaderboard's counts for all ranges of sizes, worked out once for each state of the other filters."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from core.ranking.filters import BoardFilter
from core.ranking.size_counts import SizeCounts, count_by_size
from pages.parts.leaderboard import training
from pages.parts.shell import board, live_count, per_board

if TYPE_CHECKING:
    from pages.parts.leaderboard.filters import Choices
    from pages.parts.shell.board import Board

_ANY_SIZE = BoardFilter().size


def show(choices: Choices) -> None:
    """Let the count follow the slider while it is dragged, whatever size ``choices`` hold."""
    by = None if choices.by == "own" else choices.by
    found = _counts(board.in_use(), replace(choices.filter, size=_ANY_SIZE), by)
    live_count.show(found, slider="size", what="models")


@per_board.cached(shared=20, own=2)
def _counts(rows: Board, chosen: BoardFilter, ranked_by: str | None) -> SizeCounts:
    asked = rows.frame.join(training.facts()) if chosen.asks_for_training else rows.frame
    return count_by_size(asked, chosen, ranked_by=ranked_by)
