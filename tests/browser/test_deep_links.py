"""A link to any page opens it cold, with the app's frame around it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from pages.parts.shell.frame import PAGES
from tests.browser_driver import address

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("entry", PAGES, ids=lambda entry: entry.label)
def test_opens_cold_with_menu_and_title(page: Page, entry) -> None:
    page.goto(address(entry.path))
    menu = page.get_by_test_id("stSidebar")
    for other in PAGES:
        expect(menu.get_by_role("link", name=other.label, exact=True)).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page).to_have_title(f"{entry.label} - Basewise")
