"""Placed averages against measured ones."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import plotly.graph_objects as go

from core.charts import theme

if TYPE_CHECKING:
    import pandas as pd

_PARTS: Final = (
    (True, "interval holds", theme.KIND_COLOURS["base"], "circle"),
    (False, "interval misses", theme.KIND_COLOURS["instruct"], "diamond"),
)


def true_against_placed(rows: pd.DataFrame, *, title: str) -> go.Figure:
    """One point a base with its 90% interval; on the dotted line both are equal.

    Args:
        rows: of one scheme, columns as :func:`core.placement.cross_validation` gives them.
        title: the finding.
    """
    fig = go.Figure()
    low = float(rows[["true_average", "placed_low"]].min().min())
    high = float(rows[["true_average", "placed_high"]].max().max())
    fig.add_scatter(
        x=[low, high], y=[low, high], mode="lines", name="equal", line={"color": theme.MUTED, "dash": "dot"},
        hoverinfo="skip",
    )  # fmt: skip
    holds = rows["true_average"].between(rows["placed_low"], rows["placed_high"])
    for wanted, name, colour, symbol in _PARTS:
        part = rows[holds == wanted]
        if part.empty:
            continue
        fig.add_scatter(
            x=part["true_average"],
            y=part["placed_average"],
            mode="markers",
            name=name,
            marker={"color": colour, "symbol": symbol, "size": 8},
            error_y={
                "type": "data",
                "symmetric": False,
                "array": part["placed_high"] - part["placed_average"],
                "arrayminus": part["placed_average"] - part["placed_low"],
                "color": colour,
                "thickness": 1,
                "width": 0,
            },
            customdata=part[["model_id", "placed_low", "placed_high", "params_b"]],
            hovertemplate="%{customdata[0]}, %{customdata[3]:.3g}B<br>measured %{x:.1f}, placed %{y:.1f} "
            "(%{customdata[1]:.1f} to %{customdata[2]:.1f})<extra></extra>",
        )
    return theme.style(
        fig, title=title, height=460, x_title="Measured average, points", y_title="Placed, points"
    )
