"""One model in pictures: scores measured and placed, what reports print, and languages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import plotly.graph_objects as go

from core.charts import theme
from core.charts.labels import short
from core.model_card.reports import DOUBTFUL

if TYPE_CHECKING:
    import pandas as pd

# name, column, colour, symbol, distance from the middle of the row
_SCORES: Final = (
    ("measured", "measured", theme.KIND_COLOURS["base"], "circle", -0.16),
    ("placed, without its measured scores", "placed", theme.ACCENT, "diamond-open", 0.16),
)
_VERDICTS: Final = (
    ("as expected", theme.MUTED, "circle"),
    ("outside the interval", theme.SERIES_COLOURS[1], "diamond"),
    ("doubtful", theme.MARK, "x"),
)


def scores(table: pd.DataFrame, *, title: str) -> go.Figure:
    """The average and the six, one row each, with bars that span 90%.

    Args:
        table: of :func:`core.model_card.scores.score_table`.
        title: the chart's message.
    """
    fig = go.Figure()
    places = np.arange(len(table), dtype=float)
    both = bool(table["measured"].notna().any() and table["placed"].notna().any())
    for name, column, colour, symbol, offset in _SCORES:
        if table[column].isna().all():
            continue
        value = table[column]
        label = name if both else name.split(",", maxsplit=1)[0]
        fig.add_scatter(
            x=value.round(2),
            y=places + (offset if both else 0),
            mode="markers",
            name=label,
            marker={"color": colour, "symbol": symbol, "size": 10, "line": {"width": 2}},
            error_x={
                "type": "data",
                "symmetric": False,
                "array": (table[f"{column}_high"] - value).round(2),
                "arrayminus": (value - table[f"{column}_low"]).round(2),
                "color": colour,
                "thickness": 1.5,
                "width": 0,
            },
            customdata=table[["label", f"{column}_low", f"{column}_high"]].round(1),
            hovertemplate=f"%{{customdata[0]}}, {label}: %{{x:.1f}} "
            "(%{customdata[1]}–%{customdata[2]})<extra></extra>",
        )
    theme.style(fig, title=title, height=150 + 36 * len(table), x_title="Points (0-100), bars span 90%")
    fig.update_yaxes(
        tickvals=places.tolist(), ticktext=table["label"].tolist(), range=[len(table) - 0.5, -0.5],
        showgrid=False, zeroline=False,
    )  # fmt: skip
    fig.update_layout(showlegend=both)
    fig.add_hline(y=0.5, line={"color": theme.MUTED, "width": 0.6})
    return fig


def printed(figures: pd.DataFrame, titles: dict[str, str], *, title: str) -> go.Figure:
    """Each figure that the placement uses, a dot; one row a report; right of the middle is above expectation.

    Args:
        figures: of :func:`core.model_card.reports.printed_figures`.
        titles: of the reports, in the order of the rows, by key.
        title: the chart's message.
    """
    used = figures[figures["expected"].notna()]
    away = used["doubt"] * np.sign(used["value"] - used["expected"])
    row = used["report"].map({report: place for place, report in enumerate(titles)})
    fig = go.Figure()
    for verdict, colour, symbol in _VERDICTS:
        own = used[used["verdict"] == verdict]
        if own.empty:
            continue
        fig.add_scatter(
            x=away[own.index].round(2),
            y=row[own.index],
            mode="markers",
            name=verdict,
            marker={"color": colour, "symbol": symbol, "size": 9},
            customdata=own[["benchmark", "value", "expected", "low", "high"]].round(1),
            hovertemplate="%{customdata[0]}: printed %{customdata[1]}, expected %{customdata[2]} "
            "(%{customdata[3]}–%{customdata[4]})<extra></extra>",
        )
    theme.style(fig, title=title, height=150 + 30 * len(titles), x_title="Printed minus expected, in SD")
    most = max(DOUBTFUL + 0.5, float(away.abs().max()) * 1.08 if len(away) else 0)
    fig.update_xaxes(range=[-most, most], zeroline=True)
    fig.update_yaxes(
        tickvals=list(range(len(titles))), ticktext=[short(name, 24) for name in titles.values()],
        range=[len(titles) - 0.5, -0.5], showgrid=False, zeroline=False,
    )  # fmt: skip
    for edge in (-DOUBTFUL, DOUBTFUL):
        fig.add_vline(x=edge, line={"color": theme.MARK, "dash": "dot", "width": 1})
    return fig


def languages(table: pd.DataFrame, *, title: str) -> go.Figure:
    """Its score in each language with a bar of 90%, beside the median of the bases tested there.

    Args:
        table: of :func:`core.model_card.languages.by_language`.
        title: the chart's message.
    """
    fig = go.Figure()
    ordered = table.iloc[::-1]
    fig.add_scatter(
        x=ordered["median"].round(1),
        y=ordered["name"],
        mode="markers",
        name="median of all bases tested in the language",
        marker={"color": theme.MUTED, "symbol": "line-ns-open", "size": 12, "line": {"width": 2}},
        hovertemplate="%{y}, median: %{x:.1f}<extra></extra>",
    )
    fig.add_scatter(
        x=ordered["score"],
        y=ordered["name"],
        mode="markers",
        name="this model",
        marker={"color": theme.ACCENT, "size": 9},
        error_x={
            "type": "data",
            "symmetric": False,
            "array": (ordered["high"] - ordered["score"]).round(2),
            "arrayminus": (ordered["score"] - ordered["low"]).round(2),
            "color": theme.ACCENT,
            "thickness": 1.5,
            "width": 0,
        },
        customdata=ordered[["low", "high", "place", "of"]],
        hovertemplate="%{y}: %{x:.1f} (%{customdata[0]}–%{customdata[1]}), "
        "%{customdata[2]} of %{customdata[3]}<extra></extra>",
    )
    theme.style(fig, title=title, height=170 + 22 * len(table), x_title="Points (0-100), bars span 90%")
    return fig
