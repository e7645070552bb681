"""What a reader does to a chart in a real browser: zoom and pan outlive filters, a finger scrolls on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, Page

pytestmark = pytest.mark.browser

_LAYOUT = "(plot) => JSON.parse(JSON.stringify(plot.layout))"
# While a busy browser still follows the pointer, the ranges change from frame to frame.
_AT_REST = """(plot) => new Promise((done) => {
  const look = (was) => {
    const now = JSON.stringify([plot.layout.xaxis.range, plot.layout.yaxis.range]);
    if (now === was) done();
    else setTimeout(() => requestAnimationFrame(() => look(now)), 300);
  };
  look("");
})"""
_PHONE: dict[str, Any] = {"viewport": {"width": 400, "height": 850}, "has_touch": True, "is_mobile": True}
_TOP = "document.querySelector('[data-testid=stMain]').scrollTop"


def chart(page: Page, key: str) -> Locator:
    plot = page.locator(f".st-key-{key} .js-plotly-plot")
    plot.locator(".nsewdrag").first.wait_for(state="attached")
    plot.scroll_into_view_if_needed()
    return plot


def ranges(plot: Locator) -> dict[str, list[float]]:
    layout: dict[str, Any] = plot.evaluate(_LAYOUT)
    return {axis: layout[axis]["range"] for axis in ("xaxis", "yaxis")}


def drag(page: Page, plot: Locator) -> dict[str, list[float]]:
    """Drag over the middle of a chart; the ranges after it."""
    before = ranges(plot)
    box = plot.locator(".nsewdrag").first.bounding_box()
    assert box
    x, y = box["x"] + box["width"] / 2, box["y"] + min(box["height"], 400) / 2
    page.mouse.move(x - 60, y - 50)
    page.mouse.down()
    page.mouse.move(x + 90, y + 60, steps=6)
    page.mouse.up()
    expect_other(plot, before)
    plot.evaluate(_AT_REST)
    return ranges(plot)


def expect_other(plot: Locator, before: dict[str, list[float]]) -> None:
    plot.page.wait_for_function(
        "([plot, was]) => was.some(([axis, [low]]) => plot.layout[axis].range[0] !== low)",
        arg=[plot.element_handle(), list(before.items())],
    )


def change(page: Page, plot: Locator, label: str) -> None:
    """Move a slider a step, and wait until the chart was drawn anew."""
    old = plot.element_handle()
    page.get_by_role("slider", name=label).last.press("ArrowLeft")
    page.wait_for_function("(plot) => !plot.isConnected", arg=old)


def show_all(page: Page, key: str, *, range_: list[float] | None = None) -> None:
    """Double-click; the chart then shows ``range_`` across, or what it finds right itself."""
    # Plotly takes presses within 300 ms for one gesture; no hand lets a drag go and clicks twice as quickly.
    page.wait_for_timeout(400)
    box = chart(page, key).locator(".nsewdrag").first.bounding_box()
    assert box
    page.mouse.dblclick(box["x"] + box["width"] / 2, box["y"] + min(box["height"], 400) / 2)
    # One drawn anew stands beside the one it takes the place of for a moment.
    page.wait_for_function(
        "([key, range]) => { const plots = document.querySelectorAll(`.st-key-${key} .js-plotly-plot`);"
        " const axis = plots.length === 1 && plots[0].layout?.xaxis;"
        " return axis && (range ? String(axis.range) === String(range) : axis.autorange); }",
        arg=[key, range_],
    )


@pytest.mark.parametrize("dragging", ["Zoom", "Pan"])
def test_the_board_stays_where_it_was_moved_to(page: Page, dragging: str) -> None:
    page.goto(f"/leaderboard?drag={dragging}")
    plot = chart(page, "board_chart")
    moved = drag(page, plot)
    change(page, plot, "Size")
    assert ranges(chart(page, "board_chart")) == moved
    show_all(page, "board_chart")


def test_a_zoom_holds_for_the_axis_it_was_made_on(page: Page) -> None:
    page.goto("/leaderboard?drag=Zoom")
    plot = chart(page, "board_chart")
    moved = drag(page, plot)
    old = plot.element_handle()
    page.get_by_role("combobox", name="Rank by").click()
    page.keyboard.type("IFEval")
    page.get_by_role("option", name="IFEval").wait_for()
    page.keyboard.press("Enter")
    page.wait_for_function("(plot) => !plot.isConnected", arg=old)
    layout = chart(page, "board_chart").evaluate(_LAYOUT)
    assert layout["xaxis"]["range"] == moved["xaxis"]
    assert layout["yaxis"]["autorange"] is True


def test_charts_of_names_zoom_along_their_figures_only(page: Page) -> None:
    page.goto("/variants")
    plot = chart(page, "v_dumbbells")
    whole = ranges(plot)
    moved = drag(page, plot)
    assert moved["yaxis"] == whole["yaxis"]
    change(page, plot, "Size")
    assert ranges(chart(page, "v_dumbbells"))["xaxis"] == moved["xaxis"]
    show_all(page, "v_dumbbells")


def test_a_chart_with_a_range_of_its_own_goes_back_to_it(page: Page) -> None:
    page.goto("/decide")
    plot = chart(page, "decide_ranks")
    whole = ranges(plot)["xaxis"]
    moved = drag(page, plot)["xaxis"]
    assert moved != whole
    show_all(page, "decide_ranks", range_=whole)
    moved = drag(page, plot)["xaxis"]
    change(page, plot, "Number tokens")
    assert ranges(chart(page, "decide_ranks"))["xaxis"] == moved
    show_all(page, "decide_ranks", range_=whole)


def swipe(page: Page, plot: Locator) -> float:
    """Swipe down over a chart; how far the page went up."""
    box = plot.locator(".nsewdrag").first.bounding_box()
    assert box
    x, y = box["x"] + box["width"] / 2, 350
    before: float = page.evaluate(_TOP)
    screen = page.context.new_cdp_session(page)
    screen.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": x, "y": y}]})
    for step in range(1, 11):
        touch = {"x": x, "y": y + 15 * step}
        screen.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [touch]})
        page.wait_for_timeout(20)
    screen.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    page.wait_for_timeout(500)
    after: float = page.evaluate(_TOP)
    return before - after


def test_a_finger_scrolls_past_a_chart_unless_it_is_to_draw(browser: Browser, app_url: str) -> None:
    for dragging, scrolls in (("Pan", True), ("Zoom", False)):
        context = browser.new_context(**_PHONE)
        page = context.new_page()
        page.goto(f"{app_url}/leaderboard?drag={dragging}")
        plot = chart(page, "board_chart")
        whole = ranges(plot)
        plot.evaluate("(plot) => plot.scrollIntoView({block: 'center'})")
        assert (swipe(page, plot) > 50) is scrolls
        assert (ranges(plot) == whole) is scrolls
        context.close()


def test_a_tap_still_picks_a_point(browser: Browser, app_url: str) -> None:
    context = browser.new_context(**_PHONE)
    page = context.new_page()
    page.goto(f"{app_url}/leaderboard?size=0&size=3")
    plot = chart(page, "board_chart")
    plot.evaluate("(plot) => plot.scrollIntoView({block: 'center'})")
    place = plot.locator(".point").last.bounding_box()
    assert place
    page.touchscreen.tap(place["x"] + place["width"] / 2, place["y"] + place["height"] / 2)
    expect(page.get_by_role("button", name="Add 1 model to the shortlist")).to_be_enabled()
    context.close()
