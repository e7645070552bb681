"""The sources of the embedded figures."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from core import overview, sources
from core.catalogue import load_report_sources
from core.schema import SOURCE_BOARD, SOURCE_NEWER
from pages.parts.shell import board
from pages.parts.shell.note import note
from pages.parts.shell.text import plain


def show() -> None:
    st.markdown(
        "Nothing below needs a network: these figures come with the app. What is not known stays empty "
        "everywhere, and rows that are not the board's are marked in the column *source*."
    )
    for source in sources.embedded().itertuples(index=False):
        with st.container(border=True, gap="xsmall"):
            name = plain(source.source)
            where = f"[{name}]({source.link})" if source.link else name
            st.markdown(f"**{plain(source.what)}**: {where}, {plain(source.state)}, {plain(source.size)}.")
            st.markdown(f":small[:gray[Licence: {plain(source.licence)}. Limits: {plain(source.limits)}.]]")
    _reports()
    frame = board.current()
    placed = overview.count_placed(frame)
    measured = frame.loc[frame["evidence"] == "measured", "source"].value_counts()
    counts = {_label(str(source)): rows for source, rows in measured.items()} | {
        "placed from reports": placed.placed, "placed by size alone": placed.size_only
    }  # fmt: skip
    st.markdown("**Rows in use now**")
    with st.container(horizontal=True, gap="medium"):
        for label, rows in counts.items():
            if rows:
                st.metric(label, f"{rows:,}", width="content")
    if placed.placed:
        note(f"Placed from reports: {placed.placed}. {placed.left_out}")


def _reports() -> None:
    """Each report that placed bases and languages rest on."""
    reports = sorted(load_report_sources().values(), key=lambda report: report.title.lower())
    details = st.expander(f"The {len(reports)} reports and model cards", key="x_reports", on_change="rerun")
    if not details.open:
        return
    rows = [(each.title, each.date, each.source, each.licence) for each in reports]
    with details:
        st.dataframe(
            pd.DataFrame(rows, columns=["Report", "Date", "Where it was read", "Licence"]),
            hide_index=True,
            key="x_reports_table",
            placeholder="not stated",
            alt="Reports and model cards whose printed scores are used here",
        )


def _label(source: str) -> str:
    return {SOURCE_BOARD: "the leaderboard", SOURCE_NEWER: "the later study"}.get(source, source)
