"""A figure that a reader measured or entered, as a file to give to the project."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import streamlit as st

if TYPE_CHECKING:
    from core.contributions import Contribution


def today() -> str:
    return datetime.now(UTC).date().isoformat()


def offer(contribution: Contribution | None, *, key: str, left: str, label: str = "Contribute this") -> None:
    """The download of a contribution; nothing where there is none.

    Args:
        contribution: what the page knows of it.
        key: of the button.
        left: what its author still has to fill in, in words.
        label: what the button says.
    """
    if contribution is None:
        return
    from core.contributions.file import NAME, to_json  # noqa: PLC0415 - few readers contribute

    st.download_button(
        label, to_json(contribution), file_name=NAME, mime="application/json", key=key,
        icon=":material/volunteer_activism:", on_click="ignore",
        help=f"A small file of figures and settings, none of your texts. Fill in {left}; CONTRIBUTING.md in "
        "the project says how it is checked and where it goes.",
    )  # fmt: skip
