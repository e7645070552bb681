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
class Placed:
    """How many bases are placed, and which of them lists leave out at first.

    ``placed`` counts bases whose scores follow from published reports: among them ``continued`` are trained
    on from another base, and ``unsized`` are other bases of unknown size. ``size_only`` counts bases of which
    the size alone is known, and comes on top. ``newest`` is the latest month of release (YYYY-MM) among the
    placed, "" without any.
    """

    placed: int
    continued: int
    unsized: int
    size_only: int
    newest: str

    @property
    def left_out(self) -> str:
        """How many of them the Leaderboard shows before its filters are opened, and why not all."""
        shown = self.placed - self.continued - self.unsized
        return (
            f"At its widest size range the Leaderboard first shows {shown} of these placed bases: it leaves "
            f"out {self.continued} continued from another base and {self.unsized} of unknown size, and "
            f"{self.size_only} more that are placed by size alone."
        )


@dataclass(frozen=True, slots=True)
class Overview:
    """``leaders`` holds the best bases up to the limit.

    Its columns: model_id, params_b (billions), average with average_low and average_high (points, 90%),
    single_token_count (how many of 0..999 are one token; NA: not known), source and evidence.
    """

    rows: int
    models: int
    bases: int
    bases_in_limit: int
    newer: int
    placed: Placed
    leaders: pd.DataFrame


def describe(board: pd.DataFrame, *, leaders: int = 6) -> Overview:
    """Count what the board holds and name its leading bases up to :data:`COURSE_LIMIT_B`.

    Args:
        board: with the columns of :func:`core.field.joined.with_placed`.
        leaders: how many of the best to name.
    """
    everything = filters.apply(
        board, filters.BoardFilter(size=(0, filters.SIZE_STOPS[-1]), unknown_size=True)
    )
    in_limit = filters.apply(board, filters.BoardFilter(size=(0, COURSE_LIMIT_B)), ranked_by="average").rows
    best = in_limit.sort_values(["average", "model_id"], ascending=[False, True], kind="stable").head(leaders)
    columns = ["model_id", "params_b", "average", "average_low", "average_high", "source", "evidence"]
    best = best.loc[:, columns].reset_index(drop=True)
    best["single_token_count"] = facts.for_models(best["model_id"])["single_token_count"].to_numpy()
    return Overview(
        rows=int((board["source"] == SOURCE_BOARD).sum()),
        models=int(board.loc[board["source"] == SOURCE_BOARD, "model_id"].nunique()),
        bases=len(everything.rows),
        bases_in_limit=len(in_limit),
        newer=int((board["source"] == SOURCE_NEWER).sum()),
        placed=count_placed(board),
        leaders=best,
    )


def count_placed(board: pd.DataFrame) -> Placed:
    """Count the bases that are not measured.

    Args:
        board: with the columns of :func:`core.field.joined.with_placed`.
    """
    placed = board[board["evidence"] == "placed"]
    continued = placed["kind"] == "continued"
    return Placed(
        placed=len(placed),
        continued=int(continued.sum()),
        unsized=int((~continued & placed["params_b"].isna()).sum()),
        size_only=int((board["evidence"] == "size only").sum()),
        newest=str(placed["released"].max()) if placed["released"].notna().any() else "",
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
