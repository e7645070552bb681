"""Leaderboard: filter, rank with honest intervals, pick."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from core.charts.leaderboard import MOST_NAMES
from core.errors import DataError
from pages.parts.leaderboard import ahead, filters, selection
from pages.parts.leaderboard import results as leaderboard_results
from pages.parts.leaderboard import table as leaderboard_table
from pages.parts.leaderboard import view as leaderboard_view
from pages.parts.shell import figure, gestures, links
from pages.parts.shell.frame import open_page

if TYPE_CHECKING:
    from pages.parts.leaderboard.filters import Choices
    from pages.parts.leaderboard.view import View

open_page("pages/leaderboard.py")
links.report_dropped("pages/leaderboard.py", filters.checks())


@st.fragment
def explore() -> None:
    """Filters and results in one, so that a change touches nothing else on the page."""
    controls, results = st.container(), st.container()
    known = filters.known()
    with controls:
        choices = known or filters.show()
    with results:
        view = table(choices)
    if known:
        # Sent after the table that the reader waits for: the controls stand there as they were.
        with controls:
            drawn = filters.show()
        if drawn != known:
            st.rerun(scope="fragment")
    if view is not None:
        with results:
            rest(view, choices)
        ahead.get_ready(choices)


def table(choices: Choices) -> View | None:
    """The answer in a sentence and the table, or why there is none."""
    try:
        view = leaderboard_view.of(choices)
    except DataError as error:
        st.warning(str(error))
        return None
    if view.ranks.empty:
        leaderboard_results.nothing(view.hidden, choices.filter.search)
        return None
    selection.sync(view)
    leaderboard_results.message(view)
    leaderboard_table.show(view, choices)
    figure.after_table(long=len(view.ranks) > MOST_NAMES)
    return view


def rest(view: View, choices: Choices) -> None:
    """What stands below the table."""
    leaderboard_results.counts(view)
    leaderboard_results.actions(view)
    leaderboard_results.scatter(view, choices)
    leaderboard_results.overrides(view)


filters.start()
explore()
gestures.listen()
