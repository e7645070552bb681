"""Taking the decision away, and bringing one back."""

from __future__ import annotations

import json
import tomllib
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode

import streamlit as st

from core.errors import DataError
from core.handoff import record as decision_record
from core.schema import SCHEMA_VERSION
from pages.parts.decide import data as decide_data
from pages.parts.decide import pilot, values
from pages.parts.shell import field, shortlist, workspace
from pages.parts.shell.text import plain

if TYPE_CHECKING:
    from core.decision.rank import Decision

_UPLOAD: Final = "decide_upload"
_LOADED: Final = "decide_loaded"
_FAILED: Final = "decide_failed"
_DECIDED: Final = "decide_decided"
_OVERRULED: Final = "decide_overruled"
# Characters: a larger pilot stays out, so that the record can be loaded again.
_PILOT_MAX: Final = 1_500_000


def show(decision: Decision) -> None:
    data = decide_data.provenance()
    st.markdown(
        "**Decision record:** question, constraints, figures with their sources, ranking, reasons, flips."
    )
    left, right = st.columns(2)
    left.text_input(
        "Decided",
        st.session_state.get(_DECIDED, ""),
        key=f"{_DECIDED}_text",
        on_change=_keep,
        args=(_DECIDED,),
        max_chars=200,
        help="What you chose. It stands at the top of the record; empty leaves room to write it in.",
    )
    right.text_input(
        "Overruled because",
        st.session_state.get(_OVERRULED, ""),
        key=f"{_OVERRULED}_text",
        on_change=_keep,
        args=(_OVERRULED,),
        max_chars=500,
        help="Why not the answer above.",
    )
    around = _surroundings(decision)
    with st.container(horizontal=True, gap="small"):
        st.download_button(
            "Record for people (Markdown)",
            lambda: decision_record.to_markdown(decision, data, around),
            file_name="basewise-decision.md",
            mime="text/markdown",
            icon=":material/description:",
            key="decide_md",
            on_click="ignore",
        )
        st.download_button(
            "Record to load again (JSON)",
            lambda: decision_record.to_json(decision, data, around),
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


def _keep(name: str) -> None:
    """Callback: what was typed outlives a look at another view."""
    st.session_state[name] = st.session_state[f"{name}_text"]


def _surroundings(decision: Decision) -> decision_record.Surroundings:
    kept = pilot.document(decision)
    return decision_record.Surroundings(
        link=_link(),
        made=datetime.now(tz=UTC).date().isoformat(),
        versions={"Basewise": _version(), "tables": str(SCHEMA_VERSION)},
        shortlist=tuple(shortlist.current()),
        pilot=kept if kept is None or len(json.dumps(kept)) <= _PILOT_MAX else None,
        decided=st.session_state.get(_DECIDED, ""),
        overruled=st.session_state.get(_OVERRULED, ""),
    )


def _link() -> str:
    """The address of this question."""
    base = str(st.context.url or "").partition("?")[0]
    asked = [(name, value) for name in st.query_params for value in st.query_params.get_all(name)]
    return f"{base}?{urlencode(asked)}" if asked else base


@cache
def _version() -> str:
    """The app's version, as its project file states it."""
    try:
        text = Path(__file__).parents[3].joinpath("pyproject.toml").read_text(encoding="utf-8")
        return str(tomllib.loads(text)["project"]["version"])
    except (OSError, KeyError, tomllib.TOMLDecodeError):
        return "of unknown version"


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
        _take_pilot(record)
        for name, said in ((_DECIDED, record.decided), (_OVERRULED, record.overruled)):
            st.session_state[name] = st.session_state[f"{name}_text"] = said
    except DataError as error:
        st.session_state[_FAILED] = f"{upload.name}: {error}"
        return
    st.session_state[_LOADED] = record


def _take_pilot(record: decision_record.Record) -> None:
    """The pilot a record rests on goes into the workspace, once checked like any other."""
    if record.pilot is not None:
        text = json.dumps(record.pilot)
        workspace.change(lambda kept: kept.with_pilot(text))
