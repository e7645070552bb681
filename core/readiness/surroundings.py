"""What training and serving run into: precision, experts, packing, versions, remote code, vLLM, GGUF, BOS."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from core.readiness.result import NOT_CHECKED, READ_ON, Finding
from core.readiness.tables import class_facts, modules

if TYPE_CHECKING:
    from core.readiness.files import ModelFiles
    from core.readiness.layers import Layers
    from core.readiness.template import Template
    from core.readiness.tokens import Tokens

_EXPERTS: Final = "https://github.com/bitsandbytes-foundation/bitsandbytes/issues/1849"
_DELTA: Final = "https://github.com/modelscope/ms-swift/issues/9618"
_SERVERS: Final = (
    ("vllm_adapters", "vLLM's table of adapters", "vLLM may refuse the adapter."),
    (
        "gguf",
        "llama.cpp's converter to GGUF",
        "The conversion would stop, so llama.cpp and Ollama can't serve it.",
    ),
)
_BOS: Final = "https://github.com/EleutherAI/lm-evaluation-harness/pull/2049"


def fp16(layers: Layers) -> tuple[str, Finding]:
    """Whether training in fp16, all a T4 has, is known to fail."""
    facts = class_facts(layers.model_type)
    state = facts.get("fp16_t4") or "not tested"
    if state == "fails":
        what = (
            f"Classes like {layers.model_type} are on Unsloth's list of those that fail in "
            "fp16, all a T4 has."
        )
        remedy = "Use a card with bf16, load in float32, or use Unsloth, which patches these classes."
        why = "Gradients become NaN."
        return state, Finding("fp16", "warning", what, remedy, facts["source"], why, facts["date"])
    if state == "partly":
        what = "The Mamba blocks need float32 where a card has fp16 only; Unsloth keeps them so."
        remedy = "Use a card with bf16, or keep the Mamba blocks in float32."
        why = "State-space sums overflow in fp16, and the loss becomes NaN."
        return state, Finding("fp16", "warning", what, remedy, facts["source"], why, facts["date"])
    what = f"No report of fp16 on a T4 was found for this class. {NOT_CHECKED}"
    return state, Finding(
        "fp16", "not checked", what, "Watch the gradient norm in the first steps.", "", date=READ_ON
    )


def experts(layers: Layers) -> list[Finding]:
    if not layers.experts:
        return []
    fused = modules(layers.model_type).get("experts", ([], []))[1]
    if not fused:
        what = f"How this class keeps its {layers.experts} experts was not read. {NOT_CHECKED}"
        remedy = "Print the share of weights that was quantised and of layers that were adapted."
        return [Finding("experts", "not checked", what, remedy, "config.json")]
    names = ", ".join(fused)
    return [
        Finding(
            "experts.4bit",
            "stop",
            f"transformers 5 keeps the {layers.experts} experts of a block in "
            f"three-dimensional parameters ({names}), "
            "which bitsandbytes' 4-bit loading skips.",
            "Quantise them with Axolotl's quantize_moe_experts or Unsloth from June 2026 "
            "on, or plan for 16-bit.",
            _EXPERTS,
            why="Most of the weights stay 16-bit, without an error, and don't fit the card "
            "they were planned for.",
            date="2026-07-02",
        ),
        Finding(
            "experts.adapters",
            "warning",
            "Lists of module names don't reach the experts.",
            f"Name them in target_parameters ({names}), with lora_dropout 0, or adapt "
            "attention only on purpose.",
            "huggingface/peft:docs/source/package_reference/lora.md@5d602fd",
            why="Only the rest of the model trains.",
            date="2026-08-21",
        ),
    ]


def stored(files: ModelFiles) -> list[Finding]:
    """Weights that are published quantised: they can't be quantised or trained as they are."""
    how = files.config.get("quantization_config") or files.text_config.get("quantization_config")
    if not isinstance(how, dict):
        return []
    method = how.get("quant_method")
    named = method if isinstance(method, str) and len(method) < 40 else "a format of its own"
    what = f"The weights are stored quantised ({named})."
    remedy = "Use or make a 16-bit copy to train on, and merge into that copy."
    why = "4-bit loading is switched off for such weights, and merged adapters may be lost."
    return [Finding("stored.quantised", "warning", what, remedy, "config.json", why)]


def packing(layers: Layers) -> list[Finding]:
    if "gated delta net" not in layers.counts:
        return []
    since = class_facts(layers.model_type).get("packing_from")
    safe = (
        f"transformers {since} or later with flash-linear-attention"
        if since
        else "a version that was tested for it"
    )
    what = "Packing several examples into one sequence leaks state between them in gated delta nets."
    why = "The loss looks normal while the model learns from its neighbours' texts."
    return [Finding("packing", "warning", what, f"Don't pack, or use {safe}.", _DELTA, why, "2026-06-24")]


def version(files: ModelFiles, layers: Layers) -> tuple[str, list[Finding]]:
    """Least transformers version, by the lists that were read."""
    least = class_facts(layers.model_type).get("min_transformers", "")
    stamp = files.config.get("transformers_version")
    if least:
        what = f"The class needs transformers {least} or later."
        return least, [
            Finding("transformers", "note", what, "", class_facts(layers.model_type)["source"], date=READ_ON)
        ]
    if isinstance(stamp, str) and len(stamp) < 40:
        what = f"The files were saved with transformers {stamp}; older versions may not know the class."
        return "", [Finding("transformers", "note", what, "", "config.json")]
    return "", []


def remote_code(files: ModelFiles, layers: Layers) -> tuple[bool | None, list[Finding]]:
    if not files.config:
        return None, []
    maps = [files.config, files.text_config, files.get("tokenizer_config.json")]
    if not any(isinstance(part.get("auto_map"), dict) and part["auto_map"] for part in maps):
        if layers.model_type and not modules(layers.model_type):
            what = (
                f"transformers 5.23 has no class {layers.model_type!r}, and the files bring no "
                "code of their own."
            )
            return None, [
                Finding(
                    "remote_code",
                    "warning",
                    what,
                    "Look for the library it needs.",
                    "config.json",
                    "transformers can't load it as it is.",
                )
            ]
        return False, []
    built_in = bool(modules(layers.model_type))
    what = "The repository brings Python code of its own (auto_map)."
    if built_in:
        what += f" transformers has the class {layers.model_type} too."
    remedy = (
        "Load it without trust_remote_code and compare the outputs."
        if built_in
        else "Read the code at the revision you pin before running it, or choose another base."
    )
    why = "Such code runs with your rights, and often works with old transformers versions only."
    return not built_in, [Finding("remote_code", "warning", what, remedy, "config.json", why)]


def serving(layers: Layers) -> list[Finding]:
    facts = class_facts(layers.model_type)
    date = facts.get("date", READ_ON)
    out = []
    for key, who, why in _SERVERS:
        state = facts.get(key, "")
        if state == "yes":
            out.append(
                Finding(f"serve.{key}", "note", f"{who} lists this class.", "", facts["source"], date=date)
            )
        elif state in {"no", "no mark"}:
            what, remedy = f"{who} does not list this class.", "Merge, and serve the model with transformers."
            out.append(Finding(f"serve.{key}", "warning", what, remedy, facts["source"], why, date))
        else:
            what = f"{who} was not looked up for this class. {NOT_CHECKED}"
            out.append(Finding(f"serve.{key}", "not checked", what, "Try it before training.", ""))
    what = "vLLM refuses adapters that hold embed_tokens or lm_head (modules_to_save)."
    remedy = "Merge before serving, or leave these layers out."
    link = "https://github.com/vllm-project/vllm/issues/9280"
    out.append(Finding("serve.modules_to_save", "note", what, remedy, link, date="2024-10-11"))
    return out


def bos(files: ModelFiles, tokens: Tokens, template: Template) -> tuple[bool | None, list[Finding]]:
    """Whether the tokenizer puts a beginning-of-text token first."""
    stated = files.get("tokenizer_config.json").get("add_bos_token")
    name = tokens.names.get("bos")
    adds = stated if isinstance(stated, bool) else _post_processor(files.get("tokenizer.json"), name)
    if name is None and files.get("tokenizer_config.json"):
        return False, []
    out = []
    if adds and template.prints_bos:
        what = f"The tokenizer adds {name}, and the template prints it too."
        remedy = "Tokenise templated text with add_special_tokens=False, and count it in one example."
        link = "https://github.com/huggingface/alignment-handbook/issues/127"
        out.append(
            Finding("bos.double", "warning", what, remedy, link, "Two of them at the start.", "2024-02-26")
        )
    elif name is not None and adds is not True:
        unsure = "does not add" if adds is False else "may or may not add"
        what = f"The files name {name} as beginning of text, and the tokenizer {unsure} it."
        remedy = f"Decode one training example and count {name}: there should be as many as in pre-training."
        why = "Some bases, Gemma's above all, produce nonsense without it."
        out.append(Finding("bos", "note", what, remedy, _BOS, why, "2024-07-02"))
    return adds, out


def _post_processor(tokenizer: dict[str, Any], name: str | None) -> bool | None:
    """Whether the tokenizer's template for a single text begins with ``name``."""
    if not tokenizer or name is None:
        return None
    step = tokenizer.get("post_processor")
    if not isinstance(step, dict):
        return False
    listed = step.get("processors")
    for item in [step, *(listed[:20] if isinstance(listed, list) else [])]:
        single = item.get("single") if isinstance(item, dict) else None
        first = single[0] if isinstance(single, list) and single else None
        special = first.get("SpecialToken") if isinstance(first, dict) else None
        if isinstance(special, dict) and special.get("id") == name:
            return True
    return False
