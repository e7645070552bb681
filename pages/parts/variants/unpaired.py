"""Variants: bases without an instruct variant, and models without a public base."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from core.catalogue import load_no_base
from core.charts.labels import count
from core.ranking.search import find
from pages.parts.shell import field, pairs, pick_rows
from pages.parts.shell.model_link import column as model_column
from pages.parts.shell.model_link import model_urls

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
    elsewhere = alone["instruct_variants"].notna()
    st.subheader(f"No scored instruct variant: {count(len(alone), 'base')}", anchor=False)
    text = "No instruct variant of these was scored on the board: there is none, or nobody submitted it."
    if elsewhere.any():
        text += f" {int(elsewhere.sum())} of them have one that was never scored there; the table names it."
    st.markdown(text)
    if alone.empty:
        return
    links = pairs.current()
    tunes = links["base_id"].value_counts()
    shown = alone[["model_id", "params_b", "released", "average", "evidence", "license"]].assign(
        variants=alone["instruct_variants"].str.replace("|", ", ", regex=False),
        tunes=alone["model_id"].map(tunes).fillna(0).astype(int),
    )
    pick_rows.table(
        shown.assign(model_id=model_urls(shown["model_id"])), alone["model_id"].tolist(),
        key="v_alone", alt="Bases without a scored instruct variant",
        height=min(300, 36 * (len(shown) + 1)), placeholder="",
        column_config={
            "model_id": model_column("Base", width="medium"),
            "params_b": st.column_config.NumberColumn("Size (B)", format="%.2f"),
            "released": "Released",
            "average": st.column_config.NumberColumn("Average (points)", format="%.1f"),
            "evidence": st.column_config.TextColumn("Known as", help="Measured on the board, or placed."),
            "license": "Licence",
            "variants": st.column_config.TextColumn("Instruct variants, not scored", width="medium"),
            "tunes": st.column_config.NumberColumn("Tunes by others"),
        },
    )  # fmt: skip


def _without_base(choices: Choices) -> None:
    low, high = choices.filter.size
    listed = pairs.without_base()
    named = listed["model_id"].isin(find(listed["model_id"], choices.filter.search))
    size = listed["params_b"].round()
    shown = listed[named & (size.between(low, high) | size.isna())]
    st.subheader(f"No public base: {count(len(shown), 'model')}", anchor=False)
    st.markdown(
        "Published as instruct models only, so there is no base to start from. What can be used instead: the "
        "instruct model itself (over the 31 tasks of LoRA Land, starting from base or from instruct made a "
        "difference of about 0.01), or a base of similar size."
    )
    if field.is_today():
        _unpublished_today(choices)
    if shown.empty:
        st.markdown(":gray[None of the board's within this size range and search.]")
        return
    st.dataframe(
        shown.drop(columns="average_se").assign(instead_id=model_urls(shown["instead_id"])),
        hide_index=True, key="v_no_base",
        height=min(330, 36 * (len(shown) + 1)), placeholder="",
        alt="Models published without a base, and the best base of similar size",
        column_config={
            "family": "Family",
            "reason": st.column_config.TextColumn("What is known", width="medium"),
            "model_id": st.column_config.TextColumn("Instruct model", width="medium"),
            "params_b": st.column_config.NumberColumn("Size (B)", format="%.2f"),
            "average": st.column_config.NumberColumn("Average (points)", format="%.1f"),
            "instead_id": model_column(
                "Best base of similar size", width="medium", help="Highest average within 30% of the size"
            ),
            "instead_average": st.column_config.NumberColumn("Its average", format="%.1f"),
        },
    )  # fmt: skip


def _unpublished_today(choices: Choices) -> None:
    """Families of the last two years whose publishers offer no base."""
    listed = load_no_base()
    low, high = choices.filter.size
    size = listed["params_b"]
    named = listed["model_id"].isin(find(listed["model_id"], choices.filter.search))
    shown = listed[named & (size.between(low, high) | size.isna())]
    if shown.empty:
        return
    st.markdown(f"**Since December 2024** ({count(len(shown), 'model')}):")
    st.dataframe(
        shown[["publisher", "family", "model_id", "params_b", "released", "status", "nearest_base"]].assign(
            model_id=model_urls(shown["model_id"]), nearest_base=model_urls(shown["nearest_base"])
        ),
        hide_index=True, key="v_no_base_today", height=min(330, 36 * (len(shown) + 1)), placeholder="",
        alt="Families without a published base, and the nearest base that was published",
        column_config={
            "publisher": "Publisher", "family": "Family",
            "model_id": model_column("Model", width="medium"),
            "params_b": st.column_config.NumberColumn("Size (B)", format="%.1f"),
            "released": "Released",
            "status": st.column_config.TextColumn("A base was", help="As far as could be told."),
            "nearest_base": model_column("Nearest base that was published", width="medium"),
        },
    )  # fmt: skip
