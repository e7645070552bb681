"""What serving/serve.py adds to Streamlit's own server: seen from a browser and over plain HTTP."""

from __future__ import annotations

import gzip
import re
import time
import urllib.request
from typing import TYPE_CHECKING

import brotli
import pytest
from playwright.sync_api import expect
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from pages.parts.shell.frame import PAGES
from tests.browser_driver import address, settle

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser


def fetch(url: str, **headers: str) -> tuple[bytes, dict[str, str]]:
    request = urllib.request.Request(url, headers={k.replace("_", "-"): v for k, v in headers.items()})
    with urllib.request.urlopen(request, timeout=30) as answer:
        return answer.read(), {name.lower(): value for name, value in answer.headers.items()}


@pytest.fixture(scope="module")
def prepared_url(app_url: str) -> str:
    """The app's address, once its server has made the small fonts and packed all scripts."""
    for _ in range(300):
        page = fetch(app_url)[0].decode()
        early = re.search(r"static/js/early[^\"]+", page)
        assert early is not None
        packed = fetch(f"{app_url}/{early[0]}", Accept_Encoding="gzip, br")[1]["content-encoding"] == "br"
        if packed and re.search(r"media/SourceSansVF-Upright\.[0-9a-f]{12}\.woff2", page):
            return app_url
        time.sleep(0.2)
    pytest.fail("the server did not get its assets ready within a minute")


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


def test_browsers_that_take_brotli_get_the_same_scripts_in_fewer_bytes(prepared_url: str) -> None:
    page = fetch(prepared_url)[0].decode()
    for kind in ("static/js/early", "static/js/index", "static/css/index"):
        found = re.search(rf"{kind}\.[\w-]+\.\w+", page)
        assert found is not None, kind
        address = f"{prepared_url}/{found[0]}"
        small, headers = fetch(address, Accept_Encoding="gzip, deflate, br, zstd")
        other, _ = fetch(address, Accept_Encoding="gzip")
        assert headers["content-encoding"] == "br"
        assert "Accept-Encoding" in headers["vary"]
        assert brotli.decompress(small) == gzip.decompress(other)
        assert len(small) < len(other)


@pytest.mark.parametrize("path", [page.path for page in PAGES])
def test_every_icon_is_drawn_as_one_sign(page: Page, prepared_url: str, path: str) -> None:
    """A name that the small font lacks would stand there in letters, several times as wide as high."""
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(prepared_url + address(path))
    icons = page.get_by_test_id("stIconMaterial")
    expect(icons.nth(len(PAGES) - 1)).to_be_visible()
    page.wait_for_load_state("networkidle")
    page.evaluate("document.fonts.ready")
    wide = icons.evaluate_all(
        "all => all.filter(icon => icon.scrollWidth > 1.5 * parseFloat(getComputedStyle(icon).fontSize))"
        ".map(icon => icon.textContent)"
    )
    assert wide == []
    fonts = [url.rsplit("/", 1)[1] for url in asked if url.endswith(".woff2")]
    assert any(re.fullmatch(r"MaterialSymbols-Rounded\.[0-9a-f]{12}\.woff2", font) for font in fonts)


def test_a_page_of_latin_letters_takes_the_small_fonts_alone(page: Page, prepared_url: str) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url.rsplit("/", 1)[1]))
    page.goto(f"{prepared_url}/leaderboard")
    page.locator(".js-plotly-plot .point").first.wait_for(state="attached")
    fonts = [name for name in asked if name.endswith(".woff2")]
    assert {name.split(".")[0] for name in fonts} >= {"SourceSansVF-Upright", "MaterialSymbols-Rounded"}
    assert all(re.search(r"\.[0-9a-f]{12}\.woff2$", name) for name in fonts)


def test_letters_beyond_the_small_font_come_from_the_whole_one(page: Page, prepared_url: str) -> None:
    page.goto(f"{prepared_url}/leaderboard")
    expect(page.get_by_text(re.compile("rows shown"))).to_be_visible()
    with page.expect_response(re.compile(r"SourceSansVF-Upright\.ttf\..*woff2")) as answer:
        page.get_by_label("Search by name").fill("Жук")
    assert answer.value.ok


def test_the_page_takes_the_socket_opened_for_it(page: Page, app_url: str) -> None:
    sockets: list[str] = []
    page.on("websocket", lambda socket: sockets.append(socket.url))
    for path in ("leaderboard", "data"):  # on the second visit the browser has a token to show
        sockets.clear()
        page.goto(f"{app_url}/{path}?size=0&size=7")
        expect(page.get_by_test_id("stHeading").first).to_be_visible()
        assert sockets == [f"{app_url.replace('http', 'ws')}/_stcore/stream"]


def test_a_page_whose_early_socket_was_lost_opens_another(page: Page, app_url: str) -> None:
    page.add_init_script(
        "const Plain = WebSocket; let first = true;"
        "WebSocket = class extends Plain { constructor(...all) { super(...all); if (first) this.close();"
        " first = false; } };"
    )
    sockets: list[str] = []
    page.on("websocket", lambda socket: sockets.append(socket.url))
    page.goto(f"{app_url}/leaderboard")
    expect(page.get_by_text(re.compile("rows shown"))).to_be_visible()
    assert len(sockets) == 2


def test_a_change_brings_the_table_ahead_of_the_controls(page: Page, app_url: str) -> None:
    sent: list[str] = []

    def read(payload: bytes | str) -> None:
        message = ForwardMsg.FromString(payload) if isinstance(payload, bytes) else ForwardMsg()
        if message.WhichOneof("type") == "delta" and message.delta.WhichOneof("type") == "new_element":
            sent.append(message.delta.new_element.WhichOneof("type"))

    page.on("websocket", lambda socket: socket.on("framereceived", read))
    page.goto(f"{app_url}/leaderboard")
    expect(page.get_by_text(re.compile("rows shown"))).to_be_visible()
    page.locator(".js-plotly-plot .point").first.wait_for(state="attached")
    assert sent.index("slider") < sent.index("dataframe")
    shown = page.get_by_text(re.compile("rows shown")).inner_text()
    sent.clear()
    page.locator("input[type=range]").last.press("ArrowLeft")
    expect(page.get_by_text(re.compile("rows shown"))).not_to_have_text(shown)
    page.wait_for_timeout(500)
    assert sent.index("dataframe") < sent.index("slider")
    expect(page.get_by_test_id("stSliderThumbValue").last).to_have_text("8")


@pytest.mark.parametrize("path", ["", "leaderboard", "tokenizers", "decide"])
def test_a_page_asks_nobody_but_its_own_server(page: Page, app_url: str, path: str) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{app_url}/{path}")
    settle(page)
    assert [url for url in asked if not url.startswith((app_url, "data:", "blob:"))] == []
