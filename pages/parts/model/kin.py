"""Relatives: what the model was tuned from, its own tuned models, and the bases of its family."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from core.board.runs import BASE_KINDS
from core.charts.labels import count
from core.model_card import kin
from pages.parts.shell import board, pairs, per_board
from pages.parts.shell.model_link import column as model_column
from pages.parts.shell.model_link import model_link, model_urls
from pages.parts.shell.note import note
from pages.parts.shell.text import plain

if TYPE_CHECKING:
    import pandas as pd

    from core.model_card import ModelCard
    from pages.parts.shell.board import Board


def show(card: ModelCard) -> None:
    st.subheader("Relatives", anchor=False)
    _origin(card)
    if card.known.kind in {None, *BASE_KINDS}:
        _variants(card)
    _family(card)


def _origin(card: ModelCard) -> None:
    if origins := kin.tuned_from(card, pairs.current()):
        st.markdown("Made from:")
        for name in origins[:6]:
            model_link(name, icon=":material/arrow_upward:", where="origin")


def _variants(card: ModelCard) -> None:
    table = kin.instruct_variants(card, board.current(), pairs.current())
    tunes = kin.community_tunes(card, pairs.current())
    if table.empty:
        st.markdown("No instruct variant from its publisher is known.")
    else:
        st.markdown(
            f"**{count(len(table), 'variant')} from its publisher**, tuned to follow instructions or chat:"
        )
        st.dataframe(
            table.assign(model_id=model_urls(table["model_id"]))[["model_id", "average", "evidence"]],
            key="m_variants", hide_index=True, placeholder="not measured",
            alt="Variants tuned by the publisher",
            column_config={
                "model_id": model_column("Model", width="large"),
                "average": st.column_config.NumberColumn("Average (measured)", format="%.1f"),
                "evidence": st.column_config.TextColumn("How the pair is known", width="large"),
            },
        )  # fmt: skip
    if tunes:
        note(f"Others have tuned {count(tunes, 'model')} on the board from it; see the Variants page.")


@per_board.cached(shared=24, own=4)
def _kin(rows: Board, _card: ModelCard, model_id: str) -> pd.DataFrame:  # noqa: ARG001 - the cache's key
    return kin.same_family(_card, rows.frame)


def _family(card: ModelCard) -> None:
    table = _kin(board.in_use(), card, card.model_id)
    family = plain(card.known.family or "its family")
    if table.empty:
        st.markdown(f"No other base of {family} is known here.")
        return
    st.markdown(f"**{count(len(table), 'other base')} of {family} and its line**, by month and size:")
    shown = table.assign(
        model_id=model_urls(table["model_id"]),
        interval=[
            "" if low != low else f"{low:.0f}–{high:.0f}"  # noqa: PLR0124 - NaN
            for low, high in zip(table["low"].astype(float), table["high"].astype(float), strict=True)
        ],
    )
    st.dataframe(
        shown[["model_id", "params_b", "released", "average", "interval", "evidence"]],
        key="m_family", hide_index=True, placeholder="unknown", height=min(352, 33 * (len(shown) + 1) + 2),
        alt="Other bases of the family",
        column_config={
            "model_id": model_column("Base", width="large"),
            "params_b": st.column_config.NumberColumn("Size (B)", format="%.2f"),
            "released": "Released",
            "average": st.column_config.NumberColumn("Average", format="%.1f"),
            "interval": st.column_config.TextColumn("90%"),
            "evidence": st.column_config.TextColumn("How known"),
        },
    )  # fmt: skip
