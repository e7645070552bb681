"""Bases and what was tuned from them, worked out once per board."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.variants import lift, no_base
from core.variants.pairs import pair_variants
from pages.parts.shell import board, per_board

if TYPE_CHECKING:
    import pandas as pd

    from pages.parts.shell.board import Board


@per_board.cached(shared=2, show_spinner="Pairing bases with their variants")
def _pairs(rows: Board) -> pd.DataFrame:
    return pair_variants(rows.frame)


@per_board.cached(shared=2)
def _lifts(rows: Board) -> pd.DataFrame:
    return lift.lift_table(rows.frame, _pairs(rows))


@per_board.cached(shared=2)
def _without_base(rows: Board) -> pd.DataFrame:
    return no_base.list_without_base(rows.frame)


def current() -> pd.DataFrame:
    """Pairs of :func:`core.variants.pairs.pair_variants` on the session's board. Never changed in place."""
    return _pairs(board.in_use())


def lifts() -> pd.DataFrame:
    """:func:`core.variants.lift.lift_table` of the session's board. Never changed in place."""
    return _lifts(board.in_use())


def without_base() -> pd.DataFrame:
    """:func:`core.variants.no_base.list_without_base` of the session's board. Never changed in place."""
    return _without_base(board.in_use())
