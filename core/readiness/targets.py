"""Which modules to adapt, which to leave, and how much of the model they reach."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from core.readiness.result import NOT_CHECKED, READ_ON, Finding
from core.readiness.tables import modules, table

if TYPE_CHECKING:
    from core.readiness.files import ModelFiles
    from core.readiness.layers import Layers

DENSE: Final = ("gate_proj", "up_proj", "down_proj")
_USUAL: Final = ("q_proj", "k_proj", "v_proj", "o_proj", *DENSE)
# Small projections that steer a gate or a router; adapters on them are dropped by some servers.
_STEERING: Final = {"in_proj_a", "in_proj_b", "in_proj_ba", "x_proj", "dt_proj", "shared_expert_gate", "gate"}
_TOWERS: Final = ("vision_config", "audio_config", "vision_model", "video_config")
_PEFT_REFUSES: Final = {"falcon_h1", "mamba", "mamba2", "falcon_mamba", "nemotron_h"}
_PEFT: Final = "https://github.com/huggingface/peft/issues/2556"
_OF_KIND: Final = {
    "mamba": "mamba",
    "attention and mamba": "mamba",
    "gated delta net": "delta",
    "short convolution": "conv",
    "recurrent": "recurrent",
    "experts only": "mlp",
    "feed-forward only": "mlp",
}


@dataclass(slots=True)
class Targets:
    """Adapter targets (names of linear layers), what to leave out, expert parameters and the findings."""

    use: list[str] = field(default_factory=list)
    avoid: list[str] = field(default_factory=list)
    experts: list[str] = field(default_factory=list)
    pattern: str = ""
    findings: list[Finding] = field(default_factory=list)


def choose_targets(files: ModelFiles, layers: Layers) -> Targets:
    """From the class's own projections where transformers has it, else from the weights' names."""
    found = Targets()
    config = files.text_config
    if not config:
        return found
    parts = modules(layers.model_type)
    stored = stored_names(files)
    if parts:
        _from_class(found, layers, parts, set(layers.counts), dense_too=_has_dense_too(config))
        source = f"transformers {_version(layers.model_type)}, class of {layers.model_type}"
    elif stored:
        found.use = sorted(
            name for name in stored if name.endswith(("_proj", "query_key_value")) or name in _KNOWN
        )
        source = "model.safetensors.index.json"
    else:
        named = layers.model_type or "this class"
        what = f"The projections of {named} are not in the table of classes. {NOT_CHECKED}"
        remedy = (
            "Print the names of the model's linear layers before training, and the share that was adapted."
        )
        found.findings.append(Finding("targets.unknown", "not checked", what, remedy, "config.json"))
        return found
    if layers.latent:
        compressed = _above(config.get("q_lora_rank"), 0)
        other = {"q_proj"} if compressed else {"q_a_proj", "q_b_proj"}
        found.use = [name for name in found.use if name not in other]
    _only_stored(found, stored, layers)
    _missing_names(found, source)
    _towers(found, files.config)
    _reach(found, layers)
    _fused_kernels(found, layers)
    _tied(found, files)
    return found


_KNOWN: Final = {
    "Wqkv",
    "fc1",
    "fc2",
    "c_attn",
    "c_fc",
    "c_proj",
    "dense_h_to_4h",
    "dense_4h_to_h",
    "wqkv",
    "wo",
}


def _version(model_type: str) -> str:
    rows = (row for row in table("architectures") if row["model_type"] == model_type)
    return next((row["transformers"] for row in rows), "")


def _has_dense_too(config: dict[str, Any]) -> bool:
    """Whether a mixture of experts has ordinary feed-forward layers as well: shared, first, or in between."""
    counts = (
        "n_shared_experts",
        "num_shared_experts",
        "shared_expert_intermediate_size",
        "first_k_dense_replace",
    )
    steps = ("decoder_sparse_step", "interleave_moe_layer_step", "expert_layer_period", "moe_layer_freq")
    return (
        any(
            _above(config.get(key), 0)
            for key in (*counts, "shared_intermediate_size", "moe_num_shared_experts")
        )
        or any(_above(config.get(key), 1) for key in steps)
        or bool(config.get("mlp_only_layers"))
        or config.get("enable_moe_block") is True
        or config.get("model_type") in {"llama4", "llama4_text"}
    )


def _above(value: object, least: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value > least


def _from_class(
    found: Targets,
    layers: Layers,
    parts: dict[str, tuple[list[str], list[str]]],
    kinds: set[str],
    *,
    dense_too: bool,
) -> None:
    wanted = [
        part
        for part in ("attention", "delta", "mamba", "conv", "recurrent", "mlp")
        if part in {"attention", "mlp"} or any(_OF_KIND.get(kind) == part for kind in kinds)
    ]
    for part in wanted:
        for name in parts.get(part, ([], []))[0]:
            if name in _STEERING or (part == "mamba" and name == "out_proj"):
                _add(found.avoid, name)
            else:
                _add(found.use, name)
    if "mamba" in wanted:
        _add(found.avoid, "conv1d")
        # An attention block may use the same name for its own output.
        found.use = [name for name in found.use if name not in found.avoid]
    if layers.experts:
        found.experts = list(parts.get("experts", ([], []))[1])
        _add(found.avoid, "router")
        if not dense_too:
            found.use = [name for name in found.use if name not in parts.get("mlp", ([], []))[0]]
    else:
        found.use = [name for name in found.use if not name.endswith("_latent_proj")]


def _add(names: list[str], name: str) -> None:
    if name not in names:
        names.append(name)


def stored_names(files: ModelFiles) -> set[str]:
    """Last parts of the names of the stored weights that are matrices of blocks, from the index."""
    weights = files.get("model.safetensors.index.json").get("weight_map")
    if not isinstance(weights, dict):
        return set()
    found = set()
    for name in list(weights)[:500_000]:
        pieces = name.split(".") if isinstance(name, str) and len(name) < 300 else []
        inside = len(pieces) > 2 and pieces[-1] == "weight" and any(piece.isdigit() for piece in pieces)
        if inside and not {"visual", "vision_tower", "audio_tower", "vision_model"} & set(pieces):
            found.add(pieces[-2])
    return found


def _only_stored(found: Targets, stored: set[str], layers: Layers) -> None:
    """Drop names the weights don't have: a class may hold projections this size was built without."""
    if not stored or layers.experts:
        return
    absent = [name for name in found.use if name not in stored]
    if absent and len(absent) < len(found.use):
        found.use = [name for name in found.use if name in stored]
        found.avoid += [name for name in absent if name not in found.avoid]


def _missing_names(found: Targets, source: str) -> None:
    missing = [name for name in _USUAL if name not in found.use and name not in found.experts]
    if not found.use or not missing:
        return
    found.avoid += [name for name in missing if name not in found.avoid]
    found.findings.append(
        Finding(
            "targets.absent",
            "warning",
            f"Recipes often list {', '.join(missing)}; this class has no such linear layer to adapt.",
            f"List {', '.join(found.use)}.",
            source,
            why="PEFT skips names that match nothing, in silence: the adapter is smaller than it looks.",
            date=READ_ON,
        )
    )


def _towers(found: Targets, config: dict[str, Any]) -> None:
    towers = [key.split("_")[0] for key in _TOWERS if isinstance(config.get(key), dict)]
    if not towers or not found.use:
        return
    names = "|".join(found.use)
    found.pattern = rf"^(?!.*(?:vision|visual|audio)).*\.layers\.\d+\..*\.(?:{names})$"
    _add(found.avoid, "vision_tower")
    found.findings.append(
        Finding(
            "targets.tower",
            "warning",
            f"The language model is wrapped with {' and '.join(dict.fromkeys(towers))} "
            "parts whose layers may "
            "carry the same names.",
            "Give target_modules as a regular expression that keeps to the language model.",
            "config.json",
            why="Bare names also adapt the tower, or stop with an error where its layers are "
            "of another class.",
        )
    )


def _reach(found: Targets, layers: Layers) -> None:
    share = layers.attention_share
    if share is None or share >= 1:
        return
    kinds = ", ".join(f"{count} of {kind}" for kind, count in layers.counts.items())
    have = sum(layers.counts.values())
    found.findings.append(
        Finding(
            "targets.reach",
            "warning",
            f"Of {have} blocks ({kinds}), attention-only adapters reach {share:.0%}.",
            f"Adapt {', '.join(found.use)}.",
            "config.json",
            why="Most of the model would stay as it is, and the loss may not move at all.",
        )
    )


def _fused_kernels(found: Targets, layers: Layers) -> None:
    if not any("mamba" in kind for kind in layers.counts):
        return
    stops = (
        "PEFT refuses these names for this class."
        if layers.model_type in _PEFT_REFUSES
        else "PEFT's check does not list this class, so nothing will stop you."
    )
    found.findings.append(
        Finding(
            "targets.mamba",
            "warning",
            f"out_proj and conv1d of Mamba blocks must not be adapted. {stops}",
            "Leave both out, and keep out_proj in 16-bit (llm_int8_skip_modules).",
            _PEFT,
            why="The fused kernel takes their weights directly: the adapter has no effect, and "
            "merging fails.",
            date="2025-05-29",
        )
    )


def ties(files: ModelFiles) -> bool | None:
    """Whether both embeddings are one weight: stated, stored, or the class's default; else None."""
    stated = files.config.get("tie_word_embeddings")
    stated = files.text_config.get("tie_word_embeddings") if stated is None else stated
    if isinstance(stated, bool):
        return stated
    weights = files.get("model.safetensors.index.json").get("weight_map")
    if isinstance(weights, dict) and weights:
        return not any(isinstance(name, str) and name.endswith("lm_head.weight") for name in weights)
    model_type = files.text_config.get("model_type")
    default = next((row for row in table("defaults") if row["model_type"] == model_type), None)
    return None if default is None else default["tie_word_embeddings"] == "true"


def _tied(found: Targets, files: ModelFiles) -> None:
    if not ties(files):
        return
    for name in ("embed_tokens", "lm_head"):
        _add(found.avoid, name)
    found.findings.append(
        Finding(
            "tied",
            "warning",
            "Input and output embeddings are one weight.",
            "Leave embed_tokens and lm_head out of the adapter, or set "
            "ensure_weight_tying=True in LoraConfig.",
            "https://github.com/unslothai/unsloth/pull/9331",
            why="Adapted apart they drift, and the trained head is lost when adapters are "
            "merged or reloaded.",
            date="2026-08-23",
        )
    )
