"""An axe-core audit of views behind a switch, light and dark, and what a keyboard reaches."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.browser_driver import PICKS, grave_findings, settle

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser
VIEWS = [
    "/data?x_part=Live",
    "/data?x_part=Models",
    "/data?x_part=Results",
    "/data?x_part=Workspace",
    "/decide?d_view=Memory+in+detail",
    "/decide?d_view=Record+and+notebook&d_method=LoRA%3A+base+in+16+bits,+small+adapter+trained",
    "/tokenizers?t_view=My+targets",
    "/tokenizers?t_view=My+text",
    "/model?id=Qwen/Qwen3-8B-Base",
]


@pytest.mark.parametrize("view", VIEWS)
def test_view_behind_a_switch_has_no_serious_finding_light_or_dark(page: Page, view: str) -> None:
    page.goto(f"{view}&{PICKS}")

    assert grave_findings(page, "light") == []
    assert grave_findings(page, "dark") == []


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
