"""What holds for every page on the menu. Each is opened twice for all tests: cold and wide, and narrow."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from pages.parts.shell import frame
from tests.browser_driver import PATIENCE_MS, PICKS, address, grave_findings, settle

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser, BrowserContext, Page

pytestmark = pytest.mark.browser
WIDE, NARROW = (1400, 900), (400, 850)

# Shares of the screen that moved, times how far, as the browser counts them (W3C Layout Instability).
_COUNT_MOVES = """
window.__moved = [];
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) {
    window.__moved.push([entry.value, entry.sources.map(({ node }) => node?.className ?? String(node))]);
  }
}).observe({ type: "layout-shift", buffered: true });
"""
# What web.dev/articles/cls calls good. Without pages/parts/shell/page.css it is 0.2 to 0.46.
_GOOD = 0.1
_BEYOND = """() => {
  const main = document.querySelector('[data-testid=stMain]');
  const beyond = (part) => part.scrollWidth - part.clientWidth;
  return Math.max(beyond(document.documentElement), main ? beyond(main) : 0);
}"""


@dataclass
class Visit:
    """One page opened cold, and what was seen while it loaded."""

    entry: frame.Page
    page: Page
    moved: list[tuple[float, list[str]]]
    requested: list[str]


def visit(entry: frame.Page, page: Page) -> Visit:
    requested: list[str] = []
    page.on("request", lambda request: requested.append(request.url))
    page.add_init_script(_COUNT_MOVES)
    # A model's page shows a model.
    own = "&id=Qwen/Qwen3-8B-Base" if entry.path == "pages/model.py" else ""
    page.goto(f"{address(entry.path)}?{PICKS}{own}")
    expect(page.get_by_test_id("stAppViewContainer")).to_be_visible(timeout=PATIENCE_MS)
    settle(page)
    return Visit(entry, page, page.evaluate("window.__moved"), requested)


@pytest.fixture(scope="module", params=frame.PAGES, ids=lambda entry: entry.label)
def wide(request: pytest.FixtureRequest, open_cold: Callable[[], Page]) -> Iterator[Visit]:
    """By a browser that has nothing of the app."""
    seen = visit(request.param, open_cold())
    yield seen
    # Closed before the next page opens: pages left open keep working on the machine.
    seen.page.context.close()


@pytest.fixture(scope="module", params=frame.PAGES, ids=lambda entry: entry.label)
def narrow(request: pytest.FixtureRequest, open_narrow: Callable[[], Page]) -> Iterator[Visit]:
    """By a browser that has the app's scripts."""
    seen = visit(request.param, open_narrow())
    yield seen
    seen.page.close()


@pytest.fixture(scope="module")
def open_cold(browser: Browser, browser_context_args: dict[str, Any]) -> Callable[[], Page]:
    width, height = WIDE
    size = {"viewport": {"width": width, "height": height}}

    def opened() -> Page:
        page = browser.new_context(**browser_context_args | size).new_page()
        page.set_default_timeout(PATIENCE_MS)
        return page

    return opened


@pytest.fixture(scope="module")
def open_narrow(warm: BrowserContext) -> Callable[[], Page]:
    width, height = NARROW

    def opened() -> Page:
        page = warm.new_page()
        page.set_viewport_size({"width": width, "height": height})
        return page

    return opened


def assert_hardly_moved(seen: Visit, open_tab: Callable[[], Page]) -> None:
    """A visit that a busy machine upset is followed by two more that must both be good."""
    if total(seen.moved) < _GOOD:
        return
    for _ in range(2):
        again = visit(seen.entry, open_tab())
        again.page.close()
        assert total(again.moved) < _GOOD, (seen.moved, again.moved)


def total(moved: list[tuple[float, list[str]]]) -> float:
    return sum(value for value, _ in moved)


def test_opens_cold_with_menu_and_title(wide: Visit) -> None:
    menu = wide.page.get_by_test_id("stSidebar")
    for other in frame.PAGES:
        expect(menu.get_by_role("link", name=other.label, exact=True)).to_be_visible()
    expect(wide.page.get_by_role("heading", level=1)).to_be_visible()
    expect(wide.page).to_have_title(f"{wide.entry.label} - Basewise")


def test_makes_no_third_party_requests(wide: Visit, app_url: str) -> None:
    assert wide.requested
    assert [url for url in wide.requested if not url.startswith((app_url, "data:", "blob:"))] == []


def test_knows_where_its_server_is(wide: Visit, app_url: str) -> None:
    asked = [url for url in wide.requested if "/_stcore/" in url]
    assert asked
    assert [url for url in asked if not url.startswith(f"{app_url}/_stcore/")] == []


def test_is_built_without_moving(wide: Visit, open_cold: Callable[[], Page]) -> None:
    assert_hardly_moved(wide, open_cold)


def test_listens_for_gestures_where_there_are_charts(wide: Visit) -> None:
    charts, listener = (wide.page.locator(f".{name}") for name in ("js-plotly-plot", "st-key-gestures"))
    if listener.count():
        expect(listener).to_have_count(1)
        expect(charts.first).to_be_attached()
    else:
        expect(charts).to_have_count(0)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_has_no_serious_accessibility_finding(wide: Visit, scheme: str) -> None:
    assert grave_findings(wide.page, scheme) == []


def test_is_built_without_moving_on_a_telephone(narrow: Visit, open_narrow: Callable[[], Page]) -> None:
    assert_hardly_moved(narrow, open_narrow)


def test_does_not_scroll_sideways_on_a_telephone(narrow: Visit) -> None:
    assert narrow.page.evaluate(_BEYOND) <= 0
