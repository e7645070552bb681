"""What a page answered to the reader's last act: it stays until the next one.

Not only for one run of the page: the browser starts runs of its own, as when a second tab's workspace is
joined with the first one's, and the answer must outlive them.
"""

from __future__ import annotations

from typing import Literal

import streamlit as st

Outcome = Literal["success", "warning", "error"]
_KEY = "last_answer"


def put(place: str, outcome: Outcome, lines: list[str]) -> None:
    """Answer in ``place`` with a first line and, below it, what there is to add."""
    st.session_state[_KEY] = (place, outcome, lines)


def show(place: str) -> None:
    """Draw the answer given in ``place``, if it is the last one."""
    found, outcome, lines = st.session_state.get(_KEY, ("", "success", []))
    if found != place:
        return
    {"success": st.success, "warning": st.warning, "error": st.error}[outcome](lines[0])
    if lines[1:]:
        st.markdown("\n".join(f"- {line}" for line in lines[1:]))


def forget() -> None:
    """The reader went on to something else."""
    st.session_state.pop(_KEY, None)
