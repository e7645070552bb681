"""What of the board is in view, and why the rest is not."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from core.ranking.search import find
from core.schema import SOURCE_NEWER

if TYPE_CHECKING:
    from collections.abc import Iterator

# Ends of the size slider in billions of parameters: close where choices are made, wide apart above.
# The last one means "and more".
SIZE_STOPS: Final = (
    0, 0.5, 1, 1.5, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 16, 18, 20, 22, 24, 27, 30, 32, 35, 40, 50,
    60, 72, 80, 110, 150,
)  # fmt: skip

# Why a row may be hidden, in the order in which the reasons are asked; a row counts under the first.
REASONS: Final = {
    "kind": "not of the kinds shown",
    "unknown_size": "of unknown size",
    "size": "outside the size range",
    "newer": "from a later study",
    "size_only": "placed by size alone",
    "evidence": "known in other ways",
    "released": "released earlier or at an unknown date",
    "search": "not matching the search",
    "publisher": "of other publishers",
    "family": "of other families",
    "license": "under other licences",
    "architecture": "of other architectures",
    "precision": "in other precisions",
    "merged": "merges",
    "moe": "mixtures of experts",
    "flagged": "flagged on the board",
    "second_run": "second runs of a model shown",
    "memory": "too large for the card",
    "plain_hf": "not trainable with plain Hugging Face",
    "no_score": "without the score ranked by",
}
_PRECISION_ORDER: Final = {"bfloat16": 0, "float16": 1}


@dataclass(frozen=True, slots=True)
class BoardFilter:
    """The reader's choices. Empty tuples mean "any"; ``size`` is in billions, both ends included.

    ``size_only`` lets in bases of which no score is known; ``since`` is a month of release, YYYY-MM;
    ``card_gb`` (GB of 1e9 bytes) hides what needs more, ``plain_hf`` what is known to need other tools. What
    isn't known is never hidden by these two.
    """

    size: tuple[float, float] = (0, 9)
    unknown_size: bool = False
    base_only: bool = True
    continued: bool = False
    as_reported: bool = False
    newer: bool = True
    search: str = ""
    size_only: bool = False
    evidence: tuple[str, ...] = ()
    since: str = ""
    publishers: tuple[str, ...] = ()
    families: tuple[str, ...] = ()
    licenses: tuple[str, ...] = ()
    architectures: tuple[str, ...] = ()
    precisions: tuple[str, ...] = ()
    hide_merged: bool = False
    hide_moe: bool = False
    hide_flagged: bool = False
    all_runs: bool = False
    card_gb: float | None = None
    plain_hf: bool = False

    @property
    def asks_for_training(self) -> bool:
        """Whether the rows must carry :func:`core.decision.training_facts.training_facts`."""
        return self.card_gb is not None or self.plain_hf


@dataclass(frozen=True, slots=True)
class Filtered:
    """``rows`` in view, in the board's order and index; ``hidden`` counts the rest by key of REASONS."""

    rows: pd.DataFrame
    hidden: dict[str, int] = field(default_factory=dict)


def nominal_size(board: pd.DataFrame) -> pd.Series[float]:
    """The size people mean, in billions: 9 for all of Gemma-2-9B, whether a row says 9.0 or 9.242."""
    return board["size_class_b"].fillna(board["params_b"]) if "size_class_b" in board else board["params_b"]


def kind_in_use(board: pd.DataFrame, *, as_reported: bool) -> pd.Series[str]:
    """The repaired kind, or the one the board reports where it reports any."""
    if not as_reported:
        return board["kind"]
    return board["reported_kind"].astype(object).where(board["reported_kind"].notna(), board["kind"])


def apply(board: pd.DataFrame, chosen: BoardFilter, *, ranked_by: str | None = None) -> Filtered:
    """Keep the rows the reader asked for, and count the others: see :func:`passing`."""
    shown, hidden = passing(board, chosen, ranked_by=ranked_by)
    return Filtered(board.loc[shown], hidden)


def passing(
    board: pd.DataFrame, chosen: BoardFilter, *, ranked_by: str | None = None
) -> tuple[pd.Series[bool], dict[str, int]]:
    """Which rows the reader asked for, and how many of the others each reason hides first.

    Args:
        board: in the contract's schema; not changed.
        chosen: the filter.
        ranked_by: column whose NA rows are hidden too, because they cannot be ranked.

    Returns:
        True for each row in view, on the board's index; counts by key of ``REASONS``.
    """
    shown = np.ones(len(board), dtype=bool)
    hidden: dict[str, int] = {}
    for reason, keep in _tests(board, chosen, ranked_by):
        kept = keep.to_numpy(dtype=bool, na_value=False)
        if lost := int((shown & ~kept).sum()):
            hidden[reason] = lost
            shown &= kept
    if not chosen.all_runs:
        first = _first_runs(board[_run_columns(board)][shown]).to_numpy()
        if lost := int((~first).sum()):
            hidden["second_run"] = lost
            shown[shown] = first
    return pd.Series(shown, index=board.index, dtype=bool), hidden


def _tests(
    board: pd.DataFrame, chosen: BoardFilter, ranked_by: str | None
) -> Iterator[tuple[str, pd.Series[bool]]]:
    if chosen.base_only:
        kinds = {"base", "continued"} if chosen.continued else {"base"}
        yield "kind", kind_in_use(board, as_reported=chosen.as_reported).isin(kinds)
    size = nominal_size(board)
    if not chosen.unknown_size:
        yield "unknown_size", size.notna()
    low, high = chosen.size
    outside = (size < low) | ((size > high) if high < SIZE_STOPS[-1] else False)
    yield "size", ~outside.fillna(value=False).astype(bool)
    if not chosen.newer:
        yield "newer", board["source"] != SOURCE_NEWER
    if "evidence" in board:
        yield from _evidence_tests(board, chosen)
    if chosen.search.strip():
        yield "search", board["model_id"].isin(find(board["model_id"], chosen.search))
    for reason, column, wanted in (
        ("publisher", "organization", chosen.publishers),
        ("family", "family", chosen.families),
        ("license", "license", chosen.licenses),
        ("architecture", "architecture", chosen.architectures),
        ("precision", "precision", chosen.precisions),
    ):
        if wanted:
            yield reason, board[column].isin(wanted)
    if chosen.hide_merged:
        yield "merged", ~(board["merged"] | (board["kind"] == "merge"))
    if chosen.hide_moe:
        yield "moe", ~board["moe"]
    if chosen.hide_flagged:
        yield "flagged", ~board["flagged"]
    if chosen.card_gb is not None:
        yield "memory", ~(board["memory_gb"] > chosen.card_gb)
    if chosen.plain_hf:
        yield "plain_hf", board["plain_hf"].fillna(value=True).astype(bool)
    if ranked_by:
        yield "no_score", board[ranked_by].notna()


def _evidence_tests(board: pd.DataFrame, chosen: BoardFilter) -> Iterator[tuple[str, pd.Series[bool]]]:
    if not chosen.size_only and "size only" not in chosen.evidence:
        yield "size_only", board["evidence"] != "size only"
    if chosen.evidence:
        yield "evidence", board["evidence"].isin(chosen.evidence)
    if chosen.since:
        yield "released", (board["released"] >= chosen.since).fillna(value=False).astype(bool)


def one_run_each(board: pd.DataFrame) -> pd.DataFrame:
    """One row per model; which one, says :func:`_first_runs`."""
    return board[_first_runs(board)]


def _run_columns(board: pd.DataFrame) -> list[str]:
    return [column for column in ("model_id", "precision", "primary") if column in board]


def _first_runs(rows: pd.DataFrame) -> pd.Series[bool]:
    """True for the one row each model is shown by: the board's primary run, else bfloat16 before float16."""
    several = rows["model_id"].duplicated(keep=False).to_numpy()
    first = ~several
    # A few dozen models of thousands; ordering all rows would take most of a filter's time.
    if several.any():
        again = rows[several]
        precision = again["precision"].map(_PRECISION_ORDER).astype(float).fillna(len(_PRECISION_ORDER))
        later = ~again["primary"].to_numpy(dtype=bool) if "primary" in again else np.zeros(len(again))
        best_first = np.lexsort((precision, later))
        among_several = np.empty(len(again), dtype=bool)
        among_several[best_first] = ~again["model_id"].iloc[best_first].duplicated().to_numpy()
        first[several] = among_several
    return pd.Series(first, index=rows.index, dtype=bool)
