"""From cells to the arrays a fit takes: indices, regressors, the slopes a subject suggests."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from core.catalogue.benchmarks import load_benchmarks
from core.placement.cells import BOARD, EUROEVAL, regressors
from core.placement.model import Data

if TYPE_CHECKING:
    from collections.abc import Collection

    from core.placement.cells import Cells

_HARD_TO_MOVE: Final = frozenset({f"{BOARD}:gpqa", f"{BOARD}:musr"})  # near chance for most bases
_SECOND: Final = {"mathematics": 0.5, "code": 0.5, "reasoning": 0.1}


@dataclass(frozen=True, slots=True)
class Design:
    """The arrays, and the names behind their indices."""

    data: Data
    columns: list[str]
    benchmarks: list[str]
    families: list[str]
    bases: list[str]


def slope_guess(benchmark: str) -> list[float]:
    """Slopes a benchmark is expected to have: all follow general ability, mathematics and code a second."""
    if benchmark.startswith(f"{BOARD}:"):
        second = 0.5 if benchmark.endswith("math_lvl_5") else 0.0
        return [0.5, 0.0] if benchmark in _HARD_TO_MOVE else [1.0, second]
    return [1.0, _SECOND.get(load_benchmarks()[benchmark].ability, -0.2)]


def study_kind(study: str) -> int:
    """0 for a report, 1 for the board, 2 for EuroEval: each kind has its own luck with a base."""
    return 1 if study == BOARD else 2 if study.startswith(EUROEVAL) else 0


def make_design(cells: Cells, hidden: Collection[str] = ()) -> Design:
    """The design without the board rows of the ``hidden`` bases."""
    scores = cells.scores
    scores = scores[~((scores["study"] == BOARD) & scores["model_id"].isin(list(hidden)))]
    by_column = scores.drop_duplicates("column").set_index("column")["benchmark"].sort_index()
    columns, benchmarks = list(by_column.index), sorted(set(by_column))
    studies, bases = sorted(set(scores["study"])), list(cells.bases.index)
    families = sorted(set(cells.bases["family"]))

    def index(names: list[str], values: object) -> np.ndarray:
        at = {name: place for place, name in enumerate(names)}
        return np.array([at[value] for value in values], dtype=np.int64)  # type: ignore[attr-defined]

    data = Data(
        y=scores["y"].to_numpy(dtype=np.float64),
        s2=scores["s2"].to_numpy(dtype=np.float64),
        model=index(bases, scores["model_id"]),
        column=index(columns, scores["column"]),
        study=index(studies, scores["study"]),
        column_benchmark=index(benchmarks, by_column),
        study_kind=np.array([study_kind(study) for study in studies], dtype=np.int64),
        x=regressors(cells.bases["size"], cells.bases["year"]),
        family=index(families, cells.bases["family"]),
        slope_guess=np.array([slope_guess(name) for name in benchmarks]),
    )
    return Design(data, columns, benchmarks, families, bases)
