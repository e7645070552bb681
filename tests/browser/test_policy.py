"""What a browser is told to refuse, and that nothing of ours is among it."""

from __future__ import annotations

import urllib.request
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser


def test_every_answer_says_what_to_refuse(app_url: str) -> None:
    for path in ("/", "/leaderboard", "/_stcore/health"):
        with urllib.request.urlopen(f"{app_url}{path}", timeout=60) as answer:
            headers = {name.lower(): value for name, value in answer.headers.items()}
        policy = headers["content-security-policy"]
        assert "frame-ancestors 'self'" in policy
        assert "object-src 'none'" in policy
        assert "'unsafe-inline'" not in policy.split("script-src")[1].split(";")[0]
        assert "'unsafe-eval'" not in policy
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "same-origin"


def test_charts_and_downloads_work_and_scripts_of_others_do_not(page: Page) -> None:
    refused: list[str] = []
    page.on("console", lambda said: refused.append(said.text) if "Content Security" in said.text else None)
    page.goto("/variants")
    expect(page.locator(".main-svg").first).to_be_visible()
    with page.expect_download() as download:
        page.get_by_test_id("stDownloadButton").get_by_role("button").first.click()
    assert download.value.suggested_filename
    assert refused == []
    ran = page.evaluate(
        """async () => {
            const script = document.createElement("script");
            script.textContent = "window.ran = true";
            document.body.append(script);
            return [window.ran === true, await fetch("https://example.org").then(() => true, () => false)];
        }"""
    )
    assert ran == [False, False]
    assert any("script-src" in text for text in refused)
    assert any("connect-src" in text for text in refused)
