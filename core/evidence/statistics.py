"""How well a signal orders outcomes, with intervals."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

# Fewer models say nothing about an order.
FEWEST: Final = 5
RESAMPLES: Final = 1_000
SEED: Final = 20250313
# Sums of squares of ranks below this are rounding.
_NOTHING: Final = 1e-9
STATISTICS: Final = ("spearman", "kendall", "regret")


def spearman(signal: Floats, outcome: Floats, counts: Floats | None = None) -> Floats:
    """Spearman's rank correlation of n models, once for each of r resamples; NaN where one has no spread.

    Ties share their mean rank.

    Args:
        signal: n.
        outcome: n.
        counts: r x n; how often each resample holds each model. Every model once if not given.

    >>> spearman(np.array([1.0, 2.0, 3.0]), np.array([1.0, 3.0, 2.0]))
    array([0.5])
    """
    held = np.ones((1, len(signal))) if counts is None else counts
    a, b = _ranks(signal, held), _ranks(outcome, held)
    total = held.sum(axis=1, keepdims=True)
    a -= (held * a).sum(axis=1, keepdims=True) / total
    b -= (held * b).sum(axis=1, keepdims=True) / total
    spread = (held * a**2).sum(axis=1) * (held * b**2).sum(axis=1)
    return _ratio((held * a * b).sum(axis=1), np.sqrt(np.where(spread > _NOTHING, spread, 0)))


def kendall(signal: Floats, outcome: Floats, counts: Floats | None = None) -> Floats:
    """Kendall's tau-b: concordant less discordant pairs, corrected for ties; arguments as in spearman."""
    held = np.ones((1, len(signal))) if counts is None else counts
    first, second = np.triu_indices(len(signal), 1)
    pairs = held[:, first] * held[:, second]
    a = np.sign(signal[first] - signal[second])
    b = np.sign(outcome[first] - outcome[second])
    return _ratio(pairs @ (a * b), np.sqrt((pairs @ a**2) * (pairs @ b**2)))


def regret(signal: Floats, outcome: Floats, counts: Floats | None = None) -> Floats:
    """Regret at one: what is lost by tuning the model the signal ranks first, as a share of best to worst.

    Several models in the first place count with their mean. NaN where all outcomes are equal. Arguments as in
    spearman.
    """
    held = np.ones((1, len(signal))) if counts is None else counts
    drawn = held > 0
    leads = np.where(drawn, signal, -np.inf)
    top = held * (leads == leads.max(axis=1, keepdims=True))
    reached = top @ outcome / np.maximum(top.sum(axis=1), 1)
    best = np.where(drawn, outcome, -np.inf).max(axis=1)
    worst = np.where(drawn, outcome, np.inf).min(axis=1)
    return _ratio(best - reached, best - worst)


def random_regret(outcome: Floats) -> float:
    """Regret of a model picked blindly: the mean over all of them."""
    spread = float(outcome.max() - outcome.min())
    return float((outcome.max() - outcome).mean() / spread) if spread > 0 else float("nan")


def over_groups(signal: Floats, outcome: Floats, counts: Floats) -> dict[str, Floats]:
    """Each statistic, averaged over g groups, for each of r resamples.

    Models are resampled, not single results: a model strong in one task tends to be strong in the next. A
    group takes of a resample the models it has results of, each as often as it was drawn.

    Args:
        signal: n models x g groups; NaN where a model has no result in a group.
        outcome: n x g.
        counts: r x n.
    """
    sums = {name: np.zeros(len(counts)) for name in STATISTICS}
    groups = {name: np.zeros(len(counts)) for name in STATISTICS}
    for k in range(signal.shape[1]):
        known = ~np.isnan(signal[:, k]) & ~np.isnan(outcome[:, k])
        if known.sum() < FEWEST:
            continue
        held = counts[:, known]
        some = held.any(axis=1)
        for name, function in (("spearman", spearman), ("kendall", kendall), ("regret", regret)):
            found = np.full(len(counts), np.nan)
            found[some] = function(signal[known, k], outcome[known, k], held[some])
            fine = ~np.isnan(found)
            sums[name][fine] += found[fine]
            groups[name][fine] += 1
    return {name: _ratio(sums[name], groups[name]) for name in STATISTICS}


def bootstrap(
    statistics: Callable[[Floats], Floats], n: int, *, resamples: int = RESAMPLES, seed: int = SEED
) -> tuple[Floats, Floats]:
    """Figures of n models and what resampling the models with replacement makes of them.

    Args:
        statistics: from counts (r x n) to s figures (s x r).
        n: models.
        resamples: how many.
        seed: same seed, same answer.

    Returns:
        s figures and s x resamples.
    """
    from scipy import stats  # noqa: PLC0415 - heavy, and needed by the builders alone

    def of_drawn(drawn: npt.NDArray[np.int64], axis: int = -1) -> Floats:
        rows = np.moveaxis(drawn, axis, -1)
        if rows.ndim == 1:
            rows = rows[None]
        return statistics((rows[..., None] == np.arange(n)).sum(axis=-2).astype(float))

    with warnings.catch_warnings():
        # Resamples without spread give NaN, and are left out of the interval.
        warnings.simplefilter("ignore", stats.DegenerateDataWarning)
        found = stats.bootstrap(
            (np.arange(n),),
            of_drawn,
            n_resamples=resamples,
            method="percentile",
            vectorized=True,
            rng=np.random.default_rng(seed),
        )
    return statistics(np.ones((1, n)))[:, 0], np.asarray(found.bootstrap_distribution)


def interval(resampled: Floats) -> tuple[float, float]:
    """The middle 95% of bootstrap results; NaN if there are none."""
    known = resampled[~np.isnan(resampled)]
    if not len(known):
        return float("nan"), float("nan")
    low, high = np.quantile(known, [0.025, 0.975])
    return float(low), float(high)


def _ranks(values: Floats, counts: Floats) -> Floats:
    """Mean rank (r x n) of each model among those that each resample holds."""
    below = (values[:, None] < values).astype(float)
    level = (values[:, None] == values).astype(float)
    return np.asarray(counts @ below + (counts @ level + 1) / 2)


def _ratio(above: Floats, below: Floats) -> Floats:
    """Quotients, NaN where the divisor isn't above 0."""
    found: Floats = np.divide(above, below, out=np.full(len(above), np.nan), where=below > 0)
    return found
