"""A table to take away."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import streamlit as st

from core.export import to_csv, to_parquet

if TYPE_CHECKING:
    import pandas as pd


def table(frame: pd.DataFrame, *, name: str, key: str, parquet: bool = True) -> None:
    """Buttons for ``frame`` as CSV and Parquet. The files are made when asked for, not on every rerun.

    Args:
        frame: what is offered, with the columns and rows as shown.
        name: file name without its ending.
        key: stable and unique on the page.
        parquet: whether to offer Parquet beside CSV.
    """
    with st.container(horizontal=True, gap="small"):
        st.download_button(
            "Download CSV",
            partial(to_csv, frame),
            file_name=f"{name}.csv",
            mime="text/csv",
            key=f"{key}_csv",
            icon=":material/download:",
            on_click="ignore",
            help="For spreadsheets. Cells that could act as formulas are made harmless.",
        )
        if parquet:
            st.download_button(
                "Download Parquet",
                partial(to_parquet, frame),
                file_name=f"{name}.parquet",
                mime="application/vnd.apache.parquet",
                key=f"{key}_parquet",
                icon=":material/download:",
                on_click="ignore",
                help="For pandas and the like, with types kept.",
            )
