"""Taking the decision away, and bringing one back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import streamlit as st

from core.errors import DataError
from core.handoff import record as decision_record
from pages.parts.decide import data as decide_data
from pages.parts.decide import values
from pages.parts.shell import field, shortlist
from pages.parts.shell.text import plain

if TYPE_CHECKING:
    from core.decision.rank import Decision

_UPLOAD: Final = "decide_upload"
_LOADED: Final = "decide_loaded"
_FAILED: Final = "decide_failed"


def show(decision: Decision) -> None:
    data = decide_data.provenance()
    st.markdown(
        "**Decision record:** question, constraints, figures with their sources, ranking, reasons, flips."
    )
    with st.container(horizontal=True, gap="small"):
        st.download_button(
            "Record for people (Markdown)",
            lambda: decision_record.to_markdown(decision, data),
            file_name="basewise-decision.md",
            mime="text/markdown",
            icon=":material/description:",
            key="decide_md",
            on_click="ignore",
        )
        st.download_button(
            "Record to load again (JSON)",
            lambda: decision_record.to_json(decision, data),
            file_name="basewise-decision.json",
            mime="application/json",
            icon=":material/data_object:",
            key="decide_json",
            on_click="ignore",
        )
    first = decision.ranking["model_id"].head(3).tolist()
    if first and set(first) - set(shortlist.current()):
        st.button(
            f"Put the first {len(first)} on the shortlist" if len(first) > 1 else "Put it on the shortlist",
            icon=":material/playlist_add:",
            key="decide_pick",
            on_click=shortlist.add,
            args=(first,),
            help="They then stand side by side on the Compare and Tokenizers pages.",
        )
    st.file_uploader(
        "Load a record (JSON)",
        type="json",
        key=_UPLOAD,
        on_change=_load,
        max_upload_size=2,
        help="Sets all controls to the record's task and says whether the answer is still the same.",
    )


def report(decision: Decision) -> None:
    """After a record was loaded: whether the answer is the one it holds."""
    if failed := st.session_state.pop(_FAILED, None):
        st.error(plain(failed), icon=":material/error:")
    record = st.session_state.get(_LOADED)
    if record is None:
        return
    if record.task != decision.task:
        # The reader moved on; the record no longer is the question.
        del st.session_state[_LOADED]
        return
    changes = decision_record.differences(record, decision)
    if not changes:
        st.success("The record was loaded; it gives the same answer.", icon=":material/verified:")
        return
    age = plain(str(record.data.get("date", "unknown")))
    st.warning(
        f"The record was loaded, but the answer is another one now. {plain(' '.join(changes))} "
        f"The record rests on figures of {age}."
    )


def _load() -> None:
    upload = st.session_state.get(_UPLOAD)
    if upload is None:
        return
    try:
        record = decision_record.from_json(upload.getvalue())
        values.fill(record.task)
        # Records written before there was a field rest on the board.
        field.choose(str(record.data.get("field", field.BOARD)))
    except DataError as error:
        st.session_state[_FAILED] = f"{upload.name}: {error}"
        return
    st.session_state[_LOADED] = record
