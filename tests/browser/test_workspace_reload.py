"""What only a browser shows of the workspace: a reload keeps it, another browser doesn't see it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser
FULL = Path(__file__).parent.parent / "fixtures" / "lm_eval" / "full.json"


def test_a_reload_keeps_ones_own_rows_and_nobody_else_sees_them(
    page: Page, browser: Browser, app_url: str
) -> None:
    page.goto("/data?x_part=Results")
    page.locator("input[type=file]").first.set_input_files(FULL)
    expect(page.get_by_text("full.json")).to_be_visible()
    page.get_by_role("button", name="Add these results").click()
    expect(page.get_by_text("Added 1 row")).to_be_visible()
    page.wait_for_function("() => document.cookie.includes('basewise_workspace')")
    key = next(cookie["value"] for cookie in page.context.cookies() if cookie["name"] == "basewise_workspace")
    assert key not in page.url, "the key never stands in the address"

    own = re.compile("With 1 row of your own")
    page.reload()
    expect(page.get_by_text(own)).to_be_visible()
    address = page.url

    other = browser.new_context()
    stranger = other.new_page()
    stranger.goto(address if address.startswith("http") else app_url)
    expect(stranger.get_by_role("heading", name="Data")).to_be_visible()
    expect(stranger.get_by_text("Scores: open-llm-leaderboard")).to_be_visible()
    expect(stranger.get_by_text(own)).to_have_count(0)
    other.close()
