"""The board as a table of twelve columns, rounded to what each figure's error allows."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pyarrow as pa
import streamlit as st

from core.schema import BENCHMARKS, KINDS, SOURCE_NEWER
from pages.parts import leaderboard_selection as selection
from pages.parts.leaderboard_filters import describe

if TYPE_CHECKING:
    from pages.parts.leaderboard_filters import Choices
    from pages.parts.leaderboard_view import View

_SCORES = [benchmark.key for benchmark in BENCHMARKS]


def show(view: View, choices: Choices) -> None:
    st.dataframe(
        view.shown,
        key=selection.TABLE,
        height=352,
        hide_index=True,
        on_select=selection.from_table,
        selection_mode="multi-row",
        column_config=_columns(view.ranked, choices),
        placeholder="",
        alt="Models in view, best first; ticked rows are picked",
    )


def display_frame(view: pd.DataFrame, *, own: bool) -> pd.DataFrame:
    """What is sent to the browser: compact texts, four-byte numbers, no index; 480 kB for the full board."""
    view = view.reset_index(drop=True)
    shown = pd.DataFrame({"model_id": _text(view["model_id"])})
    low, high = view["rank_low"].fillna(view["rank"]), view["rank_high"].fillna(view["rank"])
    # Blanks in front make the column's alphabetical order the order of ranks.
    width = len(str(len(view)))
    ranks = [f"{a:>{width}}–{b}" if a != b else f"{a:>{width}}" for a, b in zip(low, high, strict=True)]
    shown["rank"] = _text(ranks)
    shown["params_b"] = view["params_b"].round(2).astype(np.float32)
    shown["kind"] = _notes(view).astype("category")
    shown["score"] = _float(view["score"] if own else view["average"])
    for key in _SCORES:
        shown[key] = _float(view[key])
    shown["license"] = view["license"].astype("category")
    return shown


def _text(values: pd.Series | list[str]) -> pd.Series:
    """Text with four-byte offsets; pandas would take eight."""
    return pd.Series(list(values), dtype=pd.ArrowDtype(pa.string()))


def _float(values: pd.Series) -> pd.Series:
    return values.astype(float).round(1).astype(np.float32)


def _notes(view: pd.DataFrame) -> pd.Series:
    """The kind, and what a reader must know before comparing the row."""
    notes = view["kind"].astype(str)
    overridden = view["reported_kind"].notna() & (view["reported_kind"].astype(object) != view["kind"])
    for mask, note in (
        (view["source"] == SOURCE_NEWER, " · second source"),
        (overridden, " · board: " + view["reported_kind"].astype(str)),
        (view["moe"], " · MoE"),
        (view["flagged"], " · flagged"),
    ):
        notes = notes.where(~mask, notes + note)
    return notes


def _columns(view: pd.DataFrame, choices: Choices) -> dict[str, Any]:
    own = choices.by == "own"
    error = view["score_se" if own else "average_se"]
    config: dict[str, Any] = {
        "model_id": st.column_config.TextColumn("Model", width=204),
        "rank": st.column_config.TextColumn(
            "Rank",
            width=62,
            help=f"By {choices.label}, among the rows "
            "in view. The interval holds the true rank in 90% of simulated repeats of the evaluation.",
        ),
        "params_b": st.column_config.NumberColumn(
            "Size (B)", format="%.2f", width=66, help="Parameters in billions"
        ),
        "score": st.column_config.NumberColumn(
            "Own score" if own else "Average",
            format=_format(error),
            width=72,
            help=f"Points from 0 (guessing) to 100. Usual standard error ±{_typical(error)}.",
        ),
        "kind": st.column_config.TextColumn(
            "Kind and notes",
            width=142,
            help="  \n".join(f"**{kind}**: {meaning}" for kind, meaning in KINDS.items()),
        ),
        "license": st.column_config.TextColumn(
            "Licence", width=90, help="As the Hub states it; empty is unknown."
        ),
    }
    for benchmark in BENCHMARKS:
        error = view[benchmark.se]
        config[benchmark.key] = st.column_config.NumberColumn(
            benchmark.label,
            format=_format(error),
            width=70 if len(benchmark.label) > 6 else 56,
            help=f"{describe(benchmark.key)} Usual standard error ±{_typical(error)} points.",
        )
    return config


def _typical(errors: pd.Series) -> str:
    median = errors.median()
    return "unknown" if pd.isna(median) else f"{median:.1f}"


def _format(errors: pd.Series) -> str:
    """No decimal where the error is above 1 point, one where it is below: ±2.1 makes 39.9 say 40."""
    median = errors.median()
    decimals = 0 if pd.isna(median) else min(1, max(0, -math.floor(math.log10(median))))
    return f"%.{decimals}f"
