"""A chart as every page shows it: drawn, described in words, with its figures one click away."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

from core.export import to_csv

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd
    import plotly.graph_objects as go

_CONFIG = {
    "displaylogo": False,
    "modeBarButtonsToRemove": ["lasso2d", "autoScale2d"],
    "toImageButtonOptions": {"format": "svg", "filename": "basewise-chart"},
}


def show(
    fig: go.Figure,
    *,
    key: str,
    data: pd.DataFrame,
    alt: str,
    select: bool = False,
    on_pick: Callable[[], None] | None = None,
) -> Any:
    """Draw ``fig``; return the selection state if ``select``, else None.

    Args:
        fig: the figure, titled with its message.
        key: stable for this place on the page, so that zoom survives a rerun.
        data: the figures drawn, as a table for readers who can't use the picture.
        alt: what the picture shows, in one or two sentences, for screen readers.
        select: whether picking points reruns the page.
        on_pick: called when points were picked, before the page reruns; it reads ``st.session_state[key]``.
    """
    state = st.plotly_chart(
        fig,
        key=key,
        config=_CONFIG,
        alt=alt,
        on_select=on_pick or ("rerun" if select else "ignore"),
        selection_mode=("points", "box"),
    )
    # Open state is tracked so that a closed table costs nothing to send.
    details = st.expander("The figures behind this chart", key=f"{key}_data", on_change="rerun")
    if details.open:
        with details:
            st.dataframe(data, hide_index=True, key=f"{key}_table")
            st.download_button(
                "Download as CSV", to_csv(data), file_name=f"{key}.csv", mime="text/csv", key=f"{key}_csv"
            )
    return state if select or on_pick else None
