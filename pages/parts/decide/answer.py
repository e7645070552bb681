"""The answer in words: who, how firmly, why, and what speaks against it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import streamlit as st

from pages.parts.shell.text import plain

if TYPE_CHECKING:
    import pandas as pd

    from core.decision.rank import Decision

_ICONS: Final = {
    "clear": ":material/check_circle:",
    "likely": ":material/trending_up:",
    "draw": ":material/balance:",
    "only": ":material/looks_one:",
    "tie": ":material/drag_handle:",
    "none": ":material/block:",
}
_PLACES: Final = {1: "First", 2: "Runner-up", 3: "Third"}


def show(decision: Decision) -> None:
    st.subheader(f"{_ICONS[decision.firmness]} {plain(decision.verdict)}", anchor=False)
    if decision.firmness == "none":
        _nothing(decision)
        return
    if decision.firmness != "tie":
        _places(decision)
        lines = [plain(reason) for reason in decision.reasons[1:]]
        if decision.weakest:
            lines.append(f"**Weakest point.** {plain(decision.weakest)}")
        if smallest := nearest_flip(decision.flips):
            lines.append(f"**Smallest change that turns it.** {plain(smallest)}")
        st.markdown("\n".join(f"- {line}" for line in lines))
    notes(decision)


def nearest_flip(flips: pd.DataFrame) -> str:
    """The sentence of the smallest change of a weight; "" if none changes the first place."""
    found = flips.loc[flips["smallest"].astype(bool), "sentence"] if len(flips) else []
    return str(found.iloc[0]) if len(found) else ""


def notes(decision: Decision) -> None:
    """What the reader must know: what contradicts itself stands out, what is unknown can be opened."""
    problems = decision.task.problems()
    for line in problems:
        st.warning(plain(line))
    rest = [line for line in decision.notes if line not in problems]
    if rest:
        with st.expander(f"What isn't known ({len(rest)})", icon=":material/help:"):
            st.markdown("\n".join(f"- {plain(line)}" for line in rest))


def _places(decision: Decision) -> None:
    leaders = decision.ranking.head(3)
    cells = st.columns(len(leaders))
    for cell, (place, row) in zip(cells, enumerate(leaders.to_dict("records"), start=1), strict=True):
        with cell, st.container(border=True):
            st.markdown(f":small[{_PLACES[place]}]  \n**{plain(str(row['model_id']).rsplit('/', 1)[-1])}**")
            st.markdown(
                f":small[{row['score']:.1f} points · first in {row['p_first']:.0%} of draws · "
                f"rank {row['rank_low']:.0f} to {row['rank_high']:.0f}]"
            )


def _nothing(decision: Decision) -> None:
    st.markdown("Nothing you entered is lost. What keeps models out:")
    for reason in decision.reasons[:4]:
        st.markdown(f"- {plain(reason)}")
    notes(decision)
