"""One selection for table and chart: whichever the reader touches, the other follows."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import streamlit as st

from pages.parts.leaderboard import filters
from pages.parts.shell import ticks

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pages.parts.leaderboard.view import View

TABLE, CHART = "board_table", "board_chart"
# Of the fragment that draws both: a pick in either runs it.
FRAGMENT = "board_results"
_PICKED, _COLUMNS = "board_picked", "board_columns"
_IN_VIEW, _NAMES, _BOARD = "board_picked_in_view", "board_picked_names", "board_picked_on"
DRAG = "drag"
# What dragging in the chart does, with Plotly's name of it.
DRAGS = {"Pan": "pan", "Pick": "select", "Zoom": "zoom"}


class Shown(NamedTuple):
    """What of the reader's doing a chart shows."""

    picked: tuple[int, ...]
    drag: str
    """Plotly's name of what dragging does."""
    found: tuple[int, ...] = ()


def shown(found: Iterable[int] = ()) -> Shown:
    return Shown(tuple(current()), DRAGS[st.session_state.get(DRAG, "Pan")], tuple(found))


def current() -> list[int]:
    """Index labels of the picked rows in view."""
    return list(st.session_state.get(_IN_VIEW, []))


def hidden() -> int:
    """How many picked rows the filters hide; they are picked again when they come into view."""
    return len(_all()) - len(current())


def models(view: View) -> list[str]:
    """The models of the picked rows in view."""
    picked = current()
    return [str(name) for name in view.board.loc[picked, "model_id"]] if picked else []


def sync(view: View, rows: list[int], sorted_by: frozenset[str]) -> None:
    """Before the table is drawn: see which picks are in view, and tell the table.

    Args:
        view: what is in view.
        rows: index labels of its rows, in the table's order.
        sorted_by: the columns that order follows.
    """
    _follow_board(view)
    picked = _all()
    in_view = set(rows) if picked else set()
    st.session_state[_IN_VIEW] = [label for label in picked if label in in_view]
    columns = [name for name in st.session_state.get(_COLUMNS, []) if name in sorted_by]
    st.session_state[_COLUMNS] = columns
    ticks.prepare(TABLE, rows, current(), columns)


def _follow_board(view: View) -> None:
    """Picks are labels, which on another board stand for other models: there they go to the same models."""
    names = view.board["model_id"]
    picked = _all()
    if st.session_state.get(_BOARD, view.shared.key) != view.shared.key:
        before = st.session_state[_NAMES]
        first = {name: label for label, name in names[names.isin(before.values())][::-1].items()}
        picked = [first[before[label]] for label in picked if before.get(label) in first]
    # Labels come from the browser.
    known = [label for label in picked if label in names.index]
    _set(known)
    st.session_state[_BOARD] = view.shared.key
    st.session_state[_NAMES] = {label: names.at[label] for label in known}


def from_table() -> None:
    """Take over what the reader ticked, unticked, or chose to sort by."""
    change = ticks.change(TABLE)
    if change.columns is not None:
        st.session_state[_COLUMNS] = list(change.columns)
        for column in change.columns:
            filters.sort_by(column)
    _set(change.applied(_all()))


def from_chart() -> None:
    """Turn one clicked point on or off; a box adds what it holds."""
    # Rings and lines have no row of their own.
    points = [
        int(point["customdata"])
        for point in st.session_state[CHART]["selection"]["points"]
        if isinstance(point.get("customdata"), int | float)
    ]
    if len(points) == 1 and points[0] in _all():
        _set(label for label in _all() if label != points[0])
    else:
        _set([*_all(), *points])
    st.rerun(FRAGMENT)


def pick(labels: Iterable[int]) -> None:
    """Add rows to those picked; a callback, because the table is told."""
    _set([*_all(), *labels])


def drop_shown() -> None:
    """Unpick what is in view."""
    shown = set(current())
    _set(label for label in _all() if label not in shown)


def clear() -> None:
    """Unpick all, hidden ones too."""
    _set(())


def _all() -> list[int]:
    return list(st.session_state.get(_PICKED, []))


def _set(labels: Iterable[int]) -> None:
    st.session_state[_PICKED] = list(dict.fromkeys(labels))
