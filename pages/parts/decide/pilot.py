"""The pilot: a plan beforehand, and the answer with its results in it afterwards."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final

import streamlit as st

from core.errors import DataError
from core.workspace import pilots
from pages.parts.decide import data
from pages.parts.shell import board, per_board, workspace
from pages.parts.shell.text import plain

if TYPE_CHECKING:
    from core.decision.rank import Decision
    from core.pilot import Pilot, UpdatedDecision
    from pages.parts.shell.board import Board

PARAM: Final = "d_pilot"
_FAILED: Final = "decide_pilot_failed"
_UPLOAD: Final = "decide_pilot_upload"
# Checksum, first place, and its chance in per cent: what of a pilot fits into an address.
_IN_ADDRESS: Final = re.compile(r"([0-9a-f]{12})~([\w.\-/]{1,193})~(\d{1,3})", re.ASCII)


def check(asked: list[str]) -> bool:
    """Whether a link's pilot can be one."""
    return len(asked) == 1 and _IN_ADDRESS.fullmatch(asked[0]) is not None


def current(decision: Decision) -> Pilot | None:
    """The reader's pilot for this task; None without one."""
    kept = workspace.current().pilots
    if not kept:
        return None
    from core.pilot.file import task_key  # noqa: PLC0415 - few readers have a pilot

    return pilots.of_task(kept, task_key(decision.task))


def applied(decision: Decision) -> Decision:
    """The decision with the reader's pilot in it, where there is one that can be used."""
    st.session_state.pop(_FAILED + "_now", None)
    found = current(decision)
    if found is None or decision.ranking.empty:
        return decision
    try:
        updated = _updated(board.in_use(), data.key(decision.task), found.checksum)
    except DataError as error:
        st.session_state[_FAILED + "_now"] = str(error)
        return decision
    said = f"{found.checksum[:12]}~{updated.first}~{updated.p_after * 100:.0f}"
    if st.query_params.get(PARAM) != said:
        st.query_params[PARAM] = said
    return updated


@per_board.cached(shared=2, own=2)
def _updated(rows: Board, task_key: str, checksum: str) -> UpdatedDecision:  # noqa: ARG001 - the cache's key
    from core.decision.tasks import Task  # noqa: PLC0415 - as above
    from core.pilot import update  # noqa: PLC0415 - as above

    decision = data.decision(Task.from_dict(json.loads(task_key)))
    found = next(
        pilots.read(text) for text in workspace.current().pilots if pilots.read(text).checksum == checksum
    )
    return update(decision, found)


def report(decision: Decision) -> None:
    """Above the answer: a file that failed, a link whose pilot isn't here, and what a pilot changed."""
    if failed := st.session_state.pop(_FAILED, None) or st.session_state.get(_FAILED + "_now"):
        st.error(plain(failed), icon=":material/error:")
    if is_updated(decision):
        _before_and_after(decision)  # type: ignore[arg-type]
        return
    asked = _IN_ADDRESS.fullmatch(st.query_params.get(PARAM, ""))
    if asked and not failed:
        st.info(
            f"This link rests on a pilot ({asked[1]}) that isn't in this browser. With it "
            f"{plain(asked[2])} was first in {asked[3]}% of the draws. Load its basewise-pilot.json under "
            "“Pilot” to see the answer with it; below is the answer without.",
            icon=":material/science:",
        )


def is_updated(decision: Decision) -> bool:
    return hasattr(decision, "tried")


def take(decision: Decision) -> None:
    """Callback of the upload: keep the file if it can update this answer, else say why it can't."""
    upload = st.session_state.get(_UPLOAD)
    if upload is None:
        return
    from core.pilot import update  # noqa: PLC0415 - few readers have a pilot

    try:
        text = upload.getvalue().decode("utf-8", "replace")
        update(decision, pilots.read(text))
        workspace.change(lambda kept: kept.with_pilot(text))
    except DataError as error:
        st.session_state[_FAILED] = f"{upload.name}: {error}"


def remove(task_key: str) -> None:
    """Callback: decide without the pilot again."""
    workspace.change(lambda kept: kept.without_pilot(task_key))
    if PARAM in st.query_params:
        del st.query_params[PARAM]


def document(decision: Decision) -> dict[str, Any] | None:
    """The pilot's file for the record; None without one in this answer."""
    found = current(decision) if is_updated(decision) else None
    if found is None:
        return None
    kept = workspace.current().pilots
    return next(json.loads(text) for text in kept if pilots.read(text).checksum == found.checksum)


def _before_and_after(decision: UpdatedDecision) -> None:
    rows = decision.ranking.set_index("model_id")
    cells = st.columns(2)
    for cell, title, name in (
        (cells[0], "Before the pilot", decision.before),
        (cells[1], "With the pilot", decision.first),
    ):
        row = rows.loc[name]
        with cell, st.container(border=True):
            st.markdown(f":small[{title}, first:]  \n**{plain(decision.names[name])}**")
            st.markdown(
                f":small[first in {row['p_before']:.0%} of draws before, {row['p_first']:.0%} with the pilot]"
            )
