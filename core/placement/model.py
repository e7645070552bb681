"""Latent abilities behind scores, fitted by EM with every Gaussian unknown integrated out.

On the logit scale a score of base ``i`` in column ``k`` (a benchmark as one report runs it) is

    y = c[k] + a[b(k)] . (theta[i] + delta[i, study]) + e,    e ~ Student(nu) * sigma[b(k)]

with ``theta[i] ~ N(x[i] B + u[family], Omega)``, ``delta ~ N(0, D[kind of study])`` the luck a study has
with a base, and ``c[k] ~ N(m[b], tau^2)``. Given slopes and variances everything is jointly Gaussian and
solved exactly: the abilities are eliminated base by base, the rest (intercepts, regression, families) by
one Cholesky factor. EM updates slopes and variances from exact posterior moments; the Student errors are
weights, refreshed in each round.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import numpy as np
from scipy.linalg import lapack

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.float64]
    Index = NDArray[np.int64]

NU: Final = 5.0
_NO_COMMON_LEVEL: Final = 1e4
_BENCHMARK_SPREAD: Final = 2.0  # sd of a benchmark's mean intercept, logits: as good as flat


@dataclass(frozen=True, slots=True)
class Settings:
    """What is not fitted.

    Attributes:
        rounds: of EM.
        slope_sd: how far a benchmark's slopes stray from what its subject suggests.
        least_report_sd: the report effect is never fitted smaller than this, in units of ability.
        prior_weight: pseudo-observations behind each variance's prior guess.
    """

    rounds: int = 20
    slope_sd: float = 0.35
    least_report_sd: float = 0.1
    prior_weight: float = 6.0


@dataclass(frozen=True, slots=True)
class Data:
    """Scores to fit, one entry a cell, and the bases' attributes.

    Attributes:
        y: logits, shape (cells,); s2: known sampling variance of each, 0 where none is known.
        model, column, study: index of each cell's base, column and study.
        column_benchmark: benchmark of each column; study_kind: kind (0 reports, 1 board, 2 EuroEval) of
            each study.
        x: regressors of each base's prior mean, shape (bases, regressors), the first all ones.
        family: family of each base.
        slope_guess: shape (benchmarks, abilities).
    """

    y: Array
    s2: Array
    model: Index
    column: Index
    study: Index
    column_benchmark: Index
    study_kind: Index
    x: Array
    family: Index
    slope_guess: Array


@dataclass(slots=True)
class Fit:
    """Slopes and variances, and the posterior of everything else given them."""

    slopes: Array
    sigma2: Array
    report_cov: Array  # (kinds, K, K)
    omega: Array  # (K, K)
    family_cov: Array
    tau2: float
    mean: Array = field(
        default_factory=lambda: np.zeros(0)
    )  # of intercepts, benchmark means, regression, families
    cov: Array = field(default_factory=lambda: np.zeros((0, 0)))
    theta: Array = field(default_factory=lambda: np.zeros((0, 0)))
    theta_cov: Array = field(default_factory=lambda: np.zeros((0, 0, 0)))
    links: list[tuple[Index, Array, Array]] = field(default_factory=list)
    trace: list[float] = field(default_factory=list)


class _Layout:
    """Where each unknown stands in the vector of those that bases share."""

    def __init__(self, data: Data) -> None:
        self.k = data.slope_guess.shape[1]
        self.columns = len(data.column_benchmark)
        self.benchmarks = len(data.slope_guess)
        self.regressors = data.x.shape[1]
        self.families = int(data.family.max()) + 1
        self.b0 = self.columns + self.benchmarks
        self.u0 = self.b0 + self.regressors * self.k
        self.size = self.u0 + self.families * self.k
        self.designs = [self.prior_design(x) for x in data.x]

    def prior_index(self, family: int) -> Index:
        regression = np.arange(self.b0, self.u0)
        return np.concatenate([regression, self.u0 + family * self.k + np.arange(self.k)])

    def prior_design(self, x: Array) -> Array:
        """(K, regressors*K + K): the prior mean of abilities as a linear map of regression and family."""
        eye = np.eye(self.k)
        return np.hstack([np.kron(x[None, :], eye), eye])


@dataclass(frozen=True, slots=True)
class _Group:
    """A base's cells in one study."""

    kind: int
    cells: Index
    columns: Index
    benchmarks: Index


def _groups(data: Data) -> list[list[_Group]]:
    order = np.lexsort((data.study, data.model))
    result: list[list[_Group]] = [[] for _ in range(len(data.x))]
    if not len(order):
        return result
    model, study = data.model[order], data.study[order]
    starts = np.flatnonzero(np.r_[True, (np.diff(model) != 0) | (np.diff(study) != 0)])
    for start, stop in zip(starts, np.r_[starts[1:], len(order)], strict=True):
        cells = order[start:stop]
        columns = data.column[cells]
        result[model[start]].append(
            _Group(int(data.study_kind[study[start]]), cells, columns, data.column_benchmark[columns])
        )
    return result


def fit(data: Data, settings: Settings | None = None) -> Fit:
    """Fit slopes and variances, and solve for the rest.

    Returns:
        The fit; ``mean`` and ``cov`` in the order intercepts (columns), benchmark means, regression
        (regressor by regressor), families.
    """
    settings = settings or Settings()
    k = data.slope_guess.shape[1]
    kinds = int(data.study_kind.max()) + 1
    state = Fit(
        slopes=data.slope_guess.copy(),
        sigma2=np.full(len(data.slope_guess), 0.05),
        report_cov=np.stack([np.eye(k) * 0.04] * kinds),
        omega=np.eye(k) * 0.2,
        family_cov=np.eye(k) * 0.2,
        tau2=0.2,
    )
    layout = _Layout(data)
    groups = _groups(data)
    weights = np.ones(len(data.y))
    for _ in range(settings.rounds):
        locals_ = _solve(data, state, layout, groups, weights)
        weights = _update(data, state, layout, groups, weights, locals_, settings)
    state.links = _solve(data, state, layout, groups, weights)
    return state


def _solve(
    data: Data, state: Fit, layout: _Layout, groups: list[list[_Group]], weights: Array
) -> list[tuple[Index, Array, Array]]:
    """Posterior of all Gaussian unknowns; returns, for each base, its shared unknowns and the link."""
    k, n = layout.k, len(data.x)
    omega_inv = np.linalg.inv(state.omega)
    shared = np.zeros((layout.size, layout.size))
    rhs = np.zeros(layout.size)
    _shared_priors(data, state, layout, shared)
    noise = (state.sigma2[data.column_benchmark[data.column]] + data.s2) / weights
    report_inv = [np.linalg.inv(cov) for cov in state.report_cov]
    links: list[tuple[Index, Array, Array]] = []
    pulls = np.zeros((n, k))
    for i in range(n):
        h = omega_inv.copy()
        pull = np.zeros(k)
        design = layout.designs[i]
        index = [layout.prior_index(int(data.family[i]))]
        cross = [-omega_inv @ design]
        shared[np.ix_(index[0], index[0])] += design.T @ omega_inv @ design
        for group in groups[i]:
            a = state.slopes[group.benchmarks]
            wa = a / noise[group.cells, None]
            g = a.T @ wa
            t = np.linalg.inv(report_inv[group.kind] + g)
            through = (np.eye(k) - g @ t) @ wa.T
            y = data.y[group.cells]
            h += g - g @ t @ g
            pull += through @ y
            index.append(group.columns)
            cross.append(through)
            block = -wa @ t @ wa.T
            block[np.diag_indices_from(block)] += 1 / noise[group.cells]
            shared[np.ix_(group.columns, group.columns)] += block
            rhs[group.columns] += block @ y
        where, link = np.concatenate(index), np.hstack(cross)
        h_inv = np.linalg.inv(h)
        gain = h_inv @ link
        if len(np.unique(where)) == len(where):
            shared[np.ix_(where, where)] -= link.T @ gain
        else:
            np.subtract.at(shared, np.ix_(where, where), link.T @ gain)
        np.subtract.at(rhs, where, gain.T @ pull)
        links.append((where, gain, h_inv))
        pulls[i] = h_inv @ pull
    state.cov = _inverse(shared)
    state.mean = state.cov @ rhs
    state.theta = np.stack([p - gain @ state.mean[w] for p, (w, gain, _) in zip(pulls, links, strict=True)])
    state.theta_cov = np.stack([h + gain @ state.cov[np.ix_(w, w)] @ gain.T for w, gain, h in links])
    return links


def _inverse(matrix: Array) -> Array:
    """Inverse of a symmetric positive definite matrix, by its Cholesky factor."""
    factor, failed = lapack.dpotrf(matrix, lower=1, clean=0, overwrite_a=0)
    if failed:
        raise np.linalg.LinAlgError("The shared unknowns' precision is not positive definite.")
    inverse, _ = lapack.dpotri(factor, lower=1, overwrite_c=1)
    lower = np.tril(inverse)
    return np.asarray(lower + np.tril(lower, -1).T)


def _shared_priors(data: Data, state: Fit, layout: _Layout, shared: Array) -> None:
    c = np.arange(layout.columns)
    m = layout.columns + data.column_benchmark
    shared[c, c] += 1 / state.tau2
    shared[c, m] -= 1 / state.tau2
    shared[m, c] -= 1 / state.tau2
    np.add.at(shared, (m, m), 1 / state.tau2)
    means = layout.columns + np.arange(layout.benchmarks)
    shared[means, means] += 1 / _BENCHMARK_SPREAD**2
    regression = np.arange(layout.b0, layout.u0)
    shared[regression, regression] += 1.0
    # A constant added to every ability is the intercepts' business: without this both would be vague
    # together.
    shared[regression[: layout.k], regression[: layout.k]] += _NO_COMMON_LEVEL
    family_inv = np.linalg.inv(state.family_cov)
    for f in range(layout.families):
        at = layout.u0 + f * layout.k + np.arange(layout.k)
        shared[np.ix_(at, at)] += family_inv


def _update(
    data: Data,
    state: Fit,
    layout: _Layout,
    groups: list[list[_Group]],
    weights: Array,
    links: list[tuple[Index, Array, Array]],
    settings: Settings,
) -> Array:
    """Slopes, variances and Student weights from the posterior's moments."""
    k = layout.k
    noise = (state.sigma2[data.column_benchmark[data.column]] + data.s2) / weights
    benchmarks = len(state.slopes)
    s_aa = np.zeros((benchmarks, k, k))
    s_ay = np.zeros((benchmarks, k))
    r2 = np.zeros(len(data.y))
    luck = np.zeros_like(state.report_cov)
    n_luck = np.zeros(len(luck))
    spread = np.zeros((k, k))
    report_inv = [np.linalg.inv(cov) for cov in state.report_cov]
    eye = np.eye(k)
    for i, (where, gain, _) in enumerate(links):
        local = state.cov[np.ix_(where, where)]
        theta, c_theta = state.theta[i], state.theta_cov[i]
        cross = -gain @ local
        design = layout.designs[i]
        p = design.shape[1]
        own = theta - design @ state.mean[where[:p]]
        link = cross[:, :p] @ design.T
        spread += np.outer(own, own) + c_theta - link - link.T + design @ local[:p, :p] @ design.T
        at = p
        for group in groups[i]:
            stop = at + len(group.cells)
            c_cc, c_tc = local[at:stop, at:stop], cross[:, at:stop]
            at = stop
            a = state.slopes[group.benchmarks]
            wa = a / noise[group.cells, None]
            g = a.T @ wa
            t = np.linalg.inv(report_inv[group.kind] + g)
            rest = eye - t @ g
            pull = t @ wa.T
            y = data.y[group.cells] - state.mean[group.columns]
            phi = rest @ theta + pull @ y
            mixed = rest @ c_tc @ pull.T
            c_phi = rest @ c_theta @ rest.T + pull @ c_cc @ pull.T - mixed - mixed.T + t
            c_phic = rest @ c_tc - pull @ c_cc
            delta = phi - theta
            tg = t @ g
            mixed = tg @ c_tc @ pull.T
            luck[group.kind] += (
                np.outer(delta, delta) + tg @ c_theta @ tg.T + pull @ c_cc @ pull.T + mixed + mixed.T + t
            )
            n_luck[group.kind] += 1
            second = np.outer(phi, phi) + c_phi
            w = 1 / noise[group.cells]
            np.add.at(s_aa, group.benchmarks, w[:, None, None] * second)
            np.add.at(s_ay, group.benchmarks, w[:, None] * (y[:, None] * phi[None, :] - c_phic.T))
            residual = y - a @ phi
            r2[group.cells] = (
                residual**2
                + np.diag(c_cc)
                + np.einsum("nk,kl,nl->n", a, c_phi, a)
                + 2 * np.einsum("nk,kn->n", a, c_phic)
            )
    bench = data.column_benchmark[data.column]
    ridge = np.eye(k) / settings.slope_sd**2
    guess = data.slope_guess
    solved = np.linalg.solve(s_aa + ridge, (s_ay + guess @ ridge)[:, :, None])
    state.slopes = np.asarray(solved[:, :, 0], dtype=np.float64)
    count = np.bincount(bench, minlength=benchmarks)
    total = np.bincount(bench, weights * r2 - data.s2, minlength=benchmarks).clip(0)
    typical = float(np.median(state.sigma2[count >= 10])) if (count >= 10).any() else 0.05
    pw = settings.prior_weight
    state.sigma2 = np.asarray((pw * typical + total) / (pw + count), dtype=np.float64).clip(1e-4)
    floor = settings.least_report_sd**2
    # Reports are judged by every table, EuroEval's too: by their own cells alone they come out too sure,
    # and hidden bases are placed worse.
    tables = [kind for kind in range(len(luck)) if kind != 1]
    pooled = luck[tables].sum(axis=0) / max(n_luck[tables].sum(), 1)
    luck[0], n_luck[0] = pooled, 1
    for kind in range(len(luck)):
        if n_luck[kind]:
            cov: Array = (luck[kind] + pw * pooled) / (n_luck[kind] + pw)
            values, vectors = np.linalg.eigh(cov)
            state.report_cov[kind] = (vectors * np.maximum(values, floor)) @ vectors.T
    state.omega = (spread + pw * 0.1 * eye) / (len(data.x) + pw)
    means = state.mean[layout.u0 :].reshape(-1, k)
    own_cov = state.cov[layout.u0 :, layout.u0 :].reshape(layout.families, k, layout.families, k)
    covs = np.einsum("fkfl->kl", own_cov)
    state.family_cov = (means.T @ means + covs + pw * 0.1 * eye) / (layout.families + pw)
    c = np.arange(layout.columns)
    m = layout.columns + data.column_benchmark
    gap = (state.mean[c] - state.mean[m]) ** 2 + state.cov[c, c] + state.cov[m, m] - 2 * state.cov[c, m]
    state.tau2 = float((gap.sum() + pw * 0.2) / (len(c) + pw))
    v = state.sigma2[bench] + data.s2
    state.trace.append(float(np.mean(np.log(v) + r2 / v)))
    return (NU + 1) / (NU + r2 / v)
