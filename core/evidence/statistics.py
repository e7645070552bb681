"""How well a signal orders outcomes, with intervals."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

# Fewer models say nothing about an order.
FEWEST: Final = 5
RESAMPLES: Final = 1_000
SEED: Final = 20250313
STATISTICS: Final = ("spearman", "kendall", "regret")


def spearman(signal: Floats, outcome: Floats) -> Floats:
    """Spearman's rank correlation of each row of two r x n arrays; NaN where a row has no spread.

    Ties share their mean rank.
    """
    from scipy.stats import rankdata  # noqa: PLC0415 - heavy, and needed by the backtest alone

    a, b = rankdata(signal, axis=1), rankdata(outcome, axis=1)
    a, b = a - a.mean(axis=1, keepdims=True), b - b.mean(axis=1, keepdims=True)
    spread = np.sqrt((a**2).sum(axis=1) * (b**2).sum(axis=1))
    return _ratio((a * b).sum(axis=1), spread)


def kendall(signal: Floats, outcome: Floats) -> Floats:
    """Kendall's tau-b of each row: concordant less discordant pairs, corrected for ties."""
    n = signal.shape[1]
    first, second = np.triu_indices(n, 1)
    a = np.sign(signal[:, first] - signal[:, second])
    b = np.sign(outcome[:, first] - outcome[:, second])
    spread = np.sqrt((a**2).sum(axis=1) * (b**2).sum(axis=1))
    return _ratio((a * b).sum(axis=1), spread)


def regret(signal: Floats, outcome: Floats) -> Floats:
    """Regret at one: what is lost by tuning the model the signal ranks first, as a share of best to worst.

    Several models in the first place count with their mean. NaN where all outcomes are equal.
    """
    top = signal == signal.max(axis=1, keepdims=True)
    reached = np.where(top, outcome, 0).sum(axis=1) / top.sum(axis=1)
    best, worst = outcome.max(axis=1), outcome.min(axis=1)
    spread = best - worst
    return _ratio(best - reached, spread)


def random_regret(outcome: Floats) -> float:
    """Regret of a model picked blindly: the mean over all of them."""
    spread = float(outcome.max() - outcome.min())
    return float((outcome.max() - outcome).mean() / spread) if spread > 0 else float("nan")


def draws_of(n: int, *, resamples: int = RESAMPLES, seed: int = SEED) -> npt.NDArray[np.int64]:
    """Bootstrap: which of n models each resample takes, with replacement; first row: all, once."""
    rng = np.random.default_rng(seed)
    taken = rng.integers(0, n, size=(resamples, n))
    return np.vstack([np.arange(n), taken])


def over_groups(signal: Floats, outcome: Floats, taken: npt.NDArray[np.int64]) -> dict[str, Floats]:
    """Each statistic, averaged over g groups, for each row of ``taken``.

    Models are resampled, not single results: a model strong in one task tends to be strong in the next.

    Args:
        signal: n models x g groups; NaN where a model has no result in a group.
        outcome: n x g.
        taken: r x n.
    """
    sums = {name: np.zeros(len(taken)) for name in STATISTICS}
    counts = {name: np.zeros(len(taken)) for name in STATISTICS}
    for k in range(signal.shape[1]):
        known = np.flatnonzero(~np.isnan(signal[:, k]) & ~np.isnan(outcome[:, k]))
        if len(known) < FEWEST:
            continue
        whole = len(known) == len(signal)
        rows = taken if whole else _restrict(taken, known)
        a, b = signal[rows, k], outcome[rows, k]
        for name, function in (("spearman", spearman), ("kendall", kendall), ("regret", regret)):
            found = function(a, b)
            fine = ~np.isnan(found)
            sums[name][fine] += found[fine]
            counts[name][fine] += 1
    return {name: _ratio(sums[name], counts[name]) for name in STATISTICS}


def interval(resampled: Floats) -> tuple[float, float]:
    """The middle 95 % of bootstrap results; NaN if there are none."""
    known = resampled[~np.isnan(resampled)]
    if not len(known):
        return float("nan"), float("nan")
    low, high = np.quantile(known, [0.025, 0.975])
    return float(low), float(high)


def _ratio(above: Floats, below: Floats) -> Floats:
    """Quotients, NaN where the divisor isn't above 0."""
    found: Floats = np.divide(above, below, out=np.full(len(above), np.nan), where=below > 0)
    return found


def _restrict(taken: npt.NDArray[np.int64], known: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """The same resamples among fewer models: drawn indices wrap onto those known."""
    rows = known[taken[:, : len(known)] % len(known)]
    rows[0] = known
    return rows
