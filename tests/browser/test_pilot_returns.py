"""What only a browser shows of a pilot: its file moves the answer, a reload keeps it, a link names it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.pilot.make_pilot import as_bytes, document

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser
FIRST, TURNED = "meta-llama/Llama-3.1-8B", "meta-llama/Meta-Llama-3-8B"


def test_a_pilots_file_moves_the_answer_stays_after_a_reload_and_a_link_names_it(
    page: Page, browser: Browser, app_url: str
) -> None:
    curves = {FIRST: [0.9, 0.8, 0.75, 0.72], TURNED: [0.7, 0.55, 0.45, 0.4]}
    page.goto("/decide?field=board&d_view=Pilot")
    expect(page.get_by_text("Subsets of")).to_be_visible()
    page.locator("input[type=file]").set_input_files(
        {
            "name": "basewise-pilot.json",
            "mimeType": "application/json",
            "buffer": as_bytes(document(curves)),
        }
    )
    expect(page.get_by_text("With the pilot, first:")).to_be_visible()
    expect(page.get_by_text("What each reaches with all 20,000")).to_be_visible()
    page.wait_for_function("() => document.cookie.includes('basewise_workspace')")
    page.wait_for_url("**d_pilot=**")

    page.reload()
    expect(page.get_by_text("With the pilot, first:")).to_be_visible()

    stranger = browser.new_context().new_page()
    stranger.goto(page.url if page.url.startswith("http") else app_url)
    expect(stranger.get_by_text("This link rests on a pilot")).to_be_visible()
    expect(stranger.get_by_text("With the pilot, first:")).to_have_count(0)
