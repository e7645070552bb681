"""Where the default weights come from, and what nobody has measured."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pandas as pd
import streamlit as st

from core.decision.tasks import PRESETS
from core.evidence import defaults, findings
from core.schema import BENCHMARKS
from pages.parts.shell.text import plain

if TYPE_CHECKING:
    from core.evidence.result import Backtest

_LIMITS: Final = """
- **Number tokens.** No published study tunes many bases on a task with numbers as answers and the same
  recipe; the single runs of the price task each had their own. Their weight in the price preset is the
  course's judgement. Against it: models that read digit by digit do best at arithmetic, Levy and Geva (2025)
  find number representations digit by digit, and tuned Qwen2.5-3B came close to Llama on the price task.
- **This tool's ranking** was set up with these studies at hand, so its own row is no independent test.
- **Old models.** Most models tuned in public studies are of 2023 and early 2024. Newer ones train on more of
  what the benchmarks ask, and their lead shrinks when all are tuned alike.
- **Small numbers.** With 6 to 30 models an interval is ±0.3 and wider: most orders can't be told apart.
"""


def show(result: Backtest) -> None:
    st.markdown(
        "Each benchmark's weight is half the same for all and half by how well it ordered the outcomes above "
        "(Spearman, averaged over studies, nothing below 0). Only benchmarks that bear on a task count, and "
        "one that tests the task itself takes half. Equal weights keep their half because intervals overlap."
    )
    st.dataframe(
        table(result),
        hide_index=True,
        key="trust_weights",
        placeholder="",
        column_config={
            "benchmark": st.column_config.TextColumn("Benchmark", pinned=True),
            "spearman": st.column_config.NumberColumn(
                "Spearman", format="%.2f", help="Averaged over the studies, weighted by models less three."
            ),
            "share": st.column_config.NumberColumn("Share before any preset", format="%.0f%%"),
            **{
                key: st.column_config.NumberColumn(preset.label, format="%.0f%%")
                for key, preset in PRESETS.items()
            },
        },
    )
    st.markdown(
        f"**Instruct evidence** has a weight of 5% in most presets. {plain(findings.instruct(result))} The "
        "view is served in full on the Variants page; raise its weight on Decide if you trust it more."
    )


def table(result: Backtest) -> pd.DataFrame:
    """Benchmarks with their evidence and their default weight in each preset, in per cent."""
    found = defaults.evidence(result)
    shown = found.assign(benchmark=[each.label for each in BENCHMARKS], share=found["share"] * 100)
    for key in PRESETS:
        given = PRESETS[key].task.benchmarks
        total = sum(given.values())
        shown[key] = [given[each.key] / total * 100 for each in BENCHMARKS]
    return pd.DataFrame(shown)


def limits() -> None:
    st.markdown(_LIMITS)
