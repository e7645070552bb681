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
        whole = found.single_token_count == 1000
        count = "every number" if whole else f"{found.single_token_count} of the 1,000 numbers"
        are = "is" if whole else "are"
        st.markdown(
            f"**{plain(found.label)}**, {found.vocab_size:,} tokens. Numbers are cut "
            f"{plain(_HOW[found.grouping])}. Bare, {count} from 0 to 999 {are} one token; in "
            f"“Price is \\$N.00” it is {found.single_in_price:,} of them."
        )
        certain = "" if found.basis == "publisher" else " Probable only: through the base it was made from."
        note(f"{plain(found.evidence)}{certain} Figures of {plain(found.date)}.")
    st.page_link(
        "pages/tokenizers.py", label="Numbers and text on the Tokenizers page", icon=":material/data_array:",
        query_params=shortlist.link_params() or None,
    )  # fmt: skip
