"""Build ``core/data/memory_check.json``: the memory estimate against published measurements.

Usage: ``python -m core.memory.build_check TABLE.csv [TABLE.csv ...]``. Each table has the columns of
``check.REQUIRED``. Only what was computed and the measured figures with their source are written.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any, Final

import pandas as pd

from core.memory.check import MemoryCheck, evaluate_memory

TARGET: Final = Path(__file__).resolve().parent.parent / "data" / "memory_check.json"
_KEPT: Final = (
    "model", "method", "framework", "sequence_length", "batch_size", "measured_gb", "estimate_gb", "low_gb",
    "high_gb", "source",
)  # fmt: skip


def as_record(check: MemoryCheck) -> dict[str, Any]:
    """The check in plain values."""
    used = check.rows[check.rows["comparable"]]
    rows = [
        {str(key): round(value, 3) if isinstance(value, float) else value for key, value in row.items()}
        for row in used[list(_KEPT)].to_dict("records")
    ]
    left_out = check.rows.loc[~check.rows["comparable"], "reason"].value_counts().sort_index()
    return {
        "comparable": check.comparable,
        "inside_share": round(check.inside_share, 4),
        "median_error": round(check.median_error, 4),
        "loads": check.loads,
        "loads_within_1_percent": check.loads_within_1_percent,
        "out_of_memory": check.out_of_memory,
        "out_of_memory_possible": check.out_of_memory_possible,
        "left_out": {str(reason): int(count) for reason, count in left_out.items()},
        "sources": sorted(set(used["source"])),
        "rows": rows,
    }


def main(paths: list[str]) -> None:
    tables = [pd.read_csv(path) for path in paths]
    check = evaluate_memory(pd.concat(tables, ignore_index=True))
    TARGET.write_text(json.dumps(as_record(check), indent=1) + "\n", encoding="utf-8")
    print(check.summary())
    for path, table in zip(paths, tables, strict=True):
        print(f"{Path(path).name}: {evaluate_memory(table).summary()}")


if __name__ == "__main__":
    main(sys.argv[1:])
