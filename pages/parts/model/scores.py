"""Scores of one model, measured and placed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from core.charts import model as charts
from core.schema import SOURCE_BOARD, SOURCE_NEWER
from pages.parts.shell import figure
from pages.parts.shell.note import note
from pages.parts.shell.text import plain

if TYPE_CHECKING:
    import pandas as pd

    from core.model_card import ModelCard

_MEASURED = "Measured on the six tasks {where}; the bar is the sampling error of the questions."
_WHERE = {
    SOURCE_BOARD: "by the Open LLM Leaderboard",
    SOURCE_NEWER: "by a later study, with an older check of MATH answers",
}
_PLACED = (
    "Placed: what such a run would likely give, worked out from published tables in which it stands beside "
    "measured bases. It is an expectation with its error, not a measurement, and the six tasks are English."
)


def show(card: ModelCard) -> None:
    table = card.scores
    is_measured, is_placed = bool(table["measured"].notna().any()), bool(table["placed"].notna().any())
    if not is_measured and not is_placed:
        return
    st.subheader("Scores on the board's scale", anchor=False)
    figure.show(
        charts.scores(table, title=_title(table, is_measured=is_measured, is_placed=is_placed)),
        key="m_scores",
        data=table.drop(columns="key").round(2),
        alt=f"The average and six scores of {card.model_id}. It {card.sentence}.",
    )
    where = _WHERE.get(str(card.run["source"]), "in results you added") if card.run is not None else ""
    said = ((_MEASURED.format(where=where), is_measured), (_PLACED, is_placed))
    note(" ".join(text for text, wanted in said if wanted))
    if card.remark:
        note(plain(f"{card.remark[:1].upper()}{card.remark[1:]}."))


def _title(table: pd.DataFrame, *, is_measured: bool, is_placed: bool) -> str:
    if not is_placed:
        return "Measured scores"
    if not is_measured:
        return "Placed, not measured"
    both = table[table["key"] != "average"].dropna(subset=["measured", "placed"])
    held = int(both["measured"].between(both["placed_low"], both["placed_high"]).sum())
    return f"{held} of {len(both)} measured scores lie where reports alone place them"
