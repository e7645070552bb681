"""Time the embedded snapshot: `python -m benchmarks.load_snapshot` (aim: within 5 times a bare read)."""

from __future__ import annotations

import statistics
import time
from typing import TYPE_CHECKING

import pandas as pd

from core.board import snapshot
from core.leaderboard import load_leaderboard
from core.variants.pairs import pair_variants

if TYPE_CHECKING:
    from collections.abc import Callable

REPEATS = 31


def milliseconds(work: Callable[[], object]) -> list[float]:
    work()  # imports aside
    times = []
    for _ in range(REPEATS):
        start = time.perf_counter()
        work()
        times.append(1000 * (time.perf_counter() - start))
    return times


def main() -> None:
    board = load_leaderboard("snapshot")
    bare = milliseconds(lambda: pd.read_parquet(snapshot.TABLE))
    loaded = milliseconds(lambda: load_leaderboard("snapshot"))
    paired = milliseconds(lambda: pair_variants(board))
    print(f"{len(board):,} rows, {len(board.columns)} columns, medians of {REPEATS}")
    print(f"pandas.read_parquet           {statistics.median(bare):8.1f} ms")
    print(f'load_leaderboard("snapshot")  {statistics.median(loaded):8.1f} ms')
    print(f"ratio                         {statistics.median(loaded) / statistics.median(bare):8.2f}")
    print(f"pair_variants                 {statistics.median(paired):8.1f} ms")


if __name__ == "__main__":
    main()
