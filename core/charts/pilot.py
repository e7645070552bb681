"""A pilot's learning curves: what was measured, how each goes on, and where all the data lies."""

from __future__ import annotations

from typing import TYPE_CHECKING

import plotly.graph_objects as go

from core.charts import theme
from core.charts.labels import short_labels

if TYPE_CHECKING:
    import pandas as pd


def learning_curves(curves: pd.DataFrame, *, measure: str, all_data: int) -> go.Figure:
    """Runs with their errors, and each model's curve with its 90% band up to all the data.

    Args:
        curves: from :func:`core.pilot.curves.learning_curves`.
        measure: what the values are, with their unit.
        all_data: number of all training examples.
    """
    fig = go.Figure()
    names = list(dict.fromkeys(curves["model_id"]))
    labels = short_labels(names, 30)
    for name, colour in zip(names, theme.SERIES_COLOURS * 7, strict=False):
        own = curves[curves["model_id"] == name]
        line, runs = own[own["kind"] == "curve"], own[own["kind"] == "run"]
        label = labels[name]
        fig.add_scatter(
            x=[*line["n_train"].round(), *line["n_train"].round()[::-1]],
            y=[*line["high"], *line["low"][::-1]],
            fill="toself",
            fillcolor=_pale(colour),
            line={"color": colour, "width": 0.7},
            hoverinfo="skip",
            showlegend=False,
            legendgroup=name,
        )
        fig.add_scatter(
            x=line["n_train"].round().to_numpy(),
            y=line["value"].to_numpy(),
            mode="lines",
            name=label,
            legendgroup=name,
            line={"color": colour, "width": 2},
            customdata=line[["low", "high"]].to_numpy(),
            hovertemplate=f"{label} with %{{x:,.0f}} examples: %{{y:.4g}} "
            "(%{customdata[0]:.4g} to %{customdata[1]:.4g})<extra></extra>",
        )
        fig.add_scatter(
            x=runs["n_train"].to_numpy(),
            y=runs["value"].to_numpy(),
            error_y={
                "type": "data",
                "symmetric": False,
                "array": (runs["high"] - runs["value"]).to_numpy(),
                "arrayminus": (runs["value"] - runs["low"]).to_numpy(),
                "thickness": 1.5,
                "width": 3,
            },
            mode="markers",
            name=label,
            legendgroup=name,
            showlegend=False,
            marker={"color": colour, "size": 9},
            hovertemplate=f"{label}, measured on %{{x:,.0f}} examples: %{{y:.4g}}<extra></extra>",
        )
    fig.add_vline(x=all_data, line={"color": theme.MUTED, "dash": "dash", "width": 1.5})
    theme.style(
        fig,
        title=f"What each reaches with all {all_data:,} examples",
        height=420,
        x_title="Training examples",
        y_title=measure,
    )
    fig.update_xaxes(type="log", dtick=1)
    fig.update_layout(showlegend=True)
    return fig


def _pale(colour: str) -> str:
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return f"rgba({red},{green},{blue},0.15)"
