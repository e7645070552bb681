"""The licence in words, and what it asks of a tuned model that is passed on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from core import licences
from core.model_card.references import link_of
from core.readiness import licence_terms
from pages.parts.shell.note import note
from pages.parts.shell.text import plain

if TYPE_CHECKING:
    from core.licences import Licence
    from core.model_card import ModelCard


def show(card: ModelCard) -> None:
    key = card.known.licence
    licence = licences.by_key(key)
    st.subheader("Licence", anchor=False)
    if licence is licences.UNKNOWN:
        st.markdown("No licence is stated in the sources read; look it up in the model's repository.")
        return
    name = plain(licence.name)
    shown = f"[{name}]({licence.link})" if licence.link else name
    said = f" (`{key.replace('`', '')[:80]}`)" if key else ""
    st.markdown(f"**{shown}**{said}: {_commerce(licence)}. {plain(licence.note)}")
    _asked(key)
    note("A reading aid, not legal advice: the text in the model's repository decides.")


def _commerce(licence: Licence) -> str:
    if licence.permissive:
        return "commercial use allowed, without terms of use"
    if licence.commercial is None:
        return "whether commercial use is allowed depends on who uses it, or is not known"
    return "commercial use allowed, with terms" if licence.commercial else "no commercial use"


def _asked(key: str | None) -> None:
    terms = licence_terms.terms(key) if key else None
    if terms is None:
        st.markdown("What it asks when a tuned model is passed on was not read.")
        return
    asked = {
        "Its name begins with": terms.name_rule,
        "To include with it": terms.notice,
        "Ask the publisher above": f"{terms.users:,} monthly users" if terms.users else "",
        "Regions": terms.regions,
        "Commerce": terms.commerce,
        "Also binds recipients": terms.passing_on,
    }
    lines = [f"- {label}: {plain(text)}" for label, text in asked.items() if text]
    if lines:
        st.markdown("When a tuned model is passed on, it asks:\n" + "\n".join(lines))
    source = plain(terms.source)
    link = link_of(terms.source)
    note(f"Read {terms.date}: {f'[{source}]({link})' if link else source}")
