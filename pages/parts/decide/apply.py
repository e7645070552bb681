"""Trying a change the answer names: one button that sets the controls it is about."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import streamlit as st

from core.decision.criteria import KEYS
from pages.parts.decide import values
from pages.parts.shell.text import plain

if TYPE_CHECKING:
    from collections.abc import Mapping

    from core.decision.rank import Decision


def row(sentence: str, flip: Mapping[str, Any], decision: Decision, key: str) -> None:
    """A sentence with a button that makes it come true, where the controls can."""
    changes = _changes(flip, decision)
    said, button = st.columns([6, 1.2], vertical_alignment="center", gap="small")
    said.markdown(sentence if sentence.startswith("**") else f"- {plain(sentence)}")
    if changes:
        button.button(
            "Try it", key=key, type="tertiary", icon=":material/play_arrow:", on_click=_apply, args=(changes,)
        )


def _changes(flip: Mapping[str, Any], decision: Decision) -> dict[str, Any]:
    """The controls and what they must say."""
    applied = flip["apply"]
    if not applied:
        return {}
    task = decision.task
    if flip["by"] == "weight":
        return {values.weight(key): int(each) for key, each in zip(KEYS, applied, strict=True)}
    now, then = values.widget_values(task), values.widget_values(replace(task, **applied))
    return {key: value for key, value in then.items() if value != now[key]}


def _apply(changes: dict[str, Any]) -> None:
    if "d_size" in changes:
        st.session_state[values.SIZE_SET] = True
    values.put(changes)
