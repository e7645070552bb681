"""On a session's first visit the chart is sent once the table is drawn, whose script it would keep waiting.

The charts' script is half of all that a first visit loads, and runs for a second; sent together, chart and
table came together. A component without a face asks for the chart when the table is there. From then on, and
where the component can't be had, both are sent at once: the browser sends all that changes in one moment in
one request and runs one fragment for it, so that a page which asks by itself on each change would lose the
reader's changes.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import streamlit as st

from pages.parts.shell import private

_KEY, _ROOM = "table_first", "table_first_room"
_LEFT_OUT, _ASKED = "table_first_left_out", "table_first_asked"
# Streamlit's protocol and a token; the third is the session before.
_OF_A_NEW_ONE: Final = 2
_SCRIPT = Path(__file__).with_suffix(".js")
_wait = private.component("basewise_table_first", _SCRIPT.read_text(encoding="utf-8"))


def leaves_out(height: int) -> bool:
    """Whether this run leaves the chart to the next and keeps its room: a session's first run of the page.

    Args:
        height: of the chart in pixels.
    """
    # Without headers there is no browser that could ask.
    first = bool(_wait and st.context.headers) and not (_is_back() or _ASKED in st.session_state)
    st.session_state[_LEFT_OUT] = first
    if first:
        with st.container(key=_ROOM):
            st.skeleton(height=height)
    return first


def ask(table: str) -> None:
    """Have the browser ask for the chart that was left out, once the table is drawn.

    Call it at the end of the fragment that holds all the page's controls: that one is run then, with whatever
    the reader changed in the same moment. At the end, because it draws in one run only, and a fragment below
    it would change its identity with its place, and no longer hear what the browser sends to the old one.

    Args:
        table: key of the container round the table.
    """
    st.session_state[_ASKED] = True
    if _wait is not None and st.session_state.pop(_LEFT_OUT, False):
        _wait(key=_KEY, data={"table": table, "room": _ROOM}, on_drawn_change=_run_again)


def _is_back() -> bool:
    """Whether the browser was cut off and is here again, chart and all: it names its old session then."""
    return len(st.context.headers.get("Sec-WebSocket-Protocol", "").split(",")) > _OF_A_NEW_ONE


def _run_again() -> None:
    """A component's trigger needs someone to hear it; the run it causes is all that is wanted."""
