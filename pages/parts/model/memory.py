"""Which common cards tune the model with QLoRA."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from core.model_card.kin import tuned_from
from core.model_card.memory import RANK, on_cards
from pages.parts.shell import links, pairs
from pages.parts.shell.note import note
from pages.parts.shell.text import plain

if TYPE_CHECKING:
    from core.model_card import ModelCard

_LENGTH = "m_len"
_FITS = "fits: the whole range does; likely: its middle; unlikely: only its low end; no: not even that."
_LENGTHS = ("256", "512", "1024", "2048", "4096", "8192")


def checks() -> dict[str, links.Check]:
    return {_LENGTH: links.one_of(*_LENGTHS)}


@st.fragment
def show(card: ModelCard) -> None:
    st.subheader("Memory on common cards", anchor=False)
    chosen = st.select_slider(
        "Longest example (tokens)", _LENGTHS, "1024", key=_LENGTH, bind="query-params",
        help="Prompt and answer together.",
    )  # fmt: skip
    found = on_cards(card, length=int(str(chosen)), bases=tuned_from(card, pairs.current()))
    if found.estimate is None:
        st.markdown(f"How much memory it needs is not known. {plain(found.caveat)}")
        return
    estimate = found.estimate
    st.markdown(
        f"QLoRA needs **{estimate.total_gb:.1f} GB** ({estimate.low_gb:.1f}–{estimate.high_gb:.1f}). "
        "Cheapest listed card that holds the whole range: "
        f"{plain(found.cheapest) if found.cheapest else 'none'}."
    )
    st.dataframe(
        found.cards.drop(columns=["usable_gb", "note"]),
        key="m_cards",
        hide_index=True,
        alt="What fits on each card",
        column_config={
            "card": st.column_config.TextColumn("Card", width=170),
            "verdict": st.column_config.TextColumn("Fits", width=66, help=_FITS),
            "longest_safe": st.column_config.NumberColumn(
                "Longest, safe", format="%d", help="Tokens of the longest example whose whole range fits."
            ),
            "longest_likely": st.column_config.NumberColumn(
                "Longest, likely",
                format="%d",
                help="Tokens of the longest example whose middle estimate fits.",
            ),
        },
    )
    note(
        f"One example per step, rank {RANK} on the attention layers, plain Hugging Face; {found.basis}. "
        f"{plain(found.caveat)} Other settings: on the Decide page."
    )
