"""Small print that can be read."""

from __future__ import annotations

import streamlit as st


def note(text: str) -> None:
    """Small grey Markdown. ``st.caption`` has too little contrast for small text (below 4.5 to 1)."""
    st.markdown(f":small[:gray[{text}]]")
