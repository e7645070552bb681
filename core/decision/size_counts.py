"""How many candidates each range of sizes would leave, all else as the task says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.decision.constraints import LABELS, SIZE_SLACK
from core.ranking.size_counts import SizeCounts, count_sizes

if TYPE_CHECKING:
    import pandas as pd

    from core.decision.rank import Decision


def candidates_by_size(decision: Decision, sizes: pd.Series[float]) -> SizeCounts:
    """Counts from what is ranked and what the size range alone keeps out.

    Args:
        decision: the answer within the task's range.
        sizes: billions of parameters by model id, of all candidates.
    """
    out = decision.excluded
    by_size = out.loc[(out["constraint"] == LABELS["size"]) & (out["n_constraints"] == 1), "model_id"]
    ranked = [] if decision.ranking.empty else decision.ranking["model_id"].tolist()
    return count_sizes(sizes.reindex([*ranked, *by_size]).astype(float), slack=SIZE_SLACK, open_end=False)
