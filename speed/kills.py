"""Kill -9 of the whole server, again and again, while it refreshes the board, saves and downloads.

    python -m speed.kills [--times 50] [--within 10] [--seed 0]

After each kill the folder it kept things in is looked at by itself: the board is the old one or the new one,
each tokenizer is whole or absent, and the workspace holds every upload that the page had said was added. The
Hub is a local one with a new board and a new tokenizer each time. Needs the test requirements and Chromium.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

from playwright.sync_api import BrowserContext, sync_playwright
from playwright.sync_api import Error as BrowserError

from core.errors import DataError
from core.hub import cache
from core.tokenizers import kept_files
from core.workspace.contents import from_bytes
from core.workspace.store import WorkspaceStore
from speed.load import _free_port, _wait_until_up
from tests.hub_server import HubServer
from tests.hub_tables import hub_parquet
from tests.tokenizer_zoo import style

ROOT = Path(__file__).resolve().parent.parent
COOKIE = "basewise_workspace"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--times", type=int, default=50)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--within", type=float, default=10.0, help="seconds after the page is there")
    options = parser.parse_args()
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if chromium is None:
        sys.exit("no Chromium on this machine")
    problems: list[str] = []
    counts = {"saved": 0, "boards": 0, "tokenizers": 0}
    with tempfile.TemporaryDirectory() as folder, HubServer() as hub, sync_playwright() as driver:
        os.environ["BASEWISE_CACHE"] = folder
        browser = driver.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        context = browser.new_context()
        choose, said = random.Random(options.seed), {}
        for number in range(options.times):
            hub.add_board(hub_parquet(2_000, seed=number))
            hub.add_model(f"acme/tiny-{number}", {"tokenizer.json": style("digits_split").to_str().encode()})
            # Slow enough for the kill to fall within.
            hub.heal()
            hub.fault("/resolve/", drip=(20_000, 0.05))
            said |= _one(context, hub.url, number, choose.uniform(0.5, options.within))
            found = _looked_at(Path(folder), context, said, counts)
            problems += found
            print(f"kill {number + 1}: {len(said)} uploads said to be added, {counts}", *found, flush=True)
        browser.close()
    for problem in problems:
        print("PROBLEM", problem)
    print(f"{options.times} kills, {len(problems)} problems")
    sys.exit(1 if problems else 0)


def _one(context: BrowserContext, hub: str, number: int, after: float) -> dict[str, int]:
    """Start a server, use it, kill it ``after`` seconds; names of uploads that the page said were added."""
    port = _free_port()
    server = subprocess.Popen(
        [sys.executable, "-m", "streamlit", "run", "serving/serve.py", "--server.port", str(port),
         "--server.address", "127.0.0.1", "--server.headless", "true", "--server.fileWatcherType", "none"],
        cwd=ROOT, env=os.environ | {"HF_ENDPOINT": hub}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        start_new_session=True,
    )  # fmt: skip
    added: dict[str, int] = {}
    try:
        _wait_until_up(port)
        data, tokenizers = context.new_page(), context.new_page()
        for page in (data, tokenizers):
            page.set_default_timeout(60_000)
        address = f"http://127.0.0.1:{port}"
        data.goto(f"{address}/data?x_part=Results")
        upload = data.locator("input[type=file]").first
        upload.wait_for(state="attached")
        data.wait_for_timeout(3_000)
        # The board is looked for by itself some seconds after the first page.
        tokenizers.goto(f"{address}/tokenizers?t_repo=acme/tiny-{number}", wait_until="commit")
        killing = threading.Timer(after, os.killpg, (server.pid, signal.SIGKILL))
        killing.start()
        try:
            # A workspace holds 50 uploads: later ones take the place of earlier ones.
            name = f"own{number % 40}.csv"
            table = f"model_id,kind,params_b,ifeval\nme/own-{number},base,7,40\n".encode()
            upload.set_input_files({"name": name, "mimeType": "text/csv", "buffer": table})
            data.get_by_text(name).first.wait_for()
            data.get_by_role("button", name="Add these results").click()
            data.get_by_text("Added 1 row").wait_for()
            added[name] = number
        except BrowserError:
            # As a reader sees it: the server is gone before the page said that anything was added.
            killing.join()
        killing.join()
        # A reader's page stays open when the server is gone.
        data.wait_for_timeout(2_000)
        for page in (data, tokenizers):
            page.close()
    finally:
        if server.poll() is None:
            os.killpg(server.pid, signal.SIGKILL)
        server.wait()
        time.sleep(0.1)
    return added


def _looked_at(
    folder: Path, context: BrowserContext, said: dict[str, int], counts: dict[str, int]
) -> list[str]:
    problems = []
    for board in {path.parent for path in folder.rglob("manifest.json")}:
        try:
            counts["boards"] += cache.read(board) is not None
        except DataError as problem:
            problems.append(f"the board: {problem}")
    for place in (folder / "tokenizer-files").glob("*/*"):
        if not place.name.endswith(".part"):
            if kept_files.read(place) is None:
                problems.append(f"half a tokenizer: {place}")
            counts["tokenizers"] += 1
    key = next((one["value"] for one in context.cookies() if one["name"] == COOKIE), None)
    body = WorkspaceStore().load(key) if key else None
    if said:
        batches = from_bytes(body).batches if body else ()
        held = {batch.name: int(batch.rows["model_id"].iloc[0].rsplit("-", 1)[1]) for batch in batches}
        counts["saved"] = len(held)
        problems += [f"lost: {name}" for name, number in said.items() if held.get(name, -1) < number]
    return problems


if __name__ == "__main__":
    main()
