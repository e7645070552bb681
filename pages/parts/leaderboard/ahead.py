"""The next stops of the size slider, worked out before the reader gets there."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import streamlit as st

from core.ranking.filters import SIZE_STOPS
from pages.parts.leaderboard import selection
from pages.parts.leaderboard import view as leaderboard_view
from pages.parts.shell import ahead, board

if TYPE_CHECKING:
    from pages.parts.leaderboard.filters import Choices

Size = tuple[float, float]
_BEFORE: Final = "board_size_before"


def get_ready(choices: Choices) -> None:
    """Have the views that the slider's next move most likely asks for in the cache."""
    size, before = choices.filter.size, st.session_state.get(_BEFORE)
    st.session_state[_BEFORE] = size
    # Of boards with a reader's own rows few views are kept: the next ones would push out the one in use.
    if size == before or board.is_own(board.key()):
        return
    nexts = [replace(choices, filter=replace(choices.filter, size=next_)) for next_ in likely(size, before)]
    shown = selection.shown()

    def work() -> None:
        for next_ in nexts:
            view = leaderboard_view.of(next_)
            if view.known:
                leaderboard_view.chart(view, next_.label, shown)

    ahead.soon(work)


def likely(size: Size, before: Size | None) -> list[Size]:
    """Where the slider may go from ``size``: on in the direction it came from, else its upper end either way.

    >>> likely((0, 9), (0, 10))
    [(0, 8)]
    >>> likely((0, 9), None)
    [(0, 8), (0, 10)]
    """
    steps = [(1, -1), (1, 1)]
    if before is not None and len(ends := [end for end in (0, 1) if size[end] != before[end]]) == 1:
        steps = [(ends[0], 1 if size[ends[0]] > before[ends[0]] else -1)]
    return [moved for end, step in steps if (moved := _moved(size, end, step))]


def _moved(size: Size, end: int, step: int) -> Size | None:
    place = SIZE_STOPS.index(size[end]) + step
    if not 0 <= place < len(SIZE_STOPS):
        return None
    low, high = (SIZE_STOPS[place], size[1]) if end == 0 else (size[0], SIZE_STOPS[place])
    return (low, high) if low <= high else None
