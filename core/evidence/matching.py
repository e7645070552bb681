"""Whether the benchmark that matches a task orders its outcomes better than the average does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from core.evidence.kinds import KINDS, MATCHING
from core.evidence.labels import SIGNALS
from core.evidence.studies import study_of

if TYPE_CHECKING:
    from collections.abc import Hashable

    from core.evidence.result import Backtest

_ORDER = {kind: place for place, kind in enumerate(KINDS)}


def by_kind(result: Backtest) -> pd.DataFrame:
    """The matching benchmark beside the leaderboard average, for each kind of task and study.

    Studies whose models on the board come from one publisher are left out: there any benchmark orders sizes.

    Returns:
        kind, study (title), tasks, models, matching (label of the benchmark), spearman, spearman_low,
        spearman_high, average, average_low, average_high, gain, gain_low, gain_high (95% intervals; gain:
        matching benchmark less average), best (label of the benchmark with the highest Spearman).
    """
    telling = set(result.studies.loc[result.studies["publishers"] > 1, "key"])
    found = []
    for (named, study), rows in result.kinds.groupby(["kind", "study"], sort=False):
        kind, signals = str(named), rows.set_index("signal")
        if study not in telling or "average" not in signals.index or MATCHING[kind] not in signals.index:
            continue
        figures: dict[Hashable, dict[Hashable, Any]] = signals.to_dict("index")
        own, average = figures[MATCHING[kind]], figures["average"]
        benchmarks = signals.drop(index=["size", "average"], errors="ignore")
        found.append(
            {
                "kind": kind,
                "study": study_of(str(study)).title,
                "tasks": int(own["tasks"]),
                "models": int(own["models"]),
                "matching": SIGNALS[MATCHING[kind]],
                **{name: own[name] for name in ("spearman", "spearman_low", "spearman_high")},
                "average": average["spearman"],
                "average_low": average["spearman_low"],
                "average_high": average["spearman_high"],
                **{name: own[name] for name in ("gain", "gain_low", "gain_high")},
                "best": SIGNALS[str(benchmarks["spearman"].idxmax())],
            }
        )
    table = pd.DataFrame(found)
    if table.empty:
        return table
    return table.sort_values("kind", key=lambda kinds: kinds.map(_ORDER), kind="stable", ignore_index=True)


def verdict(result: Backtest) -> str:
    """What follows for "take the column that matches your task", in sentences."""
    table = by_kind(result)
    if table.empty:
        return "No study here has enough models on the board to tell kinds of task apart."
    better, worse = (table["gain_low"] > 0).sum(), (table["gain_high"] < 0).sum()
    ahead = int((table["gain"] > 0).sum())
    said = (
        f"In {ahead} of {len(table)} comparisons the matching benchmark orders the outcomes better than the "
        f"leaderboard average does; beyond doubt in {better or 'none'}, and beyond doubt worse in "
        f"{worse or 'none'}."
    )
    if better > len(table) / 2:
        return f"{said} That is evidence for taking the column that matches your task."
    return (
        f"{said} The data doesn't carry “take the column that matches your task”: with "
        f"{table['models'].min()} to {table['models'].max()} models the intervals are too wide. So the "
        "presets on Decide don't follow single kinds of task; their weights come from all tasks together, as "
        "told below."
    )
