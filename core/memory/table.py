"""Memory, room, time and cost of several candidates, side by side."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Protocol

import pandas as pd

from core.errors import DataError, InvalidInputError
from core.memory import architectures, gpus
from core.memory.estimate import estimate_memory
from core.memory.fit import cheapest_gpu, largest_batch, longest_sequence, verdict
from core.memory.resolve import resolve
from core.memory.training_time import estimate_training_time

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from core.memory.architectures import Architecture
    from core.memory.gpus import Gpu

_CHECK: Final = Path(__file__).resolve().parent.parent / "data" / "memory_check.json"
_MAX_CONFIG_CHARS: Final = 200_000

# The terms as a chart shows them: what a reader can act on stands apart.
GROUPS: Final = {
    "Weights": ("weights_gb", "quantisation_gb", "upcast_gb"),
    "Adapter or gradients, and optimiser": ("adapter_gb", "gradients_gb", "optimizer_gb"),
    "Activations": ("activations_gb",),
    "Logits": ("logits_gb",),
    "CUDA and reserve": ("overhead_gb",),
}
VERDICTS: Final = {
    "fits": "fits, whole range",
    "likely": "likely fits",
    "unlikely": "unlikely to fit",
    "no": "does not fit",
}


class Setting(Protocol):
    """How the candidates would be trained; :class:`core.decision.tasks.Task` says all of it."""

    @property
    def gpu(self) -> str: ...
    @property
    def gpu_gb(self) -> float | None: ...
    @property
    def method(self) -> str: ...
    @property
    def framework(self) -> str: ...
    @property
    def lora_rank(self) -> int: ...
    @property
    def adapter_targets(self) -> str: ...
    @property
    def sequence_length(self) -> int: ...
    @property
    def batch_size(self) -> int: ...


def memory_table(
    shapes: Sequence[Architecture],
    setting: Setting,
    *,
    capacity_gb: float,
    gpu: Gpu | None = None,
    examples: int = 10_000,
) -> pd.DataFrame:
    """One row per model.

    Args:
        shapes: the candidates' architectures.
        setting: how they would be trained.
        capacity_gb: memory of the card, GB of 1e9 bytes.
        gpu: the card, for time and cost; None: the cheapest listed card that holds the model's range.
        examples: training examples of one epoch.

    Returns:
        model_id, total_gb, low_gb, high_gb, verdict, one column per group of ``GROUPS``, longest_safe,
        longest_likely (tokens), batch_safe, batch_likely, cheapest, hours_low, hours_high, cost_low,
        cost_high (US dollars), evidence.
    """
    return pd.DataFrame([_row(shape, setting, capacity_gb, gpu, examples) for shape in shapes])


def _row(
    shape: Architecture, setting: Setting, capacity_gb: float, gpu: Gpu | None, examples: int
) -> dict[str, Any]:
    trained: dict[str, Any] = {
        "method": setting.method,
        "lora_rank": setting.lora_rank,
        "targets": setting.adapter_targets,
        "framework": setting.framework,
    }
    length, batch = setting.sequence_length, setting.batch_size
    estimate = estimate_memory(shape, sequence_length=length, batch_size=batch, **trained)
    longest = longest_sequence(shape, capacity_gb, batch_size=batch, **trained)
    widest = largest_batch(shape, capacity_gb, sequence_length=length, **trained)
    safe_card, _ = cheapest_gpu(estimate)
    card = gpu or safe_card
    time = (
        estimate_training_time(
            shape, card, examples=examples, sequence_length=length, batch_size=batch, method=setting.method
        )
        if card
        else None
    )
    terms = estimate.terms()
    return {
        "model_id": shape.name,
        "total_gb": estimate.total_gb,
        "low_gb": estimate.low_gb,
        "high_gb": estimate.high_gb,
        "verdict": VERDICTS[verdict(estimate, capacity_gb)],
        **{label: sum(terms[name] for name in names) for label, names in GROUPS.items()},
        "longest_safe": longest.safe,
        "longest_likely": longest.likely,
        "batch_safe": widest.safe,
        "batch_likely": widest.likely,
        "cheapest": safe_card.label if safe_card else "none listed",
        "hours_low": time.hours_low if time else None,
        "hours_high": time.hours_high if time else None,
        "cost_low": time.cost_low if time else None,
        "cost_high": time.cost_high if time else None,
        "evidence": _EVIDENCE.get(estimate.evidence, estimate.evidence),
    }


_EVIDENCE: Final = {
    "listed": "layer sizes known",
    "config": "from the config.json",
    "catalogue": "layer sizes as published",
    "config of an unknown type": "from the config.json, kind unknown",
    "size": "from the size alone",
}


def shapes_of(
    model_ids: Sequence[str],
    sizes: Mapping[str, float],
    configs: Mapping[str, Mapping[str, Any]] | None = None,
) -> tuple[list[Architecture], list[str]]:
    """Architectures of the models, and the ids of those of which nothing is known.

    Args:
        model_ids: the models, in the order of the result.
        sizes: model id -> billions of parameters.
        configs: model id -> ``config.json``, where one is at hand.
    """
    known = configs or {}
    found, unknown = [], []
    for name in model_ids:
        try:
            found.append(resolve(name, sizes.get(name), known.get(name)))
        except InvalidInputError:
            unknown.append(name)
    return found, unknown


def shape_from_text(text: str) -> Architecture:
    """The architecture of a pasted config.json, or of a size such as "7" or "7B".

    Raises:
        InvalidInputError: it is neither.
    """
    stripped = text.strip()
    try:
        return architectures.from_size(float(stripped.rstrip("bB ")))
    except ValueError:
        pass
    if len(stripped) > _MAX_CONFIG_CHARS:
        raise InvalidInputError("This is too long for a config.json.", remedy="Paste the file of that name.")
    try:
        config = json.loads(stripped)
    except (ValueError, RecursionError) as error:
        raise InvalidInputError(
            "This is neither a config.json nor a size.",
            remedy='Paste the whole file, from { to }, or enter a size such as "7".',
        ) from error
    return architectures.from_config(config)


def embedded_check() -> dict[str, Any]:
    """The check against measured runs, as computed when the data were built (``build_check``).

    Raises:
        DataError: the file is missing or broken.
    """
    try:
        check: dict[str, Any] = json.loads(_CHECK.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise DataError(
            "The check of the memory estimate can't be read.",
            source=_CHECK.name,
            remedy="Install the project again.",
        ) from error
    return check


def gpu_of(setting: Setting) -> tuple[Gpu | None, float]:
    """The setting's card, if it is a listed one, and its memory in GB.

    Raises:
        InvalidInputError: the card is unknown.
    """
    if setting.gpu_gb is not None:
        return None, setting.gpu_gb
    gpu = gpus.get(setting.gpu)
    return gpu, gpu.usable_gb


def headline(table: pd.DataFrame, card: str) -> str:
    """What the memory chart says, in one line."""
    fitting = int(table["verdict"].isin([VERDICTS["fits"], VERDICTS["likely"]]).sum())
    if len(table) == 1:
        return f"{table['model_id'].iloc[0]}: {table['verdict'].iloc[0]} on {card}"
    if fitting == len(table):
        return f"All {len(table)} fit {card}"
    return f"{fitting} of {len(table)} fit {card}" if fitting else f"None of the {len(table)} fits {card}"
