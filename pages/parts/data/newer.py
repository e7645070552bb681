"""Bases on the Hub that the catalogue lacks: found on request, and added with one click."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Final

import streamlit as st

from core.catalogue import load_catalogue
from core.charts.labels import count
from core.errors import DataError
from core.hub.newer import Newer, find_newer
from pages.parts.shell import board, live, workspace
from pages.parts.shell.note import note
from pages.parts.shell.text import plain
from pages.parts.shell.waiting import wait_for

if TYPE_CHECKING:
    from collections.abc import Callable

    from core.hub.client import HubAccess
    from pages.parts.shell.waiting import Progress

# The catalogue means to hold all public bases from this day on.
SINCE: Final = "2024-12-01"
_WANTED: Final = "x_newer_wanted"
_PROBLEM: Final = "x_newer_problem"


class _Shelf:
    """The last list found, for all readers of this server: it is public and rests on nobody's token."""

    found: Newer | None = None
    read: str = ""


@st.cache_resource(show_spinner=False, ttl="6h", max_entries=1)
def _shelf() -> _Shelf:
    return _Shelf()


def show(add: Callable[[str], None]) -> None:
    """Draw the part. ``add`` is called with the id of a repository to read and take in."""
    st.subheader("Newer than this app", anchor=False)
    st.markdown(
        f"Asks the Hub what the {len(_publishers())} publishers of the catalogue have put up since December "
        "2024, and lists what the app's own rules take for a base and the catalogue lacks."
    )
    if not live.wanted():
        note(
            "Requests to the Hub are off here (BASEWISE_LIVE or HF_HUB_OFFLINE). Add a base by hand below "
            "instead: its figures are placed like all others."
        )
    if _WANTED in st.session_state:
        _search()
        st.rerun()
    if problem := st.session_state.get(_PROBLEM):
        st.error(problem, icon=":material/cloud_off:")
    shelf = _shelf()
    st.button(
        "Look again" if shelf.found else "Look for newer bases",
        key="x_newer",
        icon=":material/travel_explore:",
        on_click=_want,
    )
    if shelf.found is not None:
        _listed(shelf, add)


def _want() -> None:
    st.session_state.pop(_PROBLEM, None)
    st.session_state[_WANTED] = True


def _stopped() -> None:
    st.session_state.pop(_WANTED, None)
    st.session_state[_PROBLEM] = "You stopped it; the list is as it was."


def _search() -> None:
    known = frozenset(board.current()["model_id"]) | frozenset(load_catalogue()["model_id"])
    try:
        access = live.access()
        found = wait_for(
            partial(_ask, access, known), said="Asking the Hub, publisher by publisher", key="x_newer_stop",
            on_stop=_stopped,
        )  # fmt: skip
        shelf = _shelf()
        shelf.found, shelf.read = found, f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC"
    except DataError as problem:
        st.session_state[_PROBLEM] = plain(str(problem))
    st.session_state.pop(_WANTED, None)


def _ask(access: HubAccess, known: frozenset[str], progress: Progress) -> Newer:
    return find_newer(
        access, _publishers(), known, since=SINCE, cancel=progress.cancel, progress=progress.on_bytes
    )


def _publishers() -> list[str]:
    """Organisations with bases in the catalogue, the busiest first."""
    return load_catalogue()["model_id"].str.partition("/")[0].value_counts().index.tolist()


def _listed(shelf: _Shelf, add: Callable[[str], None]) -> None:
    found = shelf.found
    if found is None:
        return
    added = {model.repo_id for model in workspace.current().models}
    rows = found.rows
    many = "1 repository" if len(rows) == 1 else f"{len(rows):,} repositories"
    note(
        f"{many} found on {shelf.read}. Kinds follow from name and card, so look before you trust one: the "
        "publisher's page says what it is."
    )
    if found.unanswered:
        names = ", ".join(plain(name) for name, _ in found.unanswered[:6])
        note(f"No list came from {count(len(found.unanswered), 'publisher')}: {names}.")
    if rows.empty:
        return
    st.dataframe(
        rows.assign(link=[f"{_endpoint()}/{name}" for name in rows["model_id"]]),
        key="x_newer_table", hide_index=True, placeholder="unknown", height=min(330, 36 * (len(rows) + 1)),
        alt="Bases on the Hub that the catalogue lacks",
        column_config={
            "model_id": st.column_config.TextColumn("Repository", width="large"),
            "publisher": None,
            "created": st.column_config.TextColumn("Put up"),
            "params_b": st.column_config.NumberColumn(
                "Size (B)", format="%.2f", help="Counted in its safetensors."
            ),
            "license": "Licence",
            "gated": st.column_config.CheckboxColumn("Gated"),
            "kind": "Taken as",
            "kind_evidence": st.column_config.TextColumn("Because", width="medium"),
            "link": st.column_config.LinkColumn("Page", display_text="on the Hub"),
        },
    )  # fmt: skip
    left, right = st.columns([3, 1], vertical_alignment="bottom")
    with left:
        chosen = st.selectbox(
            "Add one to your models", [name for name in rows["model_id"] if name not in added], index=None,
            key="x_newer_pick", placeholder="Type a name",
        )  # fmt: skip
    with right:
        st.button(
            "Add", key="x_newer_add", icon=":material/add:", disabled=chosen is None, on_click=add,
            args=(str(chosen),), width="stretch",
        )  # fmt: skip


def _endpoint() -> str:
    return live.access().endpoint
