"""Uncertainty through to the end: stochastic multicriteria acceptability analysis.

Scores are drawn from normal distributions with their standard errors, those of placed bases with the
covariances between the six, unknown values from what is typical of
the known ones with its scatter (``core.decision.unknowns``: an unknown puts nobody ahead or behind), weights
from a Dirichlet distribution around the reader's. After Lahdelma and Salminen, "SMAA-2", Operations Research
49(3), 2001.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from core.decision import criteria

if TYPE_CHECKING:
    import numpy.typing as npt

    from core.decision.criteria import Values

    Floats = npt.NDArray[np.float64]
    Singles = npt.NDArray[np.float32]

# Columns of the values that the benchmarks are drawn into.
_CAPABILITY: Final = 0


@dataclass(frozen=True, slots=True)
class Scores:
    """Benchmarks of the candidates on the capability scale: n x b values and standard deviations, no NaN.

    ``shares``: b weights. ``covariance``: n x b (b - 1) / 2, of the errors of each two benchmarks, ordered as
    :func:`pair_products`; None where all errors are independent.
    """

    mean: Floats
    sd: Floats
    shares: Floats
    covariance: Floats | None = None

    def pick(self, rows: npt.NDArray[np.int64]) -> Scores:
        """The same of some candidates."""
        between = None if self.covariance is None else self.covariance[rows]
        return Scores(self.mean[rows], self.sd[rows], self.shares, between)

    def variance(self, weights: Floats) -> Floats:
        """Variances (d x n) of the weighted sums at d x b weights."""
        found = weights**2 @ (self.sd**2).T
        if self.covariance is not None and self.covariance.any():
            found += 2 * pair_products(weights) @ self.covariance.T
        # Rounded covariances may add up to a little less than nothing.
        return np.maximum(found, 0)


@dataclass(frozen=True, slots=True)
class Simulated:
    """What the draws say about n candidates.

    Attributes:
        score: n expected values, 0 to 1, at the reader's own weights.
        p_first: n shares of draws in which the candidate comes first.
        acceptability: n x n; share of draws in which the row's candidate takes the column's rank.
        rank_low, rank_high: n; the ranks between which 90% of the draws lie.
        central: n x k; mean weights of the draws a candidate wins, NaN if it wins none.
        ahead: n; share of draws in which the candidate stands ahead of the one with the best score.
    """

    score: Floats
    p_first: Floats
    acceptability: Floats
    rank_low: npt.NDArray[np.int64]
    rank_high: npt.NDArray[np.int64]
    central: Floats
    ahead: Floats


def pair_products(weights: Floats) -> Floats:
    """Products of each two of b weights, d x b (b - 1) / 2: first with second, first with third, and so on.

    >>> pair_products(np.array([[2.0, 3.0, 5.0]])).tolist()
    [[6.0, 10.0, 15.0]]
    """
    first, second = np.triu_indices(weights.shape[1], k=1)
    return weights[:, first] * weights[:, second]


def expected(values: Values, shares: Floats) -> Floats:
    """Values (n) at given weights, unknowns at their mean."""
    return values.expected @ shares


def simulate(
    values: Values, scores: Scores, shares: Floats, *, concentration: float, draws: int, seed: int
) -> Simulated:
    """Draw weights and figures ``draws`` times and rank the candidates each time.

    Args:
        values: n x k.
        scores: n x b.
        shares: k weights that add up to 1 (all 0: every candidate ties).
        concentration: total of the Dirichlet parameters; infinite: the weights are exact; 0: nothing is known
            of them but which are not 0.
        draws: how often.
        seed: same seed, same answer.
    """
    rng = np.random.default_rng(seed)
    weights = draw_weights(rng, shares, concentration, draws)
    totals = draw_totals(rng, values, scores, weights, concentration)
    return _summary(totals, weights, expected(values, shares))


def draw_weights(rng: np.random.Generator, shares: Floats, concentration: float, draws: int) -> Floats:
    """Weights (draws x k) around ``shares``; a weight of 0 stays 0."""
    weights = np.zeros((draws, len(shares)))
    active = shares > 0
    if not active.any():
        return weights
    if np.isinf(concentration) or active.sum() == 1:
        weights[:] = shares
        return weights
    alpha = shares[active] * concentration if concentration > 0 else np.ones(int(active.sum()))
    weights[:, active] = rng.dirichlet(alpha, size=draws)
    return weights


def draw_totals(
    rng: np.random.Generator, values: Values, scores: Scores, weights: Floats, concentration: float
) -> Singles:
    """Weighted sums (draws x n).

    The errors of a draw are independent normals, so their weighted sum is one normal whose variance is the
    weighted sum of variances: one random number per draw and candidate instead of one per figure.
    """
    draws, n = len(weights), len(values.mean)
    benchmarks = draw_weights(rng, scores.shares, concentration, draws)
    rest = weights.copy()
    rest[:, _CAPABILITY] = 0
    capability = weights[:, [_CAPABILITY]]
    known = np.nan_to_num(values.mean)
    total = rest @ known.T + capability * (benchmarks @ scores.mean.T)
    variance = rest**2 @ (values.sd**2).T + capability**2 * scores.variance(benchmarks)
    drawn = total.astype(np.float32)
    drawn += np.sqrt(variance).astype(np.float32) * rng.standard_normal((draws, n), np.float32)
    for k in range(1, values.mean.shape[1]):
        unknown = np.isnan(values.mean[:, k])
        if values.usable[k] and unknown.any() and weights[:, k].any():
            among = values.scatter[k]
            around = among[rng.integers(len(among), size=(draws, int(unknown.sum())))]
            drawn[:, unknown] += weights[:, [k]] * criteria.guesses(values.centre[unknown, k], around)
    return drawn


def first_shares(totals: Singles) -> Floats:
    """Shares (n) of the draws each candidate wins; equal shares where all tie."""
    n = totals.shape[1]
    if not np.ptp(totals):
        return np.full(n, 1 / n)
    return np.bincount(totals.argmax(axis=1), minlength=n) / len(totals)


def _summary(totals: Singles, weights: Floats, score: Floats) -> Simulated:
    draws, n = totals.shape
    if not np.ptp(totals):
        even = np.full((n, n), 1 / n)
        low, high = np.ones(n, dtype=np.int64), np.full(n, n, dtype=np.int64)
        nothing = np.full((n, weights.shape[1]), np.nan)
        return Simulated(score, np.full(n, 1 / n), even, low, high, nothing, np.full(n, 0.5))
    order = np.argsort(-totals, axis=1)
    places = np.broadcast_to(np.arange(n), (draws, n))
    # Count (candidate, rank) pairs in one pass.
    counts = np.bincount((order * n + places).ravel(), minlength=n * n).reshape(n, n)
    acceptability = counts / draws
    cumulated = np.cumsum(acceptability, axis=1)
    low = (cumulated < 0.05).sum(axis=1) + 1
    high = np.minimum((cumulated < 0.95 - 1e-9).sum(axis=1) + 1, n)
    winners = order[:, 0]
    wins = counts[:, 0]
    sums = np.zeros((n, weights.shape[1]))
    np.add.at(sums, winners, weights)
    central = np.divide(sums, wins[:, None], out=np.full_like(sums, np.nan), where=wins[:, None] > 0)
    best = int(np.argmax(score))
    ahead = (totals > totals[:, [best]]).mean(axis=0)
    return Simulated(score, acceptability[:, 0], acceptability, low, high, central, ahead)
