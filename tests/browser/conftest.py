"""Patience for busy machines (nothing here asserts on times), and one browser kept warm for all tests."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from tests.browser_driver import PATIENCE_MS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, BrowserContext, Page

_STORES = "cookies,local_storage,indexeddb,service_workers,cache_storage"


@pytest.fixture(autouse=True)
def _patience() -> None:
    expect.set_options(timeout=PATIENCE_MS)


@pytest.fixture(scope="session")
def warm(browser: Browser, browser_context_args: dict[str, Any]) -> Iterator[BrowserContext]:
    """One reader's browser, whose scripts are ready: a page opens with two thirds of the work it takes anew.

    Its first page is kept open, and with it the process that all its pages share.
    """
    context = browser.new_context(**browser_context_args)
    context.set_default_timeout(PATIENCE_MS)
    context.new_page().goto("/_stcore/health")
    yield context
    context.close()


@pytest.fixture
def page(warm: BrowserContext) -> Iterator[Page]:
    """A new page of a reader who was never here: its stores are empty."""
    yield warm.new_page()
    first, *opened = warm.pages
    visited = {f"{parts.scheme}://{parts.netloc}" for parts in (urlsplit(page.url) for page in opened)}
    for page in opened:
        page.close()
    warm.clear_cookies()
    browser = warm.new_cdp_session(first)
    for origin in visited:
        browser.send("Storage.clearDataForOrigin", {"origin": origin, "storageTypes": _STORES})
    browser.detach()
