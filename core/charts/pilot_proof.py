"""How well each rule chooses among models as trial runs grow."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import plotly.graph_objects as go

from core.charts import theme

if TYPE_CHECKING:
    import pandas as pd

STATISTICS: Final = {
    "pearson": "Agreement",
    "regret": "Regret at one",
    "held": "Bands that hold",
}
RULES: Final = {
    "updated": ("Ours", theme.ACCENT, "star"),
    "strict_updated": ("Ours, family left out too", theme.KIND_COLOURS["continued"], "star-open"),
    "accept_then_stop": ("Accept-then-stop", theme.SERIES_COLOURS[1], "diamond"),
    "last_subset": ("Loss on the largest subset", theme.SERIES_COLOURS[3], "triangle-up"),
    "size": ("Size", theme.MUTED, "square"),
    "zero_shot": ("Loss before tuning", theme.SERIES_COLOURS[4], "x"),
}
_BANDS: Final = {"updated": "pilot", "strict_updated": "strict"}
_AXES: Final = {
    "pearson": "Pearson with the loss reached",
    "regret": "Lost, as a share of best to worst",
    "held": "Losses within the 90% band",
}


def by_budget(means: pd.DataFrame, *, statistic: str, title: str) -> go.Figure:
    """One line a rule over the share of the data that trial runs had.

    Args:
        means: rows of :func:`core.pilot.proof.summary` for the mean of the sets.
        statistic: key of :data:`STATISTICS`.
        title: the finding.
    """
    fig = go.Figure()
    budgets = sorted(means["budget"].unique(), reverse=True)
    labels = [f"1/{budget}" for budget in budgets]
    digits = ".2f" if statistic == "pearson" else ".0%"
    for rule, (name, colour, symbol) in RULES.items():
        source = _BANDS.get(rule, "") if statistic == "held" else rule
        values = means[means["rule"] == source].set_index("budget")[statistic].reindex(budgets)
        if values.isna().all():
            continue
        fig.add_scatter(
            x=labels,
            y=values.to_numpy(),
            mode="lines+markers",
            name=name,
            line={"color": colour, "width": 2 if rule == "updated" else 1.5},
            marker={"color": colour, "symbol": symbol, "size": 9},
            hovertemplate=f"{name}, %{{x}} of the data: %{{y:{digits}}}<extra></extra>",
        )
    theme.style(
        fig, title=title, height=460, x_title="Largest trial run, share of the data", y_title=_AXES[statistic]
    )
    fig.update_xaxes(type="category")
    if statistic != "pearson":
        fig.update_yaxes(tickformat=".0%", rangemode="tozero")
    if statistic == "held":
        fig.add_hline(y=0.9, line={"color": theme.MUTED, "dash": "dot"})
        fig.update_yaxes(range=(0.5, 1.02))
    return fig
