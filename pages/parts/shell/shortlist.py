"""The reader's candidates: kept in the session and in the address, shown beside every page."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import streamlit as st

from pages.parts.shell import board, field, private
from pages.parts.shell.text import plain

if TYPE_CHECKING:
    from collections.abc import Iterable

LIMIT = 12
PARAM = "pick"
_KEY = "shortlist"
_DROPPED = "shortlist_dropped"
_MODEL_ID = re.compile(r"[\w.\-]{1,96}(/[\w.\-]{1,96})?")


def current() -> list[str]:
    """Model ids, in the order in which they were picked."""
    return list(st.session_state.get(_KEY, []))


def add(model_ids: Iterable[str]) -> None:
    _set([*current(), *model_ids])


def remove(model_id: str) -> None:
    _set(other for other in current() if other != model_id)


def clear() -> None:
    _set(())


def link_params() -> dict[str, list[str]]:
    """What a link to another page must carry."""
    picks = current()
    return {name: [value] for name, value in field.link_params().items()} | ({PARAM: picks} if picks else {})


def read_link() -> None:
    """Take over what a link names, below what the shortlist holds already; the address then follows.

    Back and Forward bring old addresses, not new wishes: there the session leads.
    """
    asked = st.query_params.get_all(PARAM)
    held = current()
    first = _KEY not in st.session_state
    if first or (asked and asked != held and not private.is_history_navigation()):
        new = [name for name in asked if name not in held]
        good = _on_board([name for name in new if _MODEL_ID.fullmatch(name)])
        st.session_state[_DROPPED] = [name[:80] for name in new if name not in good]
        _set([*held, *good])
    _write_link()


def report_dropped() -> None:
    """Say which names of the link could not be used."""
    if dropped := st.session_state.pop(_DROPPED, None):
        names = ", ".join(plain(name) for name in dropped[:5])
        st.warning(f"This link also named models that are not on the board, left out here: {names}.")


def _on_board(names: list[str]) -> list[str]:
    # Most readers come without a shortlist, and going through the board takes longer than all else here.
    known = set(board.current()["model_id"]) if names else set()
    return [name for name in names if name in known]


def _set(model_ids: Iterable[str]) -> None:
    st.session_state[_KEY] = list(dict.fromkeys(model_ids))[:LIMIT]
    _write_link()


def _write_link() -> None:
    # Written only where it differs: what is sent is the whole address as this run began, and it would undo
    # what the reader has changed since.
    picks = current()
    if picks == st.query_params.get_all(PARAM):
        return
    if picks:
        st.query_params[PARAM] = picks
    else:
        del st.query_params[PARAM]
