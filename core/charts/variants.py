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
_MOST_OWNERS: Final = 14
# Places are drawn one by one up to the first; what lies beyond shares a row.
_LAST_PLACE, _BEYOND = 20, 22


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
    winner = table[f"variant_{key}"].astype(float).argmax() if len(table) else -1
    names = [
        _bold(short(base, 30) + ("" if note == "" else " *"), place == winner)
        for place, (base, note) in enumerate(_pairs(table, "base_id", "caveat"))
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
            customdata=np.column_stack(
                [
                    (INTERVAL_Z * table[f"{column}_{key}_se"]).round(1),
                    table[f"{column}_{key}"].rank(ascending=False, method="min"),
                ]
            ),
            hovertemplate="<b>%{text}</b><br>%{x:.1f} ± %{customdata[0]} points (90%), "
            f"%{{customdata[1]}} of the {len(table)} {label}s drawn<extra></extra>",
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
            marker={"color": theme.KIND_COLOURS["instruct"]},
            error_x={
                "type": "data",
                "array": (tasks["high"] - tasks["median"]).round(2),
                "arrayminus": (tasks["median"] - tasks["low"]).round(2),
                "thickness": 1.2,
                "width": 4,
                "color": theme.MUTED,
            },
            customdata=tasks[["low", "high", "pairs"]].round(1),
            hovertemplate="%{y}: median %{x:+.1f} points; half of the %{customdata[2]} pairs between "
            "%{customdata[0]:+.1f} and %{customdata[1]:+.1f}<extra></extra>",
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

    Places beyond ``_LAST_PLACE`` share the row below it and are written beside their marks.

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
        places = [row[f"{name}_place"] for name in ORDERS]
        first, *further = ["" if place <= _LAST_PLACE or not bold else f"{place}" for place in places]
        fig.add_scatter(
            x=[label.replace(" ", "<br>") for label in ORDERS.values()],
            y=[min(place, _BEYOND) for place in places],
            mode="lines+markers+text",
            line={"color": colour, "width": 3 if bold else 0.7},
            marker={"color": colour, "size": 8 if bold else 5},
            text=[f"{_bold(short(base, 22), row['own_place'] == 1)} {first}  ", *further],
            textposition=["middle left", "top center", "top center"],
            textfont={"color": colour if bold else None, "size": 12 if bold else 11},
            cliponaxis=False,
            customdata=[
                [place, round(row[name], 1), round(INTERVAL_Z * row[f"{name}_se"], 1)]
                for name, place in zip(ORDERS, places, strict=True)
            ],
            hovertemplate=f"<b>{short(base)}</b><br>place %{{customdata[0]}} of {len(orders)}, "
            "%{customdata[1]} ± %{customdata[2]} points (90%)<extra></extra>",
            showlegend=False,
        )
    theme.style(fig, title=order_title(orders, other), height=520, y_title="Place (1 is best)")
    lowest = drawn[[f"{name}_place" for name in ORDERS]].to_numpy().max(initial=1)
    ticks = [place for place in (1, 5, 10, 15, 20) if place <= lowest]
    beyond = lowest > _LAST_PLACE
    fig.update_yaxes(
        range=[min(lowest, _BEYOND) + 0.7, 0.3], zeroline=False,
        tickvals=[*ticks, _BEYOND] if beyond else ticks,
        ticktext=[*map(str, ticks), f"> {_LAST_PLACE}"] if beyond else [*map(str, ticks)],
    )  # fmt: skip
    fig.update_xaxes(range=[-0.95, 2.15], showgrid=False)
    return fig


def family(base: pd.Series, tuned: pd.DataFrame) -> go.Figure:
    """Each descendant's average in the row of who tuned it, the publisher's on top, beside the base's.

    Args:
        base: the base's row of the board.
        tuned: rows of :func:`core.variants.lift.descendants`, best first.
    """
    official = tuned["relation"] == "official_instruct"
    owners = tuned["organization"].astype(object).fillna("no organisation")
    best_first = owners[~official].drop_duplicates()
    named = best_first.head(_MOST_OWNERS).tolist()
    rest = f"{count(len(best_first) - len(named), 'other')}"
    row = owners.where(owners.isin(named), rest).mask(official, "its publisher")
    groups = [name for name in ("its publisher", *named, rest) if (row == name).any()]
    labels = {name: f"{short(str(name), 24)} ({int((row == name).sum())})" for name in groups}
    fig = go.Figure()
    for name, part, kind in (
        ("by its publisher", official, "instruct"),
        ("by others", ~official, "finetune"),
    ):
        rows = tuned[part]
        if rows.empty:
            continue
        fig.add_scatter(
            x=rows["average"].round(2),
            y=row[part].map(labels),
            mode="markers",
            name=name,
            marker={
                "color": theme.KIND_COLOURS[kind],
                "symbol": theme.KIND_SYMBOLS[kind] if kind == "instruct" else "circle-open",
                "size": 9,
                "line": {"width": 1.5},
            },
            customdata=[
                [short(model), round(INTERVAL_Z * error, 1), place + 1]
                for place, model, error in zip(
                    rows.index, rows["model_id"], rows["average_se"].astype(float), strict=True
                )
            ],
            hovertemplate="<b>%{customdata[0]}</b><br>%{x:.1f} ± %{customdata[1]} points (90%), "
            f"%{{customdata[2]}} of {len(tuned)}<extra></extra>",
        )
    _add_best(fig, tuned.iloc[0], labels[row.iloc[0]])
    fig.add_vline(
        x=round(base["average"], 2), line={"color": theme.KIND_COLOURS["base"], "width": 2, "dash": "dash"}
    )
    fig.add_annotation(
        x=base["average"], y=1, yref="paper", yanchor="bottom", showarrow=False,
        text=f"the base, {base['average']:.1f}", font={"color": theme.KIND_COLOURS["base"]},
    )  # fmt: skip
    theme.style(
        fig,
        title=f"{count(len(tuned), 'descendant')} of {short(base['model_id'], 40)}, by who tuned them",
        height=150 + 26 * len(groups),
        x_title="Average (points)",
    )
    fig.update_yaxes(categoryorder="array", categoryarray=[labels[name] for name in groups[::-1]])
    return fig


def _add_best(fig: go.Figure, best: pd.Series, label: str) -> None:
    fig.add_scatter(
        x=[round(best["average"], 2)],
        y=[label],
        mode="markers",
        name=f"best: {short(best['model_id'], 40)}",
        marker={"color": theme.MARK, "symbol": "circle-open", "size": 16, "line": {"width": 2.5}},
        hoverinfo="skip",
    )


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
            marker={"color": theme.KIND_COLOURS["finetune"]},
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


def _bold(text: str, wanted: bool) -> str:
    return f"<b>{text}</b>" if wanted else text


def _pairs(frame: pd.DataFrame, one: str, other: str) -> list[tuple[Any, Any]]:
    return list(zip(frame[one], frame[other], strict=True))
