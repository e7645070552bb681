"""What training each row takes, worked out once for each board."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.decision.training_facts import training_facts
from pages.parts.shell import board, per_board

if TYPE_CHECKING:
    import pandas as pd

    from pages.parts.shell.board import Board


def facts() -> pd.DataFrame:
    """:func:`core.decision.training_facts.training_facts` of the session's rows. Never changed in place."""
    return _facts(board.in_use())


@per_board.cached(shared=2)
def _facts(rows: Board) -> pd.DataFrame:
    return training_facts(rows.frame)
