"""The Leaderboard's table in a browser: it comes before the chart, and a click on a heading sorts."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser_driver import settle

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser
_WIDTH_OF_TICKS, _INTO_HEADING = 40, 16  # pixels
# When each first came, as the page's own observer saw it; the script is the chart's.
_FIRST_SEEN = """() => {
  window.cameFirst = [];
  const look = () => {
    for (const [name, selector] of [
      ["table", ".st-key-board_rows canvas"], ["script", "script[src*=PlotlyChart]"],
      ["chart", ".js-plotly-plot"],
    ]) {
      if (!window.cameFirst.includes(name) && document.querySelector(selector)) window.cameFirst.push(name);
    }
  };
  new MutationObserver(look).observe(document, { childList: true, subtree: true });
}"""

_POINT = ".js-plotly-plot .point"
# "12 of 4,585 rows shown" below the table, and "3 of 12 models beat all smaller ones" above the chart.
_SAME_NUMBER = """() => {
  const said = (pattern) => document.body.innerText.match(pattern)?.[1];
  const rows = said(/([\\d,]+) of [\\d,]+ rows shown/);
  return rows && rows === said(/of ([\\d,]+) models beat all smaller ones/);
}"""
_RINGED = """(ringed) => {
  const traces = document.querySelector('.js-plotly-plot')?.data;
  return traces && traces.some(({ name }) => name === 'picked') === ringed;
}"""


def _headings(page: Page) -> list[str]:
    return page.locator(".st-key-board_rows [role=columnheader]").all_inner_texts()


def test_the_table_comes_first_and_the_chart_by_itself(page: Page) -> None:
    page.add_init_script(f"({_FIRST_SEEN})()")
    for _ in range(2):
        page.goto("/leaderboard")
        expect(page.locator(_POINT).first).to_be_attached()
        assert page.evaluate("window.cameFirst") == ["table", "script", "chart"]
        expect(page.locator(".st-key-board_chart_data")).to_be_visible()
        page.reload()


def test_a_pick_in_the_chart_reaches_the_table_and_the_buttons(page: Page) -> None:
    page.goto("/leaderboard?field=board&drag=Pick")
    chart = page.locator(".js-plotly-plot .nsewdrag").first
    expect(page.locator(_POINT).first).to_be_attached()
    settle(page)
    chart.scroll_into_view_if_needed()
    box = chart.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 3, box["y"] + 3)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] - 3, box["y"] + box["height"] - 3, steps=5)
    page.mouse.up()
    expect(page.get_by_role("button", name=re.compile(r"Add \d+ models to the shortlist"))).to_be_enabled()
    expect(page.get_by_role("button", name="Untick all")).to_be_enabled()


def test_a_click_on_a_heading_sorts_by_it_best_first(page: Page) -> None:
    page.goto("/leaderboard?field=board")
    settle(page)
    expect(page.locator(".st-key-board_rows [role=columnheader]").first).to_be_attached()
    headings = _headings(page)
    table = page.locator(".st-key-board_rows [data-testid=stDataFrame]").bounding_box()
    assert table is not None
    # The first column after the ticks holds the names.
    assert "Model" in headings[:2]
    page.mouse.click(table["x"] + _WIDTH_OF_TICKS + 60, table["y"] + _INTO_HEADING)
    expect(page).to_have_url(re.compile(r"sort=By\+name|sort=By%20name"))
    settle(page)
    cells = page.locator(".st-key-board_rows [role=gridcell]")
    first = cells.filter(has_text=re.compile(r"\w[-/]\w")).first
    assert first.inner_text()


def test_the_chart_follows_the_table_whatever_changes_it(page: Page) -> None:
    page.goto("/leaderboard?field=board&unknown=false")
    expect(page.locator(_POINT).first).to_be_attached()
    settle(page)
    slider = page.get_by_role("slider", name="Size").last
    for _ in range(3):
        slider.press("ArrowLeft")
    settle(page)
    page.wait_for_function(_SAME_NUMBER)
    slider.press("ArrowLeft")
    slider.press("ArrowRight")
    settle(page)
    page.wait_for_function(_SAME_NUMBER)

    table = page.locator(".st-key-board_rows [data-testid=stDataFrame]").bounding_box()
    assert table is not None
    page.mouse.click(table["x"] + _WIDTH_OF_TICKS / 2, table["y"] + 3 * _INTO_HEADING)
    expect(page.get_by_role("button", name="Add 1 model to the shortlist")).to_be_enabled()
    page.wait_for_function(_RINGED, arg=True)
    page.get_by_role("button", name="Untick all").click()
    page.wait_for_function(_RINGED, arg=False)


def test_once_the_chart_is_there_only_the_reader_asks(page: Page) -> None:
    # A request of the page's own carries what all controls showed, and would undo what the server just set.
    sent = []

    def note(frame: bytes | str) -> None:
        sent.append(frame)

    page.on("websocket", lambda socket: socket.on("framesent", note))
    page.goto("/leaderboard?field=board")
    expect(page.locator(_POINT).first).to_be_attached()
    settle(page)
    for key in ("ArrowLeft", "ArrowRight"):
        before = len(sent)
        page.get_by_role("slider", name="Size").last.press(key)
        page.wait_for_timeout(500)
        settle(page)
        page.wait_for_function(_SAME_NUMBER)
        assert len(sent) == before + 1
