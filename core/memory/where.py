"""Where a base can be tuned: batch, length, time and price on a card, with and without 4-bit experts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from core.memory import fit
from core.memory.estimate import MemoryEstimate, estimate_memory
from core.memory.training_time import TrainingTime, estimate_training_time

if TYPE_CHECKING:
    from core.memory.architectures import Architecture
    from core.memory.gpus import Gpu


@dataclass(frozen=True, slots=True)
class Place:
    """One base on one card, one way of loading it.

    Attributes:
        experts: "none" (no mixture), "quantised" or "16-bit".
        estimate: memory at the lengths and batch asked for, GB of 1e9 bytes.
        verdict: "fits", "likely", "unlikely" or "no".
        longest: tokens per example at that batch.
        batch: examples per step at that length.
        cheapest: the cheapest listed card that holds the whole range, and its middle; None: none does.
        time: hours and price of one epoch from low to high; None where it can't fit.
    """

    experts: str
    estimate: MemoryEstimate
    verdict: str
    longest: fit.Fit
    batch: fit.Fit
    cheapest: tuple[Gpu | None, Gpu | None]
    time: TrainingTime | None


def where_it_runs(
    architecture: Architecture,
    gpu: Gpu,
    *,
    sequence_length: int,
    batch_size: int,
    examples: int = 1_000,
    capacity_gb: float | None = None,
    method: str = "qlora",
    **setting: Any,
) -> list[Place]:
    """What a card can hold: one place, or two for a mixture in 4 bits, that with quantised experts first.

    Args:
        architecture: the model.
        gpu: the card.
        sequence_length: tokens of the longest example.
        batch_size: examples per step.
        examples: training examples of an epoch.
        capacity_gb: of the card, where it differs from the listed one.
        method: "qlora", "lora" or "full".
        **setting: further arguments of :func:`core.memory.estimate.estimate_memory`.

    Raises:
        InvalidInputError: an argument is out of bounds.
    """
    mixture = architecture.experts and method == "qlora"
    ways = {"quantised": True, "16-bit": False} if mixture else {"none": None}
    room = gpu.usable_gb if capacity_gb is None else capacity_gb
    found = []
    for experts, quantised in ways.items():
        given = {"method": method, "quantised_experts": quantised, **setting}
        estimate = estimate_memory(
            architecture, sequence_length=sequence_length, batch_size=batch_size, **given
        )
        verdict = fit.verdict(estimate, room)
        time = None
        if verdict != "no":
            time = estimate_training_time(
                architecture,
                gpu,
                examples=examples,
                sequence_length=sequence_length,
                batch_size=batch_size,
                method=method,
            )
        found.append(
            Place(
                experts=experts,
                estimate=estimate,
                verdict=verdict,
                longest=fit.longest_sequence(architecture, room, batch_size=batch_size, **given),
                batch=fit.largest_batch(architecture, room, sequence_length=sequence_length, **given),
                cheapest=fit.cheapest_gpu(estimate),
                time=time,
            )
        )
    return found
