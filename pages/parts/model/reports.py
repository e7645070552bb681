"""What each report prints of the model, beside what the placement expects there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from core.catalogue import load_report_sources
from core.charts import model as charts
from core.charts.labels import count
from core.model_card.reports import DOUBTFUL, printed_figures, witnesses
from pages.parts.shell import download, figure, links
from pages.parts.shell.note import note

if TYPE_CHECKING:
    import pandas as pd

    from core.model_card import ModelCard

_CHOSEN = "m_report"
_ALL = "All reports"
_ORDER = [
    "report", "benchmark", "value", "expected", "low", "high", "doubt", "verdict", "shots", "cot", "metric",
    "note",
]  # fmt: skip


def checks() -> dict[str, links.Check]:
    return {_CHOSEN: links.one_of(_ALL, *(source.title for source in load_report_sources().values()))}


@st.cache_resource(show_spinner=False, max_entries=64)
def _printed(model_id: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Figures and the reports they stand in. Never changed in place."""
    figures = printed_figures(model_id)
    return figures, witnesses(figures)


def show(card: ModelCard) -> None:
    st.subheader("What each report prints", anchor=False)
    figures, listed = _printed(card.model_id)
    if figures.empty:
        st.markdown("None of the reports and boards read so far prints a figure for it.")
        return
    used = listed[listed["used"] > 0]
    if not used.empty:
        title = _title(figures["verdict"])
        titles = dict(zip(used["report"], used["title"], strict=True))
        figure.show(
            charts.printed(figures, titles, title=title),
            key="m_printed",
            data=figures[figures["expected"].notna()].round(2),
            alt=f"Printed minus expected: {card.model_id} in {count(len(used), 'report')}. {title}.",
        )
        note(
            f"Doubtful: {DOUBTFUL:g} standard deviations or more from what the model's other figures and the "
            "report's other models lead one to expect. Often the report ran the benchmark differently; the "
            "placement gives such figures little weight."
        )
    _table(listed)
    _figures(figures, listed)


def _title(verdicts: pd.Series) -> str:
    """How many of the figures that the placement uses lie where it expects them."""
    inside, outside, doubtful = (
        int(verdicts.eq(verdict).sum()) for verdict in ("as expected", "outside the interval", "doubtful")
    )
    used = inside + outside + doubtful
    said = (
        f"{'All ' if inside == used > 1 else f'{inside} of '}{count(used, 'figure')} inside the 90% interval"
    )
    if doubtful:
        return f"{said}, {doubtful} doubtful"
    return f"{said}, none doubtful" if outside else said


def _table(listed: pd.DataFrame) -> None:
    shown = listed.assign(read=listed["secondary"].map({True: "in a copy or summary", False: "itself"}))
    st.dataframe(
        shown[
            ["title", "date", "figures", "used", "outside", "doubtful", "offset", "read", "link", "source"]
        ],
        key="m_reports",
        hide_index=True,
        placeholder="",
        alt="Reports that print figures of the model",
        column_config={
            "title": st.column_config.TextColumn("Report", width=190),
            "date": st.column_config.TextColumn("Date", width=66),
            "figures": st.column_config.NumberColumn("Figures", width=70),
            "used": st.column_config.NumberColumn("Used", width=60, help="By the placement"),
            "outside": st.column_config.NumberColumn("Outside", width=74, help="Outside their 90% interval"),
            "doubtful": st.column_config.NumberColumn("Doubtful", width=78),
            "offset": st.column_config.NumberColumn(
                "Offset", format="%+.1f", width=66, help="Mean of printed minus expected, in points"
            ),
            "read": st.column_config.TextColumn("Read", width=130),
            "link": st.column_config.LinkColumn("Link", display_text="open", width=60),
            "source": st.column_config.TextColumn("Source", width="large"),
        },
    )


@st.fragment
def _figures(figures: pd.DataFrame, listed: pd.DataFrame) -> None:
    names = dict(zip(listed["report"], listed["title"], strict=True))
    chosen = st.selectbox("Figures of", [_ALL, *names.values()], key=_CHOSEN, bind="query-params")
    rows = figures.assign(report=figures["report"].map(names))
    if chosen in set(names.values()):
        rows = rows[rows["report"] == chosen]
    shown = rows.sort_values("doubt", ascending=False, na_position="last", kind="stable")
    st.dataframe(
        shown[_ORDER],
        key="m_figures",
        hide_index=True,
        height=min(352, 33 * (len(shown) + 1) + 2),
        placeholder="",
        alt="Each printed figure beside what the placement expects",
        column_config={
            "report": st.column_config.TextColumn("Report", width=150),
            "benchmark": st.column_config.TextColumn("Benchmark", width=130),
            "value": st.column_config.NumberColumn("Printed", format="%.1f"),
            "expected": st.column_config.NumberColumn("Expected", format="%.1f"),
            "low": st.column_config.NumberColumn("from", format="%.1f", help="90% interval"),
            "high": st.column_config.NumberColumn("to", format="%.1f", help="90% interval"),
            "doubt": st.column_config.NumberColumn(
                "Distance", format="%.1f", help="Between printed and expected, in standard deviations"
            ),
            "verdict": st.column_config.TextColumn("Verdict", width=170),
            "shots": "Shots",
            "cot": st.column_config.NumberColumn("Reasoned", help="1: with reasoning before the answer"),
            "metric": st.column_config.TextColumn("Metric", width="small"),
            "note": st.column_config.TextColumn("Note", width="medium"),
        },
    )
    download.table(shown, name="basewise-model-figures", key="m_figures", parquet=False)
