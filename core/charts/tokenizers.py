"""Pictures of how tokenizers cut numbers. Pure functions from frames to figures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import plotly.graph_objects as go

from core.charts.theme import ACCENT, MUTED, SERIES_COLOURS, STEPS, style

if TYPE_CHECKING:
    import pandas as pd

_PER_ROW: Final = 25
# In the order of the legend. Fused numbers are their own class: their token is not the number alone.
_CLASSES: Final = (
    ("1 token", STEPS[0]),
    ("2 tokens", "#5B8AD8"),
    ("3 tokens", STEPS[3]),
    ("4 or more", SERIES_COLOURS[1]),
    ("joined with the text around it", STEPS[5]),
)
_SEPARATOR: Final = " | "


def number_grid(frame: pd.DataFrame, label: str) -> go.Figure:
    """A cell for each number, coloured by its tokens.

    Args:
        frame: number, n_tokens, pieces, fused, single; consecutive numbers, at most some 2,000.
        label: the tokenizer's name.
    """
    count = len(frame)
    rows = -(-count // _PER_ROW)
    first = int(frame["number"].iloc[0])
    classes = np.minimum(frame["n_tokens"].to_numpy(), 4) - 1
    classes = np.where(frame["fused"].to_numpy(), 4, np.maximum(classes, 0))
    z = np.full(rows * _PER_ROW, np.nan)
    z[:count] = classes
    said = np.full(rows * _PER_ROW, "", dtype=object)
    said[:count] = [
        f"{text}: {_SEPARATOR.join(pieces)}<br>{tokens} token{'' if tokens == 1 else 's'}"
        + (", joined with the text around it" if fused else "")
        for text, pieces, tokens, fused in zip(
            frame["text"], frame["pieces"], frame["n_tokens"], frame["fused"], strict=True
        )
    ]
    steps = len(_CLASSES)
    scale = [(edge / steps, colour) for at, (_, colour) in enumerate(_CLASSES) for edge in (at, at + 1)]
    fig = go.Figure(
        go.Heatmap(
            z=z.reshape(rows, _PER_ROW),
            x=list(range(_PER_ROW)),
            y=[first + row * _PER_ROW for row in range(rows)],
            text=said.reshape(rows, _PER_ROW),
            hovertemplate="%{text}<extra></extra>",
            hoverongaps=False,
            zmin=-0.5,
            zmax=steps - 0.5,
            colorscale=scale,
            showscale=False,
            xgap=1,
            ygap=1,
        )
    )
    # The four counts are always named, so that grids side by side have the same legend and height.
    present = {0, 1, 2, 3, *classes.tolist()}
    for at, (name, colour) in enumerate(_CLASSES):
        if at in present:
            marker = {"symbol": "square", "size": 11, "color": colour}
            fig.add_scatter(x=[None], y=[None], mode="markers", marker=marker, name=name)
    singles = int(frame["single"].sum())
    title = f"{label}: {singles:,} of {count:,} are one token"
    style(fig, title=title, height=170 + 8 * min(rows, 50))
    fig.update_layout(
        plot_bgcolor="rgba(0,0,0,0)",
        margin={"l": 48},
    )
    fig.update_xaxes(showticklabels=False, showgrid=False, zeroline=False, automargin=False)
    fig.update_yaxes(autorange="reversed", showgrid=False, zeroline=False, nticks=9, automargin=False)
    return fig


def token_histogram(histogram: pd.DataFrame) -> go.Figure:
    """Tokens per target: tokenizer, n_tokens, share (0-1)."""
    fig = go.Figure()
    for at, (label, rows) in enumerate(histogram.groupby("tokenizer", sort=False)):
        fig.add_bar(
            x=rows["n_tokens"],
            y=rows["share"] * 100,
            name=str(label),
            marker_color=SERIES_COLOURS[at % len(SERIES_COLOURS)],
            hovertemplate="%{fullData.name}: %{x} tokens for %{y:.1f}% of the targets<extra></extra>",
        )
    style(
        fig,
        title="Tokens each target costs",
        x_title="tokens per target",
        y_title="% of the targets",
        height=360,
    )
    fig.update_layout(barmode="group", bargap=0.25, legend={"y": 1.02})
    fig.update_xaxes(dtick=1 if histogram["n_tokens"].max() <= 15 else None)
    return fig


def floor_bars(table: pd.DataFrame) -> go.Figure:
    """First-token floors beside the error of always guessing the median."""
    ordered = table.sort_values("first_token_floor", ascending=False, kind="stable")
    fig = go.Figure(
        go.Bar(
            y=ordered["tokenizer"],
            x=ordered["first_token_floor"],
            orientation="h",
            marker_color=ACCENT,
            text=[f"{value:,.1f}" for value in ordered["first_token_floor"]],
            textposition="outside",
            cliponaxis=False,
            hovertemplate="%{y}: %{x:,.2f}<extra></extra>",
            showlegend=False,
        )
    )
    median = float(table["median_error"].iloc[0])
    fig.add_vline(
        x=median,
        line={"dash": "dash", "color": MUTED},
        annotation_text=f"always the median: {median:,.1f}",
        annotation_position="top left",
    )
    best = ordered.iloc[-1]
    title = f"First-token floor, lowest for {best['tokenizer']}"
    style(fig, title=title, x_title="mean absolute error, the targets' unit", height=170 + 34 * len(table))
    fig.update_xaxes(range=[0, median * 1.05 if median else 1])
    return fig


def length_percentiles(table: pd.DataFrame) -> go.Figure:
    """Sequence lengths: a line from the median to the longest, the proposed maximum marked."""
    fig = go.Figure()
    for at, row in enumerate(table.to_dict("records")):
        colour = SERIES_COLOURS[at % len(SERIES_COLOURS)]
        names = ("p50", "p90", "p95", "p99", "longest")
        fig.add_scatter(
            x=[row[name] for name in names],
            y=[row["tokenizer"]] * len(names),
            mode="lines+markers",
            marker={"color": colour, "size": 9},
            text=["median", "90th percentile", "95th percentile", "99th percentile", "longest"],
            hovertemplate="%{text}: %{x:,} tokens<extra>%{y}</extra>",
            showlegend=False,
        )
        fig.add_scatter(
            x=[row["proposed"]],
            y=[row["tokenizer"]],
            mode="markers",
            marker={"color": colour, "symbol": "line-ns-open", "size": 18},
            hovertemplate="proposed maximum: %{x:,} tokens<extra>%{y}</extra>",
            showlegend=False,
        )
    style(fig, title="Lengths in tokens: median to longest", x_title="tokens", height=160 + 40 * len(table))
    fig.update_xaxes(rangemode="tozero")
    return fig
