"""The same question put to the other set of bases: the board the course saw, or today's."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import streamlit as st

from core.decision.both_ways import short_answer
from core.decision.rank import rank_bases
from core.decision.tasks import Task, preset
from core.field import joined
from core.schema import SOURCE_BOARD
from pages.parts.decide import data
from pages.parts.decide.pilot import is_updated
from pages.parts.shell import board, field
from pages.parts.shell.text import plain

if TYPE_CHECKING:
    from core.decision.rank import Decision


def show(decision: Decision) -> None:
    """Both answers in two lines, for a task's own settings; a changed question is put by the switch above."""
    if decision.task != preset(decision.task.preset) or decision.ranking.empty or is_updated(decision):
        return
    other = _other(data.key(decision.task), today=not field.is_today())
    here = short_answer(decision)
    seen, now = (other, here) if field.is_today() else (here, other)
    st.markdown(
        f":small[**The same weights, then and now.** On the board of March 2025: {plain(seen)}. "
        f"Today: {plain(now)}.]"
    )


@st.cache_data(show_spinner=False, max_entries=16)
def _other(task_key: str, *, today: bool) -> str:
    task = Task.from_dict(json.loads(task_key))
    frame = board.embedded()
    if today:
        return short_answer(rank_bases(board.embedded_today(), task))
    return short_answer(rank_bases(joined.as_it_was(frame[frame["source"] == SOURCE_BOARD]), task))
