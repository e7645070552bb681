"""A decision for a task, as Decide makes it."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

import msgspec

from core.answers.rows import head, plain, records, rows
from core.decision.rank import rank_bases
from core.decision.tasks import as_task

if TYPE_CHECKING:
    from collections.abc import Mapping

MOST: Final = 50
# More draws tell nothing new and cost everyone else's time.
_MOST_DRAWS: Final = 5_000
_RANKED: Final = (
    "model_id", "rank", "score", "p_first", "rank_low", "rank_high", "evidence", "average", "size_b",
    "license", "memory_gb", "memory_low_gb", "memory_high_gb",
)  # fmt: skip


def decide(
    task: str | Mapping[str, Any] = "price", *, when: str = "today", limit: int = 10
) -> dict[str, Any]:
    """Who comes first, how firmly, why, and what would change it.

    Args:
        task: key of a preset, or fields of :class:`core.decision.tasks.Task`.
        when: "today" or "board".
        limit: ranked models to give, at most 50.

    Returns:
        head, ``task``, ``verdict``, ``firmness``, ``reasons``, ``weakest``, ``flips`` (sentences), ``notes``,
        ``criteria`` and ``ranking``.

    Raises:
        InvalidInputError: the task names an unknown preset or field, or a field is of the wrong type.
    """
    asked = as_task(task)
    asked = replace(asked, draws=min(max(int(asked.draws), 1), _MOST_DRAWS))
    return _decided(msgspec.json.encode(asked.to_dict(), order="sorted"), when, max(1, min(limit, MOST)))


@lru_cache(maxsize=64)
def _decided(task: bytes, when: str, limit: int) -> dict[str, Any]:
    asked = as_task(msgspec.json.decode(task))
    found = rank_bases(rows(when), asked)
    return head(when) | {
        "task": plain(asked.to_dict()),
        "verdict": found.verdict,
        "firmness": found.firmness,
        "reasons": list(found.reasons),
        "weakest": found.weakest,
        "flips": found.flips["sentence"].tolist() if len(found.flips) else [],
        "notes": list(found.notes),
        "criteria": records(found.criteria, ("key", "label", "unit", "better", "weight", "source", "known")),
        "ranking": records(found.ranking.head(limit), _RANKED),
    }
