"""Decide: the question, the answer with its reasons, and what would change it."""

import streamlit as st

from core.errors import DataError
from pages.parts import (
    decide_answer,
    decide_data,
    decide_form,
    decide_memory,
    decide_notebook,
    decide_record,
    decide_views,
    gestures,
    links,
)
from pages.parts.frame import open_page

open_page("pages/decide.py")
links.report_dropped("pages/decide.py", decide_form.checks() | decide_views.checks() | decide_memory.checks())

_ANSWERED = "decide_answered"
# Pixels, about what an answer takes beside the weights.
_ROOM = 480


@st.fragment
def decide() -> None:
    """Question and answer in one, so that a change touches nothing else on the page."""
    fields = decide_form.show_task()
    answer, weights = st.columns([2.6, 1], gap="medium")
    if not st.session_state.get(_ANSWERED):
        # On a phone the weights come below the answer; they are not to stand in its place first.
        answer = answer.empty()
        answer.space(_ROOM)
    with weights:
        fields |= decide_form.show_weights(fields)
    task = decide_form.to_task(fields)
    try:
        decision = decide_data.decision(task)
    except DataError as error:
        answer.error(str(error))
        return
    st.session_state[_ANSWERED] = True
    with answer.container():
        decide_record.report(decision)
        decide_answer.show(decision)
    view = decide_views.choose()
    ranked = decision.ranking["model_id"].tolist()
    if view == "record":
        decide_record.show(decision)
        decide_notebook.show(decision)
    elif view == "fit":
        decide_memory.show(ranked, task)
        decide_notebook.show(decision)
    elif view == "out":
        decide_views.ruled_out(decision)
    elif decision.ranking.empty:
        st.markdown("There is nothing to draw until a model is left.")
    elif view == "memory":
        decide_views.memory(decision)
    elif view == "points":
        decide_views.points(decision)
    elif view == "flips":
        decide_views.flips(decision)
    else:
        decide_views.ranks(decision)


decide()
gestures.listen()
