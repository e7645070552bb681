"""Twenty browser sessions on one server for two minutes: sliding, switching pages, uploading.

    python -m speed.load [--sessions 20] [--seconds 120]

Checks that no page shows an error, that no session sees another's shortlist or upload, and that the server's
memory returns to within 20% of where it stood once they have left. Needs the test requirements and Chromium.
Each session has a browser context of its own (own cookies), all in one headless Chromium.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path

from playwright.async_api import Error as BrowserError
from playwright.async_api import Page, async_playwright

ROOT = Path(__file__).resolve().parent.parent
PAGES = ("leaderboard", "variants", "tokenizers", "compare", "decide", "trust", "data")
# Bases on the board, one for each session's shortlist where there are enough.
PICKS = (
    "Qwen/Qwen2.5-7B", "google/gemma-2-9b", "mistralai/Mistral-7B-v0.1", "meta-llama/Llama-3.1-8B",
    "microsoft/phi-2", "Qwen/Qwen2.5-3B", "Qwen/Qwen2.5-1.5B", "google/gemma-2-2b",
    "mistralai/Mistral-7B-v0.3", "meta-llama/Llama-3.2-1B", "meta-llama/Llama-3.2-3B",
    "Qwen/Qwen2.5-0.5B", "Qwen/Qwen2-7B", "Qwen/Qwen1.5-7B", "01-ai/Yi-1.5-6B", "01-ai/Yi-1.5-9B",
    "tiiuae/falcon-7b", "EleutherAI/pythia-6.9b", "EleutherAI/pythia-2.8b", "bigscience/bloom-7b1",
)  # fmt: skip


@dataclass
class Tally:
    steps: int = 0
    slides: int = 0
    switches: int = 0
    problems: list[str] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--sessions", type=int, default=20)
    parser.add_argument("--seconds", type=int, default=120)
    options = parser.parse_args()
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        sys.exit("no Chromium on this machine")
    with tempfile.TemporaryDirectory() as folder:
        port = _free_port()
        server = _serve(port, folder)
        try:
            _wait_until_up(port)
            failed = asyncio.run(_run(chromium, port, server.pid, options.sessions, options.seconds))
        finally:
            server.terminate()
            server.wait()
    sys.exit(1 if failed else 0)


async def _run(chromium: str, port: int, pid: int, sessions: int, seconds: int) -> bool:
    tally = Tally()
    async with async_playwright() as driver:
        browser = await driver.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        # Every page once before measuring: what a server loads for all isn't what sessions cost.
        await _tour(browser, port)
        await asyncio.sleep(15)
        before = _memory_mb(pid)
        start = Start(sessions, seconds)
        await asyncio.gather(*(_session(browser, port, number, tally, start) for number in range(sessions)))
        during = _memory_mb(pid)
        await browser.close()
    after = during
    # Streamlit keeps a session for a while after its browser left, in case it comes back.
    for _ in range(36):
        await asyncio.sleep(5)
        after = _memory_mb(pid)
        if after <= 1.2 * before:
            break
    ordered = sorted(tally.seconds) or [0.0]
    print(f"sessions {sessions}, seconds {seconds}, steps {tally.steps} "
          f"({tally.slides} slides, {tally.switches} page switches)")  # fmt: skip
    print(
        f"step, seconds: median {ordered[len(ordered) // 2]:.2f}, p95 {ordered[int(len(ordered) * 0.95)]:.2f}"
    )
    print(f"server memory, MB: before {before:.0f}, at the end of the load {during:.0f}, after {after:.0f} "
          f"({after / before:.2f} of before; at most 1.20)")  # fmt: skip
    for problem in tally.problems[:20]:
        print("PROBLEM", problem)
    return bool(tally.problems) or after > 1.2 * before or not tally.steps


async def _tour(browser: object, port: int) -> None:
    context = await browser.new_context()  # type: ignore[attr-defined]
    page = await context.new_page()
    page.set_default_timeout(120_000)
    for name in PAGES:
        await page.goto(f"http://127.0.0.1:{port}/{name}?pick={PICKS[0]}&pick={PICKS[1]}")
        await page.get_by_role("heading").first.wait_for()
        await _settled(page)
    await context.close()


class Start:
    """Sessions arrive a few at a time; the clock runs from when the last one is there."""

    def __init__(self, sessions: int, seconds: float) -> None:
        self.door = asyncio.Semaphore(3)
        self._missing = sessions
        self._seconds = seconds
        self._all_there = asyncio.Event()
        self.until = 0.0

    async def arrived(self) -> None:
        self._missing -= 1
        if self._missing == 0:
            self.until = time.monotonic() + self._seconds
            self._all_there.set()
        await self._all_there.wait()


async def _session(browser: object, port: int, number: int, tally: Tally, start: Start) -> None:
    """One reader with a shortlist and an upload of their own."""
    choose = random.Random(number)
    context = await browser.new_context(viewport={"width": 1200, "height": 800})  # type: ignore[attr-defined]
    page = await context.new_page()
    page.set_default_timeout(120_000)
    mine, pick = f"reader{number}/Own-{number}-7B", PICKS[number % len(PICKS)]
    try:
        async with start.door:
            await page.goto(f"http://127.0.0.1:{port}/data?x_part=Results&pick={pick}")
            await _settled(page)
            table = f"model_id,kind,params_b,ifeval\n{mine},base,7,{40 + number}\n".encode()
            await page.locator("input[type=file]").first.set_input_files(
                {"name": f"own{number}.csv", "mimeType": "text/csv", "buffer": table}
            )
            await page.get_by_text(f"own{number}.csv").first.wait_for()
            await page.get_by_role("button", name="Add these results").click()
            await page.get_by_text("Added 1 row").wait_for()
    except BrowserError as error:
        tally.problems.append(f"session {number} could not begin: {str(error)[:200]}")
    await start.arrived()
    try:
        while time.monotonic() < start.until:
            began = time.monotonic()
            if choose.random() < 0.6 and page.url.split("?")[0].endswith("/leaderboard"):
                await _slide(page, choose)
                tally.slides += 1
            else:
                await _switch(page, choose.choice(PAGES))
                tally.switches += 1
            await _settled(page)
            tally.seconds.append(time.monotonic() - began)
            tally.steps += 1
            await _look(page, number, mine, pick, tally)
            await asyncio.sleep(choose.uniform(0.1, 0.6))
    except BrowserError as error:
        tally.problems.append(f"session {number}: {str(error)[:200]}")
    finally:
        await context.close()


async def _switch(page: Page, name: str) -> None:
    label = {"trust": "Evidence"}.get(name, name.capitalize())
    await page.get_by_test_id("stSidebar").get_by_role("link", name=label, exact=True).click()
    await page.get_by_role("heading", name=label, exact=True).first.wait_for()


async def _slide(page: Page, choose: random.Random) -> None:
    handle = page.get_by_role("slider").first
    await handle.focus()
    for _ in range(choose.randint(1, 3)):
        await handle.press(choose.choice(["ArrowLeft", "ArrowRight"]))


async def _settled(page: Page) -> None:
    """Until the page's script has run."""
    await page.wait_for_timeout(150)
    await page.wait_for_function(
        "() => { const app = document.querySelector('[data-testid=stApp]');"
        " return app && app.getAttribute('data-test-script-state') === 'notRunning'; }"
    )


async def _look(page: Page, number: int, mine: str, pick: str, tally: Tally) -> None:
    text = await page.locator("body").inner_text()
    address = page.url
    if await page.get_by_test_id("stException").count() or "encountered an error" in text:
        tally.problems.append(f"session {number}: an error on {address.split('?')[0]}")
    for other in range(len(PICKS)):
        if other != number and f"reader{other}/" in text:
            tally.problems.append(f"session {number} sees the upload of session {other}")
    sidebar = await page.get_by_test_id("stSidebar").inner_text()
    if "1 row of your own" not in sidebar:
        tally.problems.append(f"session {number} lost {mine} on {address.split('?')[0]}")
    if pick.split("/")[1] not in sidebar or "1 of at most" not in sidebar:
        tally.problems.append(f"session {number} has another shortlist on {address.split('?')[0]}")


def _serve(port: int, folder: str) -> subprocess.Popen[bytes]:
    environment = os.environ | {
        # As make run sets them.
        "MALLOC_ARENA_MAX": "2", "MALLOC_MMAP_THRESHOLD_": "32768", "ARROW_DEFAULT_MEMORY_POOL": "system",
        "HF_HUB_OFFLINE": "1", "BASEWISE_CACHE": f"{folder}/cache", "HF_HOME": f"{folder}/hf",
    }  # fmt: skip
    return subprocess.Popen(
        [sys.executable, "-m", "streamlit", "run", "serving/serve.py", "--server.port", str(port),
         "--server.address", "127.0.0.1", "--server.headless", "true", "--server.fileWatcherType", "none"],
        cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip


def _wait_until_up(port: int) -> None:
    for _ in range(300):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=2):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    sys.exit("the server did not come up")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _memory_mb(pid: int) -> float:
    """Resident memory of the server's process, from the kernel."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    return 0.0


if __name__ == "__main__":
    main()
