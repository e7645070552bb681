"""Views and charts of the Leaderboard, worked out once and shared by sessions.

Many readers stand on the same few states (the opening view above all). Entries are keyed by the board they
come from, hold little beside it, and are never changed in place.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from core.charts import leaderboard as charts
from core.charts.labels import count
from core.field.own import own_rows
from core.ranking import filters
from core.ranking.ranks import RANK_COLUMNS, rank_board, scores_of
from core.schema import BENCHMARKS, SOURCE_NEWER
from pages.parts.leaderboard import table, training
from pages.parts.leaderboard.view import DRAWN, Drawing, View
from pages.parts.shell import board, per_board

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

    from pages.parts.leaderboard.filters import Choices
    from pages.parts.leaderboard.selection import Shown
    from pages.parts.shell.board import Board

# A view of the full board takes some 0.8 MB, its chart a tenth of that, the opening view a twentieth.
_VIEWS, _CHARTS = 40, 60
_ERRORS: Final = [benchmark.se for benchmark in BENCHMARKS]


def of(choices: Choices) -> View:
    """The view of the session's board.

    Raises:
        InvalidInputError: the reader's weights can't be used.
    """
    return _view(board.in_use(), choices.filter, choices.by, tuple(sorted(choices.weights.items())))


def chart(view: View, label: str, shown: Shown) -> Drawing:
    return _chart(view.shared, view.key, label, shown, view)


@per_board.kept(shared=2)
def _prepared(rows: Board) -> pa.Table:
    return table.prepare(rows.frame)


@per_board.kept(shared=2)
def _marked(rows: Board) -> tuple[pd.Series[bool], pd.Series[bool]]:
    """Rows of the board whose kind isn't what the board reports, and those the reader added."""
    return table.overridden(rows.frame), own_rows(rows.frame)


@per_board.kept(shared=_VIEWS, own=2)
def _view(shared: Board, chosen: filters.BoardFilter, by: str, weights: tuple[tuple[str, int], ...]) -> View:
    whole, own = shared.frame, by == "own"
    asked = whole.join(training.facts()) if chosen.asks_for_training else whole
    shown, hidden = filters.passing(asked, chosen, ranked_by=None if own else by)
    ranks = rank_board(whole.loc[shown, scores_of(by)], by, dict(weights))[RANK_COLUMNS]
    index = ranks.index
    rows = whole.loc[index, ["params_b", "source", "evidence"]]
    errors = ranks["score_se"] if own else whole.loc[index, "average_se"]
    return View(
        key=repr((chosen, by, weights)),
        shared=shared,
        ranks=ranks,
        hidden=hidden,
        table=table.arrange(_prepared(shared), whole.index.get_indexer(index), ranks, own=own),
        known=int(rows["params_b"].notna().sum()),
        newer=int((rows["source"] == SOURCE_NEWER).sum()),
        placed=int((rows["evidence"] != "measured").sum()),
        errors={"score": float(errors.median()), **whole.loc[index, _ERRORS].median().to_dict()},
        differing=index[_marked(shared)[0].loc[index]],
    )


@per_board.kept(shared=_CHARTS, own=2)
def _chart(
    shared: Board,
    view_key: str,  # noqa: ARG001 - with the board the cache's key, which stands for the view
    label: str,
    shown: Shown,
    _view: View,
) -> Drawing:
    rows = _view.rows(*DRAWN)
    points = charts.point_rows(rows)
    front = charts.front_rows(rows[rows["params_b"].notna()])
    figure = charts.size_against_score(
        rows,
        score_label=f"{label} (points)",
        picked=rows.index[rows.index.isin(shown.picked)],
        points=points,
        front=front,
        drag=shown.drag,
        found=rows.index[rows.index.isin(shown.found)],
        own=rows.index[_marked(shared)[1].loc[rows.index]],
    )
    return Drawing(
        figure,
        points,
        front,
        f"Size against {label} of {count(_view.known, 'model')}. {charts.title(len(rows), len(front))}: "
        + ", ".join(front["model_id"].tail(5)),
    )
