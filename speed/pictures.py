"""Take the pictures of README: every page of a running app, as a reader sees it.

    make run &  .venv/bin/python speed/pictures.py http://localhost:8501 docs/images

``--sheets FOLDER`` takes light and dark, 1400 and 400 pixels wide, for looking at.
"""

from __future__ import annotations

import argparse
import io
import shutil
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, sync_playwright

PICKS = "?pick=meta-llama/Llama-3.1-8B&pick=Qwen/Qwen2.5-7B&pick=google/gemma-2-9b"
PAGES = ("home", "leaderboard", "model", "variants", "tokenizers", "compare", "decide", "trust", "data")
ASKED = {"model": "&id=Qwen/Qwen3-8B-Base"}


def take(page: Page, address: str, name: str) -> Image.Image:
    page.goto(f"{address}/{'' if name == 'home' else name}{PICKS}{ASKED.get(name, '')}")
    page.get_by_role("heading", level=1).wait_for()
    page.wait_for_timeout(1_000)
    page.get_by_test_id("stStatusWidget").wait_for(state="detached", timeout=60_000)
    page.wait_for_timeout(3_000)
    return Image.open(io.BytesIO(page.screenshot()))


def save_small(image: Image.Image, path: Path) -> None:
    """256 colours are enough for flat surfaces and text, at a third of the size."""
    image.convert("RGB").quantize(256, dither=Image.Dither.NONE).save(path, optimize=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("address")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--sheets", action="store_true")
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    looks = [(scheme, width) for scheme in ("light", "dark") for width in (1400, 400)]
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        for scheme, width in looks if options.sheets else looks[:1]:
            context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
            page = context.new_page()
            for name in PAGES:
                suffix = f"-{scheme}-{width}" if options.sheets else ""
                save_small(take(page, options.address, name), options.folder / f"{name}{suffix}.png")
            context.close()
        browser.close()


if __name__ == "__main__":
    main()
