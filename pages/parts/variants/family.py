"""Variants: the family tree of one base."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from core.charts import variants as charts
from core.ranking.filters import one_run_each
from core.variants import lift
from pages.parts.shell import board, figure, pairs, shortlist
from pages.parts.shell.model_link import model_links
from pages.parts.shell.text import plain
from pages.parts.variants import filters

if TYPE_CHECKING:
    import pandas as pd

_MOST_OPTIONS = 400


def _opening(options: list[str]) -> int:
    """The first base of the shortlist, else the one with most descendants."""
    return next((options.index(model) for model in shortlist.current() if model in options), 0)


def show(bases: pd.DataFrame) -> None:
    """``bases``: rows of the board in view."""
    links = pairs.current()
    tunes = links[links["base_id"].isin(set(bases["model_id"]))]["base_id"].value_counts()
    if tunes.empty:
        st.info("No base in view has a descendant on the board. Widen the size range or clear the search.")
        filters.offer_reset()
        return
    options = tunes.index.tolist()[:_MOST_OPTIONS]
    chosen, action = st.columns([4, 1], vertical_alignment="bottom")
    with chosen:
        base_id = st.selectbox(
            "Base", options, index=_opening(options), key="v_base",
            bind="query-params", help="In view, by the number of models tuned from it.",
        )  # fmt: skip
    if base_id is None:
        return
    with action:
        if st.button(
            "Add to the shortlist", key="v_family_add", icon=":material/playlist_add:", width="stretch",
            disabled=base_id in shortlist.current(),
        ):  # fmt: skip
            shortlist.add([base_id])
            st.rerun()
    everything = board.current()
    tuned = lift.descendants(everything, links, base_id).dropna(subset=["average"])
    base = one_run_each(everything[everything["model_id"] == base_id]).iloc[0]
    left, right = st.columns([3, 2], gap="medium")
    with left:
        figure.show(
            charts.family(base, tuned),
            key="v_tree",
            data=tuned,
            alt=f"{len(tuned)} models tuned from {base_id}, by who tuned them and by average score. "
            f"The best is {tuned.iloc[0]['model_id']}.",
        )
    with right:
        figure.show(
            charts.descendant_scores(base, tuned),
            key="v_descendants",
            data=tuned[["model_id", "relation", "average", "average_se"]],
            alt=f"Scores of the descendants of {base_id}: {charts.descendant_title(base, tuned)}.",
        )
    best = tuned.iloc[0]
    st.markdown(
        f":small[:gray[The best, {plain(str(best['model_id']))}, has {best['average']:.1f} ± "
        f"{best['average_se']:.1f} points. Merges have several parents and are not counted.]]"
    )
    model_links([base_id, str(best["model_id"])], where="family")
