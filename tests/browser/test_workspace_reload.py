"""What only a browser shows of the workspace: a reload keeps it, two tabs share it, no other browser does."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser
OWN = {
    "name": "own.csv",
    "mimeType": "text/csv",
    "buffer": b"model_id,kind,params_b,ifeval\nme/own,base,7,40\n",
}
BOTH = re.compile("With 2 rows of your own")
FULL = Path(__file__).parent.parent / "fixtures" / "lm_eval" / "full.json"


def test_a_reload_keeps_what_two_tabs_added_and_nobody_else_sees_it(
    page: Page, browser: Browser, app_url: str
) -> None:
    page.goto("/data?x_part=Results")
    second = page.context.new_page()
    second.goto(page.url)
    for tab in (page, second):
        # Both are open before either has anything to keep: each makes a key of its own first.
        expect(tab.get_by_text("Results files", exact=True)).to_be_visible()
    for tab, file in ((page, FULL), (second, OWN)):
        name = file.name if isinstance(file, Path) else file["name"]
        tab.locator("input[type=file]").first.set_input_files(file)
        expect(tab.get_by_text(name)).to_be_visible()
        tab.get_by_role("button", name="Add these results").click()
        expect(tab.get_by_text("Added 1 row")).to_be_visible()
        page.wait_for_function("() => document.cookie.includes('basewise_workspace')")
    key = next(cookie["value"] for cookie in page.context.cookies() if cookie["name"] == "basewise_workspace")
    assert key not in page.url, "the key never stands in the address"
    expect(second.get_by_text(BOTH)).to_be_visible()
    second.close()

    page.reload()
    expect(page.get_by_text(BOTH)).to_be_visible()
    address = page.url

    other = browser.new_context()
    stranger = other.new_page()
    stranger.goto(address if address.startswith("http") else app_url)
    expect(stranger.get_by_role("heading", name="Data")).to_be_visible()
    expect(stranger.get_by_text("Scores: open-llm-leaderboard")).to_be_visible()
    expect(stranger.get_by_text("of your own")).to_have_count(0)
    other.close()
