"""What the browser says of a chart's axes is kept for the same axis, if it is numbers."""

from __future__ import annotations

from typing import Any

import pytest
from streamlit.testing.v1 import AppTest


def _after(event: object, *, again: str = "GB", own: object = None) -> None:
    """A page, run as a script of its own, that draws a chart, hears of it, and draws it again."""
    import plotly.graph_objects as go
    import streamlit as st

    from pages.parts.shell import gestures

    def figure(title: str) -> go.Figure:
        fig = go.Figure(go.Scatter(x=[1, 2], y=[1, 2]))
        return fig.update_xaxes(title_text=title, range=own).update_yaxes(title_text="Points")

    first = gestures.kept(figure("GB"), "one")
    st.session_state[gestures.KEY] = event
    gestures.store_zooms()
    drawn = figure(again)
    shown = gestures.kept(drawn, "one")
    ranges = shown and {
        name: shown.layout[name].range for name in ("xaxis", "yaxis") if shown.layout[name].range
    }
    st.session_state["found"] = (first, ranges, drawn.layout.xaxis.range)


def after(axes: object, **settings: Any) -> dict[str, tuple[float, float]] | None:
    return after_event({"zoomed": {"one": axes}}, **settings)


def after_event(event: object, **settings: Any) -> dict[str, tuple[float, float]] | None:
    at = AppTest.from_function(_after, kwargs={"event": event} | settings).run()
    assert not at.exception
    first, ranges, untouched = at.session_state["found"]
    assert first is None
    assert untouched == settings.get("own")
    return ranges


def test_a_zoom_is_kept() -> None:
    assert after({"xaxis": [2, 4.5], "yaxis": [10.0, 20.0]}) == {
        "xaxis": (2, 4.5), "yaxis": (10, 20),
    }  # fmt: skip


def test_another_quantity_on_the_axis_is_shown_whole() -> None:
    both = {"xaxis": [2, 4], "yaxis": [10, 20]}
    assert after(both, again="Billions") == {"yaxis": (10, 20)}


def test_the_whole_axis_is_no_zoom() -> None:
    assert after({"xaxis": None, "yaxis": None}) is None


def test_a_chart_set_back_to_its_own_range_follows_its_figure_again() -> None:
    assert after({"xaxis": [0, 1]}, own=(0, 1)) is None
    assert after({"xaxis": [0, 0.5]}, own=(0, 1)) == {"xaxis": (0, 0.5)}


@pytest.mark.parametrize(
    "axes",
    [
        None, "xaxis", ["xaxis"], {"xaxis": "2,4"}, {"xaxis": [2]}, {"xaxis": [2, "4"]}, {"xaxis": [2, 2]},
        {"xaxis": [2, float("nan")]}, {"xaxis": [float("-inf"), 4]}, {"xaxis": [2, 10**400]},
        {"xaxis9": [2, 4], "title": [2, 4]}, {"xaxis": {"range": [2, 4]}},
    ],
)  # fmt: skip
def test_what_no_chart_sends_changes_nothing(axes: object) -> None:
    assert after(axes) is None


@pytest.mark.parametrize("event", [{}, {"zoomed": None}, {"zoomed": ["one"]}, {"zoomed": {"two": {}}}])
def test_what_speaks_of_no_chart_on_the_page_changes_nothing(event: object) -> None:
    assert after_event(event) is None
