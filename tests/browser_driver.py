"""Find a page by its address, and wait until it is all there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playwright.sync_api import expect

if TYPE_CHECKING:
    from playwright.sync_api import Page


def address(path: str) -> str:
    """Of the page whose script is ``path``, below the app's own."""
    return "/" if path == "app.py" else "/" + path.removeprefix("pages/").removesuffix(".py")


def settle(page: Page) -> None:
    """Until the script has run to its end and nothing is drawn any more."""
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    # The widget that says so comes late.
    expect(page.get_by_test_id("stApp")).to_have_attribute(
        "data-test-script-state", "notRunning", timeout=30_000
    )
    expect(page.get_by_test_id("stStatusWidget")).to_have_count(0, timeout=30_000)
    expect(page.get_by_test_id("stSkeleton")).to_have_count(0, timeout=30_000)
    page.wait_for_timeout(500)
