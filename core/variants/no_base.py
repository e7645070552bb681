"""Models whose base was never published: a state of its own, and what can be used instead."""

from __future__ import annotations

from typing import Final

import pandas as pd

from core.ranking.filters import nominal_size, one_run_each
from core.ranking.search import find
from core.variants.pairs import no_public_base

# A base counts as of similar size within this share of the model's own.
_SIMILAR: Final = 0.3
_COLUMNS: Final = (
    "family", "reason", "model_id", "params_b", "average", "average_se", "instead_id", "instead_average",
)  # fmt: skip


def list_without_base(board: pd.DataFrame) -> pd.DataFrame:
    """Every publisher's own model on the board that has no public base.

    Returns:
        One row per model, by family: ``family``, ``reason``, ``model_id``, ``params_b``, ``average``,
        ``average_se``, ``instead_id`` (the best base of similar size on the board, NA if none) and
        ``instead_average``.
    """
    runs = one_run_each(board)
    instruct = runs[runs["kind"] == "instruct"]
    known = ["model_id", "params_b", "average", "average_se", *instruct.filter(["size_class_b"])]
    found = instruct[known].merge(no_public_base(instruct), on="model_id")
    bases = runs[runs["kind"] == "base"]
    instead = [_best_of_size(bases, size) for size in nominal_size(found)]
    found["instead_id"] = pd.array([model for model, _ in instead], dtype="string")
    found["instead_average"] = [score for _, score in instead]
    return found[list(_COLUMNS)].sort_values(["family", "params_b", "model_id"]).reset_index(drop=True)


def matching(board: pd.DataFrame, search: str) -> list[str]:
    """Models of the board that a search by name finds and that have no public base."""
    instruct = board[board["kind"] == "instruct"]
    hit = instruct["model_id"].isin(find(instruct["model_id"], search))
    return no_public_base(instruct[hit])["model_id"].drop_duplicates().tolist()


def _best_of_size(bases: pd.DataFrame, size: float) -> tuple[str | None, float | None]:
    near = bases[(nominal_size(bases) - size).abs() <= _SIMILAR * size]
    if near.empty or near["average"].isna().all():
        return None, None
    best = near.nlargest(1, "average").iloc[0]
    return str(best["model_id"]), float(best["average"])
