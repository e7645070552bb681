"""What fits a card: the longest sequence, the largest batch, and the cheapest card."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from core.memory import gpus
from core.memory.estimate import MemoryEstimate, estimate_memory

if TYPE_CHECKING:
    from collections.abc import Callable

    from core.memory.architectures import Architecture


@dataclass(frozen=True, slots=True)
class Fit:
    """The largest value that fits, by the range's top (``safe``) or middle (``likely``). 0: none."""

    safe: int
    likely: int


def verdict(estimate: MemoryEstimate, capacity_gb: float) -> str:
    """Which part fits: "fits" (the whole range), "likely" (its middle), "unlikely" (its low end), "no"."""
    if estimate.high_gb <= capacity_gb:
        return "fits"
    if estimate.total_gb <= capacity_gb:
        return "likely"
    return "unlikely" if estimate.low_gb <= capacity_gb else "no"


def longest_sequence(
    architecture: Architecture, capacity_gb: float, *, batch_size: int, **setting: Any
) -> Fit:
    """Tokens per example that fit ``capacity_gb``, at most the model's context length.

    ``setting`` takes the other arguments of ``estimate_memory``.
    """
    limit = architecture.context_length or 131_072

    def estimate(length: int) -> MemoryEstimate:
        return estimate_memory(architecture, sequence_length=length, batch_size=batch_size, **setting)

    return _search(estimate, capacity_gb, limit)


def largest_batch(
    architecture: Architecture, capacity_gb: float, *, sequence_length: int, **setting: Any
) -> Fit:
    """Examples per step that fit ``capacity_gb``, at most 1,024."""

    def estimate(batch: int) -> MemoryEstimate:
        return estimate_memory(architecture, sequence_length=sequence_length, batch_size=batch, **setting)

    return _search(estimate, capacity_gb, 1_024)


def cheapest_gpu(estimate: MemoryEstimate) -> tuple[gpus.Gpu | None, gpus.Gpu | None]:
    """The cheapest listed card that holds the whole range, and the one that holds its middle."""
    return gpus.cheapest_that_holds(estimate.high_gb), gpus.cheapest_that_holds(estimate.total_gb)


def _search(estimate: Callable[[int], MemoryEstimate], capacity_gb: float, limit: int) -> Fit:
    return Fit(
        safe=_largest(lambda value: estimate(value).high_gb <= capacity_gb, limit),
        likely=_largest(lambda value: estimate(value).total_gb <= capacity_gb, limit),
    )


def _largest(fits: Callable[[int], bool], limit: int) -> int:
    """The largest of 0..limit that fits, by bisection: memory grows with both quantities."""
    low, high = 0, limit
    while low < high:
        middle = (low + high + 1) // 2
        if fits(middle):
            low = middle
        else:
            high = middle - 1
    return low
