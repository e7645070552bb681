"""Evidence: how well any signal, and this tool, would have ordered published results of tuning."""

import streamlit as st

from core.errors import DataError
from pages.parts.shell import gestures, links, shortlist
from pages.parts.shell.frame import open_page
from pages.parts.trust import backtest as trust_backtest
from pages.parts.trust import kinds, pilot, placement, weights

open_page("pages/trust.py")
links.report_dropped("pages/trust.py", trust_backtest.checks() | placement.checks() | pilot.checks())

backtest = trust_backtest.results()
trust_backtest.answer(backtest)
st.page_link(
    "pages/decide.py",
    label="Decide, with weights that rest on this",
    icon=":material/task_alt:",
    query_params=shortlist.link_params() or None,
)


@st.fragment
def study() -> None:
    """One study at a time, so that a change touches nothing else on the page."""
    try:
        trust_backtest.study(backtest)
    except DataError as error:
        st.error(str(error))


@st.fragment
def small_trials() -> None:
    """The pilot's proof."""
    try:
        pilot.show()
    except DataError as error:
        st.error(str(error))


@st.fragment
def placed() -> None:
    """The placement's refits."""
    try:
        placement.show()
    except DataError as error:
        st.error(str(error))


study()
st.subheader("The column that matches your task", anchor=False)
kinds.columns(backtest)
st.subheader("Base or its instruct variant", anchor=False)
kinds.siblings()
st.subheader("A small trial", anchor=False)
small_trials()
st.subheader("Placed bases", anchor=False)
placed()
st.subheader("How the default weights follow", anchor=False)
weights.show(backtest)
st.subheader("What nobody has measured", anchor=False)
weights.limits()
st.subheader("The studies", anchor=False)
trust_backtest.overview(backtest)
st.markdown("To run it on a table of your own, in the columns `base_model, task, metric, direction, after`:")
st.code("python -m core.evidence.backtest FILE...", language="bash")
gestures.listen()
