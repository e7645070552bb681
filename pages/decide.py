"""Decide: the question, the answer with its reasons, and what would change it."""

import streamlit as st

from core.decision.size_counts import candidates_by_size
from core.errors import DataError
from pages.parts.decide import answer as decide_answer
from pages.parts.decide import (
    base_or_instruct,
    data,
    form,
    languages,
    memory,
    notebook,
    pilot,
    pilot_view,
    record,
    values,
    views,
)
from pages.parts.shell import gestures, links, live_count
from pages.parts.shell.frame import open_page

open_page("pages/decide.py")
values.translate_retired_link()
links.report_dropped("pages/decide.py", values.checks() | views.checks())

_ANSWERED = "decide_answered"
# Pixels, about what an answer takes beside the weights.
_ROOM = 480


@st.fragment
def decide() -> None:
    """Question and answer in one, so that a change touches nothing else on the page."""
    controls = form.Form()
    controls.show_task()
    answer, weights = st.columns([2.6, 1], gap="medium")
    if not st.session_state.get(_ANSWERED):
        # On a phone the weights come below the answer; they are not to stand in its place first.
        answer = answer.empty()
        answer.space(_ROOM)
    with weights:
        controls.show_weights()
    task = controls.task()
    try:
        decision = pilot.applied(data.decision(task))
    except DataError as error:
        answer.error(str(error))
        return
    controls.fill_shares(decision.criteria)
    st.session_state[_ANSWERED] = True
    with answer.container():
        record.report(decision)
        pilot.report(decision)
        decide_answer.show(decision)
    live_count.show(candidates_by_size(decision, data.sizes()), slider="d_size", what="candidates")
    view = views.choose()
    ranked = decision.ranking["model_id"].tolist()
    if view == "record":
        record.show(decision)
        notebook.show(decision)
    elif view == "fit":
        memory.show(ranked, task)
        notebook.show(decision)
    elif view == "out":
        views.ruled_out(decision)
    elif decision.ranking.empty:
        st.markdown("No model is left, so there is nothing to show.")
    elif view == "memory":
        views.memory(decision)
    elif view == "points":
        views.points(decision)
    elif view == "flips":
        views.flips(decision)
    elif view == "languages":
        languages.show(decision)
    elif view == "pilot":
        pilot_view.show(decision)
    elif view == "instruct":
        base_or_instruct.show(decision)
    else:
        views.ranks(decision)


decide()
gestures.listen()
