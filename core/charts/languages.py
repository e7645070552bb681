"""Bases by languages: a score with its interval in each, on the scale of that language."""

from __future__ import annotations

from typing import TYPE_CHECKING

import plotly.graph_objects as go

from core.charts import theme
from core.charts.labels import short

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd


def by_language(rows: pd.DataFrame, model_ids: Sequence[str], *, title: str) -> go.Figure:
    """Score and 90 % interval of each base in each language.

    Args:
        rows: model_id, name (of the language), score, low, high; a pair without a row is not known.
        model_ids: the bases in the order of the axis, the first on top.
        title: what the chart shows.
    """
    fig = go.Figure()
    names = list(dict.fromkeys(rows["name"]))
    labels = [short(name, 30) for name in model_ids]
    for language, colour in zip(names, theme.SERIES_COLOURS * 4, strict=False):
        own = rows[rows["name"] == language].set_index("model_id").reindex(model_ids)
        known = own["score"].notna().to_numpy()
        own = own[known]
        fig.add_scatter(
            y=[label for label, there in zip(labels, known, strict=True) if there],
            x=own["score"].round(1).to_numpy(),
            error_x={
                "type": "data",
                "symmetric": False,
                "array": (own["high"] - own["score"]).round(1).to_numpy(),
                "arrayminus": (own["score"] - own["low"]).round(1).to_numpy(),
                "thickness": 1.5,
                "width": 3,
            },
            mode="markers",
            name=str(language),
            marker={"color": colour, "size": 9},
            customdata=own[["low", "high"]].round(1).to_numpy(),
            hovertemplate="%{y}: %{x:.1f} points in "
            + str(language)
            + " (%{customdata[0]} to %{customdata[1]})<extra></extra>",
        )
    fig.update_layout(showlegend=True)
    theme.style(fig, title=title, height=140 + 30 * len(labels), x_title="Points of 100 in that language")
    fig.update_yaxes(autorange="reversed", categoryorder="array", categoryarray=labels)
    return fig
