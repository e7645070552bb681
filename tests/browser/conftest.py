"""Patience for busy machines: nothing here asserts on times."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect


@pytest.fixture(autouse=True)
def _patience(page: Page) -> None:
    expect.set_options(timeout=30_000)
    page.set_default_timeout(60_000)
