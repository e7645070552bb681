"""Which common cards tune the model with QLoRA."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from core.memory.gpus import PRICES_NOTE
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
        + (
            f"The cheapest card per hour that holds the whole range: {plain(found.cheapest.label)} "
            f"({plain(_price(found.cheapest.price_low, found.cheapest.price_high))})."
            if found.cheapest
            else "No card listed here holds the whole range."
        )
    )
    prices = zip(found.cards["price_low"], found.cards["price_high"], strict=True)
    st.dataframe(
        found.cards.assign(price=[_price(low, high) for low, high in prices])[
            ["card", "verdict", "price", "longest_safe", "longest_likely", "note"]
        ],
        key="m_cards",
        hide_index=True,
        alt="What fits on each card",
        column_config={
            "card": st.column_config.TextColumn("Card", width=150),
            "verdict": st.column_config.TextColumn("Fits", width=56, help=_FITS),
            "price": st.column_config.TextColumn(
                "Price per hour", width=92, help="US dollars, from the cheapest offer to the dearest"
            ),
            "longest_safe": st.column_config.NumberColumn(
                "Longest, safe",
                format="%d",
                width=82,
                help="Tokens of the longest example whose whole range fits.",
            ),
            "longest_likely": st.column_config.NumberColumn(
                "Longest, likely",
                format="%d",
                width=88,
                help="Tokens of the longest example whose middle estimate fits.",
            ),
            "note": st.column_config.TextColumn("Remarks", width=150),
        },
    )
    note(
        f"One example per step, rank {RANK} on the attention layers, plain Hugging Face; {found.basis}. "
        f"{plain(found.caveat)} Cards are in the order of the middle of their prices. {plain(PRICES_NOTE)} "
        "Other settings: on the Decide page."
    )


def _price(low: float, high: float) -> str:
    return f"${low:.2f}–{high:.2f}"
