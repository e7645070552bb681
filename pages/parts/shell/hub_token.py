"""A reader's own Hub token, for gated and private repositories: in the session's memory, and nowhere else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import streamlit as st

from core.hub.client import HubAccess, access_for_visitor

if TYPE_CHECKING:
    from collections.abc import Callable

_KEY: Final = "hub_token"


def control(on_change: Callable[[], None] | None = None) -> None:
    """Where the token is given; ``on_change`` is called when another one is."""
    with st.popover("Hub token", icon=":material/key:", help="For gated and private repositories."):
        st.text_input(
            "Your Hub token",
            type="password",
            key=_KEY,
            persist_state="session",
            max_chars=512,
            autocomplete="off",
            placeholder="hf_…",
            on_change=on_change,
        )
        st.caption(
            "Needed only for repositories that are gated or private; one that may read is enough. It "
            "stays in this session's memory until you close or reload the page, and goes to the Hub alone."
        )


def access() -> HubAccess:
    """Who asks the Hub for this reader: with their token where they gave one.

    Raises:
        InvalidInputError: what they gave can't be a token, or a setting of the server is wrong.
    """
    # Loading puts top-level secrets into the environment, where the server's settings are looked for.
    st.secrets.load_if_toml_exists()
    return access_for_visitor(st.session_state.get(_KEY))
