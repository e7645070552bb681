"""What other families' config.json files call things, and which of them describe another structure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

# Sections that hold some sizes (DBRX, MPT).
_SECTIONS: Final = ("attn_config", "ffn_config")
# Keys of layers that attention and one MLP don't describe; the longer name is for readers.
_OTHER_LAYERS: Final = {
    "kv_lora_rank": "attention with compressed keys and values (MLA)",
    "hybrid_override_pattern": "a pattern of different layers",
    "layers_block_type": "a pattern of different layers",
    "block_configs": "blocks of different sizes",
    "block_list": "blocks of different sizes",
    "num_key_value_heads_per_layer": "layers of different sizes",
    "ffn_multipliers": "layers of different sizes",
    "attn_type_list": "linear attention in some layers",
    "linear_attn_config": "linear attention in some layers",
    "linear_num_key_heads": "linear attention in some layers",
    "mamba_d_ssm": "state space layers",
    "mamba_num_heads": "state space layers",
    "mamba_n_heads": "state space layers",
    "ssm_cfg": "state space layers",
    "ssm_state_size": "state space layers",
    "conv_L_cache": "convolutions in some layers",
}
_ATTENTION: Final = frozenset({"full_attention", "sliding_attention", "chunked_attention", "attention"})
_MOST_LAYERS: Final = 1_024


def flat(config: Mapping[str, Any]) -> dict[str, Any]:
    """The configuration with its text part and its sections on one level; what stands above wins there."""
    inner = config.get("text_config")
    merged = {**config, **inner} if isinstance(inner, Mapping) else dict(config)
    for name in _SECTIONS:
        section = merged.get(name)
        if isinstance(section, Mapping):
            merged = {**section, **merged}
    if isinstance(merged.get("n_shared_experts"), int) and isinstance(
        merged.get("moe_intermediate_size"), int
    ):
        shared = merged["n_shared_experts"] * merged["moe_intermediate_size"]
        merged.setdefault("shared_expert_intermediate_size", shared)
    return merged


def other_structure(config: Mapping[str, Any]) -> str:
    """What the layers are, in words, where attention and an MLP in each don't describe them; else empty.

    Args:
        config: from :func:`flat`.
    """
    for key, said in _OTHER_LAYERS.items():
        if config.get(key):
            return said
    kinds = config.get("layer_types")
    if isinstance(kinds, list):
        others = {kind for kind in kinds[:_MOST_LAYERS] if isinstance(kind, str)} - _ATTENTION
        if others:
            return "layers other than attention"
    return ""
