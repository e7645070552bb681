"""What differs between training programs: the few constants of the memory model, each with its reason."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from core.errors import InvalidInputError


@dataclass(frozen=True, slots=True)
class Span:
    """A constant as (low, middle, high): what set-ups of one program differ by."""

    low: float
    middle: float
    high: float


@dataclass(frozen=True, slots=True)
class Framework:
    """How one program spends memory.

    ``logit_bytes`` are bytes per vocabulary entry and token alive at the peak. ``logit_tokens`` caps the
    tokens whose logits are alive at once (0: all of them). ``held_inputs`` are bytes kept per input element
    of a layer with an adapter. ``activation_factor`` scales the activations counted in ``parts``.
    ``fixed_gb`` is the CUDA context, library workspaces and dequantisation buffers. ``slack`` is what the
    allocator reserves beyond what is in use.
    """

    key: str
    label: str
    logit_bytes: Span
    logit_tokens: int
    held_inputs: float
    activation_factor: Span
    fixed_gb: Span
    slack: Span
    adapter_bytes: int = 4
    optimizer: str = "adamw_32bit"
    checkpointing: bool = True
    offloads_checkpoints: bool = False
    upcasts_embeddings: Span = Span(0, 0, 0)
    shares_inputs: bool = False
    in_place_backward: bool = False
    unties_head: bool = False
    keeps_quantised_inputs: bool = False
    keeps_whole_qkv: bool = False


FRAMEWORKS: Final = {
    # Logits: 16-bit copy 2, 32-bit copy 4, log-softmax 4, its gradient 4, gradient in 16 bits 2 = 16. Some
    # versions free one of them early, older ones make a shifted copy. prepare_model_for_kbit_training
    # turns embeddings, head and norms into 32 bits. Adapters are 32-bit: inputs are cast (4) and cast back
    # (2).
    "huggingface": Framework(
        "huggingface",
        "Hugging Face (transformers, PEFT, TRL)",
        logit_bytes=Span(8, 16, 19),
        logit_tokens=0,
        held_inputs=7,
        activation_factor=Span(0.75, 1.0, 1.3),
        fixed_gb=Span(0.3, 0.8, 1.5),
        slack=Span(1.0, 1.03, 1.12),
        upcasts_embeddings=Span(0, 1, 1),
    ),
    # The loss is computed in pieces without storing logits, checkpoints wait in the machine's memory, and
    # the layers' own backward passes work in place.
    "unsloth": Framework(
        "unsloth",
        "Unsloth, or another fused loss with offloaded checkpoints",
        logit_bytes=Span(2, 8, 16),
        logit_tokens=1024,
        held_inputs=2,
        activation_factor=Span(0.75, 1.0, 1.4),
        fixed_gb=Span(0.3, 0.8, 1.5),
        slack=Span(1.0, 1.02, 1.12),
        offloads_checkpoints=True,
        shares_inputs=True,
        in_place_backward=True,
        optimizer="adamw_8bit",
    ),
    # True 16-bit training without checkpointing by default. Values are views of one joint q-k-v tensor,
    # which therefore stays whole; 4-bit layers of its bitsandbytes kept their inputs; the head is a matrix
    # of its own.
    "litgpt": Framework(
        "litgpt",
        "LitGPT",
        logit_bytes=Span(4, 6, 10),
        logit_tokens=0,
        held_inputs=3,
        activation_factor=Span(0.95, 1.2, 1.45),
        fixed_gb=Span(0.0, 0.1, 0.8),
        slack=Span(1.0, 1.0, 1.06),
        adapter_bytes=2,
        checkpointing=False,
        shares_inputs=True,
        keeps_quantised_inputs=True,
        keeps_whole_qkv=True,
        unties_head=True,
    ),
    # Compiled blocks; logits stay in 16 bits and the loss goes through them in eight pieces. Checkpoints
    # may wait in the machine's memory or on the card.
    "torchtune": Framework(
        "torchtune",
        "torchtune",
        logit_bytes=Span(2, 3, 8),
        logit_tokens=0,
        held_inputs=2,
        activation_factor=Span(0.7, 0.9, 1.2),
        fixed_gb=Span(0.0, 0.3, 1.2),
        slack=Span(1.0, 1.02, 1.12),
        adapter_bytes=2,
        offloads_checkpoints=True,
        shares_inputs=True,
    ),
}

_OTHER_NAMES: Final = {
    "hf": "huggingface",
    "transformers": "huggingface",
    "trl": "huggingface",
    "peft": "huggingface",
    "axolotl": "huggingface",
    "lit-gpt": "litgpt",
}


def framework(name: str) -> Framework:
    """The framework by its key or another common name.

    Raises:
        InvalidInputError: there is no such framework here; the message names those there are.
    """
    key = name.strip().lower().replace("hugging face", "huggingface")
    key = _OTHER_NAMES.get(key, key)
    found = FRAMEWORKS.get(key)
    if found is None:
        raise InvalidInputError(
            f"No memory model for the framework {name[:60]!r}.", remedy=f"Known: {', '.join(FRAMEWORKS)}."
        )
    return found
