"""Bases and what was tuned from them, worked out once per board."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.variants import lift, no_base
from core.variants.pairs import pair_variants
from pages.parts.shell import board, per_board

if TYPE_CHECKING:
    import pandas as pd


@per_board.kept(shared=2, show_spinner="Pairing bases with their variants")
def _pairs(key: str, _board: pd.DataFrame) -> pd.DataFrame:  # noqa: ARG001 - the cache's key
    return pair_variants(_board)


@per_board.kept(shared=2)
def _lifts(key: str, _board: pd.DataFrame) -> pd.DataFrame:
    return lift.lift_table(_board, _pairs(key, _board))


@per_board.kept(shared=2)
def _without_base(key: str, _board: pd.DataFrame) -> pd.DataFrame:  # noqa: ARG001 - as above
    return no_base.list_without_base(_board)


def current() -> pd.DataFrame:
    """Pairs of :func:`core.variants.pairs.pair_variants` on the session's board. Never changed in place."""
    frame = board.current()
    return _pairs(board.key(), frame)


def lifts() -> pd.DataFrame:
    """:func:`core.variants.lift.lift_table` of the session's board. Never changed in place."""
    frame = board.current()
    return _lifts(board.key(), frame)


def without_base() -> pd.DataFrame:
    """:func:`core.variants.no_base.list_without_base` of the session's board. Never changed in place."""
    frame = board.current()
    return _without_base(board.key(), frame)
