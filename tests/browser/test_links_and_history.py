"""A link carries a colleague to what the sender saw; back, forward and reload lose nothing."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import pytest
from playwright.sync_api import expect

from tests.browser_driver import settle

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser
GEMMA = "google/gemma-2-9b"


def slider_end(page: Page):
    return page.get_by_role("slider", name=re.compile("Size in billions.*end"))


def shortlist(page: Page):
    return page.get_by_test_id("stSidebar").get_by_text(re.compile(r"of at most 12"))


def test_what_is_chosen_stands_in_the_address_and_opens_elsewhere(page: Page, browser, app_url) -> None:
    page.goto("/leaderboard")
    slider_end(page).focus()
    page.keyboard.press("ArrowLeft")
    page.get_by_role("textbox", name="Search by name").fill("qwen")
    page.keyboard.press("Enter")

    expect(page).to_have_url(re.compile(r"size=0&size=8"))
    expect(page).to_have_url(re.compile(r"q=qwen"))

    elsewhere = browser.new_context(base_url=app_url).new_page()
    elsewhere.goto(page.url)
    expect(elsewhere.get_by_role("textbox", name="Search by name")).to_have_value("qwen")
    expect(elsewhere.get_by_text(re.compile("rows shown"))).to_have_text(
        page.get_by_text(re.compile("rows shown")).inner_text()
    )
    elsewhere.context.close()


def test_a_drag_keeps_what_a_link_set_behind_more_filters_and_reset_takes_back_all(page: Page) -> None:
    """The slider runs without the other controls, of which those in the closed list were never drawn."""
    page.goto("/leaderboard?size=0&size=7&base=false&merges=true&lic=apache-2.0&cols=Licence&by=MATH+5")
    counted = page.get_by_text(re.compile("rows shown"))
    expect(counted).to_contain_text("merges")
    before = counted.inner_text()

    slider_end(page).focus()
    page.keyboard.press("ArrowRight")
    expect(counted).not_to_have_text(before)
    expect(counted).to_contain_text("merges")
    page.get_by_text("Continued bases too", exact=True).click()

    expect(page).to_have_url(re.compile("cont=true"))
    expect(page).to_have_url(
        re.compile(r"(?=.*size=0&size=8)(?=.*merges=true)(?=.*lic=apache)(?=.*cols=Licence)")
    )
    expect(slider_end(page)).to_have_attribute("aria-valuetext", "8")
    expect(counted).to_contain_text("merges")

    page.get_by_role("button", name="Reset filters").click()
    expect(slider_end(page)).to_have_attribute("aria-valuetext", "9")
    expect(page.get_by_role("switch", name="Base models only")).to_be_checked()
    expect(page).not_to_have_url(re.compile("merges|lic=|cols=|by="))


def test_reload_loses_nothing(page: Page) -> None:
    page.goto(f"/leaderboard?size=0&size=7&pick={GEMMA}")
    counted = page.get_by_text(re.compile("rows shown"))
    expect(counted).to_be_visible()
    before = counted.inner_text()

    page.reload()

    expect(counted).to_have_text(before)
    expect(shortlist(page)).to_have_text(re.compile("1 of at most 12"))


def test_a_link_that_says_what_is_held_is_not_written_again(page: Page) -> None:
    """What the server writes is the whole address as its run began: it would undo a change made meanwhile."""
    page.add_init_script(
        """window.written = [];
        const write = history.pushState;
        history.pushState = function (...all) {
            window.written.push(all[2]);
            return write.apply(this, all);
        };"""
    )
    page.goto(f"/leaderboard?size=0&size=7&pick={GEMMA}")
    expect(shortlist(page)).to_have_text(re.compile("1 of at most 12"))
    settle(page)

    assert page.evaluate("() => window.written") == []


def test_back_and_forward_lead_through_the_pages(page: Page) -> None:
    page.goto("/leaderboard?size=0&size=7")
    expect(page.get_by_role("heading", level=1)).to_have_text("Leaderboard")
    page.get_by_test_id("stSidebar").get_by_role("link", name="Evidence", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Evidence")

    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text("Leaderboard")
    expect(page).to_have_url(re.compile(r"/leaderboard\?.*size=0&size=7"))
    expect(slider_end(page)).to_have_attribute("aria-valuetext", "7")

    page.go_forward()
    expect(page.get_by_role("heading", level=1)).to_have_text("Evidence")


def test_a_hostile_link_opens_with_what_is_valid_and_says_what_was_dropped(page: Page) -> None:
    fired: list[str] = []
    page.on("dialog", lambda dialog: (fired.append(dialog.message), dialog.dismiss()))

    page.goto(
        "/leaderboard?size=-5&size=1e99&q=qwen&by=__class__&base=perhaps&nonsense=%3Cscript%3Ealert(1)%3C/script%3E"
        f"&pick={GEMMA}&pick=%5Bx%5D(javascript:alert(2))&pick=%3Cimg%20src=x%20onerror=alert(3)%3E"
    )

    expect(page.get_by_role("textbox", name="Search by name")).to_have_value("qwen")
    expect(shortlist(page)).to_have_text(re.compile("1 of at most 12"))
    said = page.get_by_role("alert")
    expect(said.filter(has_text="size").first).to_be_visible()
    expect(said.filter(has_text="not on the board").first).to_be_visible()
    assert page.locator("img[src='x'], a[href^='javascript']").count() == 0
    assert fired == []


def test_the_shortlist_goes_along_from_page_to_page(page: Page) -> None:
    page.goto(f"/leaderboard?pick={GEMMA}")
    expect(shortlist(page)).to_have_text(re.compile("1 of at most 12"))

    page.get_by_test_id("stSidebar").get_by_role("link", name="Compare", exact=True).click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Compare")
    expect(page).to_have_url(re.compile(r"/compare\?pick=google(/|%2F)gemma-2-9b"))
    expect(shortlist(page)).to_have_text(re.compile("1 of at most 12"))

    page.get_by_test_id("stSidebar").get_by_role("link", name="gemma-2-9b", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Model")
    expect(page).to_have_url(re.compile(r"id=google(/|%2F)gemma-2-9b"))
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text("Compare")
    expect(page).not_to_have_url(re.compile(r"id="))


def test_what_a_link_says_never_becomes_one_of_ours(page: Page) -> None:
    """A stranger's link must not make the app invite to another site."""
    said = "expired, sign in at https://evil.example/login or www.evil.example or a@evil.example"
    page.goto(f"/compare?{urlencode({'session': said})}")
    settle(page)
    expect(page.get_by_text("Part of this link could not be used")).to_contain_text("sign in at")
    assert page.locator("a[href*=evil]").count() == 0
    page.goto("/model?id=www.evil.example/login")
    settle(page)
    expect(page.get_by_text("evil.example").first).to_be_visible()
    assert page.locator("a[href*='www.evil']:not([href^='https://huggingface.co/'])").count() == 0
