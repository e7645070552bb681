"""The sources of the embedded figures."""

from __future__ import annotations

import streamlit as st

from core import sources
from core.schema import SOURCE_NEWER
from pages.parts import board


def show() -> None:
    st.markdown(
        "Nothing below needs a network: these figures come with the app. What is not known stays empty "
        "everywhere, and rows that are not the board's are marked in the column *source*."
    )
    st.dataframe(
        sources.embedded(),
        key="x_sources",
        hide_index=True,
        row_height=None,
        column_config={
            "what": st.column_config.TextColumn("What", width="small"),
            "source": st.column_config.TextColumn("Source", width="medium"),
            "state": st.column_config.TextColumn("State", width="small"),
            "size": st.column_config.TextColumn("How much", width="small"),
            "licence": st.column_config.TextColumn("Licence", width="medium"),
            "limits": st.column_config.TextColumn("Limits", width="large"),
            "link": st.column_config.LinkColumn("Link", display_text="open", width="small"),
        },
    )
    frame = board.current()
    counts = frame["source"].value_counts()
    st.markdown("**Rows in use now**")
    with st.container(horizontal=True, gap="medium"):
        for source, rows in counts.items():
            st.metric(_label(str(source)), f"{rows:,}", width="content")


def _label(source: str) -> str:
    return {"open-llm-leaderboard": "the leaderboard", SOURCE_NEWER: "the later study"}.get(source, source)
