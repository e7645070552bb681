"""Whether a pilot on little data chooses well: published curves whose end is known."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import streamlit as st

from core.charts import pilot_proof as charts
from core.pilot import proof, proof_blend, verdict
from pages.parts.shell import figure, links
from pages.parts.shell.text import plain

if TYPE_CHECKING:
    import pandas as pd

_LIMITS: Final = """
- **Older models, tuned in full**: 60 million to 6.7 billion parameters, losses, three sets. Prices,
  accuracies and QLoRA follow the law by assumption. No other published outcome has several models on
  several data sizes with one recipe.
- **The form of the method was chosen while looking at these sets**; its parameters, the weight of the
  straight line among them, were learnt for each set from the other two alone. With a model's family left
  out as well it does worse on the smallest runs.
"""


def checks() -> dict[str, links.Check]:
    """What a link may ask of this part."""
    return {"e_pilot": links.one_of(*charts.STATISTICS.values())}


@st.cache_data(show_spinner=False, max_entries=1)
def _figures() -> tuple[pd.DataFrame, pd.DataFrame]:
    return proof.summary(proof.load_proof()), proof_blend.summary(proof_blend.load_blend())


def show() -> None:
    """What the pilot's choice is worth at each budget, beside simpler rules."""
    table, blends = _figures()
    means, each = table[table["set"] == "mean"], table[table["set"] != "mean"]
    st.markdown(
        "Thirty models were tuned on ever more of three sets. From runs on a small share, the loss with all "
        f"the data is predicted. {plain(verdict.orders(means))}"
    )
    st.markdown(f"{plain(verdict.regrets(means))} {plain(verdict.bands(means, each))}")
    statistic = st.segmented_control(
        "What is compared",
        list(charts.STATISTICS),
        format_func=charts.STATISTICS.__getitem__,
        default="pearson",
        required=True,
        key="e_pilot",
        bind="query-params",
        help="Agreement: Pearson correlation of forecast and loss reached. Regret at one: what is lost by "
        "tuning "
        "only the model put first. Bands that hold: losses within the forecast's 90% band.",
    )
    chosen = statistic or "pearson"
    figure.show(
        charts.by_budget(means, statistic=chosen, title=_title(means, chosen)),
        key="trust_pilot",
        data=_wide(table, chosen),
        alt="For each rule, a line over the share of the data that the trial runs had.",
    )
    st.markdown(f"{_LIMITS}- **Blended with scores.** {plain(verdict.blend(blends))}")
    st.markdown(
        f":small[Source: {plain(proof.SOURCE)} ({proof.LICENCE}); figures of each set in the table above.]"
    )


def _title(means: pd.DataFrame, statistic: str) -> str:
    if statistic == "held":
        return "Our 90% bands hold about as often as they say, over the three sets"
    wide = means.pivot_table(index="budget", columns="rule", values=statistic)
    ours, theirs = wide[verdict.OURS], wide[verdict.THEIRS]
    good = (ours >= theirs - 1e-3) if statistic == "pearson" else (ours <= theirs + 1e-3)
    return f"No worse than accept-then-stop at {int(good.sum())} of {len(good)} budgets"


def _wide(table: pd.DataFrame, statistic: str) -> pd.DataFrame:
    wide = table.pivot_table(index=["rule", "set"], columns="budget", values=statistic, sort=False)
    wide = wide[sorted(wide.columns, reverse=True)].round(3)
    wide.columns = [f"1/{budget}" for budget in wide.columns]
    return wide.reset_index()
