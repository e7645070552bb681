"""Every page has the frame: title, menu, shortlist, and the age of the data."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

import pytest

from pages.parts.shell.frame import PAGES
from tests.page_driver import open_page
from tests.places import ROOT

if TYPE_CHECKING:
    from streamlit.testing.v1 import AppTest

LLAMA, QWEN = "meta-llama/Llama-3.1-8B", "Qwen/Qwen2.5-7B"


def sidebar_text(at: AppTest) -> str:
    return " ".join(element.value for element in at.sidebar.markdown)


def test_every_script_in_pages_is_on_the_menu() -> None:
    scripts = {f"pages/{path.name}" for path in (ROOT / "pages").glob("*.py")}

    assert scripts == {page.path for page in PAGES} - {"app.py"}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.label)
def test_page_opens_with_its_title_and_the_age_of_the_data(page) -> None:
    at = open_page(page.path)

    assert not at.exception
    assert at.title[0].value == (page.question if page.path == "app.py" else page.label)
    assert "2025-03-13" in sidebar_text(at)


def test_no_list_offers_all_of_it_first() -> None:
    """Whoever types a name and presses Enter before the list is narrowed would take everything."""
    calls = [
        call
        for path in (ROOT / "pages").rglob("*.py")
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(call, ast.Call) and ast.unparse(call.func) == "st.multiselect"
    ]

    assert calls
    for call in calls:
        assert "select_all=False" in ast.unparse(call), ast.unparse(call)


def test_a_link_fills_the_shortlist_in_its_order() -> None:
    at = open_page(pick=[LLAMA, QWEN])

    assert at.session_state["shortlist"] == [LLAMA, QWEN]
    assert "2 of at most 12" in sidebar_text(at)


def test_names_that_are_not_on_the_board_are_dropped_and_said() -> None:
    at = open_page(pick=[QWEN, "no/such-model", "[x](javascript:alert)"])

    assert at.session_state["shortlist"] == [QWEN]
    assert "no/such" in at.warning[0].value.replace("\\", "")
    assert "[x](" not in at.warning[0].value


def test_the_shortlist_follows_the_reader_to_the_next_page() -> None:
    at = open_page(pick=[QWEN])

    at.switch_page("pages/trust.py").run()

    assert at.session_state["shortlist"] == [QWEN]
    assert "1 of at most 12" in sidebar_text(at)


def test_one_model_can_be_removed_and_all_cleared() -> None:
    at = open_page(pick=[LLAMA, QWEN])

    at.button(key=f"unpick_{LLAMA}").click().run()
    assert at.session_state["shortlist"] == [QWEN]

    at.button(key="unpick_all").click().run()
    assert at.session_state["shortlist"] == []
    assert "pick" not in at.query_params


def test_a_link_longer_than_the_shortlist_is_cut() -> None:
    from core.leaderboard import load_leaderboard

    names = load_leaderboard("snapshot")["model_id"].drop_duplicates().head(30).tolist()
    at = open_page(pick=names)

    assert at.session_state["shortlist"] == names[:12]
