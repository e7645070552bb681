"""Memory of the candidates while training, and the GPU they must fit on."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from core.errors import InvalidInputError
from core.memory import gpus
from core.memory.estimate import estimate_memory
from core.memory.resolve import resolve

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy.typing as npt
    import pandas as pd

    from core.decision.tasks import Task
    from core.memory.architectures import Architecture

    Floats = npt.NDArray[np.float64]
    _Setting = tuple[str, int, int, int, str, str]

_UNKNOWN = (np.nan, np.nan, np.nan)


def columns(
    frame: pd.DataFrame,
    asked: npt.NDArray[np.bool_],
    task: Task,
    *,
    configs: Mapping[str, Mapping[str, Any]] | None = None,
) -> dict[str, Any]:
    """memory_gb, memory_low_gb and memory_high_gb (GB = 1e9 bytes) of the rows asked for, else NaN.

    ``configs``: model id -> config.json, of models whose layer sizes are not embedded.
    """
    known = configs or {}
    setting = (
        task.method,
        task.sequence_length,
        task.batch_size,
        task.lora_rank,
        task.adapter_targets,
        task.framework,
    )
    sizes = frame["params_b"].to_numpy(float, na_value=np.nan).tolist()
    found = [
        _needs(name, None if size != size else size, known.get(name), setting) if wanted else _UNKNOWN  # noqa: PLR0124 - NaN
        for name, size, wanted in zip(frame["model_id"], sizes, asked.tolist(), strict=True)
    ]
    table = np.array(found, dtype=float).reshape(-1, 3)
    return {"memory_gb": table[:, 0], "memory_low_gb": table[:, 1], "memory_high_gb": table[:, 2]}


def gpu_gb(task: Task) -> float:
    """Memory of the task's GPU, in GB of 1e9 bytes; NaN if neither the card nor its memory is known."""
    if task.gpu_gb is not None:
        return task.gpu_gb
    try:
        return gpus.get(task.gpu).usable_gb
    except InvalidInputError:
        return float("nan")


def gpu_name(task: Task) -> str:
    """The card, for a sentence."""
    if task.gpu_gb is not None:
        return f"a GPU of {task.gpu_gb:g} GB"
    try:
        return f"the {gpus.get(task.gpu).label}"
    except InvalidInputError:
        return "the GPU"


def fits(headroom_gb: Floats, room_gb: Floats, low_gb: Floats, high_gb: Floats) -> Floats:
    """How sure it is that training fits.

    1 where even the high end of the estimate fits, 0 where not even the low end does, in between a straight
    line. Where the range isn't known, the estimate alone decides.

    Args:
        headroom_gb: n; what the estimate leaves of the GPU, NaN where unknown.
        room_gb: n; memory of the GPU.
        low_gb: n; low end of the memory needed, NaN where unknown.
        high_gb: n; high end.

    >>> fits(np.array([2.0, 1.0]), np.array([15.0, 15.0]), np.array([12.0, 13.0]), np.array([14.0, 17.0]))
    array([1. , 0.5])
    """
    width = np.maximum(high_gb - low_gb, 1e-9)
    sure = np.clip((room_gb - low_gb) / width, 0, 1)
    by_estimate = np.where(headroom_gb >= 0, 1.0, 0.0)
    found = np.where(np.isnan(sure), by_estimate, sure)
    return np.where(np.isnan(headroom_gb), np.nan, found)


def way_back(needed_gb: float) -> str:
    """What makes a model of that need fit."""
    card = gpus.cheapest_that_holds(needed_gb)
    if card is None:
        return f"shorten the texts or the batch (no single GPU listed holds {needed_gb:.0f} GB)"
    return f"take a larger GPU, such as the {card.label} with {card.usable_gb:.1f} GB to use"


def card_for(needed_gb: float) -> dict[str, Any]:
    """The fields of a task that give it the cheapest listed card of that memory; empty if there is none."""
    card = gpus.cheapest_that_holds(needed_gb)
    return {} if card is None else {"gpu": card.key, "gpu_gb": None}


def _needs(
    model_id: str, params_b: float | None, config: Mapping[str, Any] | None, setting: _Setting
) -> tuple[float, float, float]:
    if config is None:
        return _estimate(model_id, params_b, *setting)
    try:
        shape = resolve(model_id, params_b, config)
    except InvalidInputError:
        return _UNKNOWN
    return _of_shape(shape, *setting)


@lru_cache(maxsize=8192)
def _estimate(
    model_id: str,
    params_b: float | None,
    method: str,
    sequence_length: int,
    batch_size: int,
    rank: int,
    targets: str,
    framework: str,
) -> tuple[float, float, float]:
    try:
        shape = resolve(model_id, params_b)
    except InvalidInputError:
        return _UNKNOWN
    return _of_shape(shape, method, sequence_length, batch_size, rank, targets, framework)


def _of_shape(
    shape: Architecture,
    method: str,
    sequence_length: int,
    batch_size: int,
    rank: int,
    targets: str,
    framework: str,
) -> tuple[float, float, float]:
    try:
        estimate = estimate_memory(
            shape,
            method=method,
            sequence_length=sequence_length,
            batch_size=batch_size,
            lora_rank=rank,
            targets=targets,
            framework=framework,
        )
    except InvalidInputError:
        return _UNKNOWN
    return estimate.total_gb, estimate.low_gb, estimate.high_gb
