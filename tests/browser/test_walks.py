"""Readers' ways to an answer, in as few steps as promised: each counts its clicks and taps."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from tests.browser_driver import PATIENCE_MS, settle

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Download, Locator, Page

pytestmark = pytest.mark.browser
_PHONE: dict[str, Any] = {"viewport": {"width": 400, "height": 850}, "has_touch": True, "is_mobile": True}


class Walk:
    """A reader on a page, whose every click and tap counts."""

    def __init__(self, page: Page, *, by_touch: bool = False) -> None:
        self.page = page
        self.steps = 0
        self._by_touch = by_touch

    def press(self, target: Locator) -> None:
        """Click or tap."""
        if self._by_touch:
            target.tap()
        else:
            target.click()
        self.steps += 1

    def take_away(self, name: str) -> Download:
        with self.page.expect_download(timeout=PATIENCE_MS) as coming:
            self.press(main(self.page).get_by_role("button", name=name, exact=True))
        return coming.value


def main(page: Page) -> Locator:
    return page.get_by_test_id("stMain")


def verdict(page: Page) -> Locator:
    return main(page).get_by_role("heading", level=3).first


def view(page: Page, name: str) -> Locator:
    return main(page).get_by_role("radio", name=name, exact=True)


def notebook(download: Download) -> str:
    """The cells of the notebook, as one text."""
    cells = json.loads(Path(download.path()).read_text(encoding="utf-8"))["cells"]
    return "\n".join("".join(cell["source"]) for cell in cells)


@pytest.fixture(scope="module")
def phone(browser: Browser, app_url: str) -> Iterator[Page]:
    expect.set_options(timeout=PATIENCE_MS)
    context = browser.new_context(**_PHONE, base_url=app_url)
    context.set_default_timeout(PATIENCE_MS)
    yield context.new_page()
    context.close()


def test_the_courses_student_has_its_answer_and_its_notebook_in_four_clicks(tab: Page) -> None:
    tab.goto("/")
    walk = Walk(tab)

    walk.press(main(tab).get_by_role("link", name=re.compile("Decide$")).last)
    expect(verdict(tab)).to_have_text(re.compile("Llama-3.1-8B comes first"))
    walk.press(view(tab, "Record and notebook"))
    cells = notebook(walk.take_away("Notebook (.ipynb)"))

    assert "meta-llama/Llama-3.1-8B" in cells
    assert walk.steps <= 4


def test_touch_alone_picks_decides_and_turns_the_answer_on_a_telephone(phone: Page) -> None:
    phone.goto("/")
    walk = Walk(phone, by_touch=True)
    walk.press(main(phone).get_by_role("link", name="Leaderboard", exact=True))
    table = phone.locator(".st-key-board_table .dvn-scroller")
    table.wait_for()
    settle(phone)
    table.evaluate("(table) => table.scrollIntoView({ block: 'center' })")
    bar = phone.locator(".st-key-shortlist_bar")
    expect(bar).to_have_count(0)
    table.tap(position={"x": 18, "y": 50})
    expect(bar.get_by_text("1 ticked")).to_be_in_viewport()
    walk.press(bar.get_by_role("link", name="Decide", exact=True))
    expect(phone).to_have_url(re.compile(r"/decide\?.*pick="))
    settle(phone)

    # The answer and what would change it come within three screens; weights and reasons unfold.
    tried = main(phone).get_by_role("button", name="Try it").first
    for part in (verdict(phone), tried):
        place = part.bounding_box()
        assert place
        assert place["y"] < 3 * 850
    weight = phone.get_by_role("slider", name="Number tokens")
    expect(weight).to_be_hidden()
    walk.press(main(phone).get_by_text("What counts, and how much").first)
    expect(weight).to_be_visible()

    answer = verdict(phone).inner_text()
    walk.press(tried)
    expect(verdict(phone)).not_to_have_text(answer)
