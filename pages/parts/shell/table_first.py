"""A chart is sent once the table above it is drawn, which it would keep waiting.

Sent together, the browser draws both at once: on a first visit the charts' script, half of all that it
loads, runs for a second first; on each change the chart's points take longer than the table. So the chart has
a fragment of its own, and a component without a face there asks for it when the table is there. Where
components can't be had, both are sent at once.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Final

import streamlit as st

from pages.parts.shell import private

_HERE: Final = Path(__file__).parent
_KEY, _STATE, _ASKED = "table_first", "table_first_state", "table_first_asked"
# Streamlit's protocol and a token; the third is the session before.
_OF_A_NEW_ONE = 2
_wait = private.component("basewise_table_first", (_HERE / "table_first.js").read_text(encoding="utf-8"))
_say = private.component("basewise_table_state", (_HERE / "table_state.js").read_text(encoding="utf-8"))


def can_tell() -> bool:
    """Whether the browser can say that the table is drawn; without headers there is no browser."""
    return _wait is not None and _say is not None and bool(st.context.headers)


def shows(state: object) -> None:
    """Call it below the table: ``state``'s ``repr`` tells what it shows from all else it may show."""
    digest = hashlib.sha256(repr(state).encode()).hexdigest()[:16]
    st.session_state[_STATE] = digest
    if _say is not None:
        _say(key=_STATE + "_said", data={"table": digest})


def drawn(table: str) -> bool:
    """Whether the chart is to be sent in this run: always but in a session's first run of the page.

    Call it in a fragment that the table isn't in, which it runs anew once the table shows something else.

    Args:
        table: key of the container round the table.
    """
    if not can_tell() or _wait is None:
        return True
    first = not (_is_back() or st.session_state.get(_ASKED))
    st.session_state[_ASKED] = True
    chart = "" if first else st.session_state.get(_STATE, "")
    _wait(key=_KEY, data={"table": table, "chart": chart}, on_drawn_change=_run_again)
    return not first


def _is_back() -> bool:
    """Whether the browser was cut off and is here again, chart and all: it names its old session then."""
    return len(st.context.headers.get("Sec-WebSocket-Protocol", "").split(",")) > _OF_A_NEW_ONE


def _run_again() -> None:
    """A component's trigger needs someone to hear it; the run it causes is all that is wanted."""
