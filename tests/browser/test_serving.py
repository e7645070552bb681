"""What deploy/serve.py adds to Streamlit's own server: seen from a browser and over plain HTTP."""

from __future__ import annotations

import gzip
import re
import urllib.request
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser


def fetch(url: str, **headers: str) -> tuple[bytes, dict[str, str]]:
    request = urllib.request.Request(url, headers={k.replace("_", "-"): v for k, v in headers.items()})
    with urllib.request.urlopen(request, timeout=30) as answer:
        return answer.read(), {name.lower(): value for name, value in answer.headers.items()}


def test_scripts_go_out_compressed_and_to_be_kept(app_url: str) -> None:
    page, _ = fetch(app_url)
    script = re.search(rb"static/js/index\.[\w-]+\.js", page)
    assert script is not None
    address = f"{app_url}/{script[0].decode()}"
    packed, headers = fetch(address, Accept_Encoding="gzip")
    plain, _ = fetch(address)
    assert headers["content-encoding"] == "gzip"
    assert "immutable" in headers["cache-control"]
    assert gzip.decompress(packed) == plain


def test_the_page_names_the_scripts_it_needs_next_and_each_is_there(app_url: str) -> None:
    page, headers = fetch(app_url, Accept_Encoding="gzip")
    assert headers["content-encoding"] == "gzip"
    assert "no-cache" in headers["cache-control"]
    text = gzip.decompress(page).decode()
    hinted = re.findall(r'rel="modulepreload"[^>]*fetchpriority="low"[^>]*href="\./([^"]+)"', text)
    assert len(hinted) == len(set(hinted)) > 10
    for needed in ("DataFrame", "Slider"):
        assert any(needed in name for name in hinted), needed
    for name in hinted:
        assert len(fetch(f"{app_url}/{name}", Accept_Encoding="gzip")[0]) > 0, name


@pytest.mark.parametrize("headers", [{}, {"Accept_Encoding": "gzip"}])
def test_the_file_of_small_scripts_comes_first_and_is_to_be_kept(
    app_url: str, headers: dict[str, str]
) -> None:
    page = fetch(app_url)[0].decode()
    first = re.search(r'src="\./(static/js/[^"]+)"', page)
    assert first is not None
    assert "/early." in first[1]
    body, answered = fetch(f"{app_url}/{first[1]}", **headers)
    assert "immutable" in answered["cache-control"]
    assert answered.get("content-encoding") == ("gzip" if headers else None)
    assert b"importmap" in (gzip.decompress(body) if headers else body)


def test_a_first_visit_takes_few_requests_and_none_twice(page: Page, app_url: str) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{app_url}/leaderboard")
    expect(page.get_by_test_id("stDataFrame").locator("canvas").first).to_be_visible()
    files = [url for url in asked if url.split("?")[0].endswith((".js", ".css")) and url.startswith("http")]
    assert len(files) == len(set(files)) < 50  # Streamlit alone asks for some 130


def test_a_chart_is_drawn_where_its_script_waits_for_the_page(page: Page, app_url: str) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{app_url}/leaderboard")
    expect(page.locator(".js-plotly-plot .point").first).to_be_attached(timeout=30_000)
    charts = [url for url in asked if "PlotlyChart" in url and url.startswith("http")]
    assert [url.rsplit(".js", 1)[1] for url in charts] == ["?whole"]


def test_a_browser_that_refuses_the_import_map_still_shows_the_page(page: Page, app_url: str) -> None:
    """Without it every script is asked for by itself, as Streamlit does."""
    page.route("**/early.*.js", lambda route: route.fulfill(body="", content_type="text/javascript"))
    page.goto(f"{app_url}/leaderboard")
    expect(page.locator(".js-plotly-plot .point").first).to_be_attached(timeout=30_000)


def test_a_page_opened_by_its_address_asks_for_nothing_that_is_not_there(page: Page, app_url: str) -> None:
    failed = []
    page.on("response", lambda answer: failed.append(answer.url) if answer.status >= 400 else None)
    page.goto(f"{app_url}/leaderboard?size=0&size=7")
    expect(page.get_by_text(re.compile("rows shown"))).to_be_visible()
    assert failed == []


def test_a_page_taken_from_the_browsers_own_store_is_whole(page: Page, app_url: str) -> None:
    """The second visit asks whether the page changed; a "not changed" would leave the hints' page half."""
    for _ in range(2):
        page.goto(f"{app_url}/compare")
        expect(page.get_by_role("heading", name="Compare")).to_be_visible()
