"""How well bases are placed that the board never scored: refits without the rows in question."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import streamlit as st

from core.charts import placement as charts
from core.placement import cross_validation
from core.placement.summary import summarise
from core.placement.verdict import FIGURES, SCHEMES, against_thresholds, beside, verdict
from pages.parts.shell import figure, links
from pages.parts.shell.text import plain

if TYPE_CHECKING:
    import pandas as pd

_LABELS: Final = {"model": "Its own rows hidden", "family": "Its family hidden", "time": "Past to future"}
_LIMITS: Final = """
- **The best come out low**, by about 3 points (6 from the past to the future): few tables link bases
  that good, and nearly all are Qwen's. A base better than all measured ones is placed by a line that
  nothing checks.
- **From the past to the future** errors lie nearly all one way: a kind of base that the board had not
  seen yet, as Qwen2.5 then, is placed 5 to 9 points low. Above 15 B five bases are too few to judge
  intervals by.
- **The six benchmarks** are placed less well than their average; IFEval worst, since no table tells how
  much instruction data a base has seen.
- **Margins are thin**: Spearman within 1 to 15 B by a thousandth, intervals above 15 B by one base of 16.
- **The model was chosen while looking at these refits** (about ten variants). That flatters the figures
  a little.
- **A base known from one odd table** (Gemma 4 and Qwen3.5 from EuroEval alone) has a wide interval, and
  an order among such bases means little.
"""


def checks() -> dict[str, links.Check]:
    """What a link may ask of this part."""
    return {"e_scheme": links.one_of(*_LABELS.values())}


@st.cache_data(show_spinner=False, max_entries=1)
def _figures() -> tuple[pd.DataFrame, pd.DataFrame]:
    rows = cross_validation()
    return rows, summarise(rows)


def show() -> None:
    """Verdict, chart, the figures by group, and what they can't say."""
    rows, summary = _figures()
    thresholds = against_thresholds(summary)
    st.markdown(
        f"Bases the board never scored are placed on its scale from publishers' tables. To see how far off "
        "that may "
        f"be, bases that it did score are placed without their scores. **{plain(verdict(thresholds))}**"
    )
    scheme = st.segmented_control(
        "Held out of the refits",
        list(_LABELS),
        format_func=_LABELS.__getitem__,
        default="model",
        required=True,
        key="e_scheme",
        bind="query-params",
        help="; ".join(f"{_LABELS[key]}: a base is placed {words}" for key, words in SCHEMES.items()) + ".",
    )
    key = scheme or "model"
    st.markdown(plain(beside(summary, key)))
    shown = rows[(rows["scheme"] == key) & (rows["n_cells"] >= 4)]
    groups = summary[summary["scheme"] == key].set_index("group")
    figure.show(
        charts.true_against_placed(
            shown,
            title=f"{groups.loc['all', 'holds']:.0%} of the 90% intervals hold; mean error "
            f"{groups.loc['all', 'error']:.1f} points",
        ),
        key="trust_placement",
        data=_table(shown),
        alt="For each base that the board scored: its measured average against the one placed without it, "
        "with "
        "the 90% interval.",
    )
    st.dataframe(
        groups.assign(holds=groups["holds"] * 100).reset_index().drop(columns="scheme"),
        hide_index=True,
        key="trust_placement_groups",
        placeholder="",
        column_config={
            "group": st.column_config.TextColumn("Bases", pinned=True),
            "n": st.column_config.NumberColumn("Number"),
            "error": st.column_config.NumberColumn("Error", format="%.1f", help="Mean distance, points."),
            "bias": st.column_config.NumberColumn(
                "Bias", format="%+.1f", help="Placed minus measured, in points."
            ),
            "holds": st.column_config.NumberColumn("Intervals hold", format="%.0f%%"),
            "width": st.column_config.NumberColumn("Width", format="%.1f", help="Of the intervals, points."),
            "spearman": st.column_config.NumberColumn("Spearman", format="%.2f"),
            "by_size": st.column_config.NumberColumn("By size", format="%.1f", help="Error of size alone."),
            "by_ranks": st.column_config.NumberColumn(
                "By ranks", format="%.1f", help="Error of a plain mean of ranks."
            ),
        },
    )
    with st.expander("The thresholds set beforehand"):
        st.dataframe(
            _thresholds(thresholds), hide_index=True, key="trust_placement_thresholds", placeholder=""
        )
    st.markdown(_LIMITS)


def _table(rows: pd.DataFrame) -> pd.DataFrame:
    columns = [
        "model_id", "params_b", "n_cells", "true_average", "placed_average", "placed_low", "placed_high",
        "by_size", "by_ranks",
    ]  # fmt: skip
    return rows[columns].sort_values("true_average", ascending=False).round(2)


def _thresholds(thresholds: pd.DataFrame) -> pd.DataFrame:
    said = [
        f"{value:.0%}" if kind == "holds" else f"{value:.2f}"
        for kind, value in zip(thresholds["figure"], thresholds["value"], strict=True)
    ]
    return thresholds.assign(
        scheme=thresholds["scheme"].map(_LABELS),
        figure=thresholds["figure"].map(FIGURES),
        value=said,
        met=thresholds["met"].map({True: "met", False: "missed"}),
    ).rename(
        columns={
            "scheme": "Refits", "group": "Bases", "figure": "What", "asked": "Asked", "value": "Reached",
            "met": "Threshold",
        }
    )  # fmt: skip
