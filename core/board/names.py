"""Reading a model's name: its parts, its size, the words that say how it was made."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

# Words of a name that say "tuned", "mixed" or "cut"; whole parts between separators only.
TUNED_WORDS: Final = frozenset(
    "instruct inst instruction chat it sft dpo orpo kto simpo sppo cpo ipo ppo grpo rlhf rl rm reward tulu alpaca "
    "uncensored abliterated roleplay rp reasoning reasoner thinker cot distill distilled function finetuned "
    "finetune ft tuned lora qlora adapter assistant r1 o1 openhermes insruct aligned".split()
)
MIXED_WORDS: Final = frozenset(
    "merge merged slerp ties dare della linear stock mergekit moerge fusion passthrough breadcrumbs nuslerp "
    "megamerge frankenmerge franken ties2 dareties merges".split()
)
CUT_WORDS: Final = frozenset(
    "pruned prune upscale upscaled stacked stack signtensors quantized gptq awq bnb gguf".split()
)

_PART: Final = re.compile(r"[^\s\-_./+]+")
_SIZE: Final = re.compile(r"(?<![a-z0-9.])(\d+(?:[._]\d+)?)(b|m)(?![a-z0-9])")
_GLUED_SIZE: Final = re.compile(r"(?<=[a-z])(\d+(?:\.\d+)?)(b)(?![a-z0-9])")
_MIXTURE: Final = re.compile(
    r"(?<![a-z0-9])(\d+)x(\d+(?:\.\d+)?)(b|m)?(?![a-z0-9])|(?<![a-z0-9])(\d+(?:\.\d+)?)bx(\d+)"
)


def organisation(model_id: str) -> str | None:
    """``google`` of ``google/gemma-2-9b``; None for a name without one, such as ``gpt2``."""
    owner, slash, _ = model_id.partition("/")
    return owner if slash else None


@cache
def bare(model_id: str) -> str:
    """The name without its organisation, lower case, ``_`` and blanks as ``-``: how families are recognised.

    >>> bare("internlm/internlm2_5-20b-chat")
    'internlm2-5-20b-chat'
    """
    return model_id.rpartition("/")[2].lower().replace("_", "-").replace(" ", "-")


@cache
def parts(model_id: str) -> tuple[str, ...]:
    """The parts of a name between its separators, lower case, without the organisation."""
    return tuple(_PART.findall(model_id.rpartition("/")[2].lower()))


@cache
def size_in_name(model_id: str) -> float | None:
    """The size a name states, in billions of parameters; None where it states none or is a mixture.

    >>> size_in_name("internlm/internlm2-1_8b"), size_in_name("HuggingFaceTB/SmolLM-360M")
    (1.8, 0.36)
    """
    text = model_id.rpartition("/")[2].lower()
    if _MIXTURE.search(text):
        return None
    found = _SIZE.findall(text) or _GLUED_SIZE.findall(text)
    if not found:
        return None
    number, unit = found[0]
    return float(number.replace("_", ".")) / (1 if unit == "b" else 1000)


@cache
def is_mixture(model_id: str) -> bool:
    """True for a name with experts in it, such as ``8x7B``."""
    return bool(_MIXTURE.search(model_id.rpartition("/")[2].lower()))


def has_word(model_id: str, words: frozenset[str]) -> str | None:
    """The first part of the name that is one of ``words``."""
    return next((part for part in parts(model_id) if part in words), None)
