"""The remaining facts, and every source."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from core.model_card.references import link_of
from pages.parts.shell.note import note
from pages.parts.shell.text import plain

if TYPE_CHECKING:
    from core.model_card import ModelCard

_UNKNOWN = "unknown"


def show(card: ModelCard) -> None:
    known = card.known
    st.subheader("Facts and sources", anchor=False)
    facts = {
        "Kind": f"{known.kind} ({known.kind_evidence})" if known.kind and known.kind_evidence else known.kind,
        "Blocks": ", ".join(known.layer_kinds),
        "Takes in": ", ".join(known.modality),
        "Class in transformers": known.architecture,
        "Continued from": known.continued_from,
        "Asks for consent": {True: "yes", False: "no", None: None}[known.gated],
        "Remark": known.note,
        "Read from the Hub": known.read and f"{known.read.replace('T', ' ')} UTC",
    }
    table = pd.DataFrame(
        {"Fact": list(facts), "Value": [plain(value) if value else _UNKNOWN for value in facts.values()]}
    )
    hidden = {"Continued from", "Remark", "Read from the Hub"}
    shown = table[~(table["Fact"].isin(hidden) & (table["Value"] == _UNKNOWN))]
    st.table(shown.set_index("Fact"), alt=f"Facts about {card.model_id}")
    for line in card.added.notes if card.added else ():
        note(plain(line))
    if known.sources:
        lines = []
        for source in known.sources:
            link = link_of(source)
            lines.append(f"- [{plain(source)}]({link})" if link else f"- {plain(source)}")
        st.markdown("Sources of the catalogue's facts:\n" + "\n".join(lines))
    elif card.run is not None:
        note("These facts come from the board, which read them in the publisher's repository.")
