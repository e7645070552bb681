"""Views and charts of the Leaderboard, worked out once and shared by sessions.

Many readers stand on the same few states (the opening view above all). Entries are keyed by the board they
come from, hold little beside it, and are never changed in place.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
import pandas as pd

from core.charts import leaderboard as charts
from core.charts.labels import count
from core.field.own import own_rows
from core.ranking import filters
from core.ranking.ranks import rank_scores, scores_of
from core.schema import BENCHMARKS, SOURCE_NEWER
from pages.parts.leaderboard import table, training
from pages.parts.leaderboard.view import DRAWN, Drawing, View
from pages.parts.shell import board, per_board

if TYPE_CHECKING:
    import pyarrow as pa

    from pages.parts.leaderboard.filters import Choices
    from pages.parts.leaderboard.selection import Shown
    from pages.parts.shell.board import Board

# A view of the full board takes some 0.8 MB, its chart a tenth of that, the opening view a twentieth.
_VIEWS, _CHARTS = 40, 60
_ERRORS: Final = ["average_se", *(benchmark.se for benchmark in BENCHMARKS)]


def view_of(choices: Choices) -> View:
    """The view of the session's board.

    Raises:
        InvalidInputError: the reader's weights can't be used.
    """
    return _view(board.in_use(), choices.filter, choices.by, tuple(sorted(choices.weights.items())))


def chart(view: View, label: str, shown: Shown) -> Drawing:
    return _chart(view.shared, view.key, label, shown, view)


@per_board.cached(shared=2)
def _prepared(rows: Board) -> pa.Table:
    return table.prepare(rows.frame)


class _Facts(NamedTuple):
    """What views count of the board's rows, in their order."""

    own: np.ndarray
    """The reader added it."""
    differing: np.ndarray
    """Its kind isn't what the board reports."""
    sized: np.ndarray
    newer: np.ndarray
    placed: np.ndarray
    errors: np.ndarray
    """Standard errors in points, one column for each of ``_ERRORS``; NaN is unknown."""


@per_board.cached(shared=2)
def _facts(rows: Board) -> _Facts:
    frame = rows.frame
    marks = (
        own_rows(frame),
        table.overridden(frame),
        frame["params_b"].notna(),
        frame["source"] == SOURCE_NEWER,
        frame["evidence"] != "measured",
    )
    return _Facts(
        *(mark.to_numpy(dtype=bool, na_value=False) for mark in marks),
        frame[_ERRORS].to_numpy(dtype=float, na_value=np.nan),
    )


@per_board.cached(shared=_VIEWS, own=2)
def _view(shared: Board, chosen: filters.BoardFilter, by: str, weights: tuple[tuple[str, int], ...]) -> View:
    whole, own = shared.frame, by == "own"
    asked = whole.join(training.facts()) if chosen.asks_for_training else whole
    shown, hidden = filters.passing(asked, chosen, ranked_by=None if own else by)
    ranks = rank_scores(whole.loc[shown, scores_of(by)], by, dict(weights))
    index = ranks.index
    places = whole.index.get_indexer(index)
    facts = _facts(shared)
    errors = pd.DataFrame(facts.errors[places], columns=["score", *_ERRORS[1:]])
    if own:
        errors["score"] = ranks["score_se"].to_numpy()
    return View(
        key=repr((chosen, by, weights)),
        shared=shared,
        ranks=ranks,
        hidden=hidden,
        table=table.arrange(_prepared(shared), places, ranks, own=own),
        known=int(facts.sized[places].sum()),
        newer=int(facts.newer[places].sum()),
        placed=int(facts.placed[places].sum()),
        errors=errors.median().to_dict(),
        differing=index[facts.differing[places]],
    )


@per_board.cached(shared=_CHARTS, own=2)
def _chart(
    shared: Board,
    view_key: str,  # noqa: ARG001 - with the board the cache's key, which stands for the view
    label: str,
    shown: Shown,
    _view: View,
) -> Drawing:
    rows = _view.rows(*DRAWN)
    front = charts.front_rows(rows[rows["params_b"].notna()])
    figure = charts.size_against_score(
        rows,
        score_label=f"{label} (points)",
        picked=rows.index[rows.index.isin(shown.picked)],
        front=front,
        drag=shown.drag,
        found=rows.index[rows.index.isin(shown.found)],
        own=rows.index[_facts(shared).own[shared.frame.index.get_indexer(rows.index)]],
    )
    return Drawing(
        figure,
        front,
        f"Size against {label} of {count(_view.known, 'model')}. {charts.title(len(rows), len(front))}: "
        + ", ".join(front["model_id"].tail(5)),
    )
