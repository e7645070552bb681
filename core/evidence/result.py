"""What the backtest found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True)
class Backtest:
    """Results of all studies.

    Attributes:
        studies: key, title, source, link, setting, caution, models, on_board, groups, compared (groups with
            at least five models), publishers (of the models on the board that are compared), random_regret
            (share of best to worst lost by a blind choice).
        results: per study and signal, over the models that have the signal: Spearman and Kendall averaged
            over the groups, regret at one, each with its 95% bootstrap interval; gain: Spearman less that
            of the leaderboard average on the same models, with its interval.
        kinds: the same figures by kind of task (``core.evidence.kinds.KINDS``), for size, the average and
            the six benchmarks; tasks: how many of that kind the study has.
        board_date: of the leaderboard the signals come from.
    """

    studies: pd.DataFrame
    results: pd.DataFrame
    kinds: pd.DataFrame
    board_date: str = ""
