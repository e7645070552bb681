"""While a size slider moves, the count beside it is the one the page then shows."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser_driver import settle

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser
_AWAY = 60  # pixels to the left, several stops


def _drag(page: Page, slider: str, counted: str) -> int:
    """Drag the upper end and let go; the count said on the way."""
    thumb = page.locator(f".st-key-{slider}").get_by_role("slider").last.bounding_box()
    assert thumb
    middle = thumb["y"] + thumb["height"] / 2
    page.mouse.move(thumb["x"] + 1, middle)
    page.mouse.down()
    page.mouse.move(thumb["x"] - _AWAY, middle, steps=4)
    said = page.locator(f".st-key-{slider}_count").get_by_text(re.compile(rf"\d {counted}"))
    expect(said).to_be_visible()
    count = int(said.inner_text().split()[0].replace(",", ""))
    # Held still, the thumb may rest as long as the reader likes; let go, the page says the count itself.
    page.wait_for_timeout(2_000)
    expect(said).to_be_visible()
    page.mouse.up()
    settle(page)
    expect(said).to_be_hidden()
    return count


def test_on_the_leaderboard(page: Page) -> None:
    page.goto("/leaderboard?field=board")
    settle(page)
    count = _drag(page, "size", "models")
    assert count > 1
    expect(page.get_by_text(re.compile(rf"^{count} of \d"))).to_be_visible()


def test_on_variants(page: Page) -> None:
    page.goto("/variants?field=board")
    settle(page)
    count = _drag(page, "v_size", "bases")
    assert count > 1
    expect(page.get_by_text(re.compile(rf"of {count} bases in view"))).to_be_visible()


def test_on_decide(page: Page) -> None:
    page.goto("/decide?field=board")
    settle(page)
    # tests/decision/test_size_counts.py holds the count to what the decision then ranks.
    assert _drag(page, "d_size", "candidates") > 1
