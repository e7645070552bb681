"""Bases by languages: a score with its interval in each, on the scale of that language."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import plotly.graph_objects as go

from core.charts import theme
from core.charts.labels import short_labels

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

_SPREAD: Final = 0.6  # share of a row's height that its dots take


def by_language(
    rows: pd.DataFrame, model_ids: Sequence[str], *, title: str, names: Mapping[str, str] | None = None
) -> go.Figure:
    """Score and 90% interval of each base in each language.

    Args:
        rows: model_id, name (of the language), score, low, high; a pair without a row is not known.
        model_ids: the bases in the order of the axis, the first on top.
        title: what the chart shows.
        names: of each id the name to show; the shortest that tell these apart if not given.
    """
    fig = go.Figure()
    spoken = list(dict.fromkeys(rows["name"]))
    named = short_labels(model_ids, 30, names)
    labels = [named[name] for name in model_ids]
    places = np.arange(len(labels), dtype=float)
    for number, (language, colour) in enumerate(zip(spoken, theme.SERIES_COLOURS * 4, strict=False)):
        own = rows[rows["name"] == language].set_index("model_id").reindex(model_ids)
        known = own["score"].notna().to_numpy()
        own = own[known]
        rank = own["score"].rank(ascending=False, method="min")
        fig.add_scatter(
            # Side by side within the row: intervals on one line would hide one another.
            y=places[known] + _SPREAD * ((number + 0.5) / len(spoken) - 0.5),
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
            text=[named[name] for name in own.index],
            customdata=np.column_stack([own[["low", "high"]].round(1), rank]),
            hovertemplate="%{text}: %{x:.1f} points in "
            + str(language)
            + f" (%{{customdata[0]}} to %{{customdata[1]}}), %{{customdata[2]}} of {len(own)}<extra></extra>",
        )
    fig.update_layout(showlegend=True)
    theme.style(
        fig,
        title=title,
        height=140 + max(30, 14 * len(spoken)) * len(labels),
        x_title="Points of 100 in that language",
    )
    fig.update_yaxes(
        tickvals=places.tolist(),
        ticktext=labels,
        range=[len(labels) - 0.5, -0.5],
        showgrid=False,
        zeroline=False,
    )
    for row in range(1, len(labels)):
        fig.add_hline(y=row - 0.5, line={"color": theme.MUTED, "width": 0.4})
    return fig
