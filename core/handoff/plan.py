"""What the notebook must know of a base to train it right: the readiness card as plain settings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from core.readiness import Readiness, assess, assess_family

if TYPE_CHECKING:
    from collections.abc import Mapping

# In fp16 they are reported to fail, whole or in part: float32 where a card has no bf16.
_FP16_FAILS: Final = {"fails", "doubtful", "partly"}
_TOKENIZER: Final = {"tokenizer_config.json", "tokenizer.json"}
_LONGEST: Final = 200
_MOST: Final = 60


def plan_for(
    model_id: str,
    files: Mapping[str, object] | None = None,
    *,
    rows: Mapping[int, str] | None = None,
) -> dict[str, Any]:
    """Settings of one model, from its files where they are at hand, else from what was published.

    Args:
        model_id: the repository.
        files: its small files, as :func:`core.readiness.assess` takes them.
        rows: states of embedding rows, likewise.

    Returns:
        basis ("files", "family" or ""), stops, why, end_token, train_end (its embedding row must be trained),
        pad_token, adds_bos, targets, avoid, experts (fused parameters), experts_16bit, blocks (how many; None
        where unknown), float32 (where a card has no bf16), tied, vllm and gguf ("yes", "no" or "unknown").
    """
    of_files = assess(files, model_id=model_id, rows=rows) if files else None
    of_family = assess_family(model_id)
    # Layers are read from config.json; end tokens only where the tokenizer's files are there, too.
    about_layers = of_files if of_files is not None and of_files.layer_kinds else of_family or of_files
    named = {str(name).rsplit("/", 1)[-1] for name in files} if files else set()
    about_tokens = of_files if named & _TOKENIZER else of_family or of_files
    if about_layers is None or about_tokens is None:
        about_layers = about_tokens = Readiness()
    served = _served(about_layers)
    return {
        "basis": "" if of_files is None and of_family is None else about_tokens.basis,
        "stops": about_tokens.stops,
        "why": about_tokens.why[:_LONGEST],
        "end_token": _text(about_tokens.end_token),
        "train_end": about_tokens.end_trained is False,
        "pad_token": _text(about_tokens.pad_token),
        "adds_bos": about_tokens.adds_bos,
        "targets": [name for name in about_layers.lora_targets if len(name) <= _LONGEST][:_MOST],
        "avoid": [name for name in about_layers.avoid if len(name) <= _LONGEST][:_MOST],
        "experts": about_layers.expert_parameters[:_MOST],
        "experts_16bit": any(finding.key == "experts.4bit" for finding in about_layers.findings),
        "blocks": sum(about_layers.layer_kinds.values()) or None,
        "float32": about_layers.fp16_t4 in _FP16_FAILS,
        "tied": about_layers.tied_embeddings,
        "vllm": served["vllm_adapters"],
        "gguf": served["gguf"],
    }


def _text(token: str | None) -> str | None:
    return token if token is not None and len(token) <= _LONGEST else None


def _served(card: Readiness) -> dict[str, str]:
    """What the card's findings say of each server."""
    states = {finding.key.removeprefix("serve."): finding.severity for finding in card.findings}
    words = {"note": "yes", "warning": "no"}
    return {key: words.get(states.get(key, ""), "unknown") for key in ("vllm_adapters", "gguf")}
