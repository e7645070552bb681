"""What a reader does to a chart lasts: the ranges it was zoomed or moved to are kept while filters change it.

Streamlit builds a changed chart anew, at the ranges that its figure asks for, and tells the server of picked
points only. A component without a face tells it of the ranges as well, and the next figure asks for them.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import plotly.graph_objects as go
import streamlit as st

from pages.parts.shell import private

if TYPE_CHECKING:
    from collections.abc import Mapping

# Beyond any figure drawn; neither infinite nor not a number.
_FAR = 1e12
KEY = "gestures"
_DRAWN, _KEPT, _WHOLE = "figures_drawn", "figures_zoomed", "figure_whole"
_SCRIPT = Path(__file__).with_suffix(".js")
_listen = private.component("basewise_gestures", _SCRIPT.read_text(encoding="utf-8"))


class _Axis(NamedTuple):
    """As a figure asks for it, or as the reader left it, which holds while the title is the same."""

    title: str
    range: tuple[Any, ...] | None
    """From and to, as Plotly counts: a logarithmic axis in powers of ten. None is all of it."""


class _Drawn(NamedTuple):
    axes: dict[str, _Axis]
    zoomed: bool


def kept(fig: go.Figure, key: str) -> go.Figure | None:
    """``fig`` at the ranges the reader left the chart ``key`` at; None where it is shown as it is."""
    axes = {
        name: _Axis(fig.layout[name].title.text or "", fig.layout[name].range)
        for name in fig.layout
        if name.startswith(("xaxis", "yaxis"))
    }
    ranges = {
        name: zoom.range
        for name, zoom in _zooms(key).items()
        if name in axes and axes[name].title == zoom.title
    }
    st.session_state.setdefault(_DRAWN, {})[key] = _Drawn(axes, bool(ranges))
    if not ranges:
        return None
    # The figure may stand in a cache that sessions share.
    zoomed = go.Figure(fig.to_dict())
    zoomed.update_layout({name: {"range": held, "autorange": False} for name, held in ranges.items()})
    return zoomed


@st.fragment
def listen() -> None:
    """Listen for zooms: the last call of a page with charts, as what it waits for comes after the charts.

    A fragment, so that a zoom runs nothing else of the page.
    """
    if st.session_state.pop(_WHOLE, False):
        # The browser knows only the part that it was sent: the whole must be drawn for it.
        st.rerun()
    if _listen is not None:
        _listen(key=KEY, on_zoomed_change=store_zooms)


def store_zooms() -> None:
    """Store what the browser reports: by chart and axis from and to, or None for the whole axis."""
    event = st.session_state[KEY].get("zoomed")
    for key, drawn in st.session_state.get(_DRAWN, {}).items():
        reported = event.get(key) if isinstance(event, dict) else None
        if not isinstance(reported, dict):
            continue
        zooms = dict(_zooms(key))
        for name in reported.keys() & drawn.axes.keys():
            zooms.pop(name, None)
            held = _range(reported[name])
            if held and held != drawn.axes[name].range:
                zooms[name] = drawn.axes[name]._replace(range=held)
        st.session_state.setdefault(_KEPT, {})[key] = zooms
        st.session_state[_WHOLE] = drawn.zoomed and not zooms


def _zooms(key: str) -> Mapping[str, _Axis]:
    zooms: Mapping[str, _Axis] = st.session_state.get(_KEPT, {}).get(key, {})
    return zooms


def _range(value: object) -> tuple[float, float] | None:
    """What the browser sent, if it is two different numbers."""
    if not isinstance(value, list) or len(value) != 2:
        return None
    if not all(isinstance(number, int | float) and abs(number) < _FAR for number in value):
        return None
    low, high = value
    return (low, high) if low != high else None
