"""Time rank intervals: `python -m speed.ranks` prints milliseconds by number of rows (200 rows: 100)."""

from __future__ import annotations

import statistics
import time

from core.leaderboard import load_leaderboard
from core.ranking import ranks
from core.schema import BENCHMARK_KEYS

REPEATS = 15


def milliseconds(rows: int) -> list[float]:
    board = load_leaderboard("snapshot").nlargest(rows, "average")
    weights = dict.fromkeys(BENCHMARK_KEYS, 1.0)
    times = []
    for _ in range(REPEATS):
        start = time.perf_counter()
        scores = ranks.weighted_scores(board, weights)
        ranks.rank_rows(scores["score"].to_numpy(), scores["score_se"].to_numpy())
        times.append(1000 * (time.perf_counter() - start))
    return times


if __name__ == "__main__":
    for rows in (50, 200, 1000, 4585):
        times = milliseconds(rows)
        print(f"{rows:5d} rows: median {statistics.median(times):6.1f} ms, slowest {max(times):6.1f} ms")
