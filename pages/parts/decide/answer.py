"""The answer in words: who, how firmly, why, and what speaks against it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import streamlit as st

from core.decision.explain import few_left, formula
from core.decision.wording import untested_languages
from core.handoff.record_opening import readiness_line
from pages.parts.decide import apply, then_and_now
from pages.parts.decide.pilot import is_updated
from pages.parts.shell import fold, own, shortlist
from pages.parts.shell.model_link import model_link
from pages.parts.shell.text import plain

if TYPE_CHECKING:
    import pandas as pd

    from core.decision.rank import Decision

_ICONS: Final = {
    "clear": ":material/check_circle:",
    "likely": ":material/trending_up:",
    "open": ":material/unfold_more:",
    "tie": ":material/balance:",
    "only": ":material/looks_one:",
    "unweighted": ":material/drag_handle:",
    "none": ":material/block:",
}
_EVIDENCE: Final = {"placed": "placed", "size only": "placed by size"}
_PLACES: Final = {1: "First", 2: "Runner-up", 3: "Third"}


def show(decision: Decision) -> None:
    st.subheader(f"{_ICONS[decision.firmness]} {plain(decision.verdict)}", anchor=False)
    if decision.firmness == "none":
        _nothing(decision)
        return
    if few := few_left(decision):
        st.info(plain(few), icon=":material/filter_alt:")
    if untested := _untested(decision):
        st.info(plain(untested), icon=":material/translate:")
    if decision.firmness != "unweighted":
        with st.container(key="decide_places"):
            _places(decision)
        if (smallest := nearest_flip(decision.flips)) is not None:
            said = plain(str(smallest["sentence"]))
            said = f"**Smallest change that would flip the result.** {said}"
            apply.row(said, smallest, decision, "decide_try_smallest")
        # The first sentence repeats what stands above, unless a pilot has put its own there.
        lines = [plain(reason) for reason in decision.reasons[0 if is_updated(decision) else 1 :]]
        if decision.weakest:
            lines.append(f"**Weakest point.** {plain(decision.weakest)}")
        if "stops" in decision.ranking:
            known = readiness_line(decision.ranking.iloc[0].to_dict())
            lines.append(f"**Before training it.** {plain(known[:1].upper() + known[1:])}.")
        if lines:
            with fold.on_phone("decide_reasons", f"Why, and the weakest point ({len(lines)})"):
                st.markdown("\n".join(f"- {line}" for line in lines))
    then_and_now.show(decision)
    notes(decision)


def nearest_flip(flips: pd.DataFrame) -> dict[str, Any] | None:
    """The smallest change of a weight that changes the first place; None if there is none."""
    found = flips[flips["smallest"].astype(bool)].to_dict("records") if len(flips) else []
    return {str(key): value for key, value in found[0].items()} if found else None


def notes(decision: Decision) -> None:
    """What the reader must know: what contradicts itself stands out, what is unknown can be opened."""
    problems = decision.task.problems()
    for line in problems:
        st.warning(plain(line))
    # What stands beside the verdict isn't said twice.
    said = {*problems, _untested(decision)}
    rest = [line for line in decision.notes if line not in said]
    if rest:
        with st.expander(f"Missing data ({len(rest)})", icon=":material/help:"):
            st.markdown("\n".join(f"- {plain(line)}" for line in rest))


def _untested(decision: Decision) -> str:
    return untested_languages(decision.ranking["model_id"].tolist(), decision.task)


def _places(decision: Decision) -> None:
    leaders = decision.ranking.head(3)
    names = decision.names
    picked = set(shortlist.current())
    cells = st.columns(len(leaders))
    for cell, (place, row) in zip(cells, enumerate(leaders.to_dict("records"), start=1), strict=True):
        name = str(row["model_id"])
        marks = [
            _EVIDENCE.get(str(row.get("evidence")), ""),
            "on your shortlist" if name in picked else "",
            *own.column([name]),
        ]
        beside = "".join(f" · {mark}" for mark in marks if mark)
        with cell, st.container(border=True, key=f"decide_place_{place}"):
            st.markdown(f":small[{_PLACES[place]}{beside}]")
            model_link(name, label=names[name], where=f"place{place}")
            ahead = f" · ahead of the first in {row['beats_first']:.0%}" if place > 1 else ""
            st.markdown(
                f":small[{row['score']:.1f} points · first in {row['p_first']:.0%} of draws{ahead} · "
                f"rank {row['rank_low']:.0f} to {row['rank_high']:.0f}]",
                help=plain(formula(decision, name)),
            )


def _nothing(decision: Decision) -> None:
    st.markdown("Nothing you entered is lost. What keeps models out:")
    for reason in decision.reasons[:4]:
        st.markdown(f"- {plain(reason)}")
    notes(decision)
