"""A table whose ticked rows can be added to the shortlist; ticks follow the model, not the row."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Final

import streamlit as st

from core.charts.labels import count
from pages.parts.shell import shortlist, shortlist_bar, ticks

if TYPE_CHECKING:
    import pandas as pd

_SHOWN: Final = "pick_rows_shown"


def table(frame: pd.DataFrame, model_ids: list[str], *, key: str, alt: str, **options: Any) -> None:
    """Draw ``frame``, one row per id of ``model_ids``, and the button that takes the ticked ones along.

    Args:
        frame: what is shown.
        model_ids: the model of each row.
        key: stable and unique on the page.
        alt: the table's name for screen readers.
        options: passed on to ``st.dataframe``.
    """
    ticked = [model for model in st.session_state.get(f"{key}_ticked", []) if model in set(model_ids)]
    st.session_state[_SHOWN] = key
    st.session_state[f"{key}_ticked"] = ticked
    ticks.prepare(key, model_ids, ticked)
    st.dataframe(
        frame,
        key=key,
        alt=alt,
        hide_index=True,
        on_select=partial(_remember, key),
        selection_mode="multi-row",
        **options,
    )
    ticks.number(key)
    label = f"Add {count(len(ticked), 'base')} to the shortlist" if ticked else "Add to the shortlist"
    if st.button(
        label,
        key=f"{key}_add",
        type="primary",
        icon=":material/playlist_add:",
        disabled=not ticked,
        help=f"Tick rows of the table. At most {shortlist.LIMIT} models.",
    ):
        shortlist.add(ticked)
        st.session_state[f"{key}_ticked"] = []
        st.rerun()


def bar() -> None:
    """The bar at the foot for the table drawn in this run, if one was; the last call of what holds it."""
    key = st.session_state.pop(_SHOWN, None)
    ticked = st.session_state.get(f"{key}_ticked", [])
    shortlist_bar.show(ticked, untick=partial(_forget, key))


def _forget(key: str) -> None:
    st.session_state[f"{key}_ticked"] = []


def _remember(key: str) -> None:
    st.session_state[f"{key}_ticked"] = ticks.change(key).applied(st.session_state[f"{key}_ticked"])
