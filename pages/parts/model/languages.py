"""The languages the model was tested in, each beside the other bases tested there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from core.charts import model as charts
from core.charts.labels import count
from core.model_card.languages import by_language
from pages.parts.shell import figure
from pages.parts.shell.note import note

if TYPE_CHECKING:
    import pandas as pd

    from core.model_card import ModelCard


@st.cache_resource(show_spinner=False, max_entries=64)
def _table(model_id: str) -> pd.DataFrame:
    return by_language(model_id)


def show(card: ModelCard) -> None:
    st.subheader("Languages", anchor=False)
    table = _table(card.model_id)
    if table.empty:
        st.markdown(
            "No board that tests bases by language includes this model, so how well it does in any language "
            "is not known. The six tasks above are English."
        )
        return
    above = int((table["score"] > table["median"]).sum())
    figure.show(
        charts.languages(table, title=f"Above the median base in {above} of {count(len(table), 'language')}"),
        key="m_languages",
        data=table.drop(columns="language").round(1),
        alt=f"Scores of {card.model_id} in {count(len(table), 'language')}, with the median of all bases.",
    )
    note(
        "Compare within a row only: each language has its own tasks. Sources and shots are those of the "
        "boards named in the figures; a language without a row is unknown."
    )
