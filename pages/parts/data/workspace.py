"""The workspace: what it holds, and how it leaves and comes back."""

from __future__ import annotations

from datetime import UTC, datetime

import pandas as pd
import streamlit as st

from core.errors import DataError
from core.workspace.contents import Workspace, from_bytes
from core.workspace.store import MAX_AGE_DAYS
from pages.parts.shell import last_answer, workspace
from pages.parts.shell.text import plain

_ROUND = "x_restore_round"
_PLACE = "workspace"


def show() -> None:
    found = workspace.current()
    st.markdown(
        "Everything you add is kept for this browser alone, survives a reload, and is deleted "
        f"{MAX_AGE_DAYS} days after its last use. Download it to keep it longer or to take it elsewhere."
    )
    if found.is_empty:
        st.info("Empty. Add results or a model above, or load a workspace you downloaded before.")
    else:
        _contents(found)
    _load()
    last_answer.show(_PLACE)


def _contents(found: Workspace) -> None:
    entries = [
        {"what": batch.name, "rows": len(batch.rows), "added": batch.added.replace("T", " ")}
        for batch in found.batches
    ]
    entries += [
        {"what": model.repo_id, "rows": 1, "added": model.read.replace("T", " ")} for model in found.models
    ]
    st.dataframe(
        pd.DataFrame(entries),
        key="x_contents",
        placeholder="",
        hide_index=True,
        column_config={"what": "Upload or model", "rows": "Rows", "added": "Added (UTC)"},
    )
    with st.container(horizontal=True):
        st.download_button(
            "Download the workspace",
            found.to_bytes(),
            file_name=f"basewise-workspace-{datetime.now(UTC):%Y%m%d}.json",
            mime="application/json",
            key="x_download",
            icon=":material/download:",
            type="primary",
        )
        with st.popover("Remove", icon=":material/delete:"):
            for batch in found.batches:
                st.button(
                    f"Remove {plain(batch.name)}",
                    key=f"x_remove_{batch.name}",
                    on_click=_change,
                    args=("batch", batch.name),
                )
            st.button("Remove everything", key="x_clear", on_click=_change, args=("all", ""), type="primary")


def _change(what: str, name: str) -> None:
    last_answer.forget()
    if what == "all":
        workspace.change(lambda _found: Workspace())
    else:
        workspace.change(lambda found: found.without_batch(name))


def _load() -> None:
    with st.form("x_restore_form", border=True):
        file = st.file_uploader(
            "A workspace you downloaded",
            type=["json"],
            max_upload_size=10,
            key=f"x_restore_{st.session_state.get(_ROUND, 0)}",
            help="It takes the place of what is there now.",
        )
        sent = st.form_submit_button("Load it", icon=":material/upload:")
    if not sent:
        return
    if file is None:
        last_answer.put(_PLACE, "error", ["Choose the file first."])
        return
    try:
        loaded = from_bytes(file.getvalue(), name=file.name)
        workspace.change(lambda _found: loaded)
    except DataError as problem:
        last_answer.put(_PLACE, "error", [f"{plain(str(problem))} Your workspace is as it was."])
        return
    rows = sum(len(batch.rows) for batch in loaded.batches)
    last_answer.put(_PLACE, "success", [f"Loaded {rows} rows and {len(loaded.models)} models."])
    st.session_state[_ROUND] = st.session_state.get(_ROUND, 0) + 1
    st.rerun()
