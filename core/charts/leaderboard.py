"""Size against score, with errors, the Pareto front and the reader's picks."""

from __future__ import annotations

from typing import Any, Final, TypeAlias

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from core.charts import theme
from core.charts.labels import count, short
from core.ranking.pareto import on_front
from core.ranking.ranks import INTERVAL_Z
from core.schema import KINDS, OWN_MARK, SOURCE_NEWER

_Trace: TypeAlias = dict[str, Any]

NEWER: Final = "from a later study"
# Open marks: what isn't measured.
PLACED: Final = {"placed": "placed from reports", "size only": "placed by size alone"}
# Beyond these many points, bars and names would cost more than they tell; the front keeps both.
MOST_NAMES: Final = 1000
_MOST_BARS, _FRONT_LABELS = 300, 8
_TICKS: Final = (0.2, 0.5, 1, 2, 4, 9, 20, 40, 80, 150)
# Labels need this ratio of sizes, or this share of the scores' range, between them.
_CLEAR_SIZE, _CLEAR_SCORE = 3.0, 0.09
_LEFT, _BELOW = 66, 110  # pixels
# Toys of a few million parameters would take half the picture; they are drawn at its left edge.
_SMALLEST: Final = 0.1
# Less than three pixels each way, where marks are six wide.
_SPOT_DECADES, _SPOT_POINTS = 0.0096, 0.375


def point_rows(view: pd.DataFrame) -> dict[str, pd.Index]:
    """Rows by trace, in the order in which :func:`size_against_score` draws them.

    ``view`` is what :func:`core.ranking.ranks.rank_board` returns. Rows of unknown size are not drawn, and of
    many rows neither are those that a mark of their own kind would cover: redrawing is most of the wait.
    """
    drawn = view[view["params_b"].notna()]
    group = drawn["kind"].astype(object).where(drawn["source"] != SOURCE_NEWER, NEWER)
    if "evidence" in drawn:
        group = drawn["evidence"].map(PLACED).astype(object).fillna(group)
    if len(drawn) > MOST_NAMES:
        seen = ~_covered(drawn, group)
        drawn, group = drawn[seen], group[seen]
    names = [*KINDS, NEWER, *PLACED.values()]
    return {name: rows for name in names if len(rows := drawn.index[group == name])}


def _covered(drawn: pd.DataFrame, group: pd.Series) -> pd.Series[bool]:
    """True for rows within a spot of under three pixels where a better row of the same group is drawn."""
    spots = pd.DataFrame(
        {
            "group": group,
            "across": (np.log10(drawn["params_b"].clip(lower=_SMALLEST)) / _SPOT_DECADES).round(),
            "up": (drawn["score"].astype(float) / _SPOT_POINTS).round(),
        }
    )
    return spots.duplicated()


def front_rows(view: pd.DataFrame) -> pd.DataFrame:
    """The rows that no smaller model beats, from small to large."""
    return view[on_front(view["params_b"], view["score"])].sort_values("params_b")


def title(rows: int, front: int) -> str:
    """The chart's message in one short sentence, from the rows in view and those on the front."""
    if rows == 1:
        return "One model in view"
    return f"{front} of {count(rows, 'model')} beat all smaller ones"


def size_against_score(
    view: pd.DataFrame,
    *,
    score_label: str,
    picked: pd.Index,
    front: pd.DataFrame | None = None,
    drag: str = "pan",
    found: pd.Index | None = None,
    own: pd.Index | None = None,
) -> go.Figure:
    """Draw each row as a point that knows its index label; kinds differ in colour and mark.

    Args:
        view: rows with ``score`` and ``score_se`` (points), ``params_b`` (billions), ``kind``, ``source``,
            on an index of whole numbers.
        score_label: what the score is, for the axis.
        picked: index labels of ``view`` to ring.
        front: what :func:`front_rows` gives for ``view``, if it is known already.
        drag: what dragging does: "pan", "select" or "zoom".
        found: index labels of ``view`` to mark as found by a search.
        own: index labels of ``view`` that the reader added.
    """
    names = len(view) <= MOST_NAMES
    bars = len(view) <= _MOST_BARS
    front = front_rows(view) if front is None else front
    sizes, scores = _sizes(view), _numbers(view["score"], 2)
    traces: list[_Trace] = []
    for name, index in point_rows(view).items():
        places = view.index.get_indexer(index)
        traces.append(
            {
                "x": sizes[places],
                "y": scores[places],
                "mode": "markers",
                "name": name,
                "customdata": index.to_numpy(np.int32),
                "marker": _marker(name, large=bars),
                "error_y": _bars(view.loc[index]) if bars else None,
                "text": _descriptions(view.loc[index]) if names else None,
                "hovertemplate": "%{text}<extra></extra>"
                if names
                else "%{x:.1f} B: %{y:.1f} points<extra></extra>",
                # Unpicked points stay as they are: picks are ringed instead, in chart and table alike.
                "selected": {"marker": {"opacity": 1}},
                "unselected": {"marker": {"opacity": 1}},
            }
        )
    traces.append(_front(front))
    if len(view):
        traces += _first(view, in_legend=len(view) <= MOST_NAMES)
    traces += _ring(view, picked, name="picked", colour=theme.MARK, symbol="circle-open")
    if own is not None:
        traces += _ring(view, own, name=OWN_MARK, colour=theme.SERIES_COLOURS[2], symbol="hexagon-open")
    if found is not None:
        traces += _ring(view, found, name="found", colour=theme.FOUND, symbol="square-open")
    across = {
        **theme.axis("Parameters (billions)"),
        "type": "log",
        "tickvals": (_SMALLEST, *_TICKS),
        "ticktext": [f"≤ {_SMALLEST:g}", *(f"{tick:g}" for tick in _TICKS)],
        "tickangle": 0,
    }
    layout = theme.layout(
        title=title(len(view), len(front)), height=460, x_axis=across, y_axis=theme.axis(score_label)
    )
    # Room enough for the labels of a wide page: where the browser must make more, it draws every point twice.
    layout["margin"] |= {"l": _LEFT, "b": _BELOW}
    layout |= {"dragmode": drag, "clickmode": "event+select"}
    return go.Figure([{"type": "scatter", **trace} for trace in traces], layout)


def _front(front: pd.DataFrame) -> _Trace:
    sizes = _sizes(front)
    # Left of a point is left of its step; at the picture's left edge a name would be cut off there.
    leftmost = sizes < sizes.min() * _CLEAR_SIZE
    labels = [
        (f"  {short(model, 26)}" if left else f"{short(model, 26)}  ") if apart else ""
        for model, apart, left in zip(front["model_id"], _far_apart(front, leftmost), leftmost, strict=True)
    ]
    return {
        "x": sizes,
        "y": _numbers(front["score"], 2),
        "mode": "lines+text",
        "name": "no smaller model is better",
        "line": {"color": theme.MUTED, "width": 1.5, "dash": "dot", "shape": "hv"},
        "text": labels,
        "textposition": ["top right" if left else "top left" for left in leftmost],
        "textfont": {"size": 11},
        "hoverinfo": "skip",
    }


def _first(view: pd.DataFrame, *, in_legend: bool) -> list[_Trace]:
    """Ring the best row; where many kinds are drawn the legend has no room for it."""
    first = view.loc[[view["score"].astype(float).idxmax()]].dropna(subset=["params_b"])
    if first.empty:
        return []
    ring = {
        "x": _sizes(first),
        "y": _numbers(first["score"], 2),
        "mode": "markers",
        "name": "first",
        "showlegend": in_legend,
        "marker": {
            "color": theme.ACCENT, "symbol": "circle-open", "size": 15,
            "line": {"width": 2, "color": theme.ACCENT},
        },
        "hoverinfo": "skip",
    }  # fmt: skip
    return [ring]


def _far_apart(front: pd.DataFrame, leftmost: np.ndarray) -> list[bool]:
    """Which rows have room for a label: the largest models first, each clear of the one before.

    A name at the left edge runs into its neighbour's, so it is given only if it is the only one.
    """
    height = float(front["score"].max() - front["score"].min())
    room: list[bool] = []
    last_size, last_score = np.inf, np.inf
    for size, score, left in zip(
        front["params_b"].iloc[::-1], front["score"].iloc[::-1], leftmost[::-1], strict=True
    ):
        clear = last_size / size > _CLEAR_SIZE or last_score - score > _CLEAR_SCORE * height
        apart = not any(room) if left else clear
        room.append(bool(apart and sum(room) < _FRONT_LABELS))
        if room[-1]:
            last_size, last_score = size, score
    return room[::-1]


def _ring(view: pd.DataFrame, labels: pd.Index, *, name: str, colour: str, symbol: str) -> list[_Trace]:
    if labels.empty:
        return []
    rows = view.loc[view.index.intersection(labels)].dropna(subset=["params_b"])
    if rows.empty:
        return []
    ring = {
        "x": _sizes(rows),
        "y": _numbers(rows["score"], 2),
        "mode": "markers+text",
        "name": name,
        "marker": {"color": colour, "symbol": symbol, "size": 18, "line": {"width": 2.5}},
        "text": [short(model) for model in rows["model_id"]],
        "textposition": "bottom center",
        "textfont": {"size": 11, "color": colour},
        "hoverinfo": "skip",
    }
    return [ring]


def _marker(name: str, *, large: bool) -> dict[str, object]:
    newer = name == NEWER
    if name in PLACED.values():
        placed = name == PLACED["placed"]
        return {
            "color": theme.KIND_COLOURS["base"],
            "symbol": "diamond-open" if placed else "x-thin-open",
            "size": 10 if large else 7,
            "line": {"width": 1.5, "color": theme.KIND_COLOURS["base"]},
        }
    colour = theme.ACCENT if newer else theme.KIND_COLOURS[name]
    symbol = "star" if newer else theme.KIND_SYMBOLS[name]
    marker: dict[str, object] = {"color": colour, "symbol": symbol, "size": (8 if large else 6) + 4 * newer}
    if large or symbol.endswith("-open"):
        # Of thousands of points an outline in the colour of the fill is a tenth of the wait for nothing.
        marker["line"] = {"width": 1, "color": colour}
    return marker


def _descriptions(rows: pd.DataFrame) -> list[str]:
    half = INTERVAL_Z * rows["score_se"]
    evidence = rows["evidence"] if "evidence" in rows else pd.Series("measured", index=rows.index)
    ranks = _ranks(rows) if "rank" in rows else [""] * len(rows)
    return [
        f"{short(model)}, {size:.3g} B<br>{PLACED.get(known, 'scores')} "
        f"{score:.1f} points (90%: {score - error:.1f} to {score + error:.1f}){rank}"
        for model, size, score, error, known, rank in zip(
            rows["model_id"], rows["params_b"], rows["score"], half, evidence, ranks, strict=True
        )
    ]


def _ranks(rows: pd.DataFrame) -> list[str]:
    low, high = rows["rank_low"].fillna(rows["rank"]), rows["rank_high"].fillna(rows["rank"])
    return [
        f"<br>rank {rank}" + (f" (90%: {low} to {high})" if low != high else "")
        for rank, low, high in zip(rows["rank"], low, high, strict=True)
    ]


def _sizes(rows: pd.DataFrame) -> np.ndarray:
    return _numbers(rows["params_b"].clip(lower=_SMALLEST), 3)


def _bars(rows: pd.DataFrame) -> dict[str, object]:
    return {
        "type": "data",
        "array": _numbers(INTERVAL_Z * rows["score_se"], 2),
        "thickness": 0.5,
        "width": 0,
        "color": theme.MUTED,
    }


def _numbers(values: pd.Series[float], decimals: int) -> np.ndarray:
    """Four bytes a number on the wire; no eye sees the rest."""
    return values.round(decimals).to_numpy(np.float32)
