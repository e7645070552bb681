"""Names of the signals. Apart from what computes them, which is heavy to import."""

from __future__ import annotations

from typing import Final

from core.schema import BENCHMARKS

# In the order of the page.
SIGNALS: Final = {
    "size": "Largest (parameters)",
    "likes": "Most liked on the Hub",
    "untuned": "Result before tuning",
    "average": "Leaderboard average",
    **{each.key: each.label for each in BENCHMARKS},
    "instruct": "Score of its instruct variant",
    "lift": "Lift of its instruct variant",
    "decision": "This tool's ranking",
    "trial": "Trial run on 5% of the data",
}
# Choices that need no leaderboard.
NAIVE: Final = ("size", "likes", "untuned")
