"""Basewise beside what people would use instead: same rows, same machine, alternating, medians.

    python -m venv .venv-gradio      && .venv-gradio/bin/pip install -r speed/peers/requirements-gradio.txt
    python -m venv .venv-leaderboard && .venv-leaderboard/bin/pip install -r speed/peers/requirements-leaderboard.txt
    .venv/bin/python speed/peers/run.py --gradio .venv-gradio --leaderboard .venv-leaderboard

With ``--before FOLDER``, a checkout of an earlier commit with an environment in its ``.venv`` takes part as well.

Prints one line a figure: ours, peers, ratios and the bar, and writes all of it to --out as JSON. Needs the
``websockets`` package, which Streamlit's server brings along.
"""  # noqa: E501

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parent), str(Path(__file__).resolve().parent.parent.parent)]

from browsing import STOPS, Sliding, first_visit  # noqa: E402
from servers import BEFORE, HERE, OURS, App, Running, serve  # noqa: E402
from tabs import Browser, chromium  # noqa: E402

from core.leaderboard import load_leaderboard  # noqa: E402

OPENING_VIEW = "/leaderboard"
# What is measured, unit, and the bar: ours divided by the peer's.
ROWS: dict[str, tuple[str, dict[str, float]]] = {
    "process start to first answer": ("s", {"L": 0.3, "G": 0.3}),
    "first visit: table visible": ("ms", {"G": 1.4}),
    "first visit: chart visible": ("ms", {"G": 1.0}),
    "slider change to table": ("ms", {"G": 0.2}),
    "slider change to table and chart": ("ms", {"G": 0.35}),
    "memory after 1 session": ("MB", {"G": 0.9}),
    "memory after 10 sessions": ("MB", {"G": 0.9}),
    "20 sessions sliding, p95": ("s", {"G": 0.15}),
    "first visit at 10 Mbit/s, 40 ms: table": ("ms", {}),
}
# Nothing may be more than a fifth slower than the earlier commit.
_OF_BEFORE = 1.2
Figures = dict[str, dict[str, list[float]]]


def put(figures: Figures, row: str, name: str, value: float) -> None:
    figures.setdefault(row, {}).setdefault(name, []).append(value)


def starts(figures: Figures, apps: list[App], board: Path, times: int) -> None:
    for _ in range(times):
        for app in apps:
            with serve(app, board) as running:
                put(figures, "process start to first answer", app.name, running.seconds_to_answer)


def visits(figures: Figures, browser: Browser, servers: list[Running], times: int, *, slow: bool) -> None:
    for number in range(times + 1):
        for running in servers:
            table, chart = first_visit(browser, running, running.app.path, slow=slow)
            if number == 0:
                continue  # the first one warms the server
            if slow:
                put(figures, "first visit at 10 Mbit/s, 40 ms: table", running.app.name, table)
            else:
                put(figures, "first visit: table visible", running.app.name, table)
                put(figures, "first visit: chart visible", running.app.name, chart)


def changes(figures: Figures, browser: Browser, servers: list[Running], times: int) -> None:
    """The upper end of the size slider goes down a stop at a time, in all three in turn."""
    pages = [Sliding(browser, running, running.app.path) for running in servers]
    for stop in STOPS[:times]:
        for page in pages:
            name = page.running.app.name
            table, chart, received = page.move_to(stop)
            put(figures, "slider change to table", name, table)
            put(figures, "received per change, full board (kB)", name, received / 1e3)
            if page.follows:
                put(figures, "slider change to table and chart", name, max(table, chart))
    for page in pages:
        page.tab.close()


def opening_view(figures: Figures, browser: Browser, ours: Running, times: int) -> None:
    for _ in range(-(-times // 2)):  # from 9 to 8 to 7, where rows end at each; a fresh page each time
        page = Sliding(browser, ours, OPENING_VIEW)
        for _ in range(2):
            table, chart, received = page.move_to(0)
            put(figures, "opening view: slider change to table", "ours", table)
            put(figures, "opening view: table and chart", "ours", max(table, chart))
            put(figures, "received per change, opening view (kB)", "ours", received / 1e3)
        page.tab.close()


def memory(figures: Figures, browser: Browser, apps: list[App], board: Path) -> None:
    for app in apps:
        with serve(app, board) as running:
            tabs = []
            for number in range(1, 11):
                tab = browser.open()
                tab.go(running.url + app.path)
                tab.wait_for("document.querySelectorAll('.js-plotly-plot .point').length")
                tabs.append(tab)
                if number in {1, 10}:
                    plural = "" if number == 1 else "s"
                    put(figures, f"memory after {number} session{plural}", app.name, running.resident_mb())
            for tab in tabs:
                tab.close()


def load(figures: Figures, servers: list[Running], sessions: int, times: int) -> None:
    for running in servers:
        if running.app.name == "L":
            continue  # it filters in the browser: there is nothing to ask the server
        script = "load_basewise.py" if running.app.is_basewise else "load_gradio.py"
        for _ in range(3):
            run = subprocess.run(
                [str(running.app.python), str(HERE / script), running.url, str(sessions), str(times)],
                check=True, capture_output=True, text=True, timeout=900,
                env=os.environ | {"NO_PROXY": "127.0.0.1,localhost", "HF_HUB_OFFLINE": "1"},
            )  # fmt: skip
            took = sorted(json.loads(run.stdout.splitlines()[-1]))
            put(figures, "20 sessions sliding, p50", running.app.name, took[len(took) // 2])
            put(figures, "20 sessions sliding, p95", running.app.name, took[int(len(took) * 0.95)])


def report(figures: Figures) -> None:
    for row, by_name in figures.items():
        unit, bars = ROWS.get(row, ("", {}))
        medians = {name: statistics.median(values) for name, values in by_name.items()}
        counts = min(len(values) for values in by_name.values())
        shown = ", ".join(f"{name} {median:,.2f}" for name, median in medians.items())
        line = f"{row} [{unit}] n={counts}: {shown}"
        if row in ROWS:
            bars = {**bars, BEFORE: _OF_BEFORE}
        for name, bar in bars.items():
            if name in medians and "ours" in medians:
                ratio = medians["ours"] / medians[name]
                line += f" | ours/{name} {ratio:.2f} (bar {bar:g}, {'met' if ratio <= bar else 'MISSED'})"
        print(line, flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--gradio", type=Path, required=True, help="environment of peer G")
    parser.add_argument("--leaderboard", type=Path, required=True, help="environment of peer L")
    parser.add_argument("--times", type=int, default=15)
    parser.add_argument("--only", nargs="*", help="starts, visits, slow, changes, memory, load")
    parser.add_argument("--out", type=Path, help="JSON file for every single figure")
    parser.add_argument("--before", type=Path, help="checkout of an earlier commit")
    options = parser.parse_args()
    wanted = set(options.only or ["starts", "visits", "slow", "changes", "memory", "load"])
    apps = [
        App(OURS, Path(sys.executable)),
        App("L", options.leaderboard.absolute() / "bin" / "python"),
        App("G", options.gradio.absolute() / "bin" / "python"),
    ]
    if options.before:
        folder = options.before.absolute()
        apps.append(App(BEFORE, folder / ".venv" / "bin" / "python", folder))
    figures: Figures = {}
    with tempfile.TemporaryDirectory() as folder, chromium() as browser:
        board = Path(folder) / "board.parquet"
        load_leaderboard("snapshot").to_parquet(board)
        if "starts" in wanted:
            starts(figures, apps, board, options.times)
        if "memory" in wanted:
            memory(figures, browser, apps, board)
            keep(figures, options.out)
        with ExitStack() as stack:
            servers = [stack.enter_context(serve(app, board)) for app in apps]
            if "changes" in wanted:
                changes(figures, browser, servers, options.times)
                keep(figures, options.out)
                opening_view(figures, browser, servers[0], options.times)
                keep(figures, options.out)
            if "load" in wanted:
                load(figures, servers, 20, 10)
                keep(figures, options.out)
            if "visits" in wanted:
                visits(figures, browser, servers, options.times, slow=False)
                keep(figures, options.out)
            if "slow" in wanted:
                visits(figures, browser, servers, options.times, slow=True)
    keep(figures, options.out)
    report(figures)


def keep(figures: Figures, out: Path | None) -> None:
    """After every part, so that a long run that ends early isn't lost."""
    if out:
        out.write_text(json.dumps(figures, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
