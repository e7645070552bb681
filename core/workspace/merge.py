"""Two workspaces as one: what two tabs of one browser added before either knew of the other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from core.hub.evals import from_leaderboards
from core.workspace import pilots
from core.workspace.contents import Workspace, bounded

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


def merged(one: Workspace, other: Workspace) -> Workspace:
    """Everything of both; of what both have, ``other`` speaks.

    Raises:
        InvalidInputError: together more than a workspace holds.
    """
    return bounded(Workspace(**{name: join(one, other) for name, join in JOINS.items()}))


def _listed(field: str, known_by: str) -> Callable[[Workspace, Workspace], tuple[Any, ...]]:
    def join(one: Workspace, other: Workspace) -> tuple[Any, ...]:
        theirs = getattr(other, field)
        held = {getattr(entry, known_by) for entry in theirs}
        mine = (entry for entry in getattr(one, field) if getattr(entry, known_by) not in held)
        return (*mine, *theirs)

    return join


def _kinds(one: Workspace, other: Workspace) -> dict[str, str]:
    """A model that ``other`` has without a kind of its own has none."""
    theirs = {model.repo_id for model in other.models}
    return {name: kind for name, kind in one.kinds.items() if name not in theirs} | dict(other.kinds)


def _evals(one: Workspace, other: Workspace) -> pd.DataFrame:
    """What ``other`` read of a model or of a benchmark's leaderboard takes the place of what ``one`` read."""
    models = {model.repo_id for model in other.models}
    boards = set(other.evals.loc[from_leaderboards(other.evals), "benchmark"])
    by_board = from_leaderboards(one.evals)
    again = (by_board & one.evals["benchmark"].isin(boards)) | (
        ~by_board & one.evals["model_id"].isin(models)
    )
    kept = one.evals[~again]
    if kept.empty or other.evals.empty:
        return other.evals if kept.empty else kept.reset_index(drop=True)
    return pd.concat([kept, other.evals], ignore_index=True).drop_duplicates(ignore_index=True)


def _pilots(one: Workspace, other: Workspace) -> tuple[str, ...]:
    """One for each task; of more than a workspace holds, the last."""
    found = one.pilots
    for text in other.pilots:
        found = pilots.added(found, text)
    return found


# Every field of a workspace: a test fails where one is missing.
JOINS: Final[Mapping[str, Callable[[Workspace, Workspace], Any]]] = {
    "batches": _listed("batches", "name"),
    "models": _listed("models", "repo_id"),
    "kinds": _kinds,
    "evals": _evals,
    "pilots": _pilots,
    "entered": _listed("entered", "model_id"),
}
