"""What a decision record opens with: where it was made, a picture of the answer, the reader's own words."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from core.decision.explain import why_there
from core.errors import InvalidInputError
from core.memory import gpus

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from core.decision.rank import Decision
    from core.decision.tasks import Task

_SHOWN: Final = 8
# Characters of the longest bar, which stands for every draw.
_BAR: Final = 40
_BLANK: Final = "\\_" * 20


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What surrounds a decision.

    Attributes:
        link: address that opens the same question; "" without one.
        made: date, YYYY-MM-DD.
        versions: name and version of what it was made with.
        shortlist: the reader's models.
        pilot: the pilot's file, if the answer rests on one.
        decided: what the reader decided, in their words.
        overruled: why the answer was overruled.
    """

    link: str = ""
    made: str = ""
    versions: Mapping[str, str] = field(default_factory=dict)
    shortlist: tuple[str, ...] = ()
    pilot: dict[str, Any] | None = None
    decided: str = ""
    overruled: str = ""


def card(task: Task) -> str:
    """The reader's card and its memory.

    >>> from core.decision.tasks import Task
    >>> card(Task())
    'T4 16 GB (Colab, Kaggle), 15.8 GB of 1e9 bytes usable'
    """
    if task.gpu_gb is not None:
        return f"{task.gpu_gb:g} GB"
    try:
        known = gpus.get(task.gpu)
    except InvalidInputError:
        return task.gpu
    return f"{known.label}, {known.usable_gb:.1f} GB of 1e9 bytes usable"


def opening(decision: Decision, around: Surroundings, text: Callable[[str], str]) -> list[str]:
    """Lines before everything else; ``text`` makes text safe for Markdown."""
    versions = ", ".join(f"{name} {version}" for name, version in around.versions.items())
    lines = [
        f"- Link: <{around.link}>" if around.link.startswith(("https://", "http://")) else "",
        f"- Made: {text(around.made)}" if around.made else "",
        f"- Versions: {text(versions)}" if versions else "",
        f"- Card: {text(card(decision.task))}",
        f"- Shortlist: {text(', '.join(around.shortlist)) or 'none'}",
        f"- Decided: {text(around.decided) or _BLANK}",
        f"- Overruled because: {text(around.overruled) or _BLANK}",
    ]
    return [line for line in lines if line]


def picture(decision: Decision) -> str:
    """The answer as bars of text: the share of draws in which each of the leading models comes first."""
    leaders = decision.ranking.head(_SHOWN)
    if leaders.empty:
        return "No candidate was left to show."
    names = [decision.names[name].replace("`", "'") for name in leaders["model_id"]]
    width = max(map(len, names))
    bars = [
        f"{name:<{width}}  {'█' * round(share * _BAR):<{_BAR}} {share:4.0%}  {score:5.1f} points"
        for name, share, score in zip(names, leaders["p_first"], leaders["score"], strict=True)
    ]
    return "\n".join(["```", "First place, share of draws", *bars, "```"])


def before_training(decision: Decision, text: Callable[[str], str]) -> list[str]:
    """A line each on how the first three stop, load and may be sold; unknown is said as that."""
    rows = decision.ranking.head(3).to_dict("records")
    if not rows or "stops" not in decision.ranking:
        return []
    names = decision.names
    lines = [f"- {text(names[row['model_id']])}: {text(readiness_line(row))}." for row in rows]
    return ["## Before training", *lines]


def readiness_line(row: Mapping[Any, Any]) -> str:
    """How a base stops, loads and may be sold, as far as is known beforehand; unknown is said as that.

    Args:
        row: of a ranking, with stops, plain_end, eu_commercial and native.
    """
    stops = "whether it stops by itself isn't known" if pd.isna(row["stops"]) else f"stopping: {row['stops']}"
    if not pd.isna(row["plain_end"]):
        stops += f" (a plain format ends with {row['plain_end']})"
    sold = _either(
        row["eu_commercial"], "may be sold in the EU", "may not be sold in the EU", "sale in the EU"
    )
    loads = _either(
        row["native"],
        "loads without its publisher's code",
        "runs its publisher's code",
        "whether it runs its publisher's code",
    )
    return f"{stops}; {loads}; what is tuned {sold}" if "may" in sold else f"{stops}; {loads}; {sold}"


def shortlist(decision: Decision, around: Surroundings, text: Callable[[str], str]) -> list[str]:
    """Why each of the shortlist is where it is."""
    if not around.shortlist:
        return []
    found = why_there(decision, around.shortlist).to_dict("records")
    lines = []
    for row in found:
        place = "" if pd.isna(row["rank"]) else f"rank {row['rank']}, "
        back = f" {row['way_back']}" if row["way_back"] else ""
        lines.append(f"- {text(row['model_id'])}: {place}{text(row['why'] + back)}")
    return ["## Shortlist", *lines]


def pilot(decision: Decision, text: Callable[[str], str]) -> list[str]:
    """What a pilot changed; nothing without one."""
    if not hasattr(decision, "tried"):
        return []
    names = decision.names
    before, after = names[decision.before], names[decision.first]  # type: ignore[attr-defined]
    lines = [
        f"- First before: {text(before)}; with the pilot: {text(after)}.",
        *(
            f"- {text(names[row['model_id']])}: {row['final']:.4g} with all data "
            f"({row['final_low']:.4g} to {row['final_high']:.4g}), first in {row['p_after']:.0%} of draws, "
            f"{row['p_before']:.0%} before."
            for row in decision.tried.to_dict("records")
        ),
        *(f"- {text(line)}" for line in decision.contradictions),  # type: ignore[attr-defined]
        f"- {text(decision.next_step)}",  # type: ignore[attr-defined]
    ]
    return ["## Pilot", *lines]


def _either(flag: object, yes: str, no: str, unknown: str) -> str:
    if flag is None or pd.isna(flag):  # type: ignore[call-overload]
        return f"{unknown}: not known"
    return yes if flag else no
