"""Community Evals of the models added, and what a benchmark's own leaderboard on the Hub says."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import streamlit as st

from core.errors import DataError
from core.hub import evals as hub_evals
from pages.parts.shell import board, evals_table, hub_token, workspace
from pages.parts.shell.note import note
from pages.parts.shell.text import plain
from pages.parts.shell.waiting import wait_for

if TYPE_CHECKING:
    import pandas as pd

    from core.hub.client import HubAccess
    from pages.parts.shell.waiting import Progress

_PROBLEM = "x_benchmark_problem"
_WANTED = "x_benchmark_wanted"
_READ = "x_benchmark_read"


def show() -> None:
    found = board.community_evals()
    st.subheader("Community Evals", anchor=False)
    if found.empty:
        note(
            "None yet. They come with a model looked up above if one is filed for it, or from a "
            "benchmark's own leaderboard below."
        )
    else:
        evals_table.show(found, key="x_evals")
    with st.form("x_benchmark_form", border=True):
        st.text_input(
            "Benchmark: its data set on the Hub",
            key="x_benchmark",
            max_chars=200,
            placeholder="openai/gsm8k",
            help="As in the address of its page on the Hub, which keeps a leaderboard of the results filed "
            "for it and says whether it verified each.",
        )
        st.form_submit_button("Read its leaderboard", icon=":material/leaderboard:", on_click=_ask_for)
    if _WANTED in st.session_state:
        _read()
        st.rerun()
    if problem := st.session_state.get(_PROBLEM):
        st.error(problem, icon=":material/error:")
    elif said := st.session_state.get(_READ):
        note(said)
    for benchmark in hub_evals.benchmarks_read(found):
        st.button(
            f"Remove what the leaderboard of {plain(benchmark)} said",
            key=f"x_benchmark_drop_{benchmark}",
            icon=":material/delete:",
            on_click=_remove,
            args=(benchmark,),
        )


def _ask_for() -> None:
    st.session_state.pop(_PROBLEM, None)
    st.session_state.pop(_READ, None)
    st.session_state[_WANTED] = str(st.session_state.get("x_benchmark", ""))


def _stopped() -> None:
    st.session_state.pop(_WANTED, None)
    st.session_state[_PROBLEM] = "You stopped it; nothing was added."


def _ask(dataset_id: str, access: HubAccess, progress: Progress) -> pd.DataFrame:
    return hub_evals.read_benchmark(dataset_id, access, cancel=progress.cancel)


def _read() -> None:
    """The benchmark last asked for. It stays wanted until it was read, refused or stopped."""
    dataset_id = st.session_state[_WANTED]
    try:
        entries = wait_for(
            partial(_ask, dataset_id, hub_token.access()),
            said=f"Asking the Hub about {plain(dataset_id[:96])}",
            key="x_benchmark_stop",
            on_stop=_stopped,
        )
        known = entries[entries["model_id"].isin(set(board.current()["model_id"]))]
        if len(known):
            workspace.change(lambda found: found.with_benchmark(known))
        verified = int((known["verified"] == hub_evals.VERIFIED).sum())
        st.session_state[_READ] = plain(
            f"{dataset_id}: {len(entries):,} entries on its leaderboard, {len(known):,} of them for models "
            f"on this board or added by you, {verified:,} of these verified by the Hub."
        )
    except DataError as problem:
        where = f" ({problem.source})" if problem.source else ""
        st.session_state[_PROBLEM] = plain(f"{problem}{where}")
    st.session_state.pop(_WANTED, None)


def _remove(benchmark: str) -> None:
    st.session_state.pop(_READ, None)
    workspace.change(lambda found: found.without_benchmark(benchmark))
