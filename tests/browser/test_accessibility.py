"""An axe-core audit of every page, light and dark, and what a keyboard reaches."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe

from pages.parts.shell.frame import PAGES
from tests.browser_driver import address, settle

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser
GRAVE = {"serious", "critical"}
PICKS = "pick=meta-llama/Llama-3.1-8B&pick=Qwen/Qwen2.5-7B&pick=google/gemma-2-9b"
VIEWS = [
    "/data?x_part=Live",
    "/data?x_part=Models",
    "/data?x_part=Results",
    "/data?x_part=Workspace",
    "/decide?d_view=Memory+in+detail",
    "/decide?d_view=Record+and+notebook&d_method=LoRA%3A+base+in+16+bits,+small+adapter+trained",
    "/tokenizers?t_view=My+targets",
    "/tokenizers?t_view=My+text",
]


def grave_findings(page: Page) -> list[str]:
    found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    return [
        f"{finding['impact']} {finding['id']}: {node['html'][:200]} {json.dumps(node['target'])[:160]}"
        for finding in found
        if finding["impact"] in GRAVE
        for node in finding["nodes"]
    ]


@pytest.mark.parametrize("entry", PAGES, ids=lambda entry: entry.label)
def test_page_has_no_serious_finding_light_or_dark(page: Page, entry) -> None:
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        page.goto(f"{address(entry.path)}?{PICKS}")
        settle(page)

        assert grave_findings(page) == []


@pytest.mark.parametrize("view", VIEWS)
def test_view_behind_a_switch_has_no_serious_finding_light_or_dark(page: Page, view: str) -> None:
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        page.goto(f"{view}&{PICKS}")
        settle(page)

        assert grave_findings(page) == []


@pytest.mark.parametrize("entry", PAGES, ids=lambda entry: entry.label)
def test_no_page_scrolls_sideways_on_a_telephone(page: Page, entry) -> None:
    page.set_viewport_size({"width": 400, "height": 850})
    page.goto(f"{address(entry.path)}?{PICKS}")
    settle(page)

    beyond = page.evaluate(
        "() => { const m = document.querySelector('[data-testid=stMain]');"
        " const beyond = e => e.scrollWidth - e.clientWidth;"
        " return Math.max(beyond(document.documentElement), m ? beyond(m) : 0) }"
    )

    assert beyond <= 0


def test_the_keyboard_reaches_menu_and_controls_of_the_leaderboard(page: Page) -> None:
    page.goto("/leaderboard")
    settle(page)
    reached = set()
    for _ in range(60):
        page.keyboard.press("Tab")
        reached.add(
            page.evaluate(
                "() => { const e = document.activeElement;"
                " return (e.getAttribute('aria-label') || e.innerText || e.tagName).trim() }"
            )
        )

    text = " | ".join(sorted(reached))
    for name in (
        "Decide",
        "Size in billions",
        "Rank by",
        "Search by name",
        "More filters",
        "Base models only",
    ):
        assert name in text, text
