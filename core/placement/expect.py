"""What the placement expects in each cell of a report, so that a doubtful one is seen."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from core.catalogue.benchmarks import load_benchmarks
from core.placement.cells import BOARD, benchmark_ranges
from core.placement.design import study_kind
from core.placement.scale import from_logit, share_to_score

if TYPE_CHECKING:
    from core.placement.cells import Cells
    from core.placement.design import Design
    from core.placement.model import Fit

_Z90 = 1.645


def expected_cells(cells: Cells, design: Design, state: Fit) -> pd.DataFrame:
    """Rows as :func:`core.placement.load_cells` describes them.

    The expectation is that of the base's ability over all its reports; a report's own luck with the base
    is part of the error, so a report that is off as a whole shows in all its cells.
    """
    scores = cells.scores[cells.scores["study"] != BOARD].reset_index(drop=True)
    at = {name: place for place, name in enumerate(design.columns)}
    column = scores["column"].map(at).to_numpy()
    base = scores["model_id"].map({name: place for place, name in enumerate(design.bases)}).to_numpy()
    benchmark = design.data.column_benchmark[column]
    a = state.slopes[benchmark]
    mean = state.mean[column] + np.einsum("nk,nk->n", a, state.theta[base])
    kind = np.array([study_kind(study) for study in scores["study"]])
    spread = state.theta_cov[base] + state.report_cov[kind]
    variance = np.einsum("nk,nkl,nl->n", a, spread, a) + state.sigma2[benchmark] + state.cov[column, column]
    sd = np.sqrt(variance)
    ranges = benchmark_ranges(scores["benchmark"], scores["column"], load_benchmarks())
    ends = [share_to_score(from_logit(mean + step * sd), *ranges) for step in (-_Z90, 0, _Z90)]
    parts = scores["column"].str.rsplit("|", n=3, expand=True)
    return pd.DataFrame(
        {
            "model_id": scores["model_id"],
            "study": scores["study"],
            "benchmark": scores["benchmark"],
            "shots": parts[1],
            "cot": parts[2],
            "metric": parts[3],
            "value": scores["value"],
            "expected": ends[1],
            "low": np.minimum(ends[0], ends[2]),
            "high": np.maximum(ends[0], ends[2]),
            "doubt": np.abs(scores["y"] - mean) / sd,
        }
    )
