"""Base or instruct variant for this reader: one answer with its reasons, never stronger than they are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pandas as pd
import streamlit as st

from core.catalogue import load_catalogue
from core.readiness.base_or_instruct import advise
from pages.parts.decide import settings
from pages.parts.shell import pairs
from pages.parts.shell.text import plain

if TYPE_CHECKING:
    from core.decision.rank import Decision
    from core.readiness.base_or_instruct import Advice

_SIDES: Final = {"base": "for the base", "instruct": "for the instruct variant", "neither": "to know"}


def show(decision: Decision) -> None:
    left, right = st.columns([2, 1], vertical_alignment="bottom")
    ranked = decision.ranking["model_id"].head(20).tolist()
    base = left.selectbox("Base", ranked, key="decide_instruct_of")
    chat = right.toggle(
        "Must hold a conversation",
        key="d_chat",
        bind="query-params",
        help="Several turns with a person, rather than one answer to one input.",
    )
    row = decision.ranking[decision.ranking["model_id"] == base].iloc[0]
    found = advise(
        str(base),
        variant_of(str(base), row.get("instruct_id")),
        examples=settings.examples(),
        output=decision.task.output,
        chat=bool(chat),
        to_sell=decision.task.sold_in_eu,
        base_licence="" if pd.isna(row["license"]) else str(row["license"]),
    )
    st.markdown(f"**{plain(found.answer)}**")
    _reasons(found)
    if found.graft:
        st.markdown(f"**A third way.** {plain(found.graft)}")
    if found.schools:
        with st.expander("What both schools say, in their own words", icon=":material/format_quote:"):
            for quote in found.schools:
                st.markdown(
                    f"- {plain(quote.who)}, {_SIDES[quote.side]}: “{plain(quote.words)}” "
                    f"([source]({quote.source}), read {plain(quote.read)})"
                )


def variant_of(base: str, on_board: object = None) -> str | None:
    """The publisher's instruct variant of a base: the board's, else the catalogue's; None if unknown."""
    if isinstance(on_board, str) and on_board:
        return on_board
    found = pairs.current()
    own = found[(found["base_id"] == base) & (found["relation"] == "official_instruct")]
    if len(own):
        return str(own["variant_id"].iloc[0])
    listed = load_catalogue()
    listed = listed.loc[listed["model_id"] == base, "instruct_variants"].dropna()
    return str(listed.iloc[0]).split("|")[0] if len(listed) else None


def _reasons(found: Advice) -> None:
    lines = []
    for reason in found.reasons:
        line = f"- *{_SIDES[reason.side].capitalize()}.* {plain(reason.what)}"
        if reason.weakness:
            line += f" :gray[Weak: {plain(reason.weakness)}]"
        if reason.source.startswith("https://"):
            line += f" ([source]({reason.source}), {plain(reason.date)})"
        lines.append(line)
    st.markdown("\n".join(lines))
