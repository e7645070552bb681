"""What published outcomes of tuning say about each signal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

from core.charts import backtest as charts
from core.evidence import findings
from core.evidence.backtest import embedded
from core.evidence.labels import SIGNALS
from pages.parts.shell import figure, links
from pages.parts.shell.text import plain

if TYPE_CHECKING:
    import pandas as pd

    from core.evidence.result import Backtest


@st.cache_resource(show_spinner=False, max_entries=1)
def results() -> Backtest:
    """The embedded results. Shared by all sessions: never changed in place."""
    return embedded()


def titles() -> dict[str, str]:
    """Studies by key, those that compare most models on the board first."""
    studies = results().studies.sort_values(["on_board", "compared"], ascending=False, kind="stable")
    return dict(zip(studies["key"], studies["title"], strict=True))


def checks() -> dict[str, links.Check]:
    """What a link may ask of this page. Streamlit writes labels into the address."""
    return {
        "e_study": links.one_of(*titles().values()),
        "e_stat": links.one_of(*charts.STATISTICS.values()),
    }


def answer(result: Backtest) -> None:
    st.markdown(f"**Before tuning, little is known.** {plain(findings.headline(result))}")
    if line := findings.trial(result):
        st.markdown(f"**A small trial knows more.** {plain(line)}")


def study(result: Backtest) -> None:
    named = titles()
    left, right = st.columns([1, 1.4], vertical_alignment="bottom")
    with left:
        key = st.selectbox(
            "Study",
            list(named),
            format_func=named.__getitem__,
            key="e_study",
            bind="query-params",
            help="Published results of tuning many models in the same way.",
        )
    with right:
        statistic = st.segmented_control(
            "How agreement is measured",
            list(charts.STATISTICS),
            format_func=charts.STATISTICS.__getitem__,
            default="spearman",
            required=True,
            key="e_stat",
            bind="query-params",
            help="Spearman and Kendall compare whole orders. Regret at one asks what is lost by tuning only "
            "the model a signal ranks first.",
        )
    row = result.studies.set_index("key").loc[key]
    rows = result.results[result.results["study"] == key]
    st.markdown(f"{plain(str(row['setting']))}. {_coverage(row)}")
    if rows.empty:
        st.info("Fewer than five models were tuned alike here, so no order can be compared.")
    else:
        random = row["random_regret"]
        figure.show(
            charts.signals(
                rows,
                statistic=statistic or "spearman",
                title=findings.of_study(result, str(key), statistic or "spearman"),
                random=None if random is None else float(random),
            ),
            key="trust_signals",
            data=_table(rows),
            alt="For each signal, how well it orders the outcomes of the study, with a 95% interval.",
        )
    st.markdown(f":small[Source: [{plain(str(row['source']))}]({row['link']}). {plain(str(row['caution']))}]")


def overview(result: Backtest) -> None:
    st.dataframe(
        result.studies[["title", "setting", "models", "on_board", "compared", "groups", "source", "caution"]],
        hide_index=True,
        key="trust_studies",
        placeholder="",
        column_config={
            "title": st.column_config.TextColumn("Study", pinned=True),
            "setting": st.column_config.TextColumn("What was tuned", width="medium"),
            "models": st.column_config.NumberColumn("Models"),
            "on_board": st.column_config.NumberColumn("On the board", help="Only these have board figures."),
            "compared": st.column_config.NumberColumn("Comparisons", help="With at least five models."),
            "groups": st.column_config.NumberColumn("of", help="Tasks, metrics and set-ups in the table."),
            "source": st.column_config.TextColumn("Source", width="medium"),
            "caution": st.column_config.TextColumn("With caution", width="large"),
        },
    )


def _coverage(row: pd.Series[Any]) -> str:
    return (
        f"{row['on_board']} of its {row['models']} models are on the board. {row['compared']} comparisons of "
        "at least five models tuned alike; bars are 95% intervals from resampling the models."
    )


def _table(rows: pd.DataFrame) -> pd.DataFrame:
    named = rows["signal"].map(SIGNALS)
    return rows.drop(columns=["study", "signal"]).assign(signal=named).set_index("signal").reset_index()
