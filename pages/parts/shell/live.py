"""The background check of the live board, one per process."""

from __future__ import annotations

import os

import streamlit as st

from core.errors import DataError
from core.hub.client import HubAccess, access_for_visitor
from core.hub.watch import BoardWatch

_START_AFTER = 5.0


@st.cache_resource(show_spinner=False, max_entries=1)
def watch() -> BoardWatch:
    """The process's watch; on first use it begins to look for a newer board, unless that is switched off."""
    found = BoardWatch()
    if wanted():
        try:
            found.start(access_for_visitor(), only_if_old=True, after=_START_AFTER)
        except DataError:
            # A wrong setting is said where the reader asks for a check.
            return found
    return found


def wanted() -> bool:
    """Whether the app may ask by itself: not with ``BASEWISE_LIVE=off`` or ``HF_HUB_OFFLINE=1``."""
    off = os.environ.get("BASEWISE_LIVE", "").lower() in {"off", "0", "false", "no"}
    offline = os.environ.get("HF_HUB_OFFLINE", "").lower() in {"1", "on", "yes", "true"}
    return not off and not offline


def access() -> HubAccess:
    """Who asks for the board, which is everyone's: no reader's token, the server's where it may be lent.

    Raises:
        InvalidInputError: a setting is wrong.
    """
    # Loading puts top-level secrets into the environment, for everything that asks the Hub.
    st.secrets.load_if_toml_exists()
    return access_for_visitor()
