"""A model's own files: read from the Hub on request, or uploaded; the verdict stays with the session."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Final

import streamlit as st

from core.errors import DataError
from core.readiness import assess
from core.readiness.files import JSON_FILES, TEMPLATE, small_files
from pages.parts.shell import hub_token
from pages.parts.shell.note import note
from pages.parts.shell.text import plain
from pages.parts.shell.waiting import wait_for

if TYPE_CHECKING:
    from collections.abc import Mapping

    from core.hub.client import HubAccess
    from core.model_card import ModelCard
    from core.readiness import Readiness
    from core.readiness.from_hub import FromHub
    from pages.parts.shell.waiting import Progress

_KEPT: Final = "m_own_files"
_WANTED: Final = "m_own_wanted"
_PROBLEM: Final = "m_own_problem"
_MOST_KEPT: Final = 20
# MB; the largest tokenizer.json published with an open base has 34.
_MOST_MB: Final = 64


@dataclass(frozen=True, slots=True)
class Own:
    """A verdict from the model's own files, where they came from, in words, and the small ones of them."""

    readiness: Readiness
    origin: str
    notes: tuple[str, ...] = ()
    files: Mapping[str, bytes] = field(default_factory=dict)


def current(model_id: str) -> Own | None:
    """What was read of the model's files in this session; None if nothing was."""
    kept: dict[str, Own] = st.session_state.get(_KEPT, {})
    return kept.get(model_id)


def read_so_far() -> dict[str, Mapping[str, bytes]]:
    """Model id -> its small files, for the models whose files were read in this session."""
    kept: dict[str, Own] = st.session_state.get(_KEPT, {})
    return {name: own.files for name, own in kept.items() if own.files}


def control(card: ModelCard) -> None:
    """Ways to have the model's own files read."""
    if st.session_state.get(_WANTED) == card.model_id:
        _read(card.model_id)
        st.rerun()
    with st.expander("Read the model's own files", icon=":material/folder_open:"):
        st.markdown(
            "Its config, tokenizer and template decide, and whether the embedding rows of its end tokens "
            "were trained. Nothing of it is run."
        )
        with st.container(horizontal=True, gap="small", vertical_alignment="center"):
            st.button(
                "Read them from the Hub", key="m_own_read", icon=":material/cloud_download:",
                on_click=_want, args=(card.model_id,),
            )  # fmt: skip
            hub_token.control()
        uploaded = st.file_uploader(
            "Or upload them", type=["json", "jinja", "md"], accept_multiple_files=True,
            key=f"m_own_upload_{card.model_id}", max_upload_size=_MOST_MB,
            help=f"Any of {', '.join((*JSON_FILES, TEMPLATE))} and README.md, under these names.",
        )  # fmt: skip
        if uploaded and st.button("Judge by these", key="m_own_judge", icon=":material/rule:"):
            files = {file.name: file.getvalue() for file in uploaded[:12]}
            found = assess(files, model_id=card.model_id, licence=card.known.licence or "")
            origin = f"uploaded files ({', '.join(sorted(files))[:200]})"
            _keep(card.model_id, Own(found, origin, files=small_files(files)))
            st.rerun()
    if problem := st.session_state.get(_PROBLEM, {}).get(card.model_id):
        st.error(problem, icon=":material/error:")


def say(own: Own) -> None:
    st.badge("From its own files", icon=":material/folder_open:", color="green")
    note(plain(f"Read from {own.origin}."))
    for line in own.notes:
        note(plain(line))


def _want(model_id: str) -> None:
    st.session_state[_WANTED] = model_id
    st.session_state.pop(_PROBLEM, None)


def _stopped() -> None:
    model_id = st.session_state.pop(_WANTED, "")
    st.session_state[_PROBLEM] = {model_id: "You stopped it; nothing was read."}


def _read(model_id: str) -> None:
    try:
        found = wait_for(
            partial(_ask, model_id, hub_token.access()), said=f"Reading the files of {plain(model_id)}",
            key="m_own_stop", on_stop=_stopped,
        )  # fmt: skip
    except DataError as problem:
        st.session_state[_PROBLEM] = {model_id: plain(str(problem))}
    else:
        when = found.read.replace("T", " ")
        origin = f"the Hub at commit {found.revision[:12]}, {when} UTC: {', '.join(found.files) or 'no file'}"
        _keep(model_id, Own(found.readiness, origin, found.notes, found.small))
    st.session_state.pop(_WANTED, None)


def _ask(model_id: str, access: HubAccess, progress: Progress) -> FromHub:
    from core.readiness.from_hub import assess_from_hub  # noqa: PLC0415 - brings the Hub's client

    return assess_from_hub(model_id, access, cancel=progress.cancel, on_bytes=progress.on_bytes)


def _keep(model_id: str, own: Own) -> None:
    kept = st.session_state.get(_KEPT, {}) | {model_id: own}
    st.session_state[_KEPT] = dict(list(kept.items())[-_MOST_KEPT:])
