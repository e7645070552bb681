"""What the server sends of Streamlit's files before, while and after it makes them small."""

from __future__ import annotations

import re
import subprocess
import sys
import threading

import pytest
from starlette.responses import HTMLResponse
from starlette.testclient import TestClient

from tests.places import ROOT

sys.path.insert(0, str(ROOT / "deploy"))

import static_assets
from early_scripts import STATIC

PAGE = (STATIC / "index.html").read_text(encoding="utf-8")
FONTS = {
    "SourceSansVF-Upright.0123456789ab.woff2": b"text",
    "MaterialSymbols-Rounded.ba9876543210.woff2": b"icons",
}
[STYLES] = [file.name for file in STATIC.glob("static/css/index.*.css")]


@pytest.fixture
def assets(monkeypatch: pytest.MonkeyPatch) -> static_assets.CompressedAssets:
    """In front of an app that answers with Streamlit's page; it makes nothing until it is told to."""
    monkeypatch.setattr(static_assets, "HEAD_START", 3_600)
    monkeypatch.setattr(static_assets, "made_aside", lambda: FONTS)
    monkeypatch.setattr(static_assets, "_GZIP", 1)
    monkeypatch.setattr(static_assets, "_BROTLI", 1)
    return static_assets.CompressedAssets(HTMLResponse(PAGE))


def named(client: TestClient) -> list[str]:
    return re.findall(r"static/(?:css/index|media)[^\"]+", client.get("/leaderboard").text)


def test_until_they_are_made_pages_name_streamlits_own(assets: static_assets.CompressedAssets) -> None:
    client = TestClient(assets)
    assert f"static/css/{STYLES}" in named(client)
    answer = client.get(f"/static/css/{STYLES}", headers={"Accept-Encoding": "gzip, br"})
    assert answer.headers["content-encoding"] == "gzip"


def test_then_pages_name_the_small_ones_and_they_are_there(assets: static_assets.CompressedAssets) -> None:
    assets._prepare()
    client = TestClient(assets)
    [font, styles] = sorted(named(client), key=lambda name: "css" in name)
    assert font == "static/media/SourceSansVF-Upright.0123456789ab.woff2"
    assert STYLES not in styles
    sent = client.get(f"/{font}")
    assert (sent.content, sent.headers["content-type"]) == (b"text", "font/woff2")
    assert "content-encoding" not in sent.headers
    assert "immutable" in sent.headers["cache-control"]
    sent = client.get(f"/{styles}", headers={"Accept-Encoding": "gzip, br"})
    assert sent.headers["content-encoding"] == "br"
    assert all(name in sent.text for name in FONTS)
    assert client.get(f"/{styles}", headers={"Accept-Encoding": "identity"}).text == sent.text


@pytest.mark.parametrize("fault", [OSError(), ValueError(), subprocess.TimeoutExpired("fonts", 1)])
def test_without_small_fonts_the_whole_ones_are_sent(
    assets: static_assets.CompressedAssets, monkeypatch: pytest.MonkeyPatch, fault: Exception
) -> None:
    def fails() -> dict[str, bytes]:
        raise fault

    monkeypatch.setattr(static_assets, "made_aside", fails)
    assets._prepare()
    client = TestClient(assets)
    assert f"static/css/{STYLES}" in named(client)
    answer = client.get(f"/static/css/{STYLES}", headers={"Accept-Encoding": "gzip, br"})
    assert answer.headers["content-encoding"] == "br"


def test_a_page_of_another_replica_waits_for_what_this_one_is_making(
    assets: static_assets.CompressedAssets,
) -> None:
    making = threading.Timer(0.5, assets._prepare)
    making.start()
    font = TestClient(assets).get("/static/media/SourceSansVF-Upright.0123456789ab.woff2")
    making.join()
    assert font.content == b"text"


def test_all_that_holds_below_a_base_path_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(static_assets, "HEAD_START", 3_600)
    monkeypatch.setattr(static_assets.st, "get_option", lambda name: "/board/" if "base" in name else ["a"])
    client = TestClient(static_assets.CompressedAssets(HTMLResponse(PAGE)))
    answer = client.get(f"/board/static/css/{STYLES}", headers={"Accept-Encoding": "gzip"})
    assert answer.headers["content-encoding"] == "gzip"
