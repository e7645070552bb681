"""On a session's first visit the chart is sent once the table is drawn, whose script it would keep waiting.

The charts' script is half of all that a first visit loads, and runs for a second; sent together, chart and
table came together. A component without a face says when the table is there. From then on, and where the
component can't be had, both are sent at once.
"""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from pages.parts.shell import private

_KEY, _ASKED = "table_first", "table_first_asked"
# Streamlit's protocol and a token; the third is the session before.
_OF_A_NEW_ONE = 2
_SCRIPT = Path(__file__).with_suffix(".js")
_wait = private.component("basewise_table_first", _SCRIPT.read_text(encoding="utf-8"))


def drawn(table: str) -> bool:
    """Whether the chart is to be sent: always but in a session's first run of the page.

    That run is followed by another when the table is there, and any other that comes before will do as well.

    Args:
        table: key of the container round the table.
    """
    # Without headers there is no browser that could ask again.
    if _wait is None or not st.context.headers or _is_back() or st.session_state.get(_ASKED):
        return True
    st.session_state[_ASKED] = True
    _wait(key=_KEY, data={"table": table}, on_drawn_change=_run_again)
    return False


def _is_back() -> bool:
    """Whether the browser was cut off and is here again, chart and all: it names its old session then."""
    return len(st.context.headers.get("Sec-WebSocket-Protocol", "").split(",")) > _OF_A_NEW_ONE


def _run_again() -> None:
    """A component's trigger needs someone to hear it; the run it causes is all that is wanted."""
