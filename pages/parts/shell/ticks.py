"""Ticks in a table that both the reader and the page change.

The browser sends a table's state along with every message, whatever that is for, and names rows by their
places. If it hasn't yet drawn what the page last made of the table (ticks taken away, rows in another order),
that state would bring old ticks back, or put them to other models. So a field that nobody sees holds the
number of the table that is drawn, comes with the same messages, and tells in which table the ticks were made.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Any, NamedTuple

import streamlit as st

if TYPE_CHECKING:
    from collections.abc import Sequence

# Tables of which a browser may still speak: so many runs may end before it has drawn one of them.
_KEPT = 8


class _Drawn(NamedTuple):
    number: str
    rows: Sequence[Any]
    ticked: frozenset[Any]
    columns: tuple[str, ...]


class Change(NamedTuple):
    """What the reader has done in a table since it was drawn."""

    added: list[Any]
    dropped: frozenset[Any]
    columns: tuple[str, ...] | None
    """The columns now chosen; None if the reader changed none."""

    def applied(self, ticked: Sequence[Any]) -> list[Any]:
        """``ticked`` with what was added behind it, without what was dropped."""
        kept = [row for row in ticked if row not in self.dropped]
        return list(dict.fromkeys([*kept, *self.added]))


def prepare(key: str, rows: Sequence[Any], ticked: Sequence[Any], columns: Sequence[str] = ()) -> None:
    """Have the table show ticks; call it before the table is drawn.

    Args:
        key: of the table.
        rows: what its rows stand for, from top to bottom.
        ticked: those of ``rows`` that are ticked.
        columns: names of the columns chosen.
    """
    marked = frozenset(ticked)
    places = [place for place, row in enumerate(rows) if row in marked] if marked else []
    st.session_state[key] = {"selection": {"rows": places, "columns": list(columns), "cells": []}}
    drawn: deque[_Drawn] = st.session_state.setdefault(_drawn(key), deque(maxlen=_KEPT))
    if drawn and drawn[-1].rows == rows:
        rows = drawn[-1].rows
    number = str(int(drawn[-1].number) + 1 if drawn else 1)
    drawn.append(_Drawn(number, rows, marked, tuple(columns)))
    st.session_state[_number_field(key)] = number


def number(key: str) -> None:
    """Draw the field that nobody sees; call it right after the table, which the browser has drawn by then."""
    st.text_input("Number of the table drawn", key=_number_field(key), label_visibility="collapsed")


def change(key: str) -> Change:
    """What the reader did; for the table's callback. Nothing if the browser speaks of a table long gone."""
    said = st.session_state[_number_field(key)]
    for drawn in st.session_state[_drawn(key)]:
        if drawn.number == said:
            state = st.session_state[key]["selection"]
            columns = tuple(state["columns"])
            rows = [drawn.rows[place] for place in state["rows"] if place < len(drawn.rows)]
            added = [row for row in rows if row not in drawn.ticked]
            dropped = drawn.ticked.difference(rows)
            return Change(added, dropped, None if columns == drawn.columns else columns)
    return Change([], frozenset(), None)


def _number_field(key: str) -> str:
    return f"ticks_number_{key}"


def _drawn(key: str) -> str:
    return f"ticks_drawn_{key}"
