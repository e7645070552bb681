"""The terms of training memory, in bytes, each from the architecture alone."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from core.errors import InvalidInputError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from core.memory.architectures import Architecture
    from core.memory.frameworks import Framework

METHODS: Final = ("qlora", "lora", "full")
ATTENTION: Final = ("q", "k", "v", "o")
MLP: Final = ("gate", "up", "down")
ALL_LINEAR: Final = (*ATTENTION, *MLP)

# Bytes of Adam's two moments per trained parameter.
OPTIMIZERS: Final = {"adamw_32bit": 8.0, "adamw_16bit": 4.0, "adamw_8bit": 2.0, "paged_adamw_8bit": 2.0}

_MODULES: Final = {
    "q": ("q",), "k": ("k",), "v": ("v",), "o": ("o",), "gate": ("gate",), "up": ("up",), "down": ("down",),
    "q_proj": ("q",), "k_proj": ("k",), "v_proj": ("v",), "o_proj": ("o",), "out_proj": ("o",),
    "output_proj": ("o",), "dense": ("o",), "gate_proj": ("gate",), "up_proj": ("up",),
    "down_proj": ("down",), "w1": ("gate",), "w2": ("up",), "w3": ("down",), "fc1": ("up",), "fc2": ("down",),
    "c_fc": ("up",), "qkv": ("q", "k", "v"), "c_attn": ("q", "k", "v"), "query_key_value": ("q", "k", "v"),
    "qkvo": ATTENTION, "wq": ("q",), "wk": ("k",), "wv": ("v",), "wo": ("o",), "attn": ATTENTION,
    "attention": ATTENTION, "mlp": MLP, "all": ALL_LINEAR, "all-linear": ALL_LINEAR,
    "c_proj": ("o", "down"),
}  # fmt: skip


def parse_targets(targets: str | Iterable[str]) -> tuple[str, ...]:
    """Which linear layers carry an adapter, as short names.

    >>> parse_targets("q_proj, v_proj")
    ('q', 'v')
    >>> parse_targets("all-linear")
    ('q', 'k', 'v', 'o', 'gate', 'up', 'down')

    Raises:
        InvalidInputError: a name is none of the usual ones, or there is none at all.
    """
    if isinstance(targets, str):
        targets = re.split(r"[\s,;+/]+", re.sub(r"(?i)all[\s_]linear(\s+layers)?", "all-linear", targets))
    words = list(targets)
    chosen: set[str] = set()
    for word in words:
        key = word.strip().lower().replace("_linear", "-linear")
        if not key:
            continue
        if key not in _MODULES:
            raise InvalidInputError(
                f"{word[:40]!r} is not a layer an adapter can be put on here.",
                remedy="Use q, k, v, o, gate, up, down, or all-linear.",
            )
        chosen.update(_MODULES[key])
    if not chosen:
        raise InvalidInputError("No layer to put an adapter on.", remedy="Use for example q, k, v, o.")
    return tuple(name for name in ALL_LINEAR if name in chosen)


def weight_bytes(architecture: Architecture, method: str) -> float:
    """Bytes of the weights as loaded.

    4-bit: half a byte per weight of the blocks' linear layers, two per every other parameter, as
    ``get_memory_footprint()`` reports it. Else two bytes per parameter.

    >>> from core.memory import architectures
    >>> weight_bytes(architectures.get("meta-llama/Llama-3.1-8B"), "qlora") / 1e6
    5591.539712
    """
    rest = architecture.embedding_parameters + architecture.small_parameters
    return (0.5 if method == "qlora" else 2.0) * architecture.linear_parameters + 2.0 * rest


def quantisation_bytes(architecture: Architecture, method: str, *, double: bool = True) -> float:
    """Scales kept beside 4-bit weights: one per 64, 32-bit, or 8-bit plus one 32-bit per 256 of them.

    ``get_memory_footprint()`` leaves them out; the card doesn't.
    """
    if method != "qlora":
        return 0.0
    per_weight = (1 / 64 + 4 / (64 * 256)) if double else 4 / 64
    return per_weight * architecture.linear_parameters


def adapter_parameters(architecture: Architecture, rank: int, targets: Iterable[str]) -> int:
    """Parameters of LoRA's two matrices over all blocks: rank x (in + out) for each target.

    >>> from core.memory import architectures
    >>> adapter_parameters(architectures.get("meta-llama/Llama-3.1-8B"), 32, ("q", "k", "v", "o"))
    27262976
    """
    shapes = architecture.linear_shapes()
    dense = sum(rank * sum(shapes[name]) for name in targets if name in shapes)
    if architecture.experts and any(name in MLP for name in targets):
        pair = rank * (architecture.hidden + architecture.intermediate)
        names = [name for name in targets if name in MLP and (name != "gate" or architecture.mlp == "gated")]
        dense += architecture.experts * pair * len(names)
    return architecture.layers * dense


def block_bytes(
    architecture: Architecture, framework: Framework, targets: Iterable[str], method: str
) -> tuple[float, float]:
    """Bytes per token that one block keeps for its backward pass, and that the pass needs on top.

    Counted tensor by tensor for 16-bit training with an attention kernel that stores no score matrix:
    inputs of the norms (32-bit in RMSNorm), queries, keys, values and the attention's output, the MLP's
    inner tensors, and the inputs of layers with adapters.
    """
    hidden, query, kv = architecture.hidden, architecture.query_width, architecture.kv_width
    wide = architecture.intermediate * max(1, architecture.experts_per_token or 1)
    wide += architecture.shared_intermediate
    gated = architecture.mlp == "gated"
    norm = 4 if architecture.norm == "rms" and not framework.offloads_checkpoints else 2
    # Blocks in parallel (NeoX, Phi, Falcon) share one input between both norms.
    norms = architecture.norms if gated else 1
    kept = float(norms * norm * hidden)
    kept += 2 * (query + 2 * kv) + 2 * query
    if framework.keeps_whole_qkv:
        kept += 2 * (query + kv)
    kept += 2 * wide * (3 if gated else 1)
    chosen = set(targets) if method != "full" else set(ALL_LINEAR)
    per_element = framework.held_inputs if method != "full" else 2.0
    kept += per_element * _adapted_inputs(architecture, chosen, wide, shared=framework.shares_inputs)
    if framework.keeps_quantised_inputs and method == "qlora":
        kept += 2 * (hidden * (2 if gated else 1) + wide)
    needed = 4.0 * hidden + (0.0 if framework.in_place_backward else 4.0 * wide)
    return kept, needed


def _adapted_inputs(architecture: Architecture, targets: set[str], wide: int, *, shared: bool) -> int:
    """Elements per token of the inputs that adapters keep; layers with the same input may share it."""
    groups = (
        ({"q", "k", "v"}, architecture.hidden),
        ({"o"}, architecture.query_width),
        ({"gate", "up"}, architecture.hidden),
        ({"down"}, wide),
    )
    total = 0
    for names, width in groups:
        count = len(names & targets)
        total += width * (min(count, 1) if shared else count)
    return total
