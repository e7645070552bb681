"""The live board: what the check does, what it found, and which board to work on."""

from __future__ import annotations

import streamlit as st

from core.board import snapshot
from core.errors import DataError
from pages.parts.shell import board, live
from pages.parts.shell.note import note
from pages.parts.shell.text import plain

_STATES = {
    "updated": "The Hub's table was downloaded and checked.",
    "unchanged": "The Hub's table has not changed since it was fetched.",
    "stopped": "The check was stopped.",
}


def show() -> None:
    st.markdown(
        "The embedded board is the leaderboard's final state. The Hub still serves the table: a check asks "
        "for its revision, downloads it if it changed, examines every row and only then offers it. A check "
        "that fails changes nothing."
    )
    if live.watch().running:
        _running()
    else:
        _ended()
    _choice()


@st.fragment(run_every=0.7)
def _running() -> None:
    status = live.watch().status
    if not live.watch().running:
        st.rerun()
    share = status.share if status.share is not None else 0.0
    st.progress(min(max(share, 0.0), 1.0), text=f"{status.step} …")
    st.button("Stop the check", key="x_stop", icon=":material/stop_circle:", on_click=live.watch().stop)
    note("You can go on working meanwhile; nothing on the other pages waits for it.")


def _ended() -> None:
    status = live.watch().status
    if status.state == "failed":
        st.error(f"{plain(status.cause)} {plain(status.remedy)}", icon=":material/cloud_off:")
        st.markdown(_in_use())
    elif status.state in _STATES:
        (st.info if status.state == "stopped" else st.success)(f"{_STATES[status.state]} {_in_use()}")
    elif live.wanted():
        st.info("The first check begins a few seconds after the app has started.")
    else:
        st.info("Automatic checks are off (BASEWISE_LIVE or HF_HUB_OFFLINE). " + _in_use())
    if status.note:
        st.warning(plain(status.note))
    st.button("Check the Hub now", key="x_check", icon=":material/sync:", type="primary", on_click=_check)
    if problem := st.session_state.pop("x_check_problem", None):
        st.error(problem)


def _check() -> None:
    try:
        live.watch().start(live.access())
    except DataError as problem:
        st.session_state["x_check_problem"] = plain(str(problem))


def _in_use() -> str:
    found = live.watch().board
    if found is None:
        return f"The embedded board of {snapshot.manifest()['board']['date']} is in use."
    return f"Last good copy: {plain(found.describe())}"


def _choice() -> None:
    found = live.watch().board
    st.subheader("The board to work on", anchor=False)
    if found is None:
        note("The live board can be chosen once a check has succeeded.")
    labels = {
        board.SNAPSHOT: f"Embedded, final state of {snapshot.manifest()['board']['date']}",
        board.LIVE: "Live from the Hub",
    }
    current = board.choice()
    picked = st.radio(
        "The board to work on",
        options=list(labels),
        format_func=labels.__getitem__,
        index=list(labels).index(current),
        captions=["Comes with the app and never changes", _difference()],
        disabled=found is None and current == board.SNAPSHOT,
        label_visibility="collapsed",
        help="Applies to every page and is kept in the link.",
    )
    if picked != current:
        board.choose(picked)
        st.rerun()


def _difference() -> str:
    found = live.watch().board
    if found is None:
        return "Not there yet"
    new, gone = board.live_difference(found.manifest.sha256, found.frame)
    if not new and not gone:
        return f"{len(found.frame):,} rows, the same as the embedded ones"
    return f"{len(found.frame):,} rows: {new:,} new or changed, {gone:,} gone"
