"""What every page begins with: page set-up, menu, shortlist, and the age of the data."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from pages.parts import board, shortlist


@dataclass(frozen=True, slots=True)
class Page:
    path: str
    label: str
    icon: str
    question: str


PAGES = (
    Page("app.py", "Home", ":material/home:", "Which base model should I fine-tune?"),
    Page("pages/leaderboard.py", "Leaderboard", ":material/leaderboard:",
         "Which base models of my size score best, and which differences mean nothing?"),
    Page("pages/variants.py", "Variants", ":material/family_history:",
         "What did instruction tuning make of each base?"),
    Page("pages/tokenizers.py", "Tokenizers", ":material/data_array:",
         "How does each model cut my numbers and my text?"),
    Page("pages/compare.py", "Compare", ":material/compare_arrows:",
         "How do my candidates differ, side by side?"),
    Page("pages/decide.py", "Decide", ":material/task_alt:",
         "Which one first, why, and what would change that?"),
    Page("pages/trust.py", "Evidence", ":material/verified:",
         "How far can any of these signals be trusted?"),
    Page("pages/data.py", "Data", ":material/database:",
         "Where does it come from, and how do I bring my own?"),
)  # fmt: skip
_BY_PATH = {page.path: page for page in PAGES}


def open_page(path: str) -> None:
    """Set the page up; the first call of every script."""
    page = _BY_PATH[path]
    st.set_page_config(
        page_title=f"{page.label} - Basewise",
        page_icon=":material/balance:",
        layout="wide",
    )
    shortlist.read_link()
    with st.sidebar:
        _menu()
        shortlist.panel()
        st.caption(board.provenance())
    st.title(page.label if path != "app.py" else "Basewise")
    st.markdown(page.question)
    shortlist.report_dropped()


def _menu() -> None:
    link = shortlist.link_params()
    for page in PAGES:
        st.page_link(page.path, label=page.label, icon=page.icon, query_params=link)
