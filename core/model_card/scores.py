"""A model's scores on the board's scale: measured, placed, or both side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from core.placement import load_placement
from core.ranking.ranks import INTERVAL_Z
from core.schema import BENCHMARK_KEYS, SCORE_KEYS, SCORE_LABELS, SOURCE_PLACED

if TYPE_CHECKING:
    from collections.abc import Mapping

COLUMNS: Final = (
    "key", "label", "measured", "measured_low", "measured_high", "placed", "placed_low", "placed_high",
)  # fmt: skip


def placement_of(model_id: str) -> pd.Series | None:
    """The model's row of :func:`core.placement.load_placement`, letter case apart; None if it has none."""
    table = load_placement()
    found = table[table["model_id"].str.lower() == model_id.lower()]
    return None if found.empty else found.iloc[0]


def placement_in(row: pd.Series | None) -> pd.Series | None:
    """The placement that a row of the field holds itself, as one of a base entered by hand does."""
    if row is None or row.get("source") != SOURCE_PLACED or pd.isna(row.get("average")):
        return None
    own = {"placed_average": "average", "placed_low": "average_low", "placed_high": "average_high"}
    rest = (f"{key}{end}" for key in BENCHMARK_KEYS for end in ("", "_low", "_high"))
    names = own | {name: name for name in (*rest, "n_reports", "n_scores", "evidence")}
    return pd.Series({to: row.get(name) for to, name in names.items()})


def score_table(row: pd.Series | None, placed: pd.Series | None) -> pd.DataFrame:
    """The average and the six, one row each.

    Args:
        row: the model's measured run in the contract's schema, None where it has none.
        placed: its row of the placement.

    Returns:
        COLUMNS: key, label, and measured and placed in points (0-100) with 90% limits, NA where unknown. The
        placement of a measured base does not use its measured scores.
    """
    measured = {} if row is None else _measured(row)
    expected = {} if placed is None else _placed(placed)
    rows: list[dict[str, Any]] = [
        {"key": key, "label": SCORE_LABELS[key], **measured.get(key, {}), **expected.get(key, {})}
        for key in SCORE_KEYS
    ]
    table = pd.DataFrame(rows).reindex(columns=list(COLUMNS))
    figures = [name for name in COLUMNS if name not in {"key", "label"}]
    return table.astype(dict.fromkeys(figures, "float64"))


def _measured(row: pd.Series) -> dict[str, dict[str, float]]:
    found = {}
    for key in SCORE_KEYS:
        if pd.notna(row[key]):
            half = INTERVAL_Z * float(row[f"{key}_se"])
            score = float(row[key])
            found[key] = {"measured": score, "measured_low": score - half, "measured_high": score + half}
    return found


def _placed(row: pd.Series) -> dict[str, dict[str, float]]:
    found = {}
    for key in SCORE_KEYS:
        whole = key == "average"
        found[key] = {
            "placed": float(row["placed_average" if whole else key]),
            "placed_low": float(row["placed_low" if whole else f"{key}_low"]),
            "placed_high": float(row["placed_high" if whole else f"{key}_high"]),
        }
    return found


def sentence(table: pd.DataFrame, evidence: Mapping[str, Any]) -> str:
    """What the average says, in one sentence: "has" for what was measured, "is placed at" for the rest.

    Args:
        table: of :func:`score_table`.
        evidence: n_reports and n_scores of the placement, where it has a row.
    """
    average = table[table["key"] == "average"].iloc[0].to_dict()
    parts = []
    if pd.notna(average["measured"]):
        parts.append(f"has a measured average of {average['measured']:.1f} ({_span(average, 'measured', 1)})")
    if pd.notna(average["placed"]):
        where = f"is placed at {average['placed']:.0f} ({_span(average, 'placed', 0)})"
        reports = int(evidence.get("n_reports") or 0)
        counted = f"from {reports} report{'s' if reports != 1 else ''}"
        if parts:
            basis = f"{counted} alone" if reports else "by its size, date and family alone"
            parts.append(f"{basis} it {where}")
        else:
            basis = counted if reports else "by its size, date and family alone: no published score is known"
            parts.append(f"{where} {basis}")
    return "; ".join(parts)


def _span(row: Mapping[Any, Any], what: str, digits: int) -> str:
    return f"{row[f'{what}_low']:.{digits}f}–{row[f'{what}_high']:.{digits}f}"
