"""Candidates and decision of a task, worked out once."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from core.board import snapshot
from core.decision.candidates import candidate_frame
from core.decision.rank import Decision, rank_bases, sensitivity
from core.decision.tasks import Task
from core.ranking.filters import nominal_size
from pages.parts.shell import board, field, pairs, per_board

if TYPE_CHECKING:
    import pandas as pd

    from pages.parts.shell.board import Board

# What changes the answer but not the candidates' figures.
_ANSWER_ONLY = {"weights": {}, "certainty": "fairly", "draws": 1, "seed": 0}


# A frame of candidates takes some 4 MB, a decision 2. Several readers on their way through the same question
# share them.
@per_board.cached(shared=3, own=1)
def _candidates(rows: Board, task_key: str) -> pd.DataFrame:
    task = Task.from_dict(json.loads(task_key))
    return candidate_frame(rows.frame, task, pairs=pairs.current(), configs=board.configs())


@per_board.cached(shared=6, own=2, show_spinner="Weighing the candidates")
def _decision(rows: Board, task_key: str) -> Decision:
    task = Task.from_dict(json.loads(task_key))
    figures = replace(task, **_ANSWER_ONLY)
    return rank_bases(_candidates(rows, key(figures)), task)


@per_board.cached(shared=2)
def _sizes(rows: Board) -> pd.Series[float]:
    once = rows.frame.drop_duplicates("model_id")
    return nominal_size(once).astype(float).set_axis(once["model_id"])


@per_board.cached(shared=6)
def _sweep(rows: Board, task_key: str, criterion: str) -> pd.DataFrame:
    return sensitivity(_decision(rows, task_key), criterion)


def decision(task: Task) -> Decision:
    """The answer on the session's board. Shared by all sessions: never changed in place."""
    return _decision(board.in_use(), key(task))


def sizes() -> pd.Series[float]:
    """Billions of parameters, as people count them, by model id."""
    return _sizes(board.in_use())


def swept(task: Task, criterion: str) -> pd.DataFrame:
    """:func:`core.decision.rank.sensitivity` of the task's answer."""
    return _sweep(board.in_use(), key(task), criterion)


def provenance() -> dict[str, Any]:
    """Where the figures of a record come from."""
    manifest = snapshot.manifest()
    return {
        "field": field.choice(),
        "source": manifest["board"]["source"],
        "date": manifest["board"]["date"],
        "sha256": str(manifest.get("sha256", ""))[:16],
    }


def key(task: Task) -> str:
    return json.dumps(task.to_dict(), sort_keys=True, allow_nan=True)
