"""Variants: bases without an instruct variant, and models without a public base."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from core.charts.labels import count
from pages.parts.shell import pairs, pick_rows

if TYPE_CHECKING:
    import pandas as pd

    from pages.parts.variants.filters import Choices


def show(bases: pd.DataFrame, choices: Choices) -> None:
    """``bases``: rows of the board in view."""
    _without_instruct(bases)
    _without_base(choices)


def _without_instruct(bases: pd.DataFrame) -> None:
    alone = bases[~bases["model_id"].isin(set(pairs.lifts()["base_id"]))]
    alone = alone.sort_values("average", ascending=False)
    st.subheader(f"No instruct variant on the board: {count(len(alone), 'base')}", anchor=False)
    st.markdown(
        "Their publisher offers none, or nobody submitted it. Their own scores and tunes by others count."
    )
    if alone.empty:
        return
    links = pairs.current()
    tunes = links["base_id"].value_counts()
    shown = alone[["model_id", "params_b", "average", "license"]].assign(
        tunes=alone["model_id"].map(tunes).fillna(0).astype(int)
    )
    pick_rows.table(
        shown, alone["model_id"].tolist(), key="v_alone", alt="Bases without an instruct variant",
        height=min(300, 36 * (len(shown) + 1)), placeholder="",
        column_config={
            "model_id": st.column_config.TextColumn("Base", width="large"),
            "params_b": st.column_config.NumberColumn("Size (B)", format="%.2f"),
            "average": st.column_config.NumberColumn("Average (points)", format="%.1f"),
            "license": "Licence",
            "tunes": st.column_config.NumberColumn("Tunes by others"),
        },
    )  # fmt: skip


def _without_base(choices: Choices) -> None:
    low, high = choices.filter.size
    listed = pairs.without_base()
    words = choices.filter.search.lower().split()
    named = listed["model_id"].map(lambda model: all(word in model.lower() for word in words)).astype(bool)
    size = listed["params_b"].round()
    shown = listed[named & (size.between(low, high) | size.isna())]
    st.subheader(f"No public base: {count(len(shown), 'model')}", anchor=False)
    st.markdown(
        "Published as instruct models only, so there is no base to start from. What can be used instead: the "
        "instruct model itself (over the 31 tasks of LoRA Land, starting from base or from instruct made a "
        "difference of about 0.01), or a base of similar size."
    )
    if shown.empty:
        st.markdown(":gray[None within this size range and search.]")
        return
    st.dataframe(
        shown.drop(columns="average_se"), hide_index=True, key="v_no_base",
        height=min(330, 36 * (len(shown) + 1)), placeholder="",
        alt="Models published without a base, and the best base of similar size",
        column_config={
            "family": "Family",
            "reason": st.column_config.TextColumn("What is known", width="medium"),
            "model_id": st.column_config.TextColumn("Instruct model", width="medium"),
            "params_b": st.column_config.NumberColumn("Size (B)", format="%.2f"),
            "average": st.column_config.NumberColumn("Average (points)", format="%.1f"),
            "instead_id": st.column_config.TextColumn(
                "Best base of similar size", width="medium", help="Highest average within 30% of the size"
            ),
            "instead_average": st.column_config.NumberColumn("Its average", format="%.1f"),
        },
    )  # fmt: skip
