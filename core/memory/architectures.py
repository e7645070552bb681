"""How a model is built: the sizes from which parameters, memory and speed are computed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from functools import cache
from pathlib import Path
from typing import Any, Final

from core.errors import InvalidInputError
from core.memory.config_names import flat, other_structure

_TABLE: Final = Path(__file__).resolve().parent.parent / "data" / "architectures.json"

# What each field of a config.json may be at most. Wide enough for every published model, and narrow
# enough that a hostile file cannot make the arithmetic meaningless.
_LIMITS: Final = {
    "layers": 512,
    "hidden": 65_536,
    "heads": 1_024,
    "kv_heads": 1_024,
    "head_dim": 2_048,
    "intermediate": 524_288,
    "vocabulary": 2_000_000,
    "context_length": 100_000_000,
    "experts": 4_096,
    "experts_per_token": 4_096,
    "shared_intermediate": 524_288,
}

# A config.json's names for the same things, in the order in which they are looked for.
_KEYS: Final = {
    "layers": ("num_hidden_layers", "n_layer", "n_layers", "num_layers"),
    "hidden": ("hidden_size", "n_embd", "d_model"),
    "heads": ("num_attention_heads", "n_head", "n_heads", "num_heads"),
    "kv_heads": ("num_key_value_heads", "num_kv_heads", "n_head_kv", "multi_query_group_num", "kv_n_heads"),
    "head_dim": ("head_dim", "kv_channels"),
    "intermediate": ("intermediate_size", "n_inner", "ffn_dim", "ffn_hidden_size"),
    "vocabulary": ("vocab_size", "padded_vocab_size"),
    "context_length": ("max_position_embeddings", "n_positions", "n_ctx", "max_seq_len", "seq_length"),
    "experts": ("num_local_experts", "num_experts", "n_routed_experts", "moe_num_experts"),
    "experts_per_token": ("num_experts_per_tok", "num_experts_per_token", "moe_top_k", "moe_topk"),
    "expert_intermediate": ("moe_intermediate_size",),
    "shared_intermediate": ("shared_expert_intermediate_size", "shared_intermediate_size"),
}

# config.json's model_type -> family of core/data/architectures.json, and whether the embeddings are tied
# where the file doesn't say (each class's own default in transformers).
_MODEL_TYPES: Final = {
    "llama": ("llama", False),
    "mistral": ("llama", False),
    "mixtral": ("llama", False),
    "phi3": ("llama", False),
    "internlm2": ("llama", False),
    "granite": ("llama", True),
    "granitemoe": ("llama", True),
    "helium": ("llama", False),
    "smollm3": ("llama", True),
    "cohere": ("cohere", True),
    "chatglm": ("qwen2", False),
    "qwen2": ("qwen2", False),
    "qwen2_moe": ("qwen2", False),
    "qwen3": ("qwen3", False),
    "qwen3_moe": ("qwen3", False),
    "gemma": ("gemma", True),
    "gemma2": ("gemma2", True),
    "gemma3": ("gemma3", True),
    "gemma3_text": ("gemma3", True),
    "olmo": ("olmo", False),
    "olmo2": ("olmoe", False),
    "olmoe": ("olmoe", False),
    "stablelm": ("stablelm", False),
    "gpt_neox": ("neox", False),
    "phi": ("phi", False),
    "gptj": ("gptj", False),
    "gpt_neo": ("gptneo", True),
    "gpt2": ("gpt2", True),
    "opt": ("opt", True),
    "bloom": ("bloom", True),
    "mpt": ("mpt", True),
    "nemotron": ("nemotron", False),
    "falcon": ("falcon", True),
    "starcoder2": ("starcoder2", True),
}
_CHECK_FILE: Final = "Check the file, or enter the model's size instead."
_NO_ATTENTION: Final = ("mamba", "rwkv", "recurrent_gemma", "jamba", "hymba", "zamba", "t5", "bart")


@dataclass(frozen=True, slots=True)
class Architecture:
    """A decoder-only transformer's sizes.

    ``mlp`` is "gated" (three matrices, as in Llama) or "plain" (two). ``norm`` is "rms" (a scale), "scale"
    (a LayerNorm without bias), "layer" (scale and bias) or "none"; ``norms`` counts those in one block.
    ``softcap``: scores and logits are squeezed, which attention kernels that store no scores may not support.
    ``evidence`` says how much is known: "listed" and "config" are exact, "catalogue" adds up to the published
    size, "size" is a typical shape of that many parameters. ``caveat`` says why a configuration that was
    there was not used, or what the shape leaves out.
    """

    name: str
    layers: int
    hidden: int
    heads: int
    kv_heads: int
    head_dim: int
    intermediate: int
    vocabulary: int
    tied: bool
    context_length: int = 0
    mlp: str = "gated"
    norm: str = "rms"
    norms: int = 2
    qkv_bias: bool = False
    o_bias: bool = False
    mlp_bias: bool = False
    head_bias: bool = False
    qk_norm: str = ""
    embed_norm: bool = False
    positions: bool = False
    position_offset: int = 0
    softcap: bool = False
    experts: int = 0
    experts_per_token: int = 0
    shared_intermediate: int = 0
    shared_gate: bool = False
    stored_masks: int = 0
    stored_head: bool = False
    evidence: str = "listed"
    caveat: str = ""

    @property
    def query_width(self) -> int:
        return self.heads * self.head_dim

    @property
    def kv_width(self) -> int:
        return self.kv_heads * self.head_dim

    def linear_shapes(self) -> dict[str, tuple[int, int]]:
        """(in, out) of each linear layer of one block outside the experts, by its short name."""
        shapes = {
            "q": (self.hidden, self.query_width),
            "k": (self.hidden, self.kv_width),
            "v": (self.hidden, self.kv_width),
            "o": (self.query_width, self.hidden),
        }
        width = self.shared_intermediate if self.experts else self.intermediate
        if width:
            if self.mlp == "gated":
                shapes["gate"] = (self.hidden, width)
            shapes["up"] = (self.hidden, width)
            shapes["down"] = (width, self.hidden)
        return shapes

    @property
    def expert_parameters(self) -> int:
        """Parameters of all experts of all blocks, routers apart."""
        matrices = 3 if self.mlp == "gated" else 2
        return self.layers * self.experts * matrices * self.hidden * self.intermediate

    @property
    def linear_parameters(self) -> int:
        """Weights of the linear layers inside the blocks: what 4-bit loading quantises.

        >>> get("meta-llama/Llama-3.1-8B").linear_parameters
        6979321856
        """
        block = sum(rows * columns for rows, columns in self.linear_shapes().values())
        router = self.hidden * self.experts + (self.hidden if self.shared_gate else 0)
        return self.layers * (block + router) + self.expert_parameters

    @property
    def embedding_parameters(self) -> int:
        """Token embeddings, the output head where it is a matrix of its own, and learned positions."""
        matrices = 1 if self.tied else 2
        learned = (self.context_length + self.position_offset) * self.hidden if self.positions else 0
        return matrices * self.vocabulary * self.hidden + learned

    @property
    def small_parameters(self) -> int:
        """Norms and biases: kept in 16 bits, and in 32 by some set-ups."""
        scale = {"rms": 1, "scale": 1, "layer": 2, "none": 0}[self.norm] * self.hidden
        block = self.norms * scale
        if self.qk_norm == "head":
            block += 2 * self.head_dim
        elif self.qk_norm == "full":
            block += self.query_width + self.kv_width
        if self.qkv_bias:
            block += self.query_width + 2 * self.kv_width
        if self.o_bias:
            block += self.hidden
        if self.mlp_bias:
            block += self.intermediate + self.hidden
        head = self.vocabulary if self.head_bias else 0
        return self.layers * block + scale * (2 if self.embed_norm else 1) + head

    @property
    def parameters(self) -> int:
        """All parameters, each once."""
        return self.linear_parameters + self.embedding_parameters + self.small_parameters

    @property
    def active_parameters(self) -> int:
        """Parameters that take part in computing one token."""
        if not self.experts:
            return self.parameters
        return self.parameters - round(
            self.expert_parameters * (1 - self.experts_per_token / max(self.experts, 1))
        )

    @property
    def stored_parameters(self) -> int:
        """What the files on the Hub hold: also attention masks and a second copy of tied embeddings."""
        masks = self.stored_masks * self.context_length**2
        return self.parameters + masks + (self.vocabulary * self.hidden if self.stored_head else 0)


@cache
def _table() -> dict[str, Architecture]:
    document = json.loads(_TABLE.read_text(encoding="utf-8"))
    families = document["families"]
    return {
        name.lower(): Architecture(name=name, **families[entry.pop("family")], **entry)
        for name, entry in document["models"].items()
    }


def known() -> list[str]:
    """Model ids whose layer sizes are embedded."""
    return sorted(architecture.name for architecture in _table().values())


def get(model_id: str) -> Architecture | None:
    """The embedded architecture of a model, or None if its sizes are not known here."""
    return _table().get(model_id.strip().lower())


def from_size(params_b: float, *, name: str = "") -> Architecture:
    """A typical architecture with ``params_b`` billion parameters; its estimates get a wider range.

    The shape follows the Llama and Qwen families: width and depth grow with the cube root of the size, and
    the MLP takes what is left over after embeddings of a 128 k vocabulary (tied below 4 B).

    Raises:
        InvalidInputError: the size is not a positive number below 2,000.
    """
    if not 0.01 <= params_b <= 2_000:
        raise InvalidInputError(
            f"A size of {params_b} billion parameters can't be used.",
            remedy="Give a number between 0.01 and 2,000.",
        )
    scale = (params_b / 8) ** (1 / 3)
    hidden = max(256, 128 * round(4096 * scale / 128))
    layers = max(6, round(32 * scale))
    vocabulary = 128_000 if params_b >= 0.5 else 50_000
    tied = params_b < 4
    heads = hidden // 128
    kv_heads = max(1, heads // 4)
    embeddings = vocabulary * hidden * (1 if tied else 2)
    attention = 2 * hidden * hidden + 2 * hidden * 128 * kv_heads
    left = (params_b * 1e9 - embeddings) / layers - attention
    intermediate = max(hidden, round(left / (3 * hidden)))
    return Architecture(
        name=name or f"a model of {params_b:g} B",
        layers=layers,
        hidden=hidden,
        heads=heads,
        kv_heads=kv_heads,
        head_dim=128,
        intermediate=intermediate,
        vocabulary=vocabulary,
        tied=tied,
        evidence="size",
    )


def from_config(config: Mapping[str, Any], *, name: str = "") -> Architecture:
    """The architecture described by a Hub ``config.json``.

    Args:
        config: the parsed file. A multimodal file's ``text_config`` is used.
        name: what to call the model in messages.

    Raises:
        InvalidInputError: a size is missing, not a whole number or out of bounds, or the model is not a
            decoder-only transformer.
    """
    if not isinstance(config, Mapping):
        raise InvalidInputError(
            "A config.json holds one object with named values; this one doesn't.",
            remedy=_CHECK_FILE,
        )
    config = flat(config)
    label = name or _text(config.get("_name_or_path")) or "this model"
    model_type = _text(config.get("model_type")).lower()
    if any(part in model_type for part in _NO_ATTENTION):
        raise InvalidInputError(
            f"{label} is of type {model_type}, which is not a decoder-only transformer.",
            source="config.json",
            remedy="Its memory can only be guessed from its size; the range is wider.",
        )
    if others := other_structure(config):
        raise InvalidInputError(
            f"The config.json of {label} describes {others}, which this estimate doesn't know.",
            source="config.json",
            remedy="Its memory can only be guessed from its size; the range is wider.",
        )
    family, tied_default = _MODEL_TYPES.get(model_type, ("llama", False))
    sizes = {field: _size(config, field, label) for field in ("layers", "hidden", "heads", "vocabulary")}
    kv = _size(config, "kv_heads", label, default=sizes["heads"])
    if config.get("multi_query") is True and not config.get("new_decoder_architecture"):
        kv = 1
    head_dim = _size(config, "head_dim", label, default=max(1, sizes["hidden"] // sizes["heads"]))
    intermediate = _size(config, "intermediate", label, default=4 * sizes["hidden"])
    experts = _size(config, "experts", label, default=0)
    if experts:
        intermediate = _size(config, "expert_intermediate", label, default=intermediate, limit="intermediate")
    per_token = _size(config, "experts_per_token", label, default=min(2, experts))
    if kv > sizes["heads"] or per_token > max(experts, 0):
        raise InvalidInputError(
            f"The sizes of {label} contradict each other.",
            source="config.json",
            remedy="There are more key-value heads than heads, or more active experts than experts.",
        )
    tied = config.get("tie_word_embeddings", tied_default)
    if not isinstance(tied, bool):
        raise InvalidInputError(
            f"tie_word_embeddings of {label} is neither true nor false.",
            source="config.json",
            remedy=_CHECK_FILE,
        )
    return replace(
        Architecture(
            name=label,
            layers=sizes["layers"],
            hidden=sizes["hidden"],
            heads=sizes["heads"],
            vocabulary=sizes["vocabulary"],
            kv_heads=kv,
            head_dim=head_dim,
            intermediate=intermediate,
            tied=tied,
            context_length=_size(config, "context_length", label, default=0),
            experts=experts,
            experts_per_token=per_token,
            shared_intermediate=_size(config, "shared_intermediate", label, default=0) if experts else 0,
            evidence="config" if model_type in _MODEL_TYPES else "config of an unknown type",
        ),
        **_family(family),
    )


@cache
def _family_table() -> dict[str, dict[str, Any]]:
    document = json.loads(_TABLE.read_text(encoding="utf-8"))
    allowed = {field.name for field in fields(Architecture)}
    return {
        name: {key: value for key, value in family.items() if key in allowed}
        for name, family in document["families"].items()
    }


def _family(name: str) -> dict[str, Any]:
    return _family_table()[name]


def _text(value: object) -> str:
    return value[:96] if isinstance(value, str) else ""


def _size(
    config: Mapping[str, Any], field: str, label: str, *, default: int | None = None, limit: str = ""
) -> int:
    for key in _KEYS[field]:
        value = config.get(key)
        if value is None:
            continue
        bound = _LIMITS[limit or field]
        # bool is an int to Python; a config that says `true` layers is broken all the same.
        if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= bound:
            raise InvalidInputError(
                f"{key} of {label} must be a whole number from 0 to {bound:,}.",
                source="config.json",
                remedy=_CHECK_FILE,
            )
        if value == 0 and default is None:
            raise InvalidInputError(
                f"{key} of {label} is 0.",
                source="config.json",
                remedy=_CHECK_FILE,
            )
        return value
    if default is None:
        raise InvalidInputError(
            f"The configuration of {label} doesn't say {_KEYS[field][0]}.",
            source="config.json",
            remedy="Enter the model's size instead; the estimate gets a wider range.",
        )
    return default
