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


@pytest.mark.parametrize(
    ("path", "slider", "counted", "shown"),
    [
        ("leaderboard", "size", "models", r"^{} of \d"),
        ("variants", "v_size", "bases", "of {} bases in view"),
        # tests/decision/test_size_counts.py holds the count to what the decision then ranks.
        ("decide", "d_size", "candidates", None),
    ],
)
def test_the_count_on_the_way_is_the_one_shown_then(
    page: Page, path: str, slider: str, counted: str, shown: str | None
) -> None:
    page.goto(f"/{path}?field=board")
    settle(page)
    thumb = page.locator(f".st-key-{slider}").get_by_role("slider").last.bounding_box()
    assert thumb
    middle = thumb["y"] + thumb["height"] / 2
    page.mouse.move(thumb["x"] + 1, middle)
    page.mouse.down()
    page.mouse.move(thumb["x"] - _AWAY, middle, steps=4)
    said = page.locator(f".st-key-{slider}_count").get_by_text(re.compile(rf"\d {counted}"))
    expect(said).to_be_visible()
    count = int(said.inner_text().split()[0].replace(",", ""))
    assert count > 1
    # Held still, the thumb may rest as long as the reader likes; let go, the page says the count itself.
    page.wait_for_timeout(2_000)
    expect(said).to_be_visible()
    page.mouse.up()
    settle(page)
    expect(said).to_be_hidden()
    if shown:
        expect(page.get_by_text(re.compile(shown.format(count)))).to_be_visible()
