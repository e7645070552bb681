"""The rectified scaling law: what a model will reach with all the data, from trial runs on little of it.

L(D) = (B / (D_l + D^b) + E)^a, after Lin et al., "Selecting Large Language Model to Fine-tune via Rectified
Scaling Law", ICML 2024. Written here as L0 (e + (1 - e) / (1 + (D / D_t)^b))^a, the same curves with
D_l = D_t^b, E = L0^(1/a) e and B = L0^(1/a) (1 - e) D_l: L0 is the loss without data, D_t the size at which
the power law begins, e the share of L0^(1/a) that no data removes. Five numbers from four or five trial runs
only settle with a prior, learnt from other models' curves (:mod:`core.pilot.prior`).

The law alone is too sure of itself: curves leave it slowly. So a fitted curve is the law plus a smooth drift
(an integrated Wiener process per doubling of the data) plus noise. How large drift and noise are isn't known
for a new task: predictions are averaged over :data:`SETTINGS`, all with equal weight.

Where a curve bends early the law follows the bend too far. The authors' straight line doesn't; it joins with
the weight that chose best on other sets (:mod:`core.pilot.prior`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from core import schema
from core.pilot.accept_then_stop import accept_then_stop

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

PARAMETERS: Final = ("log L0", "log D_t / 10,000", "log b", "logit e", "log a")
# Noise of a trial run and drift per doubling, both in natural logarithms of the loss.
SETTINGS: Final = tuple(
    (noise, drift) for noise in (0.005, 0.01, 0.02, 0.04) for drift in (0.005, 0.01, 0.02, 0.04)
)
# The level differs from measure to measure, so the prior hardly speaks on it: this variance is added.
LEVEL_VARIANCE: Final = 1.0
Z90: Final = schema.Z90
_CENTRE: Final = np.log(10_000.0)
_DRIFT_START: Final = np.log(100.0)
_ROUNDS: Final = 30
# A straight line through fewer trial runs has nothing to be held against.
FEWEST_FOR_LINE: Final = 3
_STEP_TOLERANCE: Final = 1e-5
_FAR: Final = 40.0


@dataclass(frozen=True, slots=True)
class Prior:
    """What other models' curves say about a new one.

    Attributes:
        mean: 5 parameters, as in :data:`PARAMETERS`.
        covariance: 5 x 5.
        doublings: increasing; how far beyond the largest trial run a prediction reaches.
        widths: as many factors that made 90% bands hold 90% of curves the prior hadn't seen.
        spread: standard deviation between models of the logarithm of the loss they end at.
        straight: weight of the straight line of accept-then-stop beside the law, 0 to 1.
    """

    mean: Floats
    covariance: Floats
    doublings: Floats
    widths: Floats
    spread: float
    straight: float = 0.0

    def width(self, doublings: Floats) -> Floats:
        """The factor for each distance; the nearest known one beyond both ends."""
        found: Floats = np.interp(doublings, self.doublings, self.widths)
        return found


@dataclass(frozen=True, slots=True)
class Extrapolation:
    """Logarithms of the loss at t sizes of n models: mean and standard deviation (n x t)."""

    sizes: Floats
    mean: Floats
    sd: Floats

    @property
    def low(self) -> Floats:
        """Lower end (n x t) of the 90% band of the loss."""
        return np.asarray(np.exp(self.mean - Z90 * self.sd))

    @property
    def high(self) -> Floats:
        """Upper end (n x t) of the 90% band of the loss."""
        return np.asarray(np.exp(self.mean + Z90 * self.sd))

    @property
    def median(self) -> Floats:
        """Middle (n x t) of the loss."""
        return np.asarray(np.exp(self.mean))


def curve(parameters: Floats, sizes: Floats) -> Floats:
    """Logarithm of the loss (n x t) for n x 5 parameters at t sizes (or n x t).

    >>> law = np.array([[0.0, 0.0, 0.0, 0.0, 0.0]])  # halfway from 1 to a floor of a half, at 10,000
    >>> float(np.exp(curve(law, np.array([10_000.0])))[0, 0])
    0.75
    """
    return _curve_and_slopes(parameters, np.log(sizes))[0]


def extrapolate(
    sizes: Floats, losses: Floats, targets: Floats, prior: Prior, *, relative_error: Floats | None = None
) -> Extrapolation:
    """Fit the law to trial runs and predict larger ones.

    The fit is the most probable set of parameters (Gauss-Newton with damping, all models and settings at
    once); the band comes from the curvature there (Laplace), the drift still to come and the noise.

    Args:
        sizes: k increasing numbers of training examples, at least 1.
        losses: n x k, above 0, lower is better.
        targets: t sizes to predict.
        prior: from other models' curves.
        relative_error: n x k standard errors of ``log losses`` by the finite held-out set.

    Returns:
        Predictions on the logarithm of the loss.
    """
    n, k, t = len(losses), len(sizes), len(targets)
    log_sizes, log_targets = np.log(sizes), np.log(targets)
    own = np.zeros((n, k)) if relative_error is None else relative_error
    count = len(SETTINGS)
    # Rows: settings outside, models inside.
    observed = np.tile(np.log(losses), (count, 1))
    noise = np.repeat([noise for noise, _ in SETTINGS], n)
    drift = np.repeat([drift for _, drift in SETTINGS], n)
    between = _drift_covariance(log_sizes, log_sizes)
    covariance = drift[:, None, None] ** 2 * between
    covariance[:, np.arange(k), np.arange(k)] += noise[:, None] ** 2 + np.tile(own**2, (count, 1))
    whiten = inverse(np.asarray(np.linalg.cholesky(covariance), dtype=np.float64))
    level = np.zeros((5, 5))
    level[0, 0] = LEVEL_VARIANCE
    precision = inverse(prior.covariance + level)
    parameters, posterior = fit(observed, log_sizes, whiten, prior.mean, precision)
    seen, slopes = _curve_and_slopes(parameters, log_sizes)
    ahead, slopes_ahead = _curve_and_slopes(parameters, log_targets)
    cross = drift[:, None, None] ** 2 * _drift_covariance(log_targets, log_sizes)
    weights = cross @ np.swapaxes(whiten, 1, 2) @ whiten  # rows x t x k
    mean = ahead + np.einsum("rtk,rk->rt", weights, observed - seen)
    leverage = slopes_ahead - weights @ slopes
    variance = np.einsum("rti,rij,rtj->rt", leverage, posterior, leverage)
    variance += drift[:, None] ** 2 * np.diag(_drift_covariance(log_targets, log_targets))
    variance -= np.einsum("rtk,rtk->rt", weights, cross)
    variance = np.maximum(variance, 0.0) + noise[:, None] ** 2
    means, variances = mean.reshape(count, n, t), variance.reshape(count, n, t)
    middle, total = means.mean(axis=0), variances.mean(axis=0) + means.var(axis=0)
    beyond = (log_targets - log_sizes[-1]) / np.log(2)
    if prior.straight > 0 and k >= FEWEST_FOR_LINE:
        line = np.array([np.log(accept_then_stop(sizes, row, targets)) for row in losses])
        middle, total = blend(middle, total, line, prior.straight * np.clip(beyond, 0, 1))
    return Extrapolation(targets, middle, np.sqrt(total) * prior.width(beyond))


def blend(mean: Floats, variance: Floats, line: Floats, weight: Floats | float) -> tuple[Floats, Floats]:
    """Two forecasts of the same logarithm in one: where they disagree the variance grows.

    Shapes broadcast against each other.

    >>> blend(np.array([0.0]), np.array([0.01]), np.array([0.4]), 0.25)
    (array([0.1]), array([0.04]))
    """
    off = line - mean
    return np.asarray(mean + weight * off), np.asarray(variance + weight * (1 - weight) * off**2)


def fit(
    observed: Floats, log_sizes: Floats, whiten: Floats, mean: Floats, precision: Floats
) -> tuple[Floats, Floats]:
    """Most probable parameters (r x 5) of r curves, and their covariances (r x 5 x 5).

    Args:
        observed: r x k logarithms of losses.
        log_sizes: k.
        whiten: r x k x k; turns residuals into independent ones of variance 1.
        mean: 5.
        precision: 5 x 5, of the prior.
    """
    parameters = np.tile(mean, (len(observed), 1))
    parameters[:, 0] += (observed - _curve_and_slopes(parameters, log_sizes)[0]).mean(axis=1)
    damping = np.full(len(observed), 1e-2)
    values, slopes = _curve_and_slopes(parameters, log_sizes)
    cost = _cost(parameters, observed - values, whiten, mean, precision)
    for _ in range(_ROUNDS):
        white = whiten @ slopes
        residual = np.einsum("rij,rj->ri", whiten, observed - values)
        curvature = np.swapaxes(white, 1, 2) @ white + precision
        downhill = np.einsum("rij,ri->rj", white, residual) - (parameters - mean) @ precision
        damped = curvature.copy()
        damped[:, np.arange(5), np.arange(5)] *= 1 + damping[:, None]
        tried = parameters + np.linalg.solve(damped, downhill[..., None])[..., 0]
        tried_values, tried_slopes = _curve_and_slopes(tried, log_sizes)
        tried_cost = _cost(tried, observed - tried_values, whiten, mean, precision)
        better = tried_cost < cost
        gained = float(np.max(np.where(better, cost - tried_cost, 0.0)))
        parameters[better], cost[better] = tried[better], tried_cost[better]
        values[better], slopes[better] = tried_values[better], tried_slopes[better]
        damping = np.clip(np.where(better, damping / 4, damping * 4), 1e-9, 1e6)
        if better.any() and gained < _STEP_TOLERANCE:
            break
    white = whiten @ slopes
    return parameters, inverse(np.swapaxes(white, 1, 2) @ white + precision)


def inverse(matrix: Floats) -> Floats:
    """Inverse of a matrix, or of each in a stack."""
    return np.asarray(np.linalg.inv(matrix), dtype=np.float64)


def _cost(parameters: Floats, residual: Floats, whiten: Floats, mean: Floats, precision: Floats) -> Floats:
    white = np.einsum("rij,rj->ri", whiten, residual)
    away = parameters - mean
    found: Floats = (white**2).sum(axis=1) + np.einsum("ri,ij,rj->r", away, precision, away)
    return found


def _curve_and_slopes(parameters: Floats, log_sizes: Floats) -> tuple[Floats, Floats]:
    """Curve (r x k) and its derivatives by the parameters (r x k x 5)."""
    level, start, log_b, logit_floor, log_a = (parameters[:, [i]] for i in range(5))
    distance = log_sizes - _CENTRE - start
    b, a = np.exp(np.clip(log_b, -_FAR, 5)), np.exp(np.clip(log_a, -_FAR, 5))
    left = _logistic(-b * distance)
    floor = _logistic(logit_floor)
    inside = floor + (1 - floor) * left
    fall = a * (1 - floor) * left * (1 - left) / inside
    slopes = np.stack(
        [
            np.broadcast_to(1.0, inside.shape),
            fall * b,
            -fall * b * distance,
            a * (1 - left) * floor * (1 - floor) / inside,
            a * np.log(inside),
        ],
        axis=-1,
    )
    return level + a * np.log(inside), slopes


def _logistic(x: Floats) -> Floats:
    return np.asarray(1 / (1 + np.exp(-np.clip(x, -_FAR, _FAR))))


def _drift_covariance(first: Floats, second: Floats) -> Floats:
    """Covariance of an integrated Wiener process that starts one doubling below 200 examples."""
    one = np.maximum((first - _DRIFT_START) / np.log(2), 0.05)
    other = np.maximum((second - _DRIFT_START) / np.log(2), 0.05)
    near, far = np.minimum.outer(one, other), np.maximum.outer(one, other)
    found: Floats = near**2 * (3 * far - near) / 6
    return found
