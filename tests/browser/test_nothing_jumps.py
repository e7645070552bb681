"""Nothing jumps while a page loads: what is on screen stays where it first stood."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Page, expect

from tests.browser_driver import settle

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import BrowserContext

pytestmark = pytest.mark.browser

# Shares of the screen that moved, times how far, as the browser counts them (W3C Layout Instability).
_COUNT = """
window.__moved = [];
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) {
    window.__moved.push([entry.value, entry.sources.map(({ node }) => node?.className ?? String(node))]);
  }
}).observe({ type: "layout-shift", buffered: true });
"""
# What web.dev/articles/cls calls good. Without pages/parts/shell/page.css it is 0.2 to 0.46.
_GOOD = 0.1


@pytest.mark.parametrize("size", [(1400, 900), (400, 850)], ids=["wide", "narrow"])
@pytest.mark.parametrize(
    "path",
    [
        "", "leaderboard", "variants", "tokenizers", "decide", "trust", "data",
        "compare?pick=Qwen/Qwen2.5-7B&pick=meta-llama/Llama-3.1-8B",
    ],
)  # fmt: skip
def test_a_page_is_built_without_moving(
    page: Page, app_url: str, path: str, size: tuple[int, int], new_context: Callable[..., BrowserContext]
) -> None:
    """A visit that a busy machine upset is followed by two more that must both be good."""
    page.set_viewport_size({"width": size[0], "height": size[1]})
    first = moves(page, f"{app_url}/{path}")
    if total(first) < _GOOD:
        return
    for _ in range(2):
        again = moves(
            new_context(viewport={"width": size[0], "height": size[1]}).new_page(), f"{app_url}/{path}"
        )
        assert total(again) < _GOOD, (first, again)


def moves(page: Page, url: str) -> list[tuple[float, list[str]]]:
    """Each layout shift of a visit: its score and what moved."""
    page.add_init_script(_COUNT)
    page.goto(url)
    expect(page.get_by_test_id("stAppViewContainer")).to_be_visible()
    settle(page)
    found: list[tuple[float, list[str]]] = page.evaluate("window.__moved")
    return found


def total(moved: list[tuple[float, list[str]]]) -> float:
    return sum(value for value, _ in moved)
