"""Find a page by its address, wait until it is all there, and ask axe-core about it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

if TYPE_CHECKING:
    from playwright.sync_api import Page

# Milliseconds. Only what never comes takes them all.
PATIENCE_MS: Final = 120_000
# Models in the shortlist, so that every page has something to show.
PICKS: Final = "pick=meta-llama/Llama-3.1-8B&pick=Qwen/Qwen2.5-7B&pick=google/gemma-2-9b"
_GRAVE: Final = {"serious", "critical"}


def address(path: str) -> str:
    """Of the page whose script is ``path``, below the app's own."""
    return "/" if path == "app.py" else "/" + path.removeprefix("pages/").removesuffix(".py")


def settle(page: Page) -> None:
    """Until the script has run to its end and nothing is drawn any more."""
    expect(page.get_by_role("heading", level=1)).to_be_visible(timeout=PATIENCE_MS)
    # The widget that says so comes late.
    expect(page.get_by_test_id("stApp")).to_have_attribute(
        "data-test-script-state", "notRunning", timeout=PATIENCE_MS
    )
    expect(page.get_by_test_id("stStatusWidget")).to_have_count(0, timeout=PATIENCE_MS)
    expect(page.get_by_test_id("stSkeleton")).to_have_count(0, timeout=PATIENCE_MS)
    page.wait_for_timeout(500)


def grave_findings(page: Page, scheme: str) -> list[str]:
    """What axe-core calls serious or critical in the ``light`` or ``dark`` page."""
    page.emulate_media(color_scheme=scheme)
    settle(page)
    found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    return [
        f"{finding['impact']} {finding['id']}: {node['html'][:200]} {json.dumps(node['target'])[:160]}"
        for finding in found
        if finding["impact"] in _GRAVE
        for node in finding["nodes"]
    ]
