"""Thirty readers for a minute, without and with one who sends every hostile file in turn.

    python -m speed.hostile FILES... [--sessions 30] [--seconds 60]

The readers open the Leaderboard and slide over Streamlit's own protocol: thirty browsers beside the server
would be the load themselves. The sender is a browser: FILES are uploaded again and again, ``.parquet`` and
``.csv`` as results and as target values, ``.json`` as tokenizers. Says how long the readers waited for each
step with and without, and whether the server's memory came back to within 1.2 of where it stood. Needs the
test requirements and Chromium.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import shutil
import sys
import tempfile
import time
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path

import websockets
from playwright.async_api import Error as BrowserError
from playwright.async_api import Page, async_playwright

from speed.load import _free_port, _memory_mb, _serve, _settled, _tour, _wait_until_up
from speed.peers.load_basewise import STOPS, Reader

_BACK_SECONDS = 60
_TABLES = ("data?x_part=Results", "tokenizers?t_view=My+targets")
_PLACES = {".json": ("tokenizers",), ".parquet": _TABLES, ".csv": _TABLES}
# A page anew after so many slides; seconds to look at what came.
_SLIDES, _LOOK = 8, (0.5, 2.5)
_LONGEST_STEP = 120


@dataclass
class Waits:
    seconds: list[float] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--sessions", type=int, default=30)
    parser.add_argument("--seconds", type=int, default=60)
    options = parser.parse_args()
    if other := [file.name for file in options.files if file.suffix not in _PLACES]:
        sys.exit(f"no page takes {', '.join(other)}")
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if chromium is None:
        sys.exit("no Chromium on this machine")
    with tempfile.TemporaryDirectory() as folder:
        port = _free_port()
        server = _serve(port, folder)
        try:
            _wait_until_up(port)
            failed = asyncio.run(_run(chromium, port, server.pid, options))
            if server.poll() is not None:
                print("PROBLEM the server ended")
                failed = True
        finally:
            server.terminate()
            server.wait()
    sys.exit(1 if failed else 0)


async def _run(chromium: str, port: int, pid: int, options: argparse.Namespace) -> bool:
    async with async_playwright() as driver:
        browser = await driver.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        await _tour(browser, port)
        # Once without counting, so that what is worked out once is worked out.
        await _readers(browser, port, options, [])
        alone, _ = await _readers(browser, port, options, [])
        before = _memory_mb(pid)
        beside, sent = await _readers(browser, port, options, options.files)
        highest = _memory_mb(pid)
        await asyncio.sleep(_BACK_SECONDS)
        after = _memory_mb(pid)
        await browser.close()
    for name, waits in (("alone", alone), ("beside hostile files", beside)):
        waited = sorted(waits.seconds) or [0.0]
        print(f"{name}: {len(waited)} steps, seconds median {waited[len(waited) // 2]:.2f}, "
              f"p95 {waited[int(len(waited) * 0.95)]:.2f}, longest {waited[-1]:.2f}")  # fmt: skip
        for problem in waits.problems[:10]:
            print("PROBLEM", problem)
    longer = max(beside.seconds, default=0.0) - max(alone.seconds, default=0.0)
    print(f"{sent} files sent; the longest wait is {longer:.2f} s longer (at most 3)")
    print(f"memory, MB: before {before:.0f}, at the end {highest:.0f}, a minute later {after:.0f} "
          f"({after / before:.2f} of before; at most 1.20)")  # fmt: skip
    return bool(alone.problems or beside.problems or longer > 3 or after > 1.2 * before or not sent)


async def _readers(
    browser: object, port: int, options: argparse.Namespace, files: list[Path]
) -> tuple[Waits, int]:
    waits, until = Waits(), time.monotonic() + options.seconds
    readers = [_reader(port, number, waits, until) for number in range(options.sessions)]
    done = await asyncio.gather(*readers, _attacker(browser, port, files, until))
    return waits, int(done[-1])


async def _reader(port: int, number: int, waits: Waits, until: float) -> None:
    """Opens the Leaderboard and slides, and again, each step to its end."""
    choose = random.Random(number)
    url = f"http://127.0.0.1:{port}"
    await asyncio.sleep(choose.uniform(0, 5))
    try:
        while time.monotonic() < until:
            async with websockets.connect(
                f"ws://127.0.0.1:{port}/_stcore/stream", subprotocols=["streamlit"], max_size=None, origin=url
            ) as socket:
                one = Reader(socket)
                await _timed(one.open(), waits)
                for _ in range(_SLIDES):
                    if time.monotonic() > until:
                        break
                    await asyncio.sleep(choose.uniform(*_LOOK))
                    await _timed(one.slide(choose.choice(STOPS)), waits)
    except (OSError, RuntimeError, TimeoutError, websockets.WebSocketException) as error:
        waits.problems.append(f"reader {number}: {type(error).__name__} {str(error)[:200]}")


async def _timed(step: object, waits: Waits) -> None:
    began = time.monotonic()
    await asyncio.wait_for(step, _LONGEST_STEP)  # type: ignore[arg-type]
    waits.seconds.append(time.monotonic() - began)


async def _attacker(browser: object, port: int, files: list[Path], until: float) -> int:
    """Send each file where it is read, one after the other until the readers are done; how many were sent."""
    context = await browser.new_context()  # type: ignore[attr-defined]
    try:
        page = await context.new_page()
        page.set_default_timeout(60_000)
        sent = 0
        for file, place in cycle((one, place) for one in files for place in _PLACES[one.suffix]):
            if time.monotonic() > until:
                break
            sent += await _send(page, f"http://127.0.0.1:{port}/{place}", file)
        return sent
    finally:
        await context.close()


async def _send(page: Page, address: str, file: Path) -> bool:
    """Whether the page took the file, whatever it then said of it."""
    try:
        await page.goto(address)
        await _settled(page)
        upload = page.locator("input[type=file]")
        await (upload.last if "targets" in address else upload.first).set_input_files(file)
        # Tokenizers are uploaded in a part that is folded: what stands there is attached, not visible.
        await page.get_by_text(file.name).first.wait_for(state="attached")
        if "/data" in address:
            await page.get_by_role("button", name="Add these results").click()
        await page.wait_for_timeout(2_000)
    except BrowserError as error:
        print("the sender:", str(error).splitlines()[0])
        return False
    return True


if __name__ == "__main__":
    main()
