"""Leaderboard: filter, rank with honest intervals, pick."""

import streamlit as st

from core import filters
from core.errors import DataError
from core.ranks import rank_board
from pages.parts import (
    board,
    leaderboard_filters,
    leaderboard_results,
    leaderboard_selection,
    leaderboard_table,
    links,
)
from pages.parts.frame import open_page

open_page("pages/leaderboard.py")
links.report_dropped("pages/leaderboard.py", leaderboard_filters.checks())


@st.fragment
def explore() -> None:
    """Filters and results in one, so that a change touches nothing else on the page."""
    choices = leaderboard_filters.show()
    everything = board.current()
    filtered = filters.apply(
        everything, choices.filter, ranked_by=None if choices.by == "own" else choices.by
    )
    if filtered.rows.empty:
        leaderboard_results.nothing(filtered, choices.filter.search)
        return
    try:
        view = rank_board(filtered.rows, choices.by, choices.weights)
    except DataError as error:
        st.warning(str(error))
        return
    leaderboard_selection.sync(view)
    leaderboard_results.message(view)
    leaderboard_table.show(view, choices)
    leaderboard_results.counts(filtered, len(everything))
    leaderboard_results.actions(view)
    leaderboard_results.scatter(view, choices)
    leaderboard_results.overrides(view)


explore()
