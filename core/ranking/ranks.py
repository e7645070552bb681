"""How far a ranking can be trusted: rank intervals, ties, and the chance that one model beats another.

Every score carries a standard error from its number of questions. Models are taken as independent. They
answered the same questions, so a paired test on single answers would be tighter; the board does not
publish those answers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from core.errors import InvalidInputError
from core.schema import BENCHMARK_KEYS, SCORE_KEYS, Z90

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

# A lead counts when the chance that it is real reaches this; 90% of drawn ranks lie in the interval.
CONFIDENCE: Final = 0.95
INTERVAL_Z: Final = Z90
# What rank_board adds to the rows.
RANK_COLUMNS: Final = ["score", "score_se", "rank", "rank_low", "rank_high", "group"]
_SEED: Final = 20250313
# Enough for a 90% interval; fewer draws for long boards, where a rank more or less matters less.
_MOST_DRAWS, _CELLS = 2000, 400_000
# From so many rows on the luck of the others evens out: a row's rank hangs on its own score.
_MANY_ROWS, _DRAWS_OF_OTHERS = 2000, 20


def weighted_scores(board: pd.DataFrame, weights: Mapping[str, float]) -> pd.DataFrame:
    """Scores under the reader's own weights.

    The score is sum(w x) / sum(w), its standard error sqrt(sum((w se)^2)) / sum(w); the benchmarks share no
    questions.

    Args:
        board: rows with the columns of the benchmarks and their ``<key>_se``.
        weights: weight (>= 0) by benchmark key; only their ratios matter.

    Returns:
        ``score`` and ``score_se`` in points, on the board's index; NA where a weighted benchmark is NA.

    Raises:
        InvalidInputError: an unknown benchmark, a negative weight, or no weight above 0.

    Example: weights {"ifeval": 1, "bbh": 3} on 40 +- 2 and 20 +- 1 give 25 +- 0.90.
    """
    if unknown := sorted(set(weights) - set(BENCHMARK_KEYS)):
        raise InvalidInputError(f"There is no benchmark called {unknown[0]}.")
    if any(not np.isfinite(weight) or weight < 0 for weight in weights.values()):
        raise InvalidInputError("A weight must be a number of 0 or more.")
    used = {key: weight for key, weight in weights.items() if weight > 0}
    if not used:
        raise InvalidInputError(
            "All weights are 0, so there is nothing to rank by.",
            remedy="Give at least one benchmark a weight.",
        )
    total = sum(used.values())
    share = np.array([weight / total for weight in used.values()])
    scores = board[list(used)].to_numpy(float, na_value=np.nan)
    errors = board[[f"{key}_se" for key in used]].to_numpy(float, na_value=np.nan)
    return pd.DataFrame(
        {"score": scores @ share, "score_se": np.sqrt((errors**2) @ (share**2))}, index=board.index
    )


def rank_rows(score: Sequence[float] | Floats, score_se: Sequence[float] | Floats) -> pd.DataFrame:
    """Rank, rank interval and group of each row.

    The interval holds the rank in 90% of seeded Monte Carlo draws of the true scores, each drawn as
    Normal(score, se). It always includes the observed rank. A group is a run of rows of which none trails
    the group's first with a probability of 95% or more: within it the order says nothing.

    Args:
        score: n scores, higher is better; NaN is not ranked.
        score_se: n standard errors; a row whose error is NaN is ranked but gets no interval.

    Returns:
        n rows: ``rank``, ``rank_low``, ``rank_high``, ``group`` (Int64, 1 is best).

    Example: scores 30, 29.5, 20 with errors of 0.7 give ranks 1, 2, 3, intervals 1-2, 1-2, 3-3 and groups
    1, 1, 2.
    """
    scores = np.asarray(score, float)
    order, sorted_ranks = _best_first(scores, np.asarray(score_se, float))
    result = {}
    for name, values in sorted_ranks.items():
        given = np.full(len(scores), np.nan)
        given[order] = values
        result[name] = _whole(given)
    return pd.DataFrame(result)


def _best_first(scores: Floats, errors: Floats) -> tuple[npt.NDArray[np.intp], dict[str, Floats]]:
    """Positions of the rows with a score, best first, and in that order what :func:`rank_rows` says."""
    order = np.argsort(-scores, kind="stable")
    order = order[np.isfinite(scores[order])]
    centre, spread = scores[order], np.nan_to_num(errors[order])
    rank = np.arange(1.0, len(order) + 1)
    low, high, group = rank, rank, rank
    if len(order):
        limits = _drawn_interval if len(order) < _MANY_ROWS else _interval_among_many
        low, high = limits(centre, spread)
        group = _groups(centre, spread)
    unknown = ~np.isfinite(errors[order])
    return order, {
        "rank": rank,
        "rank_low": np.where(unknown, np.nan, np.minimum(low, rank)),
        "rank_high": np.where(unknown, np.nan, np.maximum(high, rank)),
        "group": group,
    }


def _whole(values: Floats) -> pd.arrays.IntegerArray:
    """Whole numbers that may be unknown (NaN)."""
    unknown = np.isnan(values)
    return pd.arrays.IntegerArray(np.where(unknown, 0, values).astype(np.int64), unknown)


def _drawn_interval(centre: Floats, spread: Floats) -> tuple[Floats, Floats]:
    rows = len(centre)
    draws = min(_CELLS // rows, _MOST_DRAWS)
    noise = np.random.default_rng(_SEED).standard_normal((draws, rows), dtype=np.float32)
    # In place, and the highest score first: -(centre + spread * noise).
    drawn = noise
    drawn *= -spread.astype(np.float32)
    drawn -= centre.astype(np.float32)
    ranks = np.empty((draws, rows), np.int16)
    places = np.broadcast_to(np.arange(1, rows + 1, dtype=ranks.dtype), ranks.shape)
    np.put_along_axis(ranks, np.argsort(drawn, axis=1), places, axis=1)
    cut = round(draws * (1 - CONFIDENCE))
    by_row = np.partition(np.ascontiguousarray(ranks.T), (cut, draws - 1 - cut), axis=1)
    return by_row[:, cut].astype(float), by_row[:, draws - 1 - cut].astype(float)


def _interval_among_many(centre: Floats, spread: Floats) -> tuple[Floats, Floats]:
    """How many drawn scores lie above the limits of each row's own.

    What this leaves out, that by their own luck now more and now fewer of the others lie above a given score,
    would widen most intervals of the board by less than a hundredth.
    """
    noise = np.random.default_rng(_SEED).standard_normal((_DRAWS_OF_OTHERS, len(centre)), dtype=np.float32)
    middle, half = centre.astype(np.float32), spread.astype(np.float32)
    drawn = np.sort((middle + half * noise).ravel())
    above = len(drawn) - np.searchsorted(drawn, middle + np.float32(INTERVAL_Z) * half, "right")
    not_below = len(drawn) - np.searchsorted(drawn, middle - np.float32(INTERVAL_Z) * half, "left")
    return 1 + np.rint(above / _DRAWS_OF_OTHERS), np.rint(not_below / _DRAWS_OF_OTHERS)


def _groups(centre: Floats, spread: Floats) -> Floats:
    """Group number of rows sorted from best to worst."""
    groups = np.empty(len(centre))
    start, group = 0, 0
    while start < len(centre):
        group += 1
        behind = centre[start] - centre[start:] >= INTERVAL_Z * np.hypot(spread[start], spread[start:])
        behind[0] = False
        end = start + (int(np.argmax(behind)) if behind.any() else len(behind))
        groups[start:end] = group
        start = end
    return groups


def could_be_first(ranked: pd.DataFrame) -> int:
    """How many rows of :func:`rank_rows` have an interval of ranks that begins with the first."""
    return int((ranked["rank_low"] == 1).sum())


def tied_at_top(ranked: pd.DataFrame) -> int:
    """How many rows of :func:`rank_rows` share the first group: the first is no better than these."""
    return int((ranked["group"].to_numpy() == 1).sum())


def probability_better(
    score: float | Floats, score_se: float | Floats, other: float | Floats, other_se: float | Floats
) -> Floats:
    """P(A beats B) = Phi((a - b) / sqrt(se_a^2 + se_b^2)), elementwise, for independent normal errors.

    Example: 30 +- 0.75 against 29 +- 0.75 gives 0.83; equal scores give 0.5. NaN in, NaN out; without any
    error the higher score wins for certain.
    """
    from scipy.special import ndtr  # noqa: PLC0415 - 50 ms that most pages don't need

    gap = np.subtract(score, other, dtype=float)
    spread = np.hypot(score_se, other_se)
    with np.errstate(divide="ignore", invalid="ignore"):
        certain = np.where(np.isnan(spread), np.nan, np.sign(gap) * np.inf)
        z = np.where(spread > 0, gap / spread, np.where(gap == 0, 0.0, certain))
    return np.asarray(ndtr(z), float)


def probability_matrix(score: Sequence[float] | Floats, score_se: Sequence[float] | Floats) -> Floats:
    """Give the n x n chances that the row's model beats the column's; the diagonal is NaN."""
    scores, errors = np.asarray(score, float), np.asarray(score_se, float)
    matrix = probability_better(scores[:, None], errors[:, None], scores[None, :], errors[None, :])
    np.fill_diagonal(matrix, np.nan)
    return matrix


def exceeds_noise(difference: float, difference_se: float) -> bool | None:
    """Whether a difference is real with at least 95% probability; None if either figure is unknown."""
    if not (np.isfinite(difference) and np.isfinite(difference_se)):
        return None
    return bool(abs(difference) >= INTERVAL_Z * difference_se)


def scores_of(by: str) -> list[str]:
    """The columns that :func:`rank_board` reads for ``by``."""
    return [name for key in (BENCHMARK_KEYS if by == "own" else [by]) for name in (key, f"{key}_se")]


def rank_board(rows: pd.DataFrame, by: str, weights: Mapping[str, float] | None = None) -> pd.DataFrame:
    """Sort rows from best to worst and add what the ranking knows about them.

    Args:
        rows: the rows in view, in the contract's schema.
        by: a key of ``SCORE_KEYS``, or "own" for ``weights``.
        weights: see :func:`weighted_scores`; read only if ``by`` is "own".

    Returns:
        The rows with a score, best first, on their old index, with ``score``, ``score_se``, ``rank``,
        ``rank_low``, ``rank_high`` and ``group`` added.

    Raises:
        InvalidInputError: ``by`` is no score, or the weights can't be used.
    """
    ranked = rank_scores(rows, by, weights)
    return pd.concat([rows.loc[ranked.index], ranked], axis=1)


def rank_scores(rows: pd.DataFrame, by: str, weights: Mapping[str, float] | None = None) -> pd.DataFrame:
    """What :func:`rank_board` adds, without the rows' own columns: ``RANK_COLUMNS``, best first.

    Raises:
        InvalidInputError: ``by`` is no score, or the weights can't be used.
    """
    if by == "own":
        scores = weighted_scores(rows, weights or {})
    elif by in SCORE_KEYS:
        scores = pd.DataFrame({"score": rows[by], "score_se": rows[f"{by}_se"]})
    else:
        raise InvalidInputError(f"There is no score called {by}.")
    order, ranks = _best_first(
        scores["score"].to_numpy(float, na_value=np.nan), scores["score_se"].to_numpy(float, na_value=np.nan)
    )
    return scores.iloc[order].assign(**{name: _whole(values) for name, values in ranks.items()})
