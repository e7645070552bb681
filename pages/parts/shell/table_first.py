"""On a session's first visit the chart is sent once the table is drawn, whose script it would keep waiting.

The charts' script is half of all that a first visit loads, and runs for a second; sent together, chart and
table came together. A component without a face says when the table is there. From then on, and where the
component can't be had, both are sent at once.
"""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from pages.parts.shell import private

_KEY, _DRAWN = "table_first", "table_was_drawn"
_SCRIPT = Path(__file__).with_suffix(".js")
_wait = private.component("basewise_table_first", _SCRIPT.read_text(encoding="utf-8"))


def drawn(table: str) -> bool:
    """Whether a chart can be sent; if not, the page or fragment runs again when the table is there.

    Args:
        table: key of the container round the table.
    """
    if _wait is None or st.session_state.get(_DRAWN) or not st.context.headers:
        # Without headers there is no browser that could tell.
        st.session_state[_DRAWN] = True
        return True
    _wait(key=_KEY, data={"table": table}, on_drawn_change=_told)
    return False


def _told() -> None:
    st.session_state[_DRAWN] = True
