"""Leaderboard: filter, rank with honest intervals, pick."""

import streamlit as st

from core.charts.leaderboard import MOST_NAMES
from core.errors import DataError
from pages.parts import (
    figure,
    leaderboard_ahead,
    leaderboard_filters,
    leaderboard_results,
    leaderboard_selection,
    leaderboard_table,
    leaderboard_view,
    links,
)
from pages.parts.frame import open_page

open_page("pages/leaderboard.py")
links.report_dropped("pages/leaderboard.py", leaderboard_filters.checks())


@st.fragment
def explore() -> None:
    """Filters and results in one, so that a change touches nothing else on the page."""
    choices = leaderboard_filters.show()
    try:
        view = leaderboard_view.of(choices)
    except DataError as error:
        st.warning(str(error))
        return
    if view.ranks.empty:
        leaderboard_results.nothing(view.hidden, choices.filter.search)
        return
    leaderboard_selection.sync(view)
    leaderboard_results.message(view)
    leaderboard_table.show(view, choices)
    figure.after_table(long=len(view.ranks) > MOST_NAMES)
    leaderboard_results.counts(view)
    leaderboard_results.actions(view)
    leaderboard_results.scatter(view, choices)
    leaderboard_results.overrides(view)
    leaderboard_ahead.get_ready(choices)


explore()
