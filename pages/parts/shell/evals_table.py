"""Community Evals as tables: one column per benchmark, and below it where each figure comes from."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from core.hub.evals import as_columns

if TYPE_CHECKING:
    import pandas as pd

_VERIFICATION = (
    "“signed entry”: it carries a signature which, by the Hub's description, proves a run that can be audited"
    " and repeated; this app does not check the signature. “no signature”: whoever may write to the model's "
    "repository filed it. “verified” and “not verified”: what the benchmark's leaderboard on the Hub says."
)


def show(found: pd.DataFrame, *, key: str) -> None:
    """Both tables.

    Args:
        found: in :data:`core.hub.evals.COLUMNS`, at least one row.
        key: tells the tables of one page from another's.
    """
    st.markdown(
        "Scores that others filed on the Hub, each benchmark in its own unit. They are no part of the "
        "board's averages: prompts, checks and hardware differ from run to run. Results filed with notes, "
        "such as “With tools”, have a column of their own; of several in one column the latest is shown."
    )
    st.dataframe(
        as_columns(found),
        key=f"{key}_wide",
        hide_index=True,
        placeholder="none filed",
        column_config={"model_id": st.column_config.TextColumn("Model", pinned=True)},
    )
    st.dataframe(
        found,
        key=key,
        hide_index=True,
        placeholder="not stated",
        column_config={
            "model_id": st.column_config.TextColumn("Model", pinned=True),
            "benchmark": "Benchmark",
            "task": "Task",
            "value": st.column_config.NumberColumn("Value (own unit)", format="%.4g"),
            "ran_by": "Run by",
            "verified": st.column_config.TextColumn("Verification", help=_VERIFICATION),
            "date": "Date",
            "link": st.column_config.LinkColumn("Source", display_text="open"),
            "notes": "Notes",
            "read": "Read (UTC)",
        },
    )
