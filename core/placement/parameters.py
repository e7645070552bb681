"""The fitted figures that placing one more base takes, as arrays without objects."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

import numpy as np

from core.errors import SourceUnavailableError
from core.placement import stored
from core.placement.cells import BOARD
from core.placement.scale import TASKS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from core.placement.design import Design
    from core.placement.model import Fit

    Array = NDArray[np.float64]

_MAX_BYTES: Final = 2_000_000


@dataclass(frozen=True, slots=True)
class Parameters:
    """A fit as :mod:`core.placement.place` needs it.

    Attributes:
        intercepts: mean and variance by column key; benchmarks: slopes, error variance, mean and variance
            of the intercept by benchmark; regression and its covariance: the prior mean of abilities,
            regressor by regressor.
        families: mean of each family's effect; board_*: of the six tasks.
    """

    intercepts: dict[str, tuple[float, float]]
    slopes: dict[str, Array]
    sigma2: dict[str, float]
    benchmark_means: dict[str, tuple[float, float]]
    regression: Array
    regression_cov: Array
    prior_cov: Array
    report_cov: Array
    tau2: float
    board_mean: Array
    board_cov: Array
    board_slopes: Array
    board_sigma2: Array
    board_luck: Array
    stretch: Array


def pack(design: Design, state: Fit, factors: dict[bool, float]) -> dict[str, Array]:
    """The arrays of the parameters' file."""
    columns, benchmarks = len(design.columns), len(design.benchmarks)
    k = state.slopes.shape[1]
    start = columns + benchmarks
    stop = start + design.data.x.shape[1] * k
    board = [design.columns.index(f"{BOARD}|{task}") for task in TASKS]
    tasks = [design.benchmarks.index(f"{BOARD}:{task}") for task in TASKS]
    variance = np.diag(state.cov)
    return {
        "columns": np.array(design.columns),
        "intercepts": np.column_stack([state.mean[:columns], variance[:columns]]),
        "benchmarks": np.array(design.benchmarks),
        "benchmark_means": np.column_stack([state.mean[columns:start], variance[columns:start]]),
        "slopes": state.slopes,
        "sigma2": state.sigma2,
        "regression": state.mean[start:stop],
        "regression_cov": state.cov[start:stop, start:stop],
        "prior_cov": state.omega + state.family_cov,
        "report_cov": state.report_cov,
        "tau2": np.array(state.tau2),
        "board_mean": state.mean[board],
        "board_cov": state.cov[np.ix_(board, board)],
        "board_slopes": state.slopes[tasks],
        "board_sigma2": state.sigma2[tasks],
        "board_luck": state.report_cov[1],
        "stretch": np.array([factors[False], factors[True]]),
    }


@lru_cache(maxsize=1)
def load_parameters() -> Parameters:
    """The committed parameters; read once.

    Raises:
        SourceUnavailableError: the file is missing, too large or not what the builder writes.
    """
    path = stored.FOLDER / stored.PARAMETERS_FILE
    try:
        if path.stat().st_size > _MAX_BYTES:
            raise ValueError("too large")  # noqa: TRY301
        with np.load(io.BytesIO(path.read_bytes()), allow_pickle=False) as file:
            return unpack(dict(file))
    except (OSError, ValueError, KeyError, zipfile.BadZipFile) as error:
        raise SourceUnavailableError(
            f"{path.name} cannot be read ({type(error).__name__}).",
            source=path.name,
            remedy="Restore the file, or build it anew: python -m core.placement.build.",
        ) from error


def unpack(arrays: dict[str, Array]) -> Parameters:
    """Parameters from the arrays of :func:`pack`."""
    benchmarks = [str(name) for name in arrays["benchmarks"]]
    return Parameters(
        intercepts={
            str(name): (float(mean), float(var))
            for name, (mean, var) in zip(arrays["columns"], arrays["intercepts"], strict=True)
        },
        slopes=dict(zip(benchmarks, arrays["slopes"], strict=True)),
        sigma2=dict(zip(benchmarks, arrays["sigma2"].tolist(), strict=True)),
        benchmark_means={
            name: (float(mean), float(var))
            for name, (mean, var) in zip(benchmarks, arrays["benchmark_means"], strict=True)
        },
        regression=arrays["regression"],
        regression_cov=arrays["regression_cov"],
        prior_cov=arrays["prior_cov"],
        report_cov=arrays["report_cov"],
        tau2=float(arrays["tau2"]),
        board_mean=arrays["board_mean"],
        board_cov=arrays["board_cov"],
        board_slopes=arrays["board_slopes"],
        board_sigma2=arrays["board_sigma2"],
        board_luck=arrays["board_luck"],
        stretch=arrays["stretch"],
    )
