"""Five people's ways to an answer, in as few steps as promised: each counts its clicks and inputs."""

from __future__ import annotations

import json
import re
import time
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
_FOCUSED = """() => {
  const at = document.activeElement;
  if (at.matches("body, main, [data-testid=stMain]")) return "";
  return (at.getAttribute("aria-label") || at.innerText || "").trim();
}"""


class Walk:
    """A reader on a page, whose every click, tap and input counts."""

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

    def choose(self, label: str, option: str) -> None:
        """Open a list and take an option: two steps."""
        self.press(self.page.get_by_role("combobox", name=label))
        self.press(self.page.get_by_role("option", name=option, exact=True))

    def type(self, box: Locator, text: str) -> None:
        """What is typed counts as one step, with its Enter."""
        box.fill(text)
        box.press("Enter")
        self.steps += 1

    def find(self, box: Locator, text: str) -> None:
        """Narrow a list by typing and take what is offered: one step, with its click.

        As fast as a reader, who types once the list is open: it opens with an empty text, which would wipe
        one put in at the same moment. A list that isn't narrowed yet moves away under the click.
        """
        # A run on its way draws the list anew when it ends.
        expect(self.page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")
        self.page.wait_for_timeout(1000)
        # After a choice the list stays open, and a click would close it.
        if box.get_attribute("aria-expanded") != "true":
            box.click()
        expect(self.page.get_by_role("option").first).to_be_visible()
        box.press_sequentially(text)
        expect(self.page.get_by_role("option").first).to_have_text(text)
        self.page.get_by_role("option", name=text, exact=True).click()
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


def test_the_courses_student_has_its_answer_and_its_notebook_in_four_clicks(page: Page) -> None:
    page.goto("/")
    # The tour's step is the last of the page's links to Decide only once the page is whole.
    settle(page)
    walk = Walk(page)

    walk.press(main(page).get_by_role("link", name=re.compile("Decide$")).last)
    expect(verdict(page)).to_have_text(re.compile("Llama-3.1-8B comes first"))
    walk.press(view(page, "Record and notebook"))
    cells = notebook(walk.take_away("Notebook (.ipynb)"))

    assert "meta-llama/Llama-3.1-8B" in cells
    assert walk.steps <= 4


def test_the_engineer_with_german_and_korean_tickets_has_an_answer_in_ten(page: Page) -> None:
    page.goto("/")
    walk = Walk(page)

    walk.press(page.get_by_test_id("stSidebar").get_by_role("link", name="Decide", exact=True))
    walk.choose("GPU", "RTX 4090 24 GB")
    expect(page.get_by_role("slider", name=re.compile("Size in billions.*end"))).to_have_attribute(
        "aria-valuetext", "14"
    )
    walk.choose("Task", "Classification into a few labels")
    expect(page).to_have_url(re.compile("d_task=Classification"))
    languages = page.get_by_role("combobox", name="Languages")
    walk.find(languages, "German")
    expect(page).to_have_url(re.compile("d_lang=German"))
    walk.find(languages, "Korean")
    expect(page).to_have_url(re.compile("d_lang=German.*d_lang=Korean"))
    # The list stays open, and with it all else is out of a screen reader's sight.
    page.keyboard.press("Escape")
    walk.steps += 1
    expect(verdict(page)).to_be_visible()
    walk.press(view(page, "Languages"))
    expect(main(page).get_by_text(re.compile(r"tested \(.*German \d+")).first).to_be_visible()
    expect(main(page).get_by_text(re.compile(r"tested \(.*Korean \d+")).first).to_be_visible()

    assert walk.steps <= 10


def test_a_team_lead_overturns_a_shared_decision_in_three(page: Page) -> None:
    page.goto("/decide?field=board&d_w_age=10")
    settle(page)
    shared = verdict(page).inner_text()
    walk = Walk(page)

    walk.press(main(page).get_by_role("button", name="Try it").first)
    expect(verdict(page)).not_to_have_text(shared)
    walk.press(view(page, "Record and notebook"))
    walk.type(main(page).get_by_role("textbox", name="Overruled because"), "The licence binds us.")
    assert walk.steps <= 3

    # Nothing on the page says when a busy server has taken what was typed.
    end = time.monotonic() + PATIENCE_MS / 1000
    record = ""
    while "The licence binds us." not in record and time.monotonic() < end:
        settle(page)
        record = Path(walk.take_away("Record for people (Markdown)").path()).read_text(encoding="utf-8")
    assert "The licence binds us." in record


def press_until(page: Page, key: str, found: str, *, told_by: str = _FOCUSED) -> None:
    """Press a key, at least once, until what is focused bears a name (or another sign of it does)."""
    for _ in range(150):
        page.keyboard.press(key)
        if found in (page.evaluate(told_by) or ""):
            return
    pytest.fail(f"{key} doesn't reach {found}")


def tab_to(page: Page, name: str) -> None:
    press_until(page, "Tab", name)


def test_the_keyboard_alone_reaches_the_answer_turns_it_and_takes_it_away(page: Page) -> None:
    page.goto("/?field=board")
    settle(page)
    tab_to(page, "Decide")
    page.keyboard.press("Enter")
    expect(verdict(page)).to_have_text(re.compile("Llama-3.1-8B comes first"))
    settle(page)

    tab_to(page, "Number tokens")
    press_until(page, "Tab", "range", told_by="document.activeElement.type")
    page.keyboard.press("Home")
    expect(verdict(page)).not_to_have_text(re.compile("Llama-3.1-8B comes first"))

    press_until(page, "Tab", "radio", told_by="document.activeElement.getAttribute('role')")
    press_until(page, "ArrowRight", "Record and notebook")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("d_view=Record"))
    settle(page)
    tab_to(page, "Notebook (.ipynb)")
    with page.expect_download(timeout=PATIENCE_MS) as coming:
        page.keyboard.press("Enter")
    assert notebook(coming.value)


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
