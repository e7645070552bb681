"""Model: what is known of one model, and from where."""

import streamlit as st

from core.errors import DataError
from pages.parts.model import (
    choice,
    empty,
    facts,
    headline,
    kin,
    languages,
    licence,
    memory,
    readiness,
    reports,
    scores,
    tokenizer,
)
from pages.parts.shell import gestures, links
from pages.parts.shell.frame import open_page

open_page("pages/model.py")
links.report_dropped("pages/model.py", choice.checks())
try:
    card = choice.show()
except DataError as error:
    empty.refused(error, choice.asked())
    st.stop()
if card is None:
    empty.nothing_chosen()
elif card.status == "unknown":
    empty.unknown(card)
    readiness.show(card)
else:
    headline.show(card)
    scores.show(card)
    readiness.show(card)
    left, right = st.columns(2, gap="medium")
    with left:
        licence.show(card)
        tokenizer.show(card)
    with right:
        memory.show(card)
    languages.show(card)
    reports.show(card)
    kin.show(card)
    facts.show(card)
gestures.listen()
