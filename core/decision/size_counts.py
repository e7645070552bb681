"""How many candidates each range of sizes would leave, all else as the task says."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from core.decision.constraints import LABELS, SIZE_SLACK
from core.ranking.size_counts import SizeCounts, count_sizes

if TYPE_CHECKING:
    from core.decision.rank import Decision


def candidates_by_size(decision: Decision) -> SizeCounts:
    """Counts from what is ranked and what the size range alone keeps out."""
    out = decision.excluded
    by_size = out.loc[(out["constraint"] == LABELS["size"]) & (out["n_constraints"] == 1), "model_id"]
    beyond = decision.beyond[decision.beyond["model_id"].isin(set(by_size))]
    sizes = pd.concat([decision.ranking["size_b"], beyond["size_b"]]).astype(float)
    return count_sizes(sizes, slack=SIZE_SLACK, open_end=False)
