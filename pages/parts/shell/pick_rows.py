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
    in_view = set(model_ids)
    held = st.session_state.setdefault(_held(key), [])
    ticked = [model for model in held if model in in_view]
    st.session_state[_SHOWN] = (key, ticked)
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
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
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
            _untick(key, ticked)
            st.rerun()
        st.button("Untick all", key=f"{key}_untick", on_click=_untick, args=(key, held), disabled=not held)
        if hidden := len(held) - len(ticked):
            st.markdown(
                f":small[:gray[{count(hidden, 'ticked row')} hidden by the filters]]", width="content"
            )


def bar() -> None:
    """The bar at the foot for the table drawn in this run, if one was; the last call of what holds it."""
    key, ticked = st.session_state.pop(_SHOWN, ("", []))
    shortlist_bar.show(ticked, untick=partial(_untick, key, ticked))


def _untick(key: str, models: list[str]) -> None:
    st.session_state[_held(key)] = [model for model in st.session_state[_held(key)] if model not in models]


def _remember(key: str) -> None:
    st.session_state[_held(key)] = ticks.change(key).applied(st.session_state[_held(key)])


def _held(key: str) -> str:
    """Where the ticked models are, also those that a filter hides: they are ticked again when in view."""
    return f"{key}_ticked"
