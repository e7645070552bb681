"""What was chosen is in the address, so it survives the end of the server that held the session."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser
ROOT = Path(__file__).resolve().parent.parent.parent


def start(port: int) -> subprocess.Popen[bytes]:
    """A replica, as the container runs it."""
    server = subprocess.Popen(
        [
            sys.executable, "-m", "streamlit", "run", "serving/serve.py", "--server.address", "127.0.0.1",
            "--server.port", str(port), "--server.headless", "true", "--server.fileWatcherType", "none",
        ],
        cwd=ROOT, env=os.environ | {"HF_HUB_OFFLINE": "1"},
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    for _ in range(200):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=2):
                return server
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    server.kill()
    pytest.fail("the server did not come up")


def test_a_reader_goes_on_with_the_next_replica(page: Page, free_port: int) -> None:
    port = free_port
    first = start(port)
    try:
        page.goto(f"http://127.0.0.1:{port}/leaderboard?size=0&size=7&pick=google/gemma-2-9b")
        counted = page.get_by_text(re.compile("rows shown"))
        expect(counted).to_be_visible()
        before = counted.inner_text()
    finally:
        first.kill()
        first.wait(timeout=10)
    connecting = page.get_by_test_id("stStatusWidget")
    expect(connecting).to_be_visible(timeout=30_000)

    second = start(port)
    try:
        # The page connects again by itself; a change of the slider shows that the new server answers it.
        expect(connecting).to_have_count(0, timeout=90_000)
        expect(counted).to_have_text(before, timeout=60_000)
        page.get_by_role("slider", name=re.compile("Size in billions.*end")).focus()
        page.keyboard.press("ArrowLeft")
        expect(counted).not_to_have_text(before, timeout=60_000)
        expect(page).to_have_url(re.compile("size=0&size=6"))
        expect(page.get_by_test_id("stSidebar").get_by_text("1 of at most 12")).to_be_visible()
    finally:
        second.terminate()
        second.wait(timeout=10)
