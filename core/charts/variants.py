"""Bases beside what was tuned from them: dumbbells, changes of order, family trees."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import plotly.graph_objects as go

from core.charts import theme
from core.charts.labels import count, short
from core.ranking.ranks import INTERVAL_Z
from core.schema import SCORE_LABELS
from core.variants.lift import ORDERS

if TYPE_CHECKING:
    import pandas as pd

MOST_DUMBBELLS: Final = 25
MOST_LINES: Final = 15
_FAINT: Final = "rgba(138,143,140,0.55)"


def dumbbell_title(table: pd.DataFrame, key: str) -> str:
    """How many instruct variants are above their base by more than noise."""
    lifts, errors = table[f"lift_{key}"], table[f"lift_{key}_se"]
    up = int((lifts >= INTERVAL_Z * errors).sum())
    return f"{up} of {count(len(table), 'variant')} clearly above the base"


def dumbbells(table: pd.DataFrame, key: str) -> go.Figure:
    """Base and instruct score of each pair on one line, the first row on top.

    Args:
        table: rows of :func:`core.variants.lift.lift_table`, in the order to draw.
        key: a key of ``SCORE_KEYS``.
    """
    fig = go.Figure()
    names = [
        short(base, 30) + ("" if note == "" else " *") for base, note in _pairs(table, "base_id", "caveat")
    ]
    base, variant = table[f"base_{key}"].round(2), table[f"variant_{key}"].round(2)
    joints_x = [value for pair in zip(base, variant, [None] * len(base), strict=True) for value in pair]
    joints_y = [value for name in names for value in (name, name, None)]
    fig.add_scatter(
        x=joints_x, y=joints_y, mode="lines", line={"color": theme.MUTED, "width": 2}, hoverinfo="skip",
        showlegend=False,
    )  # fmt: skip
    for column, kind, label in (("base", "base", "base"), ("variant", "instruct", "instruct variant")):
        fig.add_scatter(
            x=table[f"{column}_{key}"].round(2),
            y=names,
            mode="markers",
            name=label,
            marker={"color": theme.KIND_COLOURS[kind], "symbol": theme.KIND_SYMBOLS[kind], "size": 10},
            error_x={
                "type": "data",
                "array": (INTERVAL_Z * table[f"{column}_{key}_se"]).round(2),
                "thickness": 1,
                "width": 0,
            },
            text=[short(model) for model in table[f"{column}_id"]],
            hovertemplate="<b>%{text}</b><br>%{x:.1f} points<extra></extra>",
        )
    theme.style(
        fig,
        title=dumbbell_title(table, key),
        height=130 + 24 * max(len(table), 4),
        x_title=f"{SCORE_LABELS[key]} (points)",
    )
    fig.update_yaxes(autorange="reversed", type="category")
    return fig


def lift_title(medians: pd.DataFrame) -> str:
    """Which benchmark the lift is made of."""
    tasks = medians[medians["key"] != "average"].dropna(subset=["median"])
    if tasks.empty:
        return "No comparable pair in view"
    top = tasks.nlargest(1, "median").iloc[0]
    rest = tasks[tasks["key"] != top["key"]]["median"]
    others = f"the others {rest.min():+.1f} to {rest.max():+.1f}"
    return f"{SCORE_LABELS[top['key']]} {top['median']:+.0f} points; {others}"


def median_lifts(medians: pd.DataFrame) -> go.Figure:
    """Median lift by benchmark with its quartiles, from :func:`core.variants.lift.median_lifts`."""
    tasks = medians[medians["key"] != "average"].dropna(subset=["median"])
    fig = go.Figure(
        go.Bar(
            x=tasks["median"].round(2),
            y=[SCORE_LABELS[key] for key in tasks["key"]],
            orientation="h",
            marker={"color": theme.KIND_COLOURS["instruct"], "opacity": 0.8},
            error_x={
                "type": "data",
                "array": (tasks["high"] - tasks["median"]).round(2),
                "arrayminus": (tasks["median"] - tasks["low"]).round(2),
                "thickness": 1.2,
                "width": 4,
                "color": theme.MUTED,
            },
            hovertemplate="%{y}: median %{x:+.1f} points<extra></extra>",
        )
    )
    theme.style(
        fig,
        title=lift_title(medians),
        height=300,
        x_title="Instruct minus base, points",
    )
    fig.update_yaxes(autorange="reversed")
    return fig


def order_title(orders: pd.DataFrame, other: str) -> str:
    """How many bases change place."""
    moved = int((orders["own_place"] != orders[f"{other}_place"]).sum())
    first, leader = orders.iloc[0], orders.nsmallest(1, f"{other}_place").iloc[0]
    moves = f"{moved} of {count(len(orders), 'base')} move"
    if first["base_id"] == leader["base_id"]:
        return f"{moves}, the first stays"
    return f"{moves}; {short(leader['base_id'], 20)} leads"


def order_change(orders: pd.DataFrame, marked: set[str], other: str = "instruct") -> go.Figure:
    """Places of the same bases in three orders; lines that cross are changes of order.

    Args:
        orders: rows of :func:`core.variants.lift.order_bases`, best by own score first; the first
            ``MOST_LINES`` and the marked ones are drawn.
        marked: base ids to colour; without any, those that move by most places are.
        other: the order that the title speaks of.
    """
    drawn = orders[(orders["own_place"] <= MOST_LINES) | orders["base_id"].isin(marked)]
    moves = (drawn[f"{other}_place"] - drawn["own_place"]).abs()
    shown = marked & set(drawn["base_id"]) or set(drawn.loc[moves.nlargest(5).index, "base_id"])
    coloured = [base for base in drawn["base_id"] if base in shown]
    fig = go.Figure()
    for row in drawn.to_dict("records"):
        base = row["base_id"]
        bold = base in shown
        colour = (
            theme.SERIES_COLOURS[coloured.index(base) % len(theme.SERIES_COLOURS)] if bold else theme.MUTED
        )
        fig.add_scatter(
            x=[label.replace(" ", "<br>") for label in ORDERS.values()],
            y=[row[f"{name}_place"] for name in ORDERS],
            mode="lines+markers+text",
            line={"color": colour if bold else _FAINT, "width": 3 if bold else 1},
            marker={"color": colour, "size": 8 if bold else 5},
            text=[f"{short(base, 22)}  ", "", ""],
            textposition="middle left",
            textfont={"color": colour if bold else None, "size": 11 if bold else 10},
            cliponaxis=False,
            customdata=[[round(row[name], 1)] for name in ORDERS],
            hovertemplate=f"<b>{short(base)}</b><br>place %{{y}}, %{{customdata[0]}} points<extra></extra>",
            showlegend=False,
        )
    theme.style(fig, title=order_title(orders, other), height=600, y_title="Place (1 is best)")
    places = [1, *range(5, int(drawn.filter(like="_place").to_numpy().max(initial=1)) + 5, 5)]
    fig.update_yaxes(autorange="reversed", tickvals=places, zeroline=False)
    fig.update_xaxes(range=[-0.95, 2.15], showgrid=False)
    return fig


def family_tree(base_id: str, tuned: pd.DataFrame) -> go.Figure:
    """Treemap of a base's descendants by relation and publisher; colour is the average score.

    Args:
        base_id: the root.
        tuned: rows of :func:`core.variants.lift.descendants`.
    """
    relation = tuned["relation"].map({"official_instruct": "by its publisher"}).fillna("by others")
    names = tuned["organization"].fillna("no organisation")
    branches = tuned.assign(relation=relation, organization=names)
    ids, labels, parents, scores, sizes = [base_id], [short(base_id)], [""], [np.nan], [len(tuned)]
    for group, rows in branches.groupby("relation", sort=True):
        ids.append(f"{group}")
        labels.append(f"{group} ({len(rows)})")
        parents.append(base_id)
        scores.append(rows["average"].mean())
        sizes.append(len(rows))
        for owner, own in rows.groupby("organization", sort=True):
            ids.append(f"{group}/{owner}")
            labels.append(short(str(owner)))
            parents.append(f"{group}")
            scores.append(own["average"].mean())
            sizes.append(len(own))
            for model, average in _pairs(own, "model_id", "average"):
                ids.append(f"{group}/{model}")
                labels.append(short(model, 40))
                parents.append(f"{group}/{owner}")
                scores.append(average)
                sizes.append(1)
    fig = go.Figure(
        go.Treemap(
            ids=ids,
            labels=labels,
            parents=parents,
            values=sizes,
            branchvalues="total",
            maxdepth=3,
            marker={
                "colors": np.round(scores, 1),
                "colorscale": [list(step) for step in theme.SEQUENTIAL],
                "colorbar": {"title": {"text": "Average"}, "thickness": 12},
            },
            hovertemplate="<b>%{label}</b><br>average %{color:.1f}<extra></extra>",
        )
    )
    return theme.style(fig, title=f"{count(len(tuned), 'descendant')} of {short(base_id, 26)}", height=460)


def descendant_title(base: pd.Series, tuned: pd.DataFrame) -> str:
    above = int((tuned["average"] > base["average"]).sum())
    return f"{above} of {count(len(tuned), 'descendant')} score above the base"


def descendant_scores(base: pd.Series, tuned: pd.DataFrame) -> go.Figure:
    """Distribution of the descendants' averages, with the base's own and its official variants' marked.

    Args:
        base: the base's row of the board.
        tuned: rows of :func:`core.variants.lift.descendants`.
    """
    official = tuned[tuned["relation"] == "official_instruct"]
    fig = go.Figure(
        go.Histogram(
            x=tuned["average"].round(2),
            xbins={"size": 2},
            name="descendants",
            marker={"color": theme.KIND_COLOURS["finetune"], "opacity": 0.75},
            hovertemplate="%{x} points: %{y} models<extra></extra>",
        )
    )
    for label, value, kind in (
        ("base", base["average"], "base"),
        *(
            (short(model, 30), score, "instruct")
            for model, score in _pairs(official.head(2), "model_id", "average")
        ),
    ):
        fig.add_vline(
            x=round(value, 2), line={"color": theme.KIND_COLOURS[kind], "width": 2.5, "dash": "dash"}
        )
        fig.add_scatter(
            x=[None], y=[None], mode="lines", name=f"{label} {value:.1f}",
            line={"color": theme.KIND_COLOURS[kind], "width": 2.5, "dash": "dash"},
        )  # fmt: skip
    return theme.style(
        fig, title=descendant_title(base, tuned), height=360, x_title="Average (points)", y_title="Models"
    )


def _pairs(frame: pd.DataFrame, one: str, other: str) -> list[tuple[Any, Any]]:
    return list(zip(frame[one], frame[other], strict=True))
