"""Models side by side: scores with their errors, and who likely beats whom."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import plotly.graph_objects as go

from core.charts import theme
from core.charts.labels import short
from core.ranking.ranks import INTERVAL_Z
from core.schema import OWN_MARK, SCORE_LABELS

if TYPE_CHECKING:
    from core.comparison import Comparison

_SPREAD: Final = 0.62  # share of a row's height that its dots take


def title(comparison: Comparison) -> str:
    """On how many scores the leader is ahead of all others by more than noise."""
    scores = comparison.scores.dropna(subset=["score"])
    if len(comparison.model_ids) < 2:
        return f"Scores of {short(comparison.model_ids[0], 30)}"
    best = scores.loc[scores.groupby("key")["score"].idxmax()]
    leader = best.loc[best["key"] == comparison.by, "model_id"]
    if leader.empty:
        return "Scores side by side"
    first = str(leader.iloc[0])
    led = int((best["model_id"] == first).sum())
    return f"{short(first, 24)} is highest on {led} of {len(SCORE_LABELS)} scores"


def scores(comparison: Comparison, *, own: frozenset[str] = frozenset()) -> go.Figure:
    """One row a score, one dot a model, with bars that span 90%; the reader's ``own`` are named so."""
    fig = go.Figure()
    models = comparison.model_ids
    places = {key: row for row, key in enumerate(SCORE_LABELS)}
    ranks = comparison.scores.groupby("key")["score"].rank(ascending=False, method="min")
    for number, model in enumerate(models):
        rows = comparison.scores[comparison.scores["model_id"] == model]
        mine = f" ({OWN_MARK})" if model in own else ""
        offset = _SPREAD * ((number + 0.5) / len(models) - 0.5)
        fig.add_scatter(
            x=rows["score"].round(2),
            y=[places[key] + offset for key in rows["key"]],
            mode="markers",
            name=short(model, 30) + mine,
            marker={
                "color": theme.SERIES_COLOURS[number],
                "symbol": ("circle", "diamond", "square", "triangle-up", "cross", "star")[number],
                "size": 9,
            },
            error_x={
                "type": "data",
                "array": (INTERVAL_Z * rows["score_se"]).round(2),
                "thickness": 1.2,
                "width": 0,
            },
            text=[SCORE_LABELS[key] for key in rows["key"]],
            customdata=np.column_stack(
                [
                    (rows["score"] - INTERVAL_Z * rows["score_se"]).round(1),
                    (rows["score"] + INTERVAL_Z * rows["score_se"]).round(1),
                    ranks[rows.index],
                ]
            ),
            hovertemplate=f"<b>{short(model)}</b>{mine}<br>%{{text}}: %{{x:.1f}} points "
            f"(90%: %{{customdata[0]}} to %{{customdata[1]}}), %{{customdata[2]}} of {len(models)}"
            "<extra></extra>",
        )
    if len(models) > 1:
        _ring_best(fig)
    theme.style(fig, title=title(comparison), height=250 + 36 * len(places), x_title="Score (points, 0-100)")
    fig.update_yaxes(
        tickvals=list(places.values()),
        ticktext=list(SCORE_LABELS.values()),
        range=[len(places) - 0.5, -0.5],
        showgrid=False,
        zeroline=False,
    )
    for row in range(1, len(places)):
        fig.add_hline(y=row - 0.5, line={"color": theme.MUTED, "width": 0.4})
    return fig


def _ring_best(fig: go.Figure) -> None:
    """Ring the highest mark of each row."""
    marks = [
        (round(y), x, y)
        for trace in fig.data
        for x, y in zip(trace.x, trace.y, strict=True)
        if not np.isnan(x)
    ]
    best = [
        max((mark for mark in marks if mark[0] == row), key=lambda mark: mark[1])
        for row in {m[0] for m in marks}
    ]
    fig.add_scatter(
        x=[mark[1] for mark in best],
        y=[mark[2] for mark in best],
        mode="markers",
        name="highest",
        marker={"color": theme.MARK, "symbol": "circle-open", "size": 17, "line": {"width": 1.5}},
        hoverinfo="skip",
    )


def chances(comparison: Comparison) -> go.Figure:
    """P(row beats column) as a matrix; grey cells are ties."""
    names = [short(model, 22) for model in comparison.model_ids]
    matrix = comparison.chances.to_numpy()
    text = comparison.chances.map(_percent).to_numpy().tolist()
    fig = go.Figure(
        go.Heatmap(
            z=matrix.round(3),
            x=names,
            y=names,
            text=text,
            texttemplate="%{text}",
            textfont={"size": 13, "color": "#FFFFFF"},
            colorscale=theme.DIVERGING,
            zmin=0,
            zmax=1,
            showscale=False,
            xgap=2,
            ygap=2,
            hovertemplate="%{y} beats %{x}: %{text}<extra></extra>",
        )
    )
    theme.style(fig, title="How likely the row beats the column", height=250 + 36 * len(SCORE_LABELS))
    fig.update_yaxes(autorange="reversed", showgrid=False)
    fig.update_xaxes(side="bottom", showgrid=False, tickangle=-30)
    return fig


def _percent(chance: float) -> str:
    """Chances are never shown as certain; the diagonal is empty."""
    if np.isnan(chance):
        return ""
    return ">99%" if chance > 0.99 else "<1%" if chance < 0.01 else f"{chance:.0%}"
