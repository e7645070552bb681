"""The candidates by the reader's languages."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from core.charts.languages import by_language
from core.decision import language_figures
from core.decision.wording import language_names
from pages.parts.shell import download, figure
from pages.parts.shell.text import plain

if TYPE_CHECKING:
    from core.decision.rank import Decision

# Candidates drawn: so many, and so many more of each language that hardly any of these was tested in.
_SHOWN, _OF_EACH = 12, 3


def show(decision: Decision) -> None:
    task = decision.task
    if not task.languages:
        st.markdown(
            "The six benchmarks are English. Choose languages above to see how bases do in them, and to let "
            "that count."
        )
        return
    ranked = decision.ranking["model_id"].tolist()
    rows = language_figures.by_language(ranked, task.languages)
    known = set(rows["model_id"])
    tested = [name for name in ranked if name in known]
    spoken = plain(" or ".join(language_names(task)))
    each = ", ".join(f"{plain(str(name))} {count}" for name, count in rows["name"].value_counts().items())
    if not tested:
        st.markdown(f"No candidate was tested in {spoken}, as far as is known.")
        return
    in_order = rows.sort_values("model_id", key=lambda names: names.map(ranked.index), kind="stable")
    firsts = set(in_order.groupby("name")["model_id"].head(_OF_EACH))
    shown = [name for name in tested if name in firsts.union(tested[:_SHOWN])]
    drawn = rows[rows["model_id"].isin(shown)]
    figure.show(
        by_language(
            drawn,
            shown,
            title=f"{len(tested)} of {len(ranked)} candidates were tested in {spoken}",
            names=decision.names,
        ),
        key="decide_languages",
        data=drawn,
        alt="Score with its 90% interval of the leading tested candidates in each language chosen.",
    )
    st.markdown(
        f":small[{len(shown)} of those tested ({each}), in the ranking's order: its first {_SHOWN}, and the "
        f"first {_OF_EACH} of each language. Tasks differ between languages: compare bases within one "
        "language, not one base's languages. A base tested in none of them counts as typical, neither ahead "
        "nor behind.]"
    )
    download.table(rows, name="basewise-languages", key="decide_languages_file", parquet=False)
