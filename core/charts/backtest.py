"""How well each signal ordered published outcomes, in pictures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import plotly.graph_objects as go

from core.charts import theme
from core.evidence.kinds import KINDS
from core.evidence.labels import NAIVE, SIGNALS

if TYPE_CHECKING:
    import pandas as pd

STATISTICS: Final = {
    "spearman": "Spearman",
    "kendall": "Kendall",
    "regret": "Regret at one",
}
_GROUPS: Final = (
    ("no leaderboard needed", theme.MUTED, "diamond"),
    ("board figures of the model", theme.KIND_COLOURS["base"], "circle"),
    ("its instruct variant", theme.KIND_COLOURS["instruct"], "square"),
    ("this tool's ranking", theme.ACCENT, "star"),
    ("a trial run", theme.KIND_COLOURS["finetune"], "triangle-up"),
)
_SPECIAL: Final = {"instruct": 2, "lift": 2, "decision": 3, "trial": 4}


def group_of(signal: str) -> int:
    """Which of the legend's groups a signal belongs to."""
    return 0 if signal in NAIVE else _SPECIAL.get(signal, 1)


def signals(results: pd.DataFrame, *, statistic: str, title: str, random: float | None = None) -> go.Figure:
    """One row per signal: its figure and the 95% interval.

    Args:
        results: of one study, columns as in ``core.evidence.backtest.Backtest.results``.
        statistic: key of :data:`STATISTICS`.
        title: the chart's message.
        random: regret of a blind choice; drawn as a line for "regret".
    """
    fig = go.Figure()
    labels = [SIGNALS[name] for name in results["signal"]]
    for k, (name, colour, symbol) in enumerate(_GROUPS):
        rows = results[[group_of(signal) == k for signal in results["signal"]]]
        if rows.empty:
            continue
        value = rows[statistic]
        fig.add_scatter(
            x=value.to_numpy(),
            y=[SIGNALS[signal] for signal in rows["signal"]],
            mode="markers",
            name=name,
            marker={"color": colour, "symbol": symbol, "size": 10},
            error_x={
                "type": "data",
                "symmetric": False,
                "array": (rows[f"{statistic}_high"] - value).clip(lower=0).to_numpy(),
                "arrayminus": (value - rows[f"{statistic}_low"]).clip(lower=0).to_numpy(),
                "color": colour,
                "thickness": 1.5,
                "width": 4,
            },
            customdata=rows[[f"{statistic}_low", f"{statistic}_high", "models"]].to_numpy(),
            hovertemplate="%{y}: %{x:.2f} (%{customdata[0]:.2f} to %{customdata[1]:.2f}), "
            "%{customdata[2]:.0f} models<extra></extra>",
        )
    theme.style(fig, title=title, height=150 + 28 * len(labels), x_title=_axis(statistic))
    fig.update_yaxes(categoryorder="array", categoryarray=labels[::-1])
    if statistic == "regret":
        fig.update_xaxes(range=(-0.03, 1.03), tickformat=".0%")
        if random is not None and random == random:  # noqa: PLR0124 - not NaN
            fig.add_vline(x=random, line={"color": theme.MARK, "dash": "dash", "width": 1.5})
            fig.add_annotation(
                x=random, y=1, yref="paper", yanchor="bottom", showarrow=False, text="picked blindly",
                font={"size": 12, "color": theme.MARK},
            )  # fmt: skip
            fig.update_layout(margin={"t": fig.layout.margin.t + 20})
    else:
        fig.update_xaxes(range=(-1.05, 1.05))
        fig.add_vline(x=0, line={"color": theme.MUTED, "width": 1.5})
    return fig


def matching(table: pd.DataFrame, *, title: str) -> go.Figure:
    """Two rows of marks a kind of task: the matching benchmark and the leaderboard average, with intervals.

    Args:
        table: from :func:`core.evidence.matching.by_kind`.
        title: the chart's message.
    """
    fig = go.Figure()
    labels = [f"{KINDS[kind]}<br>{study}" for kind, study in zip(table["kind"], table["study"], strict=True)]
    places = np.arange(len(labels), dtype=float)
    for name, column, colour, symbol, shift in (
        ("matching benchmark", "spearman", theme.ACCENT, "circle", -0.14),
        ("leaderboard average", "average", theme.MUTED, "diamond", 0.14),
    ):
        value = table[column]
        named = table["matching"] if column == "spearman" else ["Leaderboard average"] * len(table)
        fig.add_scatter(
            x=value,
            y=places + shift,
            mode="markers",
            name=name,
            marker={"color": colour, "symbol": symbol, "size": 10},
            error_x={
                "type": "data",
                "symmetric": False,
                "array": (table[f"{column}_high"] - value).clip(lower=0),
                "arrayminus": (value - table[f"{column}_low"]).clip(lower=0),
                "color": colour,
                "thickness": 1.5,
                "width": 4,
            },
            customdata=np.column_stack(
                [named, table[f"{column}_low"], table[f"{column}_high"], table["models"], table["tasks"]]
            ),
            hovertemplate="%{customdata[0]}: %{x:.2f} (%{customdata[1]:.2f} to %{customdata[2]:.2f}), "
            "%{customdata[3]} models, %{customdata[4]} tasks<extra></extra>",
        )
    theme.style(fig, title=title, height=170 + 52 * len(labels), x_title=_axis("spearman"))
    fig.update_yaxes(tickvals=places, ticktext=labels, autorange="reversed")
    fig.update_xaxes(range=(-1.05, 1.05))
    fig.add_vline(x=0, line={"color": theme.MUTED, "width": 1.5})
    return fig


def _axis(statistic: str) -> str:
    if statistic == "regret":
        return "Lost, as a share of best to worst"
    return f"{STATISTICS[statistic]} (1: same order, 0: none)"
