"""Leaderboard: filter, rank with honest intervals, pick."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from core.errors import DataError
from pages.parts.leaderboard import filters, ranked, results, search, selection, size_counts, table
from pages.parts.shell import gestures, links, shortlist_bar, table_first
from pages.parts.shell.frame import open_page

if TYPE_CHECKING:
    from pages.parts.leaderboard.filters import Choices

open_page("pages/leaderboard.py")
links.report_dropped("pages/leaderboard.py", filters.checks())


@st.fragment
def below_the_table() -> None:
    """Not in the table's fragment: what changes here sends no table again, and it follows the table."""
    if selection.has_changed():
        st.rerun()
    is_time = table_first.drawn(table.ROOM)
    shown = selection.in_view()
    if shown is None:
        return
    view, choices, found = shown
    if is_time:
        results.scatter(view, choices, found)
    else:
        st.skeleton(height=results.CHART_ROOM)
    results.languages(view, choices)
    results.overrides(view)


@st.fragment(key=selection.FRAGMENT)
def results_by_size(others: Choices) -> None:
    """The slider with what it changes, so that a drag draws none of the two dozen other controls again."""
    choices = filters.with_size(others)
    selection.know(None)
    try:
        view = ranked.of(choices)
    except DataError as error:
        st.warning(str(error))
        table_first.shows(str(error))
        return
    if view.ranks.empty:
        search.show(view, choices)
        results.nothing(view.hidden)
        table_first.shows(view.key)
        return
    order = table.order(view, choices)
    selection.sync(view.ranks.index[order].tolist(), filters.sorted_by(choices))
    results.message(view)
    found = search.show(view, choices)
    table.show(view, choices, order, found)
    results.counts(view)
    results.actions(view)
    selection.know((view, choices, found))
    table_first.shows((view.shared.key, view.key, choices, selection.current(), found))
    if not table_first.can_tell():
        below_the_table()
    shortlist_bar.show(selection.models(view), untick=selection.clear)


@st.fragment
def explore() -> None:
    """Filters and results in one, so that a change touches nothing else on the page."""
    choices = filters.show()
    results_by_size(choices)
    size_counts.show(choices)
    if table_first.can_tell():
        below_the_table()


explore()
gestures.listen()
