"""What one state of the filters gives: ranked rows, the table sent and the chart, shared between sessions.

Many readers stand on the same few states (the opening view above all), so each is worked out once. Entries
are keyed by the board they come from and never changed in place.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import streamlit as st

from core import filters
from core.charts import leaderboard as charts
from core.ranks import rank_board
from pages.parts import board
from pages.parts.leaderboard_table import display_frame

if TYPE_CHECKING:
    import pandas as pd
    import plotly.graph_objects as go

    from core.filters import Filtered
    from pages.parts.leaderboard_filters import Choices

# A view of the full board takes some 4 MB, the opening view a hundredth of that.
_VIEWS, _CHARTS, _KEPT = 12, 24, "30m"


@dataclass(frozen=True, slots=True)
class View:
    """Rows that passed the filters, best first; ``key`` tells one view from another."""

    key: str
    filtered: Filtered
    ranked: pd.DataFrame
    shown: pd.DataFrame
    points: dict[str, pd.Index]
    front: pd.DataFrame
    title: str


def of(choices: Choices) -> View:
    """The view of the session's board.

    Raises:
        InvalidInputError: the reader's weights can't be used.
    """
    return _view(board.key(), choices.filter, choices.by, tuple(sorted(choices.weights.items())))


def chart(
    view: View,
    *,
    label: str,
    picked: tuple[int, ...],
    drag: str,
    zoom: tuple[float, float, float, float] | None,
) -> go.Figure:
    return _chart(view.key, label, picked, drag, zoom, view)


@st.cache_resource(show_spinner=False, max_entries=_VIEWS, ttl=_KEPT)
def _view(board_key: str, chosen: filters.BoardFilter, by: str, weights: tuple[tuple[str, int], ...]) -> View:
    own = by == "own"
    filtered = filters.apply(board.current(), chosen, ranked_by=None if own else by)
    ranked = filtered.rows
    if not ranked.empty:
        ranked = rank_board(filtered.rows, by, dict(weights))
    front = charts.front_rows(ranked[ranked["params_b"].notna()]) if len(ranked) else ranked
    return View(
        key=repr((board_key, chosen, by, weights)),
        filtered=filtered,
        ranked=ranked,
        shown=display_frame(ranked, own=own) if len(ranked) else ranked,
        points=charts.point_rows(ranked) if len(ranked) else {},
        front=front,
        title=charts.title(len(ranked), len(front)),
    )


@st.cache_resource(show_spinner=False, max_entries=_CHARTS, ttl=_KEPT)
def _chart(
    key: str,  # noqa: ARG001 - the cache's key, which stands for the view
    label: str,
    picked: tuple[int, ...],
    drag: str,
    zoom: tuple[float, float, float, float] | None,
    _view: View,
) -> go.Figure:
    return charts.size_against_score(
        _view.ranked,
        score_label=label,
        picked=_view.ranked.loc[list(picked)].index,
        points=_view.points,
        front=_view.front,
        drag=drag,
        zoom=zoom,
    )
