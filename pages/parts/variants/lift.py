"""Variants: each base beside its instruct variant, and how the order of bases changes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import streamlit as st

from core.charts import variants as charts
from core.charts.labels import count
from core.schema import BENCHMARKS
from core.variants import lift, no_base
from pages.parts.shell import board, download, figure, own, pairs, pick_rows, shortlist
from pages.parts.shell.model_link import column as model_column
from pages.parts.shell.model_link import model_urls
from pages.parts.shell.text import plain
from pages.parts.variants import filters

if TYPE_CHECKING:
    import pandas as pd

    from pages.parts.variants.filters import Choices

_PLACES = {"own": "own", "instruct": "instruct", "descendant": "best descendant"}


def no_pairs(choices: Choices, bases: int) -> None:
    why = (
        "runs that can be compared with their base"
        if choices.fair_only
        else "an instruct variant on the board"
    )
    st.info(
        f"None of the {count(bases, 'base')} in view has {why}."
        if bases
        else "No base passes the size range and the search at once.",
        icon=":material/filter_alt_off:",
    )
    if choices.filter.search and (unbased := no_base.matching(board.current(), choices.filter.search)):
        names = ", ".join(plain(model) for model in unbased[:6])
        st.markdown(f"Published without a base, as instruct models only: {names}.")
    what = "them, and the models" if bases else "models"
    st.markdown(f"The view “Unpaired” lists {what} that were published without a base.")
    filters.offer_reset()


def lifts(table: pd.DataFrame, choices: Choices) -> None:
    """``table`` holds the pairs in view in the chosen order."""
    key = choices.by
    medians = lift.median_lifts(table)
    left, right = st.columns([3, 2], gap="medium")
    drawn = table.head(charts.MOST_DUMBBELLS)
    with left:
        figure.show(
            charts.dumbbells(drawn, key),
            key="v_dumbbells",
            data=drawn[
                [
                    "base_id",
                    "variant_id",
                    f"base_{key}",
                    f"base_{key}_se",
                    f"variant_{key}",
                    f"variant_{key}_se",
                ]
            ],
            alt=f"{charts.dumbbell_title(drawn, key)}. One line a base, from its own score to its variant's.",
        )
        more = f"The first {len(drawn)} of {len(table)} pairs. " if len(drawn) < len(table) else ""
        st.markdown(
            f":small[:gray[{more}Bars span 90% of repeats of the evaluation. "
            "\\* the two runs are not comparable; the table says why.]]"
        )
    with right:
        if medians["pairs"].max() > 0:
            figure.show(
                charts.median_lifts(medians),
                key="v_medians",
                data=medians,
                alt="Median lift by benchmark: " + charts.lift_title(medians),
            )
        st.markdown(
            f":small[:gray[Over {count(int(medians['pairs'].max()), 'pair')} whose runs are comparable.]]"
        )
    _lift_table(table, choices)


def _lift_table(table: pd.DataFrame, choices: Choices) -> None:
    key = choices.by
    scores = [f"base_{key}", f"variant_{key}", f"lift_{key}", f"lift_{key}_se"]
    tasks = [f"lift_{benchmark.key}" for benchmark in BENCHMARKS if benchmark.key != key]
    columns = ["base_id", "variant_id", *scores, "caveat", *tasks]
    shown = table[columns].copy()
    shown[[*scores, *tasks]] = shown[[*scores, *tasks]].round(1).astype(np.float32)
    for name in ("base_id", "variant_id"):
        shown[name] = model_urls(shown[name])
    if own.names():
        mine = zip(own.column(table["base_id"]), own.column(table["variant_id"]), strict=True)
        shown.insert(2, "own", [each or other for each, other in mine])
    config: dict[str, Any] = {
        "base_id": model_column("Base", width=190),
        "variant_id": model_column("Instruct variant", width=210),
        "own": st.column_config.TextColumn("", width=50, help="A row you added."),
        scores[0]: st.column_config.NumberColumn(
            f"{choices.label}: base", format="%.1f", help="Points from 0 to 100"
        ),
        scores[1]: st.column_config.NumberColumn("Instruct", format="%.1f", help="Points from 0 to 100"),
        scores[2]: st.column_config.NumberColumn(
            "Lift", format="%+.1f", help="Lift = instruct - base, points."
        ),
        scores[3]: st.column_config.NumberColumn(
            "± error",
            format="%.1f",
            help="√(error of the base² + error of the variant²). A lift below 1.6 times this is noise.",
        ),
        "caveat": st.column_config.TextColumn(
            "Not comparable because", width=190, help="Empty: the two runs are comparable."
        ),
    }
    for benchmark in BENCHMARKS:
        config[f"lift_{benchmark.key}"] = st.column_config.NumberColumn(
            f"Lift {benchmark.label}",
            format="%+.1f",
            help=f"Usual standard error ±{table[f'lift_{benchmark.key}_se'].median():.1f} points",
        )
    pick_rows.table(
        shown, table["base_id"].tolist(), key="v_table", alt="Bases with their instruct variant and lift",
        column_config=config, placeholder="", height=320,
    )  # fmt: skip
    download.table(table, name="basewise-lifts", key="v_lifts")


def order(table: pd.DataFrame, choices: Choices) -> None:
    orders = lift.order_bases(table, board.current(), pairs.current(), choices.by)
    other = choices.order if choices.order != "own" else "instruct"
    marked = set(shortlist.current()) & set(orders["base_id"])
    agreement = (
        np.corrcoef(orders["own_place"], orders[f"{other}_place"])[0, 1] if len(orders) > 2 else np.nan
    )
    if np.isfinite(agreement):
        st.markdown(
            f"The order by the {lift.ORDERS[other]} agrees with the order by the base's own score to a rank "
            f"correlation of **{agreement:.2f}** (1 is the same order, 0 unrelated) over {len(orders)} bases."
        )
    figure.show(
        charts.order_change(orders, marked, other),
        key="v_orders",
        data=orders,
        alt=f"Places of bases in three orders: {charts.order_title(orders, other)}.",
    )
    coloured = "Your shortlist is coloured." if marked else "The bases that move most are coloured."
    st.markdown(
        f":small[:gray[The first {charts.MOST_LINES} by own score. {coloured} The best of many descendants "
        "is high partly by luck: a base with more tunes has more tries.]]"
    )
    columns = [
        "base_id",
        *(f"{name}_place" for name in lift.ORDERS),
        *lift.ORDERS,
        "best_id",
        "n_descendants",
    ]
    config: dict[str, Any] = {
        "base_id": model_column("Base", width="medium"),
        "best_id": model_column("Best descendant", width="medium"),
        "n_descendants": st.column_config.NumberColumn("Tunes on the board"),
    }
    for column, label in _PLACES.items():
        config[f"{column}_place"] = st.column_config.NumberColumn(f"Place: {label}")
        config[column] = st.column_config.NumberColumn(f"Score: {label}", format="%.1f", help="Points")
    ordered = orders.sort_values(f"{choices.order}_place")
    pick_rows.table(
        ordered[columns].assign(
            base_id=model_urls(ordered["base_id"]), best_id=model_urls(ordered["best_id"])
        ), ordered["base_id"].tolist(), key="v_order_table", alt="Bases in three orders",
        column_config=config, height=320,
    )  # fmt: skip


def message(table: pd.DataFrame, bases: int, medians: pd.DataFrame) -> None:
    """How many pairs there are and what the lift consists of; an empty view says so itself."""
    if not bases:
        return
    text = f"**{len(table):,} of {count(bases, 'base')}** in view have an instruct variant on the board."
    if medians["pairs"].max() > 0:
        text += f" What tuning adds at the median: **{plain(charts.lift_title(medians))}**."
    st.markdown(text)
