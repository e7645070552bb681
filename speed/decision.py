"""Time one decision: 200 candidates, 2,000 draws. Run: ``python speed/decision.py``."""

from __future__ import annotations

import platform
import statistics
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from core.decision.candidates import candidate_frame
from core.decision.rank import rank_bases, sensitivity
from core.decision.tasks import Task
from core.leaderboard import load_leaderboard

CANDIDATES = 200
RUNS = 15


def main() -> None:
    task = Task(size_max=150.0, gpu_gb=100_000.0, remote_code=True, newer=True, kinds=("base", "continued"))
    frame = candidate_frame(load_leaderboard("snapshot"), task)
    kept = rank_bases(frame, task).ranking["model_id"].head(CANDIDATES)
    chosen = frame[frame["model_id"].isin(kept)]
    decision = rank_bases(chosen, task)
    print(f"{len(decision.ranking)} candidates, {task.draws:,} draws, Python {platform.python_version()}")
    _report("rank_bases", lambda: rank_bases(chosen, task))
    _report("sensitivity (20 weights, 500 draws each)", lambda: sensitivity(decision, "numbers"))


def _report(name: str, call: object) -> None:
    times = []
    for _ in range(RUNS):
        start = time.perf_counter()
        call()  # type: ignore[operator]
        times.append(1000 * (time.perf_counter() - start))
    print(f"{name}: median {statistics.median(times):.0f} ms, slowest {max(times):.0f} ms")


if __name__ == "__main__":
    main()
