"""One question put twice: to the board the course saw, and to today's field. No name stands here."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from core.decision.criteria import BY_KEY, KEYS, in_sentence
from core.decision.rank import Decision, rank_bases
from core.decision.tasks import as_task
from core.field import joined
from core.leaderboard import load_leaderboard
from core.schema import SOURCE_BOARD

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from core.decision.tasks import Task


class BothWays(NamedTuple):
    """The answer on the board of March 2025, and today's at the same weights."""

    board: Decision
    today: Decision


def both_ways(task: Task | str | Mapping[str, Any] = "price") -> BothWays:
    """Decide on the board as it was and on today's field.

    Args:
        task: as :func:`core.decision.rank.rank_bases` takes it; the course's question if not given.

    Raises:
        InvalidInputError: the task names an unknown preset or field.
        SourceUnavailableError: the placement or the catalogue is missing.
    """
    asked = as_task(task)
    board = load_leaderboard("snapshot")
    seen = joined.as_it_was(board[board["source"] == SOURCE_BOARD])
    return BothWays(rank_bases(seen, asked), rank_bases(joined.with_placed(board), asked))


def short_answer(decision: Decision) -> str:
    """The answer in a few words, with the criterion that sets the first apart from the most capable.

    Example: ``Llama-3.1-8B, first in 81% of the draws, by number tokens``.
    """
    if decision.ranking.empty:
        return "no base meets the constraints"
    leader = decision.ranking.iloc[0]
    said = f"{decision.names[decision.first]}, first in {leader['p_first']:.0%} of the draws"
    if decision.firmness == "open":
        said += ", an open field"
    if decision.firmness == "tie":
        said += ", a tie"
    by = set_apart_by(decision)
    return f"{said}, by {by}" if by else said


def set_apart_by(decision: Decision) -> str:
    """The criterion that gains the first most against the most capable candidate; "" if that is the first."""
    ranking = decision.ranking
    if len(ranking) < 2 or ranking["capability"].isna().all():
        return ""
    best = int(ranking["capability"].fillna(-1).to_numpy().argmax())
    if best == 0:
        return ""
    points = decision.points
    # Nothing is said to decide of which one of the two has no figure.
    known = [key for key in KEYS if ranking[key].iloc[[0, best]].notna().all()]
    gain = {key: float(points[key].iloc[0] - points[key].iloc[best]) for key in known}
    key = max(known, key=gain.__getitem__, default="")
    return in_sentence(BY_KEY[key].label) if key and gain[key] > 0 else ""
