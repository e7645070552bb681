"""The few figures the Home page opens with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from core.ranking import filters
from core.schema import SOURCE_BOARD, SOURCE_NEWER
from core.tokenizers import facts

if TYPE_CHECKING:
    from datetime import date

    import pandas as pd

# The setting of the course this tool grew from, and the candidates it weighed.
COURSE_LIMIT_B: Final = 9
COURSE_CANDIDATES: Final = ("Qwen/Qwen2.5-7B", "google/gemma-2-9b", "meta-llama/Llama-3.1-8B")


@dataclass(frozen=True, slots=True)
class Overview:
    """``leaders`` holds the best bases up to the limit.

    Its columns: rank, model_id, params_b (billions), average and average_se (points), single_token_count (how
    many of 0..999 are one token; NA: not known), source and evidence.
    ``placed`` counts bases whose scores follow from published reports, ``newest`` is the latest month of
    release (YYYY-MM) among them; "" where the rows are all measured.
    """

    rows: int
    models: int
    bases: int
    bases_in_limit: int
    newer: int
    placed: int
    newest: str
    leaders: pd.DataFrame


def describe(board: pd.DataFrame, *, leaders: int = 6) -> Overview:
    """Count what the board holds and name its leading bases up to :data:`COURSE_LIMIT_B`.

    Args:
        board: in the contract's schema.
        leaders: how many of the best to name.
    """
    everything = filters.apply(
        board, filters.BoardFilter(size=(0, filters.SIZE_STOPS[-1]), unknown_size=True)
    )
    in_limit = filters.apply(board, filters.BoardFilter(size=(0, COURSE_LIMIT_B)), ranked_by="average").rows
    best = in_limit.sort_values(["average", "model_id"], ascending=[False, True], kind="stable").head(leaders)
    columns = ["model_id", "params_b", "average", "average_se", "source", *best.filter(["evidence"])]
    best = best.loc[:, columns].reset_index(drop=True)
    best.insert(0, "rank", best.index + 1)
    best["single_token_count"] = facts.for_models(best["model_id"])["single_token_count"].to_numpy()
    placed = (
        everything.rows["evidence"] == "placed" if "evidence" in board else everything.rows["model_id"] == ""
    )
    placed = placed.reindex(board.index, fill_value=False)
    return Overview(
        rows=int((board["source"] == SOURCE_BOARD).sum()),
        models=int(board.loc[board["source"] == SOURCE_BOARD, "model_id"].nunique()),
        bases=len(everything.rows),
        bases_in_limit=len(in_limit),
        newer=int((board["source"] == SOURCE_NEWER).sum()),
        placed=int(placed.sum()),
        newest=str(board.loc[placed, "released"].max()) if placed.any() else "",
        leaders=best,
    )


def months_between(earlier: date, later: date) -> int:
    """Whole calendar months; 2025-03-13 to 2025-05-01 is 2."""
    return (later.year - earlier.year) * 12 + later.month - earlier.month


def age_in_words(months: int) -> str:
    """How a person says it.

    >>> age_in_words(1), age_in_words(20), age_in_words(24)
    ('1 month', '20 months', '2 years')
    """
    months = max(months, 0)
    if months and months % 12 == 0:
        years = months // 12
        return f"{years} year{'s' if years > 1 else ''}"
    return f"{months} month{'' if months == 1 else 's'}"
