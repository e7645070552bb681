"""How many models a slider of sizes would show, said while it moves; without it, the page says so after."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from core.ranking.filters import SIZE_STOPS
from pages.parts.shell import private

if TYPE_CHECKING:
    from core.ranking.size_counts import SizeCounts

_SCRIPT = Path(__file__).with_suffix(".js")
_counter = private.component("basewise_live_count", _SCRIPT.read_text(encoding="utf-8"))


def show(counts: SizeCounts, *, slider: str, what: str) -> None:
    """Say the count beside a slider over :data:`SIZE_STOPS` while it is dragged.

    Args:
        counts: for all ranges, with the page's other filters.
        slider: its key.
        what: what is counted, in the plural.
    """
    if _counter is not None:
        stops = [f"{stop:g}" for stop in SIZE_STOPS]
        _counter(
            key=f"{slider}_count", data={"slider": slider, "stops": stops, "what": what, **asdict(counts)}
        )
