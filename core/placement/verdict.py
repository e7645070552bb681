"""Whether refits without a base's rows place it as well as was asked for beforehand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping

SCHEMES: Final = {
    "model": "without its own board rows",
    "family": "without its whole family's board rows",
    "time": "from before September 2024 to later",
}
FIGURES: Final = {
    "error": "mean error, points",
    "holds": "90% intervals that hold",
    "spearman": "Spearman",
}


@dataclass(frozen=True, slots=True)
class Threshold:
    """What was asked for: a figure of a scheme and group between two limits."""

    scheme: str
    group: str
    figure: str
    low: float = 0.0
    high: float = 1.0

    @property
    def asked(self) -> str:
        """In words."""
        if self.figure == "error":
            return f"at most {self.high:.1f}"
        if self.figure == "spearman":
            return f"at least {self.low:.2f}"
        return f"{self.low:.0%} to {self.high:.0%}" if self.high < 1 else f"at least {self.low:.0%}"


THRESHOLDS: Final = (
    Threshold("model", "all", "error", high=2.1),
    Threshold("model", "all", "holds", 0.86, 0.95),
    *(Threshold("model", group, "holds", 0.80) for group in ("up to 3B", "3-15B", "above 15B", "best ten")),
    Threshold("model", "1-15B", "spearman", 0.92),
    Threshold("family", "all", "error", high=2.4),
    Threshold("family", "all", "holds", 0.86, 0.95),
    *(Threshold("family", group, "holds", 0.80) for group in ("up to 3B", "3-15B", "above 15B", "best ten")),
    Threshold("family", "1-15B", "spearman", 0.90),
    Threshold("time", "all", "holds", 0.80),
)


def against_thresholds(summary: pd.DataFrame) -> pd.DataFrame:
    """Each threshold beside what the refits gave.

    Args:
        summary: from :func:`core.placement.summary.summarise`.

    Returns:
        scheme, group, figure (keys), asked (words), value, met.
    """
    values = summary.set_index(["scheme", "group"])
    rows = []
    for threshold in THRESHOLDS:
        value = float(values[threshold.figure][threshold.scheme, threshold.group])
        met = threshold.low <= value <= threshold.high
        rows.append((threshold.scheme, threshold.group, threshold.figure, threshold.asked, value, met))
    return pd.DataFrame(rows, columns=["scheme", "group", "figure", "asked", "value", "met"])


def verdict(thresholds: pd.DataFrame) -> str:
    """How many thresholds are met, and each that is missed, in sentences."""
    missed = thresholds[~thresholds["met"]]
    if missed.empty:
        return f"All {len(thresholds)} thresholds set beforehand are met."
    named = "; ".join(
        f"{FIGURES[row['figure']]} {SCHEMES[row['scheme']]} ({row['group']}): {_said(row)}, asked was "
        f"{row['asked']}"
        for row in missed.to_dict("records")
    )
    met = f"{len(thresholds) - len(missed)} of {len(thresholds)}"
    return f"{met} thresholds set beforehand are met. Missed: {named}."


def beside(summary: pd.DataFrame, scheme: str) -> str:
    """The placement's error beside those of size alone and of a mean of ranks, in a sentence."""
    row = summary[(summary["scheme"] == scheme) & (summary["group"] == "all")].iloc[0]
    return (
        f"Placed {SCHEMES[scheme]}, {row['n']:.0f} bases lie {row['error']:.1f} points from their measured "
        "average "
        f"in the mean; size alone gives {row['by_size']:.1f}, a plain mean of ranks {row['by_ranks']:.1f}. "
        "Of the 90% "
        f"intervals {row['holds']:.0%} hold."
    )


def _said(row: Mapping[Hashable, Any]) -> str:
    value = float(row["value"])
    return f"{value:.0%}" if row["figure"] == "holds" else f"{value:.2f}"
