"""The decision in pictures: ranks, points, memory, and what a weight changes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import plotly.graph_objects as go

from core.charts import theme
from core.charts.labels import count, first_in_bold, memory, short_labels
from core.decision.criteria import BY_KEY, KEYS, in_sentence
from core.ranking.pareto import on_front
from core.short_names import short_names

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

# Ranks are shown in these bands; the last one takes the rest.
_BANDS: Final = ((1, 1, "1st"), (2, 2, "2nd"), (3, 3, "3rd"), (4, 5, "4th to 5th"), (6, 10, "6th to 10th"))
_REST: Final = "11th or later"
_NAMED: Final = 8
# Points between two names, so that they don't overlap.
_APART: Final = 3.5
# Share of the axis that a name takes on a wide page.
_NAME_WIDTH: Final = 0.3
_LINES: Final = 6


def acceptability_table(acceptability: pd.DataFrame, *, top: int = 10) -> pd.DataFrame:
    """Share of draws of each model in each band of ranks: model_id, band, share."""
    models = acceptability["model_id"].drop_duplicates().head(top)
    rows = acceptability[acceptability["model_id"].isin(models)]
    band = np.full(len(rows), _REST, dtype=object)
    for low, high, name in _BANDS:
        band[rows["rank"].between(low, high).to_numpy()] = name
    grouped = rows.assign(band=band).groupby(["model_id", "band"], sort=False)["share"].sum()
    return grouped.reset_index()


def rank_acceptability(
    table: pd.DataFrame, *, draws: int, names: Mapping[str, str] | None = None
) -> go.Figure:
    """How often each model takes which rank.

    Args:
        table: from :func:`acceptability_table`.
        draws: number of draws behind it.
        names: of each id the name to show, as in :attr:`core.decision.rank.Decision.names`.
    """
    fig = go.Figure()
    models = list(dict.fromkeys(table["model_id"]))
    named = short_labels(models, 30, names)
    labels = first_in_bold([named[each] for each in models])
    for (*_, band), colour in zip((*_BANDS, (0, 0, _REST)), theme.STEPS, strict=True):
        share = table[table["band"] == band].set_index("model_id")["share"].reindex(models).fillna(0)
        if not share.any():
            continue
        fig.add_bar(
            y=labels,
            x=share.round(4).to_numpy(),
            name=band,
            orientation="h",
            marker={"color": colour},
            hovertemplate="%{y}: " + band + " in %{x:.0%} of the draws<extra></extra>",
        )
    first = float(table.loc[(table["model_id"] == models[0]) & (table["band"] == "1st"), "share"].sum())
    theme.style(
        fig,
        title=f"{named[models[0]]} comes first in {first:.0%} of {draws:,} draws",
        height=130 + 30 * len(models),
        x_title="Share of draws",
    )
    fig.update_layout(barmode="stack", bargap=0.25, legend={"traceorder": "normal"})
    fig.update_xaxes(range=(0, 1), tickformat=".0%")
    fig.update_yaxes(autorange="reversed")
    return fig


def score_against_memory(
    ranking: pd.DataFrame, beyond: pd.DataFrame, *, gpu_gb: float, gpu: str
) -> go.Figure:
    """Points against memory in training, with the front of the best for their memory and the GPU's line.

    Args:
        ranking: candidates: model_id, score, memory_gb, memory_low_gb, memory_high_gb.
        beyond: models only size or memory rules out: model_id, score, memory_gb.
        gpu_gb: the GPU's memory in GB.
        gpu: its name.
    """
    fig = go.Figure()
    names = short_labels([*ranking["model_id"], *beyond["model_id"]])
    inside = ranking[ranking["memory_gb"].notna()]
    limit = 2.2 * gpu_gb
    outside = beyond[beyond["memory_gb"] <= limit] if len(beyond) else beyond
    if len(outside):
        fig.add_scatter(
            x=outside["memory_gb"].round(2).to_numpy(),
            y=outside["score"].round(2).to_numpy(),
            mode="markers",
            name="ruled out by size or memory",
            marker={
                "color": theme.MUTED,
                "symbol": "x-thin-open",
                "size": 8,
                "line": {"width": 1.5, "color": theme.MUTED},
            },
            text=[names[name] for name in outside["model_id"]],
            hovertemplate="%{text}: %{y:.1f} points, %{x:.1f} GB<extra></extra>",
        )
    fig.add_scatter(
        x=inside["memory_gb"].round(2).to_numpy(),
        y=inside["score"].round(2).to_numpy(),
        mode="markers",
        name="candidates",
        marker={"color": theme.KIND_COLOURS["base"], "size": 8},
        text=[names[name] for name in inside["model_id"]],
        customdata=inside[["memory_low_gb", "memory_high_gb"]].round(1).to_numpy(),
        hovertemplate="%{text}: %{y:.1f} points, %{x:.1f} GB "
        "(%{customdata[0]} to %{customdata[1]})<extra></extra>",
    )
    front = inside[
        on_front(
            inside["memory_gb"].reset_index(drop=True), inside["score"].reset_index(drop=True)
        ).to_numpy()
    ]
    front = front.sort_values("memory_gb")
    fig.add_scatter(
        x=front["memory_gb"].round(2).to_numpy(),
        y=front["score"].round(2).to_numpy(),
        mode="lines+text",
        name="no model needs less and has more points",
        line={"color": theme.MUTED, "dash": "dot", "shape": "hv", "width": 1.5},
        text=_front_labels(front, inside, left=0.3 * gpu_gb),
        # Names near the left edge would be cut off.
        textposition=np.where(front["memory_gb"] < 0.3 * gpu_gb, "top right", "top left").tolist(),
        textfont={"size": 11},
        hoverinfo="skip",
    )
    if gpu_gb == gpu_gb:  # noqa: PLR0124 - not NaN
        fig.add_vline(x=gpu_gb, line={"color": theme.MARK, "width": 1.5, "dash": "dash"})
        fig.add_annotation(
            x=gpu_gb, y=0, yref="paper", yanchor="bottom", xanchor="left", showarrow=False,
            text=f" {gpu}: {memory(gpu_gb)}",
            font={"color": theme.MARK, "size": 12},
        )  # fmt: skip
    theme.style(
        fig,
        title=f"{count(len(front), 'model')} on the front of points against memory",
        height=440,
        x_title="Memory in training (GB of 1e9 bytes, estimated)",
        y_title="Points of 100",
    )
    return fig


def _front_labels(front: pd.DataFrame, inside: pd.DataFrame, *, left: float) -> list[str]:
    """Names of the front's points from the top down, without those that would lie on a name or a point.

    Names stand left of their points, where the front leaves nothing; below ``left`` GB right of them.
    """
    across = _NAME_WIDTH * inside["memory_gb"].max()
    named = short_labels(front["model_id"], 24, short_names(inside["model_id"]))
    labels: list[str] = []
    last = np.inf
    for name, score, gb in front[["model_id", "score", "memory_gb"]].to_numpy()[::-1].tolist():
        beside = inside["memory_gb"].gt(gb) & inside["memory_gb"].lt(gb + across)
        hidden = gb < left and bool((beside & inside["score"].between(score, score + _APART)).any())
        apart = last - score >= _APART and not hidden and sum(map(bool, labels)) < _NAMED
        labels.append(f"  {named[name]}  " if apart else "")
        last = score if apart else last
    return labels[::-1]


def contributions(
    points: pd.DataFrame, *, top: int = 10, names: Mapping[str, str] | None = None
) -> go.Figure:
    """What each criterion adds to the points of the leading models.

    Args:
        points: model_id and a column of points per criterion, best first.
        top: how many models.
        names: of each id the name to show, as in :attr:`core.decision.rank.Decision.names`.
    """
    rows = points.head(top)
    named = short_labels(rows["model_id"], 30, names)
    labels = first_in_bold([named[name] for name in rows["model_id"]])
    fig = go.Figure()
    for key, colour in zip(KEYS, theme.SERIES_COLOURS, strict=False):
        if not rows[key].any():
            continue
        fig.add_bar(
            y=labels,
            x=rows[key].round(2).to_numpy(),
            name=BY_KEY[key].label,
            orientation="h",
            marker={"color": colour},
            hovertemplate="%{y}: %{x:.1f} points by " + in_sentence(BY_KEY[key].label) + "<extra></extra>",
        )
    theme.style(
        fig,
        title=f"Where the points of the first {len(rows)} come from",
        height=130 + 30 * len(rows),
        x_title="Points of 100",
    )
    fig.update_layout(barmode="stack", bargap=0.25, legend={"traceorder": "normal"})
    fig.update_yaxes(autorange="reversed")
    return fig


def leading(swept: pd.DataFrame) -> pd.DataFrame:
    """The rows of the models that come first most often somewhere along the weight."""
    best = swept.groupby("model_id", sort=False)["p_first"].max().sort_values(ascending=False, kind="stable")
    kept = best[best >= 0.05].head(_LINES).index
    return swept[swept["model_id"].isin(kept)]


def sensitivity(
    swept: pd.DataFrame, *, criterion: str, now: float, names: Mapping[str, str] | None = None
) -> go.Figure:
    """Chance of the first place as one weight goes from nothing to everything.

    Args:
        swept: from :func:`core.decision.rank.sensitivity`.
        criterion: key of what is weighted.
        now: its present share.
        names: of each id the name to show, as in :attr:`core.decision.rank.Decision.names`.
    """
    fig = go.Figure()
    rows = leading(swept)
    named = short_labels(rows["model_id"], 30, names)
    for name, colour in zip(rows["model_id"].unique(), theme.SERIES_COLOURS, strict=False):
        own = rows[rows["model_id"] == name]
        fig.add_scatter(
            x=own["weight"].round(3).to_numpy(),
            y=own["p_first"].round(4).to_numpy(),
            mode="lines+markers",
            name=named[name],
            line={"color": colour, "width": 2},
            marker={"size": 5},
            hovertemplate=f"{named[name]}: first in %{{y:.0%}} at a weight of %{{x:.0%}}<extra></extra>",
        )
    fig.add_vline(x=now, line={"color": theme.MUTED, "dash": "dash", "width": 1.5})
    fig.add_annotation(
        x=now, y=1.0, yanchor="bottom", yref="paper", showarrow=False, text="your weight", font={"size": 12}
    )
    label = BY_KEY[criterion].label
    theme.style(
        fig,
        title="Who comes first as the weight grows",
        height=400,
        x_title=f"Weight of {in_sentence(label)}",
        y_title="First in share of draws",
    )
    fig.update_xaxes(range=(-0.01, 1.01), tickformat=".0%")
    fig.update_yaxes(range=(-0.02, 1.05), tickformat=".0%")
    fig.update_layout(margin={"t": fig.layout.margin.t + 16})
    return fig
