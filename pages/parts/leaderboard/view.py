"""What one state of the filters gives: the rows in view with the table sent, and its chart."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import pandas as pd
    import plotly.graph_objects as go
    import pyarrow as pa

    from pages.parts.shell.board import Board

DRAWN: Final = ("model_id", "kind", "source", "params_b", "evidence")


@dataclass(frozen=True, slots=True)
class View:
    """Rows of the board that passed the filters, best first; ``key`` tells the filters apart."""

    key: str
    shared: Board
    ranks: pd.DataFrame
    """What :func:`core.ranking.ranks.rank_scores` gives, on the board's index."""
    hidden: dict[str, int]
    table: pa.Table
    newer: int
    """Rows from the later study."""
    placed: int
    """Rows that are placed, by reports or by size."""
    known: int
    """Rows of known size."""
    errors: dict[str, float]
    """Usual standard error (median, points) by column; NaN is unknown."""
    differing: pd.Index
    """Rows whose kind isn't what the board says."""

    @property
    def board(self) -> pd.DataFrame:
        """All rows, those in view and the others."""
        return self.shared.frame

    def rows(self, *columns: str) -> pd.DataFrame:
        """The rows in view with the columns asked for, or all, and their ranks."""
        names = list(columns) if columns else self.board.columns
        return self.board.loc[self.ranks.index, names].join(self.ranks)

    def drawn(self) -> pd.DataFrame:
        """The rows a chart against size can show."""
        rows = self.rows(*DRAWN)
        return rows[rows["params_b"].notna()]


@dataclass(frozen=True, slots=True)
class Drawing:
    """A view's chart, and the rows that no smaller model beats."""

    figure: go.Figure
    front: pd.DataFrame
    description: str
    """For screen readers."""
