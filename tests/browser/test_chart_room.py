"""The Leaderboard's chart has room for its labels: the browser draws it once, and not again for more."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

_ROOM = """() => {
  const layout = document.querySelector('.js-plotly-plot')._fullLayout;
  return ['l', 'r', 't', 'b'].map((side) => [layout.margin[side], layout._size[side]]);
}"""


@pytest.mark.parametrize("query", ["", "?base=false&unknown=true&size=0&size=150", "?by=IFEval"])
def test_the_margins_asked_for_are_the_margins_drawn(page: Page, query: str) -> None:
    page.goto(f"/leaderboard{query}")
    page.locator(".js-plotly-plot .point").first.wait_for(state="attached")
    for asked, drawn in page.evaluate(_ROOM):
        assert drawn == asked
