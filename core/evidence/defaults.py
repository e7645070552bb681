"""How the default weights of the benchmarks follow from the backtest.

Half of a benchmark's weight is the same for all, half goes by how well it ordered published outcomes: its
Spearman correlation, averaged over the studies with the weight of n - 3 models (the inverse variance of
Fisher's z), not below 0. A study whose models on the board come from one publisher is left out: there the
sizes of one family are ordered, and any benchmark does that. Only benchmarks that bear on a preset's task
count; one that tests the task itself takes half of the whole. Shares are rounded to 5%. The intervals of the
correlations overlap, which is why equal weights keep their half.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pandas as pd

from core.schema import BENCHMARK_KEYS

if TYPE_CHECKING:
    from core.evidence.result import Backtest

# A judgement about each task: which benchmarks bear on it, and which tests the task itself.
BEARS_ON: Final = {
    "price": ("bbh", "gpqa", "musr", "mmlu_pro"),
    "classification": ("bbh", "gpqa", "musr", "mmlu_pro"),
    "extraction": ("ifeval", "bbh", "musr", "mmlu_pro"),
    "instructions": ("ifeval", "bbh", "gpqa", "musr", "mmlu_pro"),
    "code": ("ifeval", "bbh", "math_lvl_5", "mmlu_pro"),
    "mathematics": ("bbh", "math_lvl_5", "gpqa", "mmlu_pro"),
    "language": ("bbh", "gpqa", "musr", "mmlu_pro"),
}
ITSELF: Final = {"instructions": "ifeval", "mathematics": "math_lvl_5"}


def evidence(result: Backtest) -> pd.DataFrame:
    """Per benchmark: pooled Spearman (``spearman``), and its share of the weight before any preset."""
    telling = result.studies.loc[result.studies["publishers"] > 1, "key"]
    own = result.results[
        result.results["signal"].isin(BENCHMARK_KEYS) & result.results["study"].isin(telling)
    ]
    weight = (own["models"] - 3).clip(lower=0)
    own = own.assign(weight=weight, product=own["spearman"] * weight)
    sums = own.groupby("signal")[["product", "weight"]].sum().reindex(BENCHMARK_KEYS)
    pooled = sums["product"] / sums["weight"]
    positive = pooled.clip(lower=0).fillna(0)
    by_evidence = positive / positive.sum() if positive.sum() else positive + 1 / len(BENCHMARK_KEYS)
    share = 0.5 / len(BENCHMARK_KEYS) + 0.5 * by_evidence
    return pd.DataFrame(
        {"benchmark": BENCHMARK_KEYS, "spearman": pooled.to_numpy(), "share": share.to_numpy()}
    )


def benchmark_weights(preset: str, result: Backtest) -> dict[str, float]:
    """Default weights of a preset, in per cent, rounded to 5."""
    shares = evidence(result).set_index("benchmark")["share"]
    counted = shares.where(shares.index.isin(BEARS_ON[preset]), 0.0)
    if itself := ITSELF.get(preset):
        others = counted.drop(itself)
        counted = 0.5 * others / others.sum()
        counted[itself] = 0.5
    counted = counted / counted.sum() * 100
    return {key: 5.0 * round(float(counted[key]) / 5) for key in BENCHMARK_KEYS}
