"""What the Compare page shows of the models chosen."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import streamlit as st

from core import comparison as compared
from core.charts import compare as charts
from core.charts import languages as language_charts
from core.decision.language_figures import by_language
from pages.parts.shell import board, figure, own
from pages.parts.shell.model_link import model_links
from pages.parts.shell.text import plain

if TYPE_CHECKING:
    import pandas as pd

    from core.comparison import Comparison


def message(found: Comparison) -> None:
    if len(found.model_ids) == 1:
        st.info("One model is shown. Add a second one to see differences and chances.", icon=":material/add:")
        return
    st.markdown(f"**{plain(compared.summary(found))}**")


def pictures(found: Comparison) -> None:
    left, right = st.columns([3, 2], gap="medium")
    with left:
        figure.show(
            charts.scores(found, own=own.names()),
            key="c_scores",
            data=found.scores,
            alt=f"Scores of {len(found.model_ids)} models with their errors. {charts.title(found)}.",
        )
    if len(found.model_ids) < 2 or found.chances.isna().all(axis=None):
        return
    with right:
        figure.show(
            charts.chances(found),
            key="c_chances",
            data=found.chances.reset_index(names="beats"),
            alt=f"Chance that each model beats each other. {compared.summary(found)}",
        )


def tables(found: Comparison) -> None:
    st.subheader("Scores and differences", anchor=False)
    st.markdown(
        f":small[:gray[Points from 0 (guessing) to 100, ± one standard error. In brackets the difference to "
        f"{plain(found.reference)}, bold where it exceeds noise (95%). Models are taken as independent; they "
        "answered the same questions, so a paired test would be tighter. Noise of a difference: √(one error² "
        "+ the other²); a chance: the normal distribution at difference / noise. The average counts the six "
        "alike; Decide weighs them for the task.]]"
    )
    st.table(_headed(compared.score_words(found)), alt="Scores of the models with their differences")
    st.subheader("Facts", anchor=False)
    st.markdown("All that is known of each, with its sources:")
    model_links(found.model_ids, where="compare")
    st.table(_headed(found.facts.map(plain)), alt="Facts of the models side by side")


def languages(found: Comparison, spoken: tuple[str, ...]) -> None:
    """The models in the languages chosen, where boards tested them."""
    if not spoken:
        return
    rows = by_language(found.model_ids, spoken)
    st.subheader("In your languages", anchor=False)
    if rows.empty:
        st.markdown(
            "None of these models was tested in them by the boards known here. That says nothing about them."
        )
        return
    figure.show(
        language_charts.by_language(rows, found.model_ids, title="Scores by language"),
        key="c_languages",
        data=rows,
        alt=f"Scores of the models in {', '.join(rows['name'].unique())}, with 90% intervals.",
    )
    st.markdown(
        ":small[:gray[Points on the tasks of each language's main board, bars span 90%. Languages have "
        "different tasks: compare within one language, not across languages. No point: not tested.]]"
    )


def export(found: Comparison) -> None:
    st.download_button(
        "Download as Markdown",
        partial(compared.to_markdown, found, source=board.provenance()),
        file_name="basewise-comparison.md",
        mime="text/markdown",
        key="c_markdown",
        icon=":material/download:",
        on_click="ignore",
    )


def _headed(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.rename(columns=lambda name: plain(own.marked(name)), index=plain)
