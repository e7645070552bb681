"""How the model's tokenizer cuts numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import streamlit as st

from core.tokenizers import facts
from pages.parts.shell import shortlist
from pages.parts.shell.note import note
from pages.parts.shell.text import plain

if TYPE_CHECKING:
    from core.model_card import ModelCard

_HOW: Final = {
    "per digit": "digit by digit",
    "threes from the left": "into threes from the left (1234 is 123 4)",
    "threes from the right": "into threes from the right (1234 is 1 234)",
    "irregular": "without a rule",
}


def show(card: ModelCard) -> None:
    st.subheader("Tokenizer", anchor=False)
    found = facts.for_model(card.model_id)
    if found is None:
        mapping = facts.mapping_for(card.model_id)
        st.markdown(plain(mapping.evidence if mapping and mapping.evidence else facts.NOT_COMPUTED))
    else:
        st.markdown(
            f"**{plain(found.label)}**, {found.vocab_size:,} tokens. Numbers are cut "
            f"{plain(_HOW[found.grouping])}. Of 0 to 999, {_share(found.single_token_count)} one token each "
            f"when bare, {_share(found.single_in_price)} in “Price is \\$N.00”."
        )
        certain = "" if found.basis == "publisher" else " Only probable: its base's tokenizer."
        note(f"{plain(found.evidence)}{certain} Figures of {plain(found.date)}.")
    st.page_link(
        "pages/tokenizers.py", label="Numbers and text on the Tokenizers page", icon=":material/data_array:",
        query_params=shortlist.link_params() or None,
    )  # fmt: skip


def _share(count: int) -> str:
    return "all are" if count == 1000 else f"{count} are"
