"""Leaderboard: filter, rank with honest intervals, pick."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from core.errors import DataError
from pages.parts.leaderboard import filters, ranked, results, search, selection, size_counts, table
from pages.parts.shell import gestures, links, shortlist_bar, table_first
from pages.parts.shell.frame import open_page

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pages.parts.leaderboard.filters import Choices
    from pages.parts.leaderboard.view import View

open_page("pages/leaderboard.py")
links.report_dropped("pages/leaderboard.py", filters.checks())


@st.fragment
def chart(view: View, choices: Choices, found: Sequence[int]) -> None:
    """Within the other, so that what changes in the chart alone sends no table again."""
    if not table_first.leaves_out(results.CHART_ROOM):
        results.scatter(view, choices, found)


@st.fragment(key=selection.FRAGMENT)
def results_by_size(others: Choices) -> None:
    """The slider with what it changes, so that a drag draws none of the two dozen other controls again."""
    choices = filters.with_size(others)
    try:
        view = ranked.view_of(choices)
    except DataError as error:
        st.warning(str(error))
        return
    if view.ranks.empty:
        search.show(view, choices)
        results.nothing(view.hidden)
        return
    order = table.order(view, choices)
    selection.sync(view, view.ranks.index[order].tolist(), filters.sorted_by(choices))
    # Filled once the table is sent: what the browser gets before puts the table off.
    lead = st.container()
    found = search.show(view, choices)
    table.show(view, choices, order, found)
    with lead:
        results.message(view)
    results.counts(view)
    results.actions(view)
    chart(view, choices, found)
    results.languages(view, choices)
    results.overrides(view)
    shortlist_bar.show(selection.models(view), untick=selection.drop_shown)


@st.fragment
def explore() -> None:
    """Filters and results in one, so that a change touches nothing else on the page."""
    choices = filters.show()
    results_by_size(choices)
    size_counts.show(choices)
    table_first.ask(table.ROOM)


explore()
gestures.listen()
