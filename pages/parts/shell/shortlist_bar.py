"""What the models picked are good for, always in reach: a bar at the foot of the screen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import streamlit as st

from pages.parts.shell import field, links, shortlist

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_WAYS: Final = {"pages/compare.py": "Compare", "pages/decide.py": "Decide"}


def show(ticked: Sequence[str] = (), *, untick: Callable[[], None] | None = None) -> None:
    """Ways on with the shortlist and the rows ticked on this page; nothing while there are none.

    Call it where ticks rerun the script. Streamlit puts it into the page, page.css to the foot of the screen.

    Args:
        ticked: models ticked on this page. Links take them along as if they had been added.
        untick: forgets the ticks.
    """
    held = shortlist.current()
    new = [model for model in ticked if model not in held]
    if not held and not new:
        return
    models = [*held, *new][: shortlist.LIMIT]
    with st.container(key="shortlist_bar", horizontal=True, vertical_alignment="center", gap="xsmall"):
        st.markdown(f"**{len(new)} ticked**" if new else f"**{len(held)} on the shortlist**", width="content")
        added = bool(new) and st.button("Add", key="shortlist_bar_add", help="Adds them to the shortlist.")
        for path, label in _WAYS.items():
            if path != links.current_page():
                params: dict[str, str | list[str]] = {shortlist.PARAM: models, **field.link_params()}
                st.page_link(path, label=label, query_params=params)
        cleared = st.button("Untick" if new else "Clear", key="shortlist_bar_clear")
    if added:
        shortlist.add(new)
    elif cleared and not new:
        shortlist.clear()
    if added or cleared:
        if new and untick is not None:
            untick()
        # The sidebar shows the shortlist too.
        st.rerun()
