"""A table to take away."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import streamlit as st

from core.export import to_csv, to_parquet

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd


def table(
    frame: pd.DataFrame | Callable[[], pd.DataFrame], *, name: str, key: str, parquet: bool = True
) -> None:
    """Buttons for ``frame`` as CSV and Parquet. The files are made when asked for, not on every rerun.

    Args:
        frame: what is offered, with the columns and rows as shown, or what makes it when it is asked for.
        name: file name without its ending.
        key: stable and unique on the page.
        parquet: whether to offer Parquet beside CSV.
    """
    with st.container(horizontal=True, gap="small"):
        st.download_button(
            "Download CSV",
            partial(_packed, frame, to_csv),
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
                partial(_packed, frame, to_parquet),
                file_name=f"{name}.parquet",
                mime="application/vnd.apache.parquet",
                key=f"{key}_parquet",
                icon=":material/download:",
                on_click="ignore",
                help="For pandas and the like, with types kept.",
            )


def _packed(frame: pd.DataFrame | Callable[[], pd.DataFrame], pack: Callable[[pd.DataFrame], bytes]) -> bytes:
    return pack(frame() if callable(frame) else frame)
