"""Whether to take the column that matches the task, and whether to start from the base or its sibling."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from core.charts import backtest as charts
from core.evidence import findings, matching, sweep
from core.evidence.kinds import KINDS
from pages.parts.shell import figure
from pages.parts.shell.model_link import column as model_column
from pages.parts.shell.model_link import model_urls
from pages.parts.shell.text import plain

if TYPE_CHECKING:
    import pandas as pd

    from core.evidence.result import Backtest


def columns(result: Backtest) -> None:
    """How well the matching benchmark orders each kind of task, beside the average."""
    st.markdown(plain(matching.verdict(result)))
    table = matching.by_kind(result)
    if table.empty:
        return
    figure.show(
        charts.matching(
            table,
            title="The matching column is not better than the average beyond doubt"
            if not (table["gain_low"] > 0).any()
            else "Matching column and average",
        ),
        key="trust_kinds",
        data=lambda: _all(result),
        alt="For each kind of task and study, how well the matching benchmark and the leaderboard average "
        "order "
        "the outcomes, with 95% intervals.",
    )


def siblings() -> None:
    """Base against instruct variant in the sweep, pair by pair."""
    pairs = sweep.siblings()
    st.markdown(plain(findings.siblings(pairs)))
    st.dataframe(
        pairs.assign(base_id=model_urls(pairs["base_id"]), instruct_id=model_urls(pairs["instruct_id"])),
        hide_index=True,
        key="trust_siblings",
        placeholder="",
        column_config={
            "base_id": model_column("Base", pinned=True),
            "instruct_id": model_column("Instruct variant"),
            "shared": st.column_config.NumberColumn(
                "Settings", help="Learning rates and adapter ranks that both were run with."
            ),
            "base_lower": st.column_config.NumberColumn(
                "Base lower", help="Settings the base ended lower in."
            ),
            "difference": st.column_config.NumberColumn(
                "Instruct less base", format="%+.3f", help="Mean difference of test losses, nats."
            ),
            "base_best": st.column_config.NumberColumn("Base at best", format="%.3f"),
            "instruct_best": st.column_config.NumberColumn("Instruct at best", format="%.3f"),
        },
    )
    st.markdown(f":small[Source: [tinker-cookbook, results of sft_sweep]({sweep.SOURCE}), {sweep.LICENCE}.]")


def _all(result: Backtest) -> pd.DataFrame:
    """Every benchmark by kind of task and study."""
    rows = result.kinds
    return rows.assign(kind=rows["kind"].map(KINDS)).drop(
        columns=["kendall", "kendall_low", "kendall_high", "regret", "regret_low", "regret_high"]
    )
