"""A chart as every page shows it: drawn, described in words, with its figures one click away."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING, Any

import streamlit as st

from pages.parts.shell import download, gestures
from pages.parts.shell.text import plain

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd
    import plotly.graph_objects as go

_FORMATS = ("SVG", "PNG")
# Pixels across a saved picture: a title fits, whatever the width of the page.
_PICTURE_WIDTH = 1000


def show(
    fig: go.Figure,
    *,
    key: str,
    data: pd.DataFrame | Callable[[], pd.DataFrame],
    alt: str,
    on_pick: Callable[[], None] | None = None,
) -> None:
    """Draw ``fig``, offer its figures as a table, and let points be picked if ``on_pick`` is given.

    Args:
        fig: the figure, titled with its message.
        key: stable for this place on the page: the reader's zoom and open table are kept by it.
        data: the figures drawn, as a table for readers who can't use the picture, or what makes it.
        alt: what the picture shows, in one or two sentences, for screen readers.
        on_pick: called when points were picked, before the page reruns; it reads ``st.session_state[key]``.
    """
    zoomed = gestures.kept(fig, key)
    with st.container(gap=None, key=f"titled_{key}"):
        # As text it is broken to the width there is; page.css hides the figure's own, for saved pictures.
        st.markdown(f"**{plain(html.unescape(fig.layout.title.text or ''))}**")
        st.plotly_chart(
            fig if zoomed is None else zoomed,
            key=key,
            config=_config(key, zoomed=zoomed is not None),
            alt=alt,
            on_select=on_pick or "ignore",
            selection_mode=("points", "box"),
        )
    # Open state is tracked so that a closed table costs nothing to send.
    details = st.expander("The figures behind this chart", key=f"{key}_data", on_change="rerun")
    if details.open:
        table = data() if callable(data) else data
        with details:
            st.dataframe(table, hide_index=True, key=f"{key}_table", placeholder="")
            download.table(table, name=f"basewise-{key}", key=key, parquet=False)
            st.segmented_control(
                "Camera button saves",
                _FORMATS,
                default=_FORMATS[0],
                required=True,
                key=f"{key}_format",
                persist_state="session",
                help="The camera above the chart saves the picture: SVG for print, PNG for slides.",
            )


def _config(key: str, *, zoomed: bool) -> dict[str, Any]:
    chosen = st.session_state.get(f"{key}_format") or _FORMATS[0]
    return {
        "displaylogo": False,
        # Both lead to the whole chart; a browser that was sent a part of it would reset it to that part.
        "doubleClick": "autosize" if zoomed else "reset",
        "modeBarButtonsToRemove": ["lasso2d", "resetScale2d" if zoomed else "autoScale2d"],
        "toImageButtonOptions": {
            "format": chosen.lower(), "filename": f"basewise-{key}", "scale": 2 if chosen == "PNG" else 1,
            "width": _PICTURE_WIDTH,
        },
    }  # fmt: skip
