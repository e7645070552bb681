"""What kind each block of a model is, from its config alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from core.readiness.tables import modules

_MOST_LAYERS: Final = 2_000
_COUNTS: Final = ("num_hidden_layers", "n_layer", "n_layers", "num_layers")
_NAMES: Final = {
    "attention": "attention",
    "full_attention": "attention",
    "global_attention": "attention",
    "sliding_attention": "sliding attention",
    "local_attention": "sliding attention",
    "chunked_attention": "chunked attention",
    "mamba": "mamba",
    "mamba2": "mamba",
    "hybrid": "attention and mamba",
    "conv": "short convolution",
    "recurrent": "recurrent",
    "mlp": "feed-forward only",
    "moe": "experts only",
    "gated_delta_net": "gated delta net",
    "deltanet": "gated delta net",
    "kda": "gated delta net",
}
_PATTERN: Final = {"M": "mamba", "*": "attention", "-": "feed-forward only", "E": "experts only"}
# Kinds that hold softmax attention, which attention-only adapters reach.
ATTENTION: Final = {
    "attention",
    "sliding attention",
    "chunked attention",
    "latent attention",
    "attention and mamba",
}
_EXPERT_COUNTS: Final = (
    "num_local_experts",
    "num_experts",
    "n_routed_experts",
    "moe_num_experts",
    "num_moe_experts",
)


@dataclass(frozen=True, slots=True)
class Layers:
    """Blocks of a model.

    Attributes:
        kinds: one kind a block, in order; empty where the config doesn't tell.
        model_type: of the language model, without ``_text``.
        experts: routed experts in a block, 0 without any.
        latent: whether attention goes through a compressed latent (MLA).
    """

    kinds: tuple[str, ...] = ()
    model_type: str = ""
    experts: int = 0
    latent: bool = False

    @property
    def counts(self) -> dict[str, int]:
        return {kind: self.kinds.count(kind) for kind in dict.fromkeys(self.kinds)}

    @property
    def attention_share(self) -> float | None:
        """Share of the blocks (0-1) with softmax attention; None where the kinds are unknown."""
        if not self.kinds:
            return None
        return sum(kind in ATTENTION for kind in self.kinds) / len(self.kinds)


def read_layers(config: dict[str, Any]) -> Layers:
    """The blocks of a text config.

    >>> read_layers({"model_type": "llama", "num_hidden_layers": 2}).kinds
    ('attention', 'attention')
    """
    model_type = plain_type(config.get("model_type"))
    latent = _whole(config.get("kv_lora_rank")) > 0
    kinds = _kinds(config, model_type)
    if latent:
        kinds = tuple("latent attention" if kind == "attention" else kind for kind in kinds)
    return Layers(kinds, model_type, _experts(config), latent)


def plain_type(value: object) -> str:
    return value.removesuffix("_text").lower() if isinstance(value, str) and len(value) < 100 else ""


def _experts(config: dict[str, Any]) -> int:
    if config.get("enable_moe_block") is False:
        return 0
    counts = [_whole(config.get(key)) for key in _EXPERT_COUNTS]
    most = max(counts)
    return most if most > 1 else 0


def _whole(value: object) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 10**9 else 0


def _kinds(config: dict[str, Any], model_type: str) -> tuple[str, ...]:
    for key in ("layer_types", "layers_block_type", "block_types"):
        listed = config.get(key)
        if isinstance(listed, list) and 0 < len(listed) <= _MOST_LAYERS:
            kinds = tuple(_named(kind, model_type) for kind in listed)
            if key == "block_types":  # a pattern that repeats
                n = min(_count(config), _MOST_LAYERS) or len(kinds)
                return tuple(kinds[i % len(kinds)] for i in range(n))
            return kinds
    pattern = config.get("hybrid_override_pattern")
    if isinstance(pattern, str) and 0 < len(pattern) <= _MOST_LAYERS:
        return tuple(_PATTERN.get(letter, "unknown") for letter in pattern if letter not in "|\n ")
    n = _count(config)
    if not 0 < n <= _MOST_LAYERS:
        return ()
    return tuple(_placed(config, model_type, i) for i in range(n))


def _count(config: dict[str, Any]) -> int:
    return next((n for key in _COUNTS if (n := _whole(config.get(key)))), 0)


def _named(kind: object, model_type: str) -> str:
    if kind == "linear_attention":
        return linear_kind(model_type)
    return _NAMES.get(kind, "unknown") if isinstance(kind, str) else "unknown"


def linear_kind(model_type: str) -> str:
    """What transformers' "linear_attention" stands for in a class: it uses the word for several mixers."""
    parts = modules(model_type)
    if "delta" in parts:
        return "gated delta net"
    if "mamba" in parts:
        return "mamba"
    return "linear attention"


def _placed(config: dict[str, Any], model_type: str, i: int) -> str:
    """The kind of block ``i`` where the config gives a rule in place of a list."""
    if (every := _whole(config.get("full_attention_interval"))) > 0:
        return "attention" if (i + 1) % every == 0 else linear_kind(model_type)
    for key, other in (("attn_layer_indices", "mamba"), ("full_attn_idxs", "short convolution")):
        listed = config.get(key)
        if isinstance(listed, list):
            return "attention" if i in listed[:_MOST_LAYERS] else other
    if (period := _whole(config.get("attn_layer_period"))) > 0:
        return "attention" if i % period == _whole(config.get("attn_layer_offset")) else "mamba"
    parts = modules(model_type)
    if "mamba" in parts and "attention" in parts:
        # No list and no rule: every block holds both, as in Falcon-H1.
        return "attention and mamba" if "mamba_d_ssm" in config or model_type == "falcon_h1" else "unknown"
    if "mamba" in parts:
        return "mamba"
    return "attention"
