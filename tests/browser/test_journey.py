"""The whole way in one browser: slide, filter, pick, compare, decide, and decide otherwise."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser_driver import settle

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

pytestmark = pytest.mark.browser
CANDIDATES = {"llama-3.1-8b": "Llama-3.1-8B", "qwen2.5-7b": "Qwen2.5-7B", "gemma-2-9b": "gemma-2-9b"}


def menu(page: Page, name: str) -> Locator:
    return page.get_by_test_id("stSidebar").get_by_role("link", name=name, exact=True)


def counted(page: Page) -> int:
    """How many rows the page says it shows."""
    text = page.get_by_text(re.compile(r"[\d,]+ of [\d,]+ rows shown")).inner_text()
    return int(text.split(" of ")[0].replace(",", ""))


def wait_for_fewer(page: Page, before: int) -> int:
    shown = page.get_by_text(re.compile(r"[\d,]+ of [\d,]+ rows shown"))
    expect(shown).not_to_have_text(re.compile(rf"^{before:,} of"))
    return counted(page)


def pick(page: Page, words: str, name: str) -> None:
    search = page.get_by_role("textbox", name="Search by name")
    search.fill(words)
    search.press("Enter")
    # The search before may still stand there, and its button picks what it found.
    found = page.locator(".st-key-board_found").get_by_text(re.compile(f"^{re.escape(name)}, rank"))
    expect(found).to_be_visible()
    page.get_by_role("button", name=re.compile("^Tick (it|[0-9]+ rows)")).click()
    page.get_by_role("button", name="Add 1 model to the shortlist").click()


def test_from_the_question_to_an_answer_with_reasons(page: Page) -> None:
    # The course's way: on the board it saw.
    page.goto("/?field=board")
    expect(page.get_by_role("heading", level=1)).to_have_text("Which base model should I fine-tune?")

    # Slide and filter.
    menu(page, "Leaderboard").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Leaderboard")
    page.get_by_text(re.compile("rows shown")).wait_for()
    opening = counted(page)
    page.get_by_role("slider", name=re.compile("Size in billions.*end")).focus()
    page.keyboard.press("ArrowLeft")
    smaller = wait_for_fewer(page, opening)
    assert 0 < smaller < opening
    page.keyboard.press("ArrowRight")
    assert wait_for_fewer(page, smaller) == opening

    # While it is dragged the count follows, and it is the one the page then shows.
    settle(page)
    thumb = page.get_by_role("slider", name=re.compile("Size in billions.*end")).bounding_box()
    assert thumb
    page.mouse.move(thumb["x"], thumb["y"] + thumb["height"] / 2)
    page.mouse.down()
    page.mouse.move(thumb["x"] - 60, thumb["y"] + thumb["height"] / 2, steps=4)
    said = page.locator(".st-key-size_count").get_by_text(re.compile(r"\d models"))
    expect(said).to_be_visible()
    following = said.inner_text()
    page.mouse.up()
    assert f"{wait_for_fewer(page, opening):,} models" == following
    page.get_by_role("button", name="Reset filters").click()
    expect(page.get_by_text(re.compile(rf"^{opening:,} of [\d,]+ rows shown"))).to_be_visible()

    # Pick the three candidates.
    for number, (words, name) in enumerate(CANDIDATES.items(), start=1):
        pick(page, words, name)
        expect(page.get_by_test_id("stSidebar").get_by_text(f"{number} of at most 12")).to_be_visible()

    # Look at what tuning made of them, and how they cut numbers.
    menu(page, "Variants").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Variants")
    menu(page, "Tokenizers").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Tokenizers")
    expect(
        page.get_by_test_id("stMain").get_by_text(re.compile(r"1,?000 of (the )?1,?000")).first
    ).to_be_visible()

    # Compare.
    menu(page, "Compare").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Compare")
    for name in CANDIDATES.values():
        expect(
            page.get_by_test_id("stMain").get_by_text(re.compile(re.escape(name) + "$")).first
        ).to_be_visible()

    # Decide: number tokens put Llama first; without them it isn't.
    menu(page, "Decide").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Decide")
    verdict = page.get_by_test_id("stMain").get_by_role("heading", level=3).first
    expect(verdict).to_have_text(re.compile("Llama-3.1-8B"))
    expect(page.get_by_text(re.compile("Number tokens put it first"))).to_be_visible()

    page.get_by_role("slider", name=re.compile("Number tokens")).focus()
    page.keyboard.press("Home")
    expect(verdict).not_to_have_text(re.compile("Llama-3.1-8B"))
