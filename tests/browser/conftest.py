"""Patience for busy machines (nothing here asserts on times), and pages opened once for several tests."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from tests.browser_driver import PATIENCE_MS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser, Page


@pytest.fixture(autouse=True)
def _patience(request: pytest.FixtureRequest) -> None:
    expect.set_options(timeout=PATIENCE_MS)
    if "page" in request.fixturenames:
        request.getfixturevalue("page").set_default_timeout(PATIENCE_MS)


@pytest.fixture(scope="module")
def open_tab(browser: Browser, browser_context_args: dict[str, Any]) -> Iterator[Callable[..., Page]]:
    """``open_tab(width, height)`` gives a new page with empty stores, open until the end of the file."""
    contexts = []

    def new(width: int = 1400, height: int = 900) -> Page:
        size = {"width": width, "height": height}
        contexts.append(browser.new_context(**browser_context_args | {"viewport": size}))
        page = contexts[-1].new_page()
        page.set_default_timeout(PATIENCE_MS)
        return page

    yield new
    for context in contexts:
        context.close()


@pytest.fixture(scope="module")
def tab(open_tab: Callable[..., Page]) -> Page:
    """One page for all tests of a file: scripts are fetched once, so each visit is fast."""
    expect.set_options(timeout=PATIENCE_MS)
    return open_tab()
