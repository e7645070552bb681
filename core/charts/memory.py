"""Memory in training: what it is spent on, and the estimate against measured runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import plotly.graph_objects as go

from core.charts import theme
from core.charts.labels import memory, short_labels
from core.memory.table import GROUPS, headline

if TYPE_CHECKING:
    import pandas as pd

_FRAMEWORK_MARKS: Final = {
    "huggingface": ("Hugging Face", "circle"),
    "unsloth": ("Unsloth", "diamond"),
    "litgpt": ("LitGPT", "square-open"),
    "torchtune": ("torchtune", "triangle-up-open"),
}
_NARROW: Final = 26


def memory_terms(table: pd.DataFrame, *, capacity_gb: float, card: str) -> go.Figure:
    """Stacked bars of the terms per model, the range as a whisker, the card's memory as a line.

    Args:
        table: rows of ``core.memory.table.memory_table``, best first.
        capacity_gb: the card's memory, GB.
        card: the card's name.
    """
    rows = table.iloc[::-1]
    labels = short_labels(rows["model_id"], _NARROW)
    names = [labels[name] for name in rows["model_id"]]
    fig = go.Figure()
    for label, colour in zip(GROUPS, theme.SERIES_COLOURS, strict=False):
        fig.add_bar(
            y=names,
            x=rows[label],
            name=label,
            orientation="h",
            marker={"color": colour},
            hovertemplate="%{y}<br>" + label + ": %{x:.2f} GB<extra></extra>",
        )
    fig.add_scatter(
        y=names,
        x=rows["total_gb"],
        mode="markers",
        name="Range",
        marker={"color": theme.MUTED, "size": 7, "symbol": "line-ns-open"},
        error_x={
            "type": "data",
            "array": rows["high_gb"] - rows["total_gb"],
            "arrayminus": rows["total_gb"] - rows["low_gb"],
            "color": theme.MUTED,
            "thickness": 2,
        },
        customdata=rows[["low_gb", "high_gb"]],
        hovertemplate="%{y}<br>%{x:.1f} GB (%{customdata[0]:.1f} to %{customdata[1]:.1f})<extra></extra>",
    )
    fig.add_vline(x=capacity_gb, line={"color": theme.MARK, "dash": "dash", "width": 2})
    fig.add_annotation(
        x=capacity_gb, y=1, yref="paper", yanchor="bottom", text=memory(capacity_gb), showarrow=False,
        font={"color": theme.MARK},
    )  # fmt: skip
    fig.update_layout(barmode="stack", bargap=0.35, legend={"traceorder": "normal"})
    height = 220 + 44 * len(rows)
    fig = theme.style(fig, title=headline(table, card), height=height, x_title="GB (1e9 bytes) at the peak")
    fig.update_xaxes(rangemode="tozero")
    return fig


def memory_check(rows: pd.DataFrame, *, title: str) -> go.Figure:
    """Estimate against measurement, one point per published run, with the range.

    Args:
        rows: framework, model, method, measured_gb, estimate_gb, low_gb, high_gb (GB).
        title: the finding.
    """
    fig = go.Figure()
    low, high = rows["measured_gb"].min() * 0.8, rows["measured_gb"].max() * 1.25
    fig.add_scatter(
        x=[low, high], y=[low, high], mode="lines", name="equal", line={"color": theme.MUTED, "dash": "dot"},
        hoverinfo="skip",
    )  # fmt: skip
    for (key, (label, symbol)), colour in zip(_FRAMEWORK_MARKS.items(), theme.SERIES_COLOURS, strict=False):
        part = rows[rows["framework"] == key]
        if part.empty:
            continue
        fig.add_scatter(
            x=part["measured_gb"],
            y=part["estimate_gb"],
            mode="markers",
            name=label,
            marker={"color": colour, "symbol": symbol, "size": 8},
            error_y={
                "type": "data",
                "array": part["high_gb"] - part["estimate_gb"],
                "arrayminus": part["estimate_gb"] - part["low_gb"],
                "thickness": 1,
                "width": 0,
            },
            customdata=part[["model", "method"]],
            hovertemplate="%{customdata[0]}, %{customdata[1]}<br>measured %{x:.1f} GB, estimated %{y:.1f} GB"
            "<extra>" + label + "</extra>",
        )
    fig = theme.style(fig, title=title, height=460, x_title="Measured, GB", y_title="Estimated, GB")
    ticks = [2, 4, 8, 16, 32, 64]
    fig.update_xaxes(type="log", tickvals=ticks)
    fig.update_yaxes(type="log", tickvals=ticks)
    return fig
