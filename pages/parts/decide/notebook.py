"""Decide, hand-off: a notebook that tests the choice on the reader's own data."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from core.errors import DataError
from core.handoff.notebook import MAX_MODELS, build_notebook
from core.memory.table import gpu_of
from pages.parts.model import own_files
from pages.parts.shell import board
from pages.parts.shell.note import note
from pages.parts.shell.text import plain

if TYPE_CHECKING:
    from core.decision.rank import Decision


def show(decision: Decision) -> None:
    """The notebook for the first three candidates, as a download."""
    first = decision.ranking["model_id"].head(MAX_MODELS).tolist()
    st.markdown(
        "**Notebook for Colab:** loads the first three in 4 bits, compares them with plain baselines after a "
        "small training run on your data, and trains the winner. It can overturn this choice."
    )
    if not first:
        st.markdown("There is nothing to hand off until a model is left.")
        return
    try:
        _, capacity = gpu_of(decision.task)
        text = build_notebook(
            decision.task,
            first,
            board.current(),
            gpu_gb=capacity,
            configs=board.configs(),
            files=own_files.read_so_far(),
        )
    except DataError as error:
        st.error(plain(str(error)))
        return
    st.download_button(
        "Notebook (.ipynb)",
        text,
        file_name="basewise-handoff.ipynb",
        mime="application/x-ipynb+json",
        icon=":material/science:",
        key="decide_notebook",
        on_click="ignore",
        help="Open it in Colab with File > Upload notebook. Your Hugging Face token is read there from a "
        "secret and is not in the file.",
    )
    if decision.task.method != "qlora":
        note("The notebook trains with QLoRA, whatever method is chosen above: it is made for one GPU.")
