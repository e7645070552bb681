"""What was chosen is in the address, so it survives the end of the server that held the session."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.app_server import AppServer

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser


def test_a_reader_goes_on_with_the_next_replica(page: Page) -> None:
    with AppServer() as first:
        page.goto(f"{first.url}/leaderboard?size=0&size=7&pick=google/gemma-2-9b")
        counted = page.get_by_text(re.compile("rows shown"))
        expect(counted).to_be_visible()
        before = counted.inner_text()
        first.kill()
    connecting = page.get_by_test_id("stStatusWidget")
    expect(connecting).to_be_visible()

    with AppServer(port=first.port):
        # The page connects again by itself; a change of the slider shows that the new server answers it.
        expect(connecting).to_have_count(0)
        expect(counted).to_have_text(before)
        page.get_by_role("slider", name=re.compile("Size in billions.*end")).focus()
        page.keyboard.press("ArrowLeft")
        expect(counted).not_to_have_text(before)
        expect(page).to_have_url(re.compile("size=0&size=6"))
        expect(page.get_by_test_id("stSidebar").get_by_text("1 of at most 12")).to_be_visible()
