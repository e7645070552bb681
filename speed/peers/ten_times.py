"""The Leaderboard with ten times the rows beside today's board: first visit, slider, memory.

    .venv/bin/python speed/peers/ten_times.py [--times 9]

The larger board is today's ten times over under other names, in a copy of this checkout. Prints medians,
ratios and bars; visits and slider changes take turns between the two.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parent), str(Path(__file__).resolve().parent.parent.parent)]

import pandas as pd  # noqa: E402
from browsing import STOPS, Sliding, first_visit  # noqa: E402
from servers import OURS, ROOT, App, Running, serve  # noqa: E402
from tabs import Browser, chromium  # noqa: E402

from core.board import snapshot  # noqa: E402

TIMES = 10
# What is measured, unit, and how much more ten times the rows may cost.
BARS = {
    "first visit: table": ("ms", 2.0),
    "first visit: chart": ("ms", 2.0),
    "slider change to table": ("ms", 3.0),
    "slider change to table and chart": ("ms", 3.0),
    "memory after 1 session": ("MB", 2.0),
}
_NEEDED = ("core", "pages", "serving", "app.py", ".streamlit")


def enlarge(folder: Path) -> int:
    """A copy of this checkout in ``folder`` whose board has ten times the rows; their number."""
    for name in _NEEDED:
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        copy(ROOT / name, folder / name)
    board = snapshot.read()
    parts = [board]
    for number in range(1, TIMES):
        again = board.copy()
        for column in ("model_id", "base_model"):
            if column in again:
                again[column] = again[column] + f"-again-{number}"
        parts.append(again)
    whole = pd.concat(parts, ignore_index=True)
    data = folder / snapshot.DATA_DIR.relative_to(ROOT)
    snapshot.write(
        whole, snapshot.manifest(), table=data / snapshot.TABLE.name, manifest=data / snapshot.MANIFEST.name
    )
    return len(whole)


def measure(browser: Browser, both: dict[str, Running], times: int) -> dict[str, dict[str, list[float]]]:
    figures: dict[str, dict[str, list[float]]] = {row: {name: [] for name in both} for row in BARS}
    for number in range(times + 1):
        for name, running in both.items():
            table, chart = first_visit(browser, running, running.app.path)
            if number == 0:
                figures["memory after 1 session"][name].append(running.resident_mb())
                continue  # the first visit warms the server
            figures["first visit: table"][name].append(table)
            figures["first visit: chart"][name].append(chart)
    pages = {name: Sliding(browser, running, running.app.path) for name, running in both.items()}
    for stop in STOPS[:times]:
        for name, page in pages.items():
            table, chart, _ = page.move_to(stop)
            figures["slider change to table"][name].append(table)
            figures["slider change to table and chart"][name].append(max(table, chart))
    return figures


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--times", type=int, default=9)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as made, chromium() as browser, ExitStack() as stack:
        rows = {"today": len(snapshot.read()), "ten times": enlarge(Path(made))}
        python = Path(sys.executable)
        apps = {"today": App(OURS, python), "ten times": App(OURS, python, Path(made))}
        both = {name: stack.enter_context(serve(app, snapshot.TABLE)) for name, app in apps.items()}
        figures = measure(browser, both, options.times)
    print(", ".join(f"{name}: {count:,} rows" for name, count in rows.items()))
    for row, (unit, bar) in BARS.items():
        medians = {name: statistics.median(values) for name, values in figures[row].items()}
        ratio = medians["ten times"] / medians["today"]
        said = ", ".join(f"{name} {median:,.0f}" for name, median in medians.items())
        print(f"{row} [{unit}] {said} | {ratio:.2f} (bar {bar:g}, {'met' if ratio <= bar else 'MISSED'})")


if __name__ == "__main__":
    main()
