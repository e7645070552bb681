"""Decide, hand-off: a notebook that tests the choice on the reader's own data."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from core.errors import DataError
from core.handoff.notebook import MAX_MODELS, SUBSETS, build_notebook
from core.memory.table import gpu_of
from pages.parts.model import own_files
from pages.parts.shell import board
from pages.parts.shell.note import note
from pages.parts.shell.text import plain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.decision.rank import Decision


def show(decision: Decision) -> None:
    """The notebook for the first three candidates, as a download."""
    first = decision.ranking["model_id"].head(MAX_MODELS).tolist()
    st.markdown(
        "**Notebook for Colab:** loads the first three in 4 bits, compares them with plain baselines after a "
        "small training run on your data, and trains the winner. It can overturn this choice."
    )
    if not first:
        st.markdown("No candidate is left to hand off.")
        return
    drawn = offer(
        decision,
        first,
        label="Notebook (.ipynb)",
        file_name="basewise-handoff.ipynb",
        key="decide_notebook",
        help_text="Open it in Colab with File > Upload notebook. Your Hugging Face token is read there from "
        "a secret and is not in the file.",
    )
    if drawn and decision.task.method != "qlora":
        note("The notebook trains with QLoRA, whatever method is chosen above: it is made for one GPU.")


def offer(
    decision: Decision,
    models: list[str],
    *,
    label: str,
    file_name: str,
    key: str,
    help_text: str,
    subsets: Sequence[int] = SUBSETS,
) -> bool:
    """The notebook that tries ``models``, as a download; False where it can't be made, which is then said.

    Args:
        decision: whose task it is for.
        models: Hub ids, in the order in which they are tried.
        label: of the button.
        file_name: of the download.
        key: of the button.
        help_text: of the button.
        subsets: numbers of examples that a pilot trains on, growing.
    """
    try:
        _, capacity = gpu_of(decision.task)
        text = build_notebook(
            decision.task,
            models,
            board.current(),
            gpu_gb=capacity,
            configs=board.configs(),
            files=own_files.read_so_far(),
            subsets=subsets,
        )
    except DataError as error:
        st.error(plain(str(error)))
        return False
    st.download_button(
        label,
        text,
        file_name=file_name,
        mime="application/x-ipynb+json",
        icon=":material/science:",
        key=key,
        on_click="ignore",
        help=help_text,
    )
    return True
