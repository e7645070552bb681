"""Reading a model's name: its parts, its size, the words that say how it was made."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

# Words of a name that say "tuned", "mixed" or "cut"; whole parts between separators only.
# fmt: off
TUNED_WORDS: Final = frozenset({
    "instruct", "inst", "instruction", "insruct", "chat", "it", "assistant", "aligned", "tuned", "finetune",
    "finetuned", "ft", "sft", "dpo", "orpo", "kto", "cpo", "ipo", "ppo", "grpo", "simpo", "sppo", "rl",
    "rlhf", "rm", "reward", "lora", "qlora", "adapter", "tulu", "alpaca", "openhermes", "uncensored",
    "abliterated", "roleplay", "rp", "reasoning", "reasoner", "thinker", "cot", "r1", "o1", "distill",
    "distilled", "function", "autoredteam",
})
MIXED_WORDS: Final = frozenset({
    "merge", "merged", "merges", "mergekit", "megamerge", "slerp", "nuslerp", "ties", "dare", "dareties",
    "della", "linear", "stock", "moerge", "fusion", "passthrough", "breadcrumbs", "franken", "frankenmerge",
})
CUT_WORDS: Final = frozenset({
    "pruned", "prune", "upscale", "upscaled", "stacked", "stack", "signtensors",
})
QUANTISED_WORDS: Final = frozenset({"quantized", "gptq", "awq", "bnb", "gguf", "4bit", "8bit"})
# fmt: on

_PART: Final = re.compile(r"[^\s\-_./+]+")
# `1_8b` is 1.8B after a hyphen; after an underscore, as in `v9_5_1B`, the parts stand for themselves.
_SIZE: Final = re.compile(r"(?:(?<![a-z0-9._])(\d+_\d+)|(?<![a-z0-9.])(\d+(?:\.\d+)?))(b|m)(?![a-z0-9])")
_GLUED_SIZE: Final = re.compile(r"(?<=[a-z])(\d+(?:\.\d+)?)(b)(?![a-z0-9])")
_MIXTURE: Final = re.compile(
    r"(?<![a-z0-9])(\d+)x(\d+(?:\.\d+)?)(b|m)?(?![a-z0-9])|(?<![a-z0-9])(\d+(?:\.\d+)?)bx(\d+)"
)


def organisation(model_id: str) -> str | None:
    """``google`` of ``google/gemma-2-9b``; None for a name without one, such as ``gpt2``."""
    owner, slash, _ = model_id.partition("/")
    return owner if slash else None


# Names come from files and addresses too, so what is remembered is bounded; a board has some 5,000.
_REMEMBERED: Final = 20_000


@lru_cache(maxsize=_REMEMBERED)
def bare(model_id: str) -> str:
    """The name without its organisation, lower case, ``_`` and blanks as ``-``: how families are recognised.

    >>> bare("internlm/internlm2_5-20b-chat")
    'internlm2-5-20b-chat'
    """
    return model_id.rpartition("/")[2].lower().replace("_", "-").replace(" ", "-")


@lru_cache(maxsize=_REMEMBERED)
def parts(model_id: str) -> tuple[str, ...]:
    """The parts of a name between its separators, lower case, without the organisation."""
    return tuple(_PART.findall(model_id.rpartition("/")[2].lower()))


@lru_cache(maxsize=_REMEMBERED)
def size_in_name(model_id: str) -> float | None:
    """The size a name states, in billions of parameters; None where it states none or is a mixture.

    >>> size_in_name("internlm/internlm2-1_8b"), size_in_name("HuggingFaceTB/SmolLM-360M")
    (1.8, 0.36)
    """
    text = model_id.rpartition("/")[2].lower()
    if _MIXTURE.search(text):
        return None
    found = _SIZE.search(text)
    if found:
        number = float((found[1] or found[2]).replace("_", "."))
        if found[3] == "b":
            return number
        return number / 1000 if number >= 10 else None  # `-1M` is a context of a million tokens
    glued = _GLUED_SIZE.search(text)
    return float(glued[1]) if glued else None


@lru_cache(maxsize=_REMEMBERED)
def is_mixture(model_id: str) -> bool:
    """True for a name with experts in it, such as ``8x7B``."""
    return bool(_MIXTURE.search(model_id.rpartition("/")[2].lower()))


def has_word(model_id: str, words: frozenset[str]) -> str | None:
    """The first part of the name that is one of ``words``, digits at its end aside (``pruned40``)."""
    return next(
        (part for part in parts(model_id) if part in words or part.rstrip("0123456789") in words), None
    )


def is_glued_chat(model_id: str) -> bool:
    """True for ``CantoneseLLMChat-v0.5``: a word for tuning grown together with a name."""
    return any(part.endswith(("chat", "instruct")) for part in parts(model_id))
