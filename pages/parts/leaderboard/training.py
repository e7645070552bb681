"""What training each row takes, worked out once for each board."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.field.training import training_facts
from pages.parts.shell import board, per_board

if TYPE_CHECKING:
    import pandas as pd


def facts() -> pd.DataFrame:
    """:func:`core.field.training.training_facts` of the session's rows. Never changed in place."""
    return _facts(board.key())


@per_board.kept(shared=2)
def _facts(board_key: str) -> pd.DataFrame:  # noqa: ARG001 - the cache's key
    return training_facts(board.current())
