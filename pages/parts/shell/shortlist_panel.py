"""The shortlist as the sidebar shows it: open a model, remove one, remove all."""

from __future__ import annotations

import streamlit as st

from core.schema import OWN_MARK
from pages.parts.shell import own, shortlist
from pages.parts.shell.model_link import model_link
from pages.parts.shell.text import plain


def show() -> None:
    picks = shortlist.current()
    with st.container(gap="xxsmall", key="shortlist_panel"):
        st.markdown(f"**Shortlist** :gray[{len(picks)} of at most {shortlist.LIMIT}]")
        if not picks:
            st.markdown(":small[:gray[Empty. Tick rows on the Leaderboard and add them to it.]]")
            return
        mine = own.names()
        for name in picks:
            with st.container(horizontal=True, gap="xxsmall", vertical_alignment="center"):
                label = name.rsplit("/", 1)[-1] + (f" ({OWN_MARK})" if name in mine else "")
                with st.container(width="stretch"):
                    model_link(name, label=label, where="shortlist")
                st.button(
                    "Remove",
                    key=f"unpick_{name}",
                    help=f"Remove {plain(name)} from the shortlist",
                    type="tertiary",
                    on_click=shortlist.remove,
                    args=(name,),
                )
        st.button(
            "Clear the shortlist",
            key="unpick_all",
            on_click=shortlist.clear,
            type="tertiary",
            icon=":material/delete:",
        )
