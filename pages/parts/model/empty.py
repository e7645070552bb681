"""The page without a model: nothing chosen, nothing known, or a name that is none."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from core.model_card.names import near
from pages.parts.model import choice
from pages.parts.shell import board, shortlist
from pages.parts.shell.model_link import model_link
from pages.parts.shell.text import plain

if TYPE_CHECKING:
    from core.errors import DataError
    from core.model_card import ModelCard


def nothing_chosen() -> None:
    st.info(
        "No model is chosen. Type a name above, or open a model from any table. This page shows "
        "what is known about it: scores and placement with their reports, readiness for tuning, memory, "
        "tokenizer, licence, languages and related models.",
        icon=":material/search:",
    )
    if picks := shortlist.current():
        st.markdown("From your shortlist:")
        for name in picks:
            model_link(name, icon=":material/arrow_forward:", where="pick")
    _ways()


def unknown(card: ModelCard) -> None:
    """Nothing is known of the model: names like it, and how to add it."""
    name = plain(card.model_id)
    st.warning(
        f"Nothing is known about **{name}** here: it is not on the board, in the catalogue, in a published "
        "report or among the models you added. That says nothing about the model itself.",
        icon=":material/help:",
    )
    if close := near(card.model_id, choice.names(board.in_use())):
        st.markdown("Names like it:")
        _names(close)
    if family := card.known.family:
        st.markdown(f"By its name it belongs to **{plain(family)}**.")
    _ways()
    st.markdown(f"[{name} on the Hub]({card.hub_url}), if there is such a repository.")


def refused(error: DataError, asked: str) -> None:
    """What was typed is not the name of a repository; a search may still have been meant."""
    st.error(f"{plain(error.what)} {plain(error.remedy)}", icon=":material/error:")
    if close := near(asked, choice.names(board.in_use())):
        st.markdown("Names that contain these words:")
        _names(close)
    _ways()


def _names(names: list[str]) -> None:
    for name in names:
        model_link(name, icon=":material/arrow_forward:", where="near")


def _ways() -> None:
    with st.container(horizontal=True, gap="small"):
        st.page_link(
            "pages/leaderboard.py", label="Search the Leaderboard", icon=":material/leaderboard:",
            query_params=shortlist.link_params() or None,
        )  # fmt: skip
        st.page_link(
            "pages/data.py", label="Add a model from the Hub", icon=":material/add:",
            query_params={"x_part": "Models"} | shortlist.link_params(),
        )  # fmt: skip
