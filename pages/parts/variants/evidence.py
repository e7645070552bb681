"""Variants: what research and this board say about judging a base by its variants."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

if TYPE_CHECKING:
    import pandas as pd


def show(table: pd.DataFrame, medians: pd.DataFrame) -> None:
    """``table``: :func:`core.variants.lift.lift_table` of the bases shown, and its medians."""
    unlike = int((table["caveat"] != "").sum())
    st.markdown(
        f"""
The idea of this page: *a base whose instruct variant is strong adapts well, so it will adapt to my task too.*
It is a hypothesis. What speaks for and against it:

- **The lift is mostly IFEval.** {_here(medians)}
- **As a predictor of fine-tuned quality the lift is weak.** Over 19 pairs with published outcomes of
  fine-tuning, the base's own score correlates with the outcome at 0.86, the instruct variant's at 0.79, the
  lift alone at 0.06.
- **Any ranking from leaderboards is rough.** The average against real outcomes of equal fine-tuning reaches a
  rank correlation of about 0.7 on tasks like the benchmarks and about 0.3 on narrow ones
  ([LoRA Land](https://arxiv.org/abs/2405.00732), 10 models on 31 tasks); size alone reaches 0.5. With 10
  to 30 models such figures are uncertain by 0.2 or more.
- **Newer scores are inflated** by training on the test tasks; the lead shrinks when all models are fine-tuned
  alike ([Dominguez-Olmedo et al., ICLR 2025](https://arxiv.org/abs/2407.07890)).
- **Not every pair is comparable.** {unlike} of the {len(table)} pairs in view were run differently, mostly
  the instruct model without its chat template. They carry a star, and the table says why.
- **Trial runs beat every signal here.** With a few per cent of the data they predict the best model far
  better (Pearson 0.6 to 0.9; [rectified scaling law, ICML 2024](https://arxiv.org/abs/2402.02314)). The
  Decide page hands over a notebook that does it.

So use the variants to see what a family can become, and weigh them lightly.
"""
    )
    st.page_link("pages/trust.py", label="All evidence, and how it was measured", icon=":material/verified:")


def _here(medians: pd.DataFrame) -> str:
    pairs = int(medians["pairs"].max())
    if not pairs:
        return "No comparable pair is in view."
    lift = medians.set_index("key")["median"]
    return (
        f"Over the {pairs} comparable pairs in view the median lift is {lift['ifeval']:+.1f} points on "
        f"IFEval, {lift['bbh']:+.1f} on BBH and {lift['mmlu_pro']:+.1f} on MMLU-Pro: tuning teaches to "
        "follow the format more than it adds knowledge."
    )
