"""The board the session works on, loaded once per process."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from core.board import snapshot
from core.leaderboard import load_leaderboard

if TYPE_CHECKING:
    import pandas as pd


@st.cache_resource(show_spinner=False)
def _snapshot() -> pd.DataFrame:
    return load_leaderboard("snapshot")


def current() -> pd.DataFrame:
    """The board in the contract's schema. Shared by all sessions: never changed in place."""
    return _snapshot()


def provenance() -> str:
    """Where the figures come from and how old they are, in one line."""
    manifest = snapshot.manifest()
    return f"Scores: {manifest['board']['source']}, final state of {manifest['board']['date']}."
