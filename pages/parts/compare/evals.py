"""Compare, what others measured: Community Evals of the compared models, apart from the board's scores."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from pages.parts.shell import board, evals_table

if TYPE_CHECKING:
    from collections.abc import Sequence


def show(model_ids: Sequence[str]) -> None:
    """The evals read with the models; one sentence where some model was looked up and has none."""
    found = board.community_evals()
    own = found[found["model_id"].isin(model_ids)]
    if not own.empty:
        st.subheader("Community Evals", anchor=False)
        evals_table.show(own.reset_index(drop=True), key="c_evals")
    elif set(board.added_models()) & set(model_ids):
        st.markdown(":small[:gray[No Community Evals are filed on the Hub for the models looked up there.]]")
