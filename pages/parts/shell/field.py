"""Which bases the session works on: today's field, or the board as it was."""

from __future__ import annotations

from typing import Final

import streamlit as st

PARAM: Final = "field"
TODAY: Final = "today"
BOARD: Final = "board"
_CHOICE: Final = "field_choice"
_SWITCH: Final = "field_switch"
_LABELS: Final = {TODAY: "Today’s bases", BOARD: "Board of March 2025"}


def choice() -> str:
    """``"today"`` or ``"board"``, as chosen in any page's header or by a link."""
    if _CHOICE not in st.session_state:
        st.session_state[_CHOICE] = BOARD if st.query_params.get(PARAM) == BOARD else TODAY
    return str(st.session_state[_CHOICE])


def choose(which: str) -> None:
    """Show today's field or the board from the next run on."""
    st.session_state[_CHOICE] = BOARD if which == BOARD else TODAY


def is_today() -> bool:
    return choice() == TODAY


def link_params() -> dict[str, str]:
    """What a link to another page must carry."""
    return {} if is_today() else {PARAM: BOARD}


def take_from_link() -> None:
    """A link to another page that names the board opens it there, whatever was chosen before.

    Call it once a page changes: while a page stays, its switch leads and the address follows.
    """
    if st.query_params.get(PARAM) == BOARD:
        st.session_state[_CHOICE] = BOARD


def follow_address() -> None:
    """Let the address say what is shown; today's field, the default, needs no words."""
    if is_today():
        if PARAM in st.query_params:
            del st.query_params[PARAM]
    elif st.query_params.get(PARAM) != BOARD:
        st.query_params[PARAM] = BOARD


def switch() -> None:
    """The control in the header of pages that work on the field."""
    st.session_state[_SWITCH] = _LABELS[choice()]
    st.segmented_control(
        "Bases shown",
        list(_LABELS.values()),
        key=_SWITCH,
        required=True,
        label_visibility="collapsed",
        on_change=_switched,
        help="Today’s bases: measured ones and those placed on the board’s scale from published tables. "
        "Board of March 2025: the Open LLM Leaderboard in its final state and a later study of nine bases; "
        "everything is measured.",
    )


def _switched() -> None:
    chosen = st.session_state[_SWITCH]
    st.session_state[_CHOICE] = next(key for key, label in _LABELS.items() if label == chosen)
