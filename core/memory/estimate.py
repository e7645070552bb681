"""How much GPU memory fine-tuning takes: terms, a total, and the range it can fall into.

The weights are exact; the rest is counted from the architecture (``parts``) with a few constants per
training program (``frameworks``), and checked against published measurements (``check``). GB
are 1e9 bytes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final

from core.errors import InvalidInputError
from core.memory import architectures, parts
from core.memory.architectures import Architecture
from core.memory.frameworks import Framework
from core.memory.frameworks import framework as find_framework
from core.memory.resolve import resolve

_GB: Final = 1e9
# How far a shape known only from the parameter count can be off, in activations and logits.
_SIZE_ONLY: Final = 0.25
_BOUNDS: Final = {
    "sequence_length": (1, 10_000_000),
    "batch_size": (1, 65_536),
    "lora_rank": (1, 4_096),
}
_TERMS: Final = (
    "weights_gb", "quantisation_gb", "upcast_gb", "adapter_gb", "gradients_gb", "optimizer_gb",
    "activations_gb", "logits_gb", "overhead_gb",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class MemoryEstimate:
    """Peak GPU memory of training, in GB of 1e9 bytes.

    ``total_gb`` is the sum of the terms; ``low_gb`` to ``high_gb`` is the range that versions, kernels and
    allocator leave open. ``quantisation_gb`` are the scales beside 4-bit weights, ``upcast_gb`` embeddings
    and norms held in 32 bits, ``overhead_gb`` the CUDA context and what the allocator reserves beyond use.
    """

    weights_gb: float
    quantisation_gb: float
    upcast_gb: float
    adapter_gb: float
    gradients_gb: float
    optimizer_gb: float
    activations_gb: float
    logits_gb: float
    overhead_gb: float
    total_gb: float
    low_gb: float
    high_gb: float
    method: str
    framework: str
    checkpointing: bool | None
    evidence: str

    def terms(self) -> dict[str, float]:
        """The terms that sum up to ``total_gb``."""
        values = asdict(self)
        return {name: float(values[name]) for name in _TERMS}


def estimate_qlora_memory(
    architecture: Architecture | Mapping[str, Any] | str | float,
    *,
    sequence_length: int,
    batch_size: int,
    lora_rank: int,
    targets: str | Iterable[str],
    framework: str,
    **options: Any,
) -> MemoryEstimate:
    """Peak memory of QLoRA: 4-bit nf4 weights with double quantisation, adapters on ``targets``.

    Args:
        architecture: an ``Architecture``, a model id with embedded sizes, a parsed ``config.json``, or a size
            in billions of parameters (wider range).
        sequence_length: tokens of the longest example in a batch, prompt and target together.
        batch_size: examples per step on the card (not counting gradient accumulation).
        lora_rank: LoRA's r.
        targets: layers with adapters, such as "q,k,v,o" or "all-linear".
        framework: "huggingface", "unsloth", "litgpt" or "torchtune".
        options: see ``estimate_memory``.

    Raises:
        InvalidInputError: an argument is out of bounds or the architecture can't be used.

    >>> estimate = estimate_qlora_memory("meta-llama/Llama-3.1-8B", sequence_length=192, batch_size=4,
    ...     lora_rank=32, targets="q,k,v,o", framework="huggingface")
    >>> round(1000 * estimate.weights_gb, 1), round(1000 * (estimate.weights_gb + estimate.adapter_gb), 1)
    (5591.5, 5700.6)
    """
    return estimate_memory(
        architecture,
        method="qlora",
        sequence_length=sequence_length,
        batch_size=batch_size,
        lora_rank=lora_rank,
        targets=targets,
        framework=framework,
        **options,
    )


def estimate_memory(
    architecture: Architecture | Mapping[str, Any] | str | float,
    *,
    method: str,
    sequence_length: int,
    batch_size: int,
    lora_rank: int = 32,
    targets: str | Iterable[str] = "q,k,v,o",
    framework: str = "huggingface",
    checkpointing: bool | str | None = None,
    optimizer: str = "",
    double_quantisation: bool = True,
    upcast_embeddings: bool | None = None,
    device_memory: bool = True,
    quantised_experts: bool | None = None,
) -> MemoryEstimate:
    """Peak memory of fine-tuning by ``method`` ("qlora", "lora" or "full").

    Args:
        architecture: as in ``estimate_qlora_memory``.
        method: "qlora", "lora" (16-bit weights) or "full" (16-bit weights and gradients).
        sequence_length: tokens of the longest example, prompt and target together.
        batch_size: examples per step on the card.
        lora_rank: LoRA's r; unused by "full".
        targets: layers with adapters; unused by "full".
        framework: "huggingface", "unsloth", "litgpt" or "torchtune".
        checkpointing: recompute activations in the backward pass. None: the framework's default. "unknown":
            the range covers both, and the total is their geometric mean.
        optimizer: a key of ``parts.OPTIMIZERS``; by default 8-bit Adam for "full" and unsloth, 32-bit
            for other adapters.
        double_quantisation: whether the scales of 4-bit weights are quantised again.
        upcast_embeddings: embeddings, head and norms held in 32 bits; None: as the framework does.
        device_memory: count the CUDA context and reserved memory, as ``nvidia-smi`` does; False gives what
            ``torch.cuda.max_memory_allocated`` reports.
        quantised_experts: whether 4-bit loading reaches a mixture's experts, as Axolotl's and Unsloth's does
            and plain transformers 5's doesn't; None: the range covers both.
    """
    shape = _as_architecture(architecture)
    program = find_framework(framework)
    chosen = parts.parse_targets(targets)
    method = _checked_method(method)
    for name, value in (
        ("sequence_length", sequence_length),
        ("batch_size", batch_size),
        ("lora_rank", lora_rank),
    ):
        _check_bounds(name, value)
    optimizer = optimizer or ("adamw_8bit" if method == "full" else program.optimizer)
    if optimizer not in parts.OPTIMIZERS:
        raise InvalidInputError(
            f"Unknown optimiser {optimizer[:40]!r}.", remedy=f"Known: {', '.join(parts.OPTIMIZERS)}."
        )
    plan = _Plan(
        shape,
        program,
        method,
        chosen,
        lora_rank,
        sequence_length,
        sequence_length * batch_size,
        parts.OPTIMIZERS[optimizer],
        double_quantisation,
        upcast_embeddings,
        device_memory,
        quantised_experts,
    )
    if checkpointing == "unknown":
        return merge(plan.estimate(checkpointing=True), plan.estimate(checkpointing=False))
    return plan.estimate(
        checkpointing=program.checkpointing if checkpointing is None else checkpointing is True
    )


@dataclass(frozen=True, slots=True)
class _Plan:
    shape: Architecture
    program: Framework
    method: str
    targets: tuple[str, ...]
    rank: int
    length: int
    tokens: int
    moments: float
    double: bool
    upcast: bool | None
    device: bool
    quantised_experts: bool | None = None

    def estimate(self, *, checkpointing: bool) -> MemoryEstimate:
        low, middle, high = (self._terms(checkpointing, edge) for edge in ("low", "middle", "high"))
        return MemoryEstimate(
            **middle,
            total_gb=sum(middle.values()),
            low_gb=sum(low.values()),
            high_gb=sum(high.values()),
            method=self.method,
            framework=self.program.key,
            checkpointing=checkpointing,
            evidence=self.shape.evidence,
        )

    def _terms(self, checkpointing: bool, edge: str) -> dict[str, float]:
        program, shape = self.program, self.shape
        weights = parts.weight_bytes(shape, self.method)
        left = edge == "high" if self.quantised_experts is None else not self.quantised_experts
        if left and self.method == "qlora":
            # Loaders differ in whether they can quantise experts, which newer transformers store as one
            # tensor.
            weights += 1.5 * shape.expert_parameters
        scales = parts.quantisation_bytes(shape, self.method, double=self.double)
        if self.quantised_experts is False:
            scales *= 1 - shape.expert_parameters / shape.linear_parameters
        trained = (
            shape.parameters
            if self.method == "full"
            else parts.adapter_parameters(shape, self.rank, self.targets)
        )
        adapter = 0.0 if self.method == "full" else 4.0 * trained
        gradient_bytes = 2.0 if self.method == "full" else 4.0
        if self.method != "full" and program.adapter_bytes == 2 and edge != "high":
            adapter, gradient_bytes = 2.0 * trained, 2.0
        rest = shape.embedding_parameters + shape.small_parameters
        share = getattr(program.upcasts_embeddings, edge) if self.method == "qlora" else 0.0
        if self.upcast is not None:
            share = float(self.upcast)
        untied = shape.vocabulary * shape.hidden if program.unties_head and shape.tied else 0
        guess = 1.0 if shape.evidence != "size" else _edge(edge, 1 - _SIZE_ONLY, 1.0, 1 + _SIZE_ONLY)
        logits = self._logits(edge) * guess
        activations = self._activations(checkpointing, edge, logits) * guess
        terms = {
            "weights_gb": weights / _GB * (guess if edge == "high" and guess > 1 else 1.0),
            "quantisation_gb": scales / _GB,
            "upcast_gb": 2.0 * (share * rest + untied) / _GB,
            "adapter_gb": adapter / _GB,
            "gradients_gb": gradient_bytes * trained / _GB,
            "optimizer_gb": self.moments * trained / _GB,
            "activations_gb": activations / _GB,
            "logits_gb": logits / _GB,
        }
        fixed = getattr(program.fixed_gb, edge) if self.device else 0.0
        slack = getattr(program.slack, edge) - 1
        terms["overhead_gb"] = fixed + slack * sum(terms.values())
        return terms

    def _logits(self, edge: str) -> float:
        alive = min(self.tokens, self.program.logit_tokens or self.tokens)
        # A soft cap keeps the squeezed logits as well.
        capped = 1.5 if self.shape.softcap else 1.0
        return float(getattr(self.program.logit_bytes, edge) * capped * self.shape.vocabulary * alive)

    def _activations(self, checkpointing: bool, edge: str, logits: float) -> float:
        """Kept activations; with checkpointing, logits and a block's backward pass are not alive together."""
        kept, needed = parts.block_bytes(self.shape, self.program, self.targets, self.method)
        factor = float(getattr(self.program.activation_factor, edge))
        entry = 2.0 * self.shape.hidden
        if self.shape.softcap:
            # Scores are stored where the kernel can't squeeze them: 16-bit, squeezed, softmax in 32 bits.
            kept += _edge(edge, 0, 12, 16) * self.shape.heads * self.length
        if not checkpointing:
            return factor * self.tokens * (self.shape.layers * kept + entry)
        layers = 2 if self.program.offloads_checkpoints else self.shape.layers
        block = factor * self.tokens * (kept + needed)
        return entry * layers * self.tokens + max(0.0, block - logits)


def _edge(edge: str, low: float, middle: float, high: float) -> float:
    return {"low": low, "middle": middle, "high": high}[edge]


def merge(first: MemoryEstimate, second: MemoryEstimate) -> MemoryEstimate:
    """For a set-up that is either of two: the range covers both, the total is their geometric mean."""
    total = (first.total_gb * second.total_gb) ** 0.5
    ours, theirs = first.terms(), second.terms()
    share = (total - first.total_gb) / (second.total_gb - first.total_gb or 1.0)
    terms = {name: ours[name] + share * (theirs[name] - ours[name]) for name in ours}
    return MemoryEstimate(
        **terms,
        total_gb=sum(terms.values()),
        low_gb=min(first.low_gb, second.low_gb),
        high_gb=max(first.high_gb, second.high_gb),
        method=first.method,
        framework=first.framework,
        checkpointing=None,
        evidence=first.evidence,
    )


def _as_architecture(source: Architecture | Mapping[str, Any] | str | float) -> Architecture:
    if isinstance(source, Architecture):
        return source
    if isinstance(source, Mapping):
        return architectures.from_config(source)
    if isinstance(source, str):
        return resolve(source, None)
    return architectures.from_size(float(source))


def _checked_method(method: str) -> str:
    key = method.strip().lower()
    if key not in parts.METHODS:
        raise InvalidInputError(f"Unknown method {method[:40]!r}.", remedy="Use qlora, lora or full.")
    return key


def _check_bounds(name: str, value: float) -> None:
    low, high = _BOUNDS[name]
    if isinstance(value, bool) or not low <= value <= high or int(value) != value:
        raise InvalidInputError(
            f"{name.replace('_', ' ')} must be a whole number from {low:,} to {high:,}, not {value}."
        )
