"""What every page begins with: page set-up, menu, shortlist, and the age of the data."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from pages.parts.shell import board, field, links, reader, shortlist, shortlist_panel, warm


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
    Page("pages/model.py", "Model", ":material/deployed_code:",
         "What is known of one model, and from where?"),
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
# Pages whose rows are today's bases or the board's, as the reader chooses.
_ON_THE_FIELD = ("pages/leaderboard.py", "pages/variants.py", "pages/compare.py", "pages/decide.py")
# Texts that no setting of Streamlit reaches, and room held for the menu while a page loads.
_STYLE = Path(__file__).with_name("page.css")
_BY_PATH = {page.path: page for page in PAGES}


# Drawn with strokes of one colour that holds on light and on dark paper.
_MARK = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} 32" fill="none" stroke="#168A83" '
    'stroke-width="2.2" stroke-linecap="round" stroke-linejoin="round">'
    '<path d="M16 5v21M9 27h14M5 9h22"/><path d="M5 9l-4 9a4.2 4.2 0 0 0 8 0z" fill="#168A83" '
    'fill-opacity=".25"/><path d="M27 9l-4 9a4.2 4.2 0 0 0 8 0z"/>{word}</svg>'
)
_WORD = (
    '<text x="40" y="24" stroke="none" fill="#168A83" font-family="Georgia,\'Source Serif 4\',serif" '
    # A reader's serif may be wider than Georgia; the word is fitted to its place.
    'font-size="22" font-weight="600" textLength="98" lengthAdjust="spacingAndGlyphs">Basewise</text>'
)
_LOGO = _MARK.format(width=140, word=_WORD)
_LOGO_SMALL = _MARK.format(width=32, word="")


def open_page(path: str) -> None:
    """Set the page up; the first call of every script."""
    page = _BY_PATH[path]
    st.set_page_config(
        page_title=f"{page.label} - Basewise",
        # Our own mark: an icon by name would be fetched from another host.
        page_icon=_LOGO_SMALL,
        layout="wide",
        menu_items={"About": "Basewise: choose the base model to fine-tune, and be able to defend it."},
    )
    st.html(_STYLE)
    st.logo(_LOGO, icon_image=_LOGO_SMALL, size="medium")
    warm.warm_up()
    reader.tell_apart()
    links.enter(path)
    shortlist.read_link()
    with st.sidebar:
        _menu()
        shortlist_panel.show()
        st.markdown(f":small[:gray[{board.provenance()}]]")
    _header(page)
    # Said in one run only; what is below keeps its place, by which Streamlit knows fragments.
    with st.container():
        shortlist.report_dropped()


def _header(page: Page) -> None:
    """Two lines, so that a page's first answer stands on the first screen."""
    if page.path == "app.py":
        st.title(page.question, anchor=False)
        return
    st.title(page.label, anchor=False)
    st.markdown(f":gray[{page.question}]")
    if page.path in _ON_THE_FIELD:
        field.switch()


def _menu() -> None:
    link = shortlist.link_params()
    with st.container(gap="xxsmall"):
        for page in PAGES:
            st.page_link(
                page.path, label=page.label, icon=page.icon, query_params=link or None, width="stretch"
            )
