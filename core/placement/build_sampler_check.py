"""Sample the placement's model with NumPyro's NUTS and compare the two.

Run as ``python -m core.placement.build_sampler_check``. An independent check of the exact solution: the
same slopes and variances, but every intercept, ability, family and report effect sampled, and Student
errors as such instead of weights. Needs requirements-placement.txt.
"""

from __future__ import annotations

import argparse
from typing import Any

import numpy as np

from core.placement.cells import gather
from core.placement.design import make_design
from core.placement.model import NU, Data, Fit, Settings, fit

_SEED = 20261129


def sample(data: Data, state: Fit, *, warmup: int, draws: int) -> tuple[np.ndarray, dict[str, float]]:
    """Draws of all abilities, shape (chains, draws, bases, K), and the sampler's own figures.

    Returns:
        The draws; max_r_hat and min_ess over the abilities, and the number of divergent transitions.
    """
    import jax  # type: ignore[import-not-found, unused-ignore]  # noqa: PLC0415
    import jax.numpy as jnp  # type: ignore[import-not-found, unused-ignore]  # noqa: PLC0415
    import numpyro  # type: ignore[import-not-found, unused-ignore]  # noqa: PLC0415
    from numpyro import distributions as dist  # noqa: PLC0415
    from numpyro.diagnostics import effective_sample_size, split_gelman_rubin  # type: ignore[import-not-found, unused-ignore]  # noqa: PLC0415
    from numpyro.infer import MCMC, NUTS  # type: ignore[import-not-found, unused-ignore]  # noqa: PLC0415

    jax.config.update("jax_enable_x64", True)
    bases, k = len(data.x), state.slopes.shape[1]
    pairs, pair = np.unique(np.column_stack([data.model, data.study]), axis=0, return_inverse=True)
    luck_root = np.linalg.cholesky(state.report_cov)[data.study_kind[pairs[:, 1]]]
    own_root, family_root = np.linalg.cholesky(state.omega), np.linalg.cholesky(state.family_cov)
    benchmark = data.column_benchmark[data.column]
    slopes = state.slopes[benchmark]
    scale = np.sqrt(state.sigma2[benchmark] + data.s2)

    def model() -> None:
        def normal(name: str, *shape: int) -> Any:
            return numpyro.sample(name, dist.Normal(0, 1).expand(shape).to_event(len(shape)))

        level = 2.0 * normal("level", len(state.slopes))
        intercept = level[data.column_benchmark] + np.sqrt(state.tau2) * normal(
            "intercept", len(data.column_benchmark)
        )
        regression = normal("regression", data.x.shape[1], k).at[0].mul(0.01)
        family = normal("family", int(data.family.max()) + 1, k) @ family_root.T
        theta = data.x @ regression + family[data.family] + normal("own", bases, k) @ own_root.T
        numpyro.deterministic("theta", theta)
        luck = jnp.einsum("pkl,pl->pk", luck_root, normal("luck", len(pairs), k))
        mean = intercept[data.column] + jnp.sum(slopes * (theta[data.model] + luck[pair.ravel()]), axis=1)
        numpyro.sample("y", dist.StudentT(NU, mean, scale), obs=data.y)

    kernel = NUTS(model, max_tree_depth=8, target_accept_prob=0.8)
    mcmc = MCMC(kernel, num_warmup=warmup, num_samples=draws, num_chains=1, progress_bar=False)
    mcmc.run(jax.random.PRNGKey(_SEED), extra_fields=("diverging",))
    theta = np.asarray(mcmc.get_samples(group_by_chain=True)["theta"])
    return theta, {
        "max_r_hat": float(np.max(split_gelman_rubin(theta))),
        "min_ess": float(np.min(effective_sample_size(theta))),
        "divergent": float(np.sum(mcmc.get_extra_fields()["diverging"])),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--warmup", type=int, default=300)
    parser.add_argument("--draws", type=int, default=400)
    options = parser.parse_args()
    design = make_design(gather())
    state = fit(design.data, Settings())
    theta, figures = sample(design.data, state, warmup=options.warmup, draws=options.draws)
    flat = theta.reshape(-1, *theta.shape[2:])
    exact_sd = np.sqrt(np.diagonal(state.theta_cov, axis1=1, axis2=2))
    gap = np.abs(flat.mean(axis=0) - state.theta) / exact_sd
    print({name: round(value, 3) for name, value in figures.items()})
    print("distance of the means in posterior sd; median, 95%:", np.quantile(gap, [0.5, 0.95]).round(2))
    ratio = flat.std(axis=0) / exact_sd
    print("sd sampled / sd exact; 5, 50, 95%:", np.quantile(ratio, [0.05, 0.5, 0.95]).round(2))


if __name__ == "__main__":
    main()
