"""How long an epoch takes and what it costs: a range from the card's peak speed and what runs reach of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from core.errors import InvalidInputError

if TYPE_CHECKING:
    from core.memory.architectures import Architecture
    from core.memory.gpus import Gpu

# Share of the card's peak that published runs reached (low, high). Qwen's profile of LoRA on an A100, for
# one, gives 25% at 256 tokens a step and 43% from 1,024 on; 4-bit weights are unpacked at every use,
# which costs a fifth or more of that.
_REACHED: Final = {"qlora": (0.10, 0.50), "lora": (0.15, 0.60), "full": (0.20, 0.60)}
# A step this small leaves a card idle part of the time.
_FULL_STEP: Final = 1_024
_SMALL_STEP_FLOOR: Final = 0.35


@dataclass(frozen=True, slots=True)
class TrainingTime:
    """One epoch: hours and US dollars, each from low to high, and what was assumed."""

    hours_low: float
    hours_high: float
    cost_low: float
    cost_high: float
    tokens: int
    assumptions: tuple[str, ...]


def estimate_training_time(
    architecture: Architecture,
    gpu: Gpu,
    *,
    examples: int,
    sequence_length: int,
    batch_size: int = 4,
    method: str = "qlora",
    checkpointing: bool = True,
) -> TrainingTime:
    """Hours and cost of one epoch.

    Operations per token are 2 per active parameter forward and 2 backward; recomputing checkpoints adds 2,
    and "full" another 2 for the gradients of the weights. Divided by what part of the card's peak is reached.

    Args:
        architecture: the model.
        gpu: the card.
        examples: training examples.
        sequence_length: tokens per example, padding included.
        batch_size: examples per step on the card; small steps use the card badly.
        method: "qlora", "lora" or "full".
        checkpointing: whether activations are recomputed.

    Raises:
        InvalidInputError: a number is not positive, or the method is unknown.

    >>> from core.memory import architectures, gpus
    >>> t = estimate_training_time(architectures.get("meta-llama/Llama-3.1-8B"), gpus.get("a100-40"),
    ...     examples=20_000, sequence_length=192)
    >>> t.tokens
    3840000
    """
    if min(examples, sequence_length, batch_size) < 1:
        raise InvalidInputError("Examples, sequence length and batch must be at least 1.")
    if method not in _REACHED:
        raise InvalidInputError(f"Unknown method {method[:40]!r}.", remedy="Use qlora, lora or full.")
    tokens = examples * sequence_length
    passes = 4 + (2 if checkpointing else 0) + (2 if method == "full" else 0)
    operations = passes * architecture.active_parameters * tokens
    low, high = _REACHED[method]
    step = min(1.0, max(_SMALL_STEP_FLOOR, batch_size * sequence_length / _FULL_STEP))
    seconds_low = operations / (gpu.tflops * 1e12 * high)
    seconds_high = operations / (gpu.tflops * 1e12 * low * step)
    hours = (seconds_low / 3600, seconds_high / 3600)
    return TrainingTime(
        hours_low=hours[0],
        hours_high=hours[1],
        cost_low=hours[0] * gpu.price_low,
        cost_high=hours[1] * gpu.price_high,
        tokens=tokens,
        assumptions=(
            f"{passes} operations per parameter and token"
            + (", recomputed activations included" if checkpointing else ""),
            f"{low:.0%} to {high:.0%} of the card's {gpu.tflops:g} TFLOPS are reached"
            + (f", less for steps under {_FULL_STEP:,} tokens" if step < 1 else ""),
            f"every example is {sequence_length:,} tokens long; loading, evaluation and saving are left out",
            f"{gpu.price_low:g} to {gpu.price_high:g} US dollars an hour",
        ),
    )
