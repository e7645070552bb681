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
    "abliterated", "roleplay", "rp", "reasoning", "reasoner", "think", "thinker", "thinking", "cot", "r1",
    "o1", "distill", "distilled", "function", "autoredteam", "rlvr",
})
# Of these, what publishers call the model they offer for use.
CHAT_WORDS: Final = frozenset({"instruct", "chat", "it"})
# Of these, what names a stage of tuning rather than the model a publisher offers at its end.
STAGE_WORDS: Final = frozenset({
    "sft", "dpo", "orpo", "kto", "cpo", "ipo", "ppo", "grpo", "simpo", "rl", "rlhf", "rlvr",
})
REASONING_WORDS: Final = frozenset({"reasoning", "reasoner", "think", "thinker", "thinking", "r1", "o1"})
BASE_WORDS: Final = frozenset({"base", "pretrain", "pretrained", "pretraining", "cpt"})
MIXED_WORDS: Final = frozenset({
    "merge", "merged", "merges", "mergekit", "megamerge", "slerp", "nuslerp", "ties", "dare", "dareties",
    "della", "linear", "stock", "moerge", "fusion", "passthrough", "breadcrumbs", "franken", "frankenmerge",
})
CUT_WORDS: Final = frozenset({
    "pruned", "prune", "upscale", "upscaled", "stacked", "stack", "signtensors",
})
QUANTISED_WORDS: Final = frozenset({
    "quantized", "quantised", "gptq", "awq", "bnb", "gguf", "4bit", "4bits", "8bit", "8bits", "int4",
    "int8", "fp8", "fp4", "nvfp4", "mxfp4", "nf4", "w4a16", "w8a8", "w8a16", "exl2", "exl3", "hqq", "aqlm",
    "qat", "mlx",
})
# What a model made for other input, or for one subject, has in its name.
LINE_WORDS: Final = frozenset({
    "vl", "vision", "omni", "audio", "asr", "tts", "speech", "image", "video", "coder", "code", "math",
})
# fmt: on

_PART: Final = re.compile(r"[^\s\-_./+]+")
# `1_8b` is 1.8B after a hyphen; after an underscore, as in `v9_5_1B`, the parts stand for themselves.
# `6p7b` and `1b7` are 6.7B and 1.7B.
_SIZE: Final = re.compile(
    r"(?:(?<![a-z0-9._])(\d+_\d+)|(?<![a-z0-9.])(\d+(?:[.p]\d+)?))(b|m)(?![a-z0-9])"
    r"|(?<![a-z0-9.])(\d)b(\d)(?![a-z0-9])"
)
# `A3B` and `E4B` are the parameters in use, not all there are.
_GLUED_SIZE: Final = re.compile(r"(?<=[a-z])(?<!(?<![a-z0-9])[ae])(\d+(?:\.\d+)?)(b)(?![a-z0-9])")
# `17B-16E` gives the parameters in use and the experts, `1B-7B` two figures of one model.
_SEVERAL_SIZES: Final = re.compile(r"(?<![a-z0-9.])\d+(?:\.\d+)?b-(?:\d+e|\d+(?:\.\d+)?b)(?![a-z0-9])")
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
    """The total size a name states, in billions of parameters.

    None where it states none, several, or that of a mixture's experts alone.

    >>> size_in_name("internlm/internlm2-1_8b"), size_in_name("HuggingFaceTB/SmolLM-360M")
    (1.8, 0.36)
    """
    text = model_id.rpartition("/")[2].lower()
    if _MIXTURE.search(text) or _SEVERAL_SIZES.search(text):
        return None
    if (found := _SIZE.search(text)) is None:
        glued = _GLUED_SIZE.search(text)
        return (float(glued[1]) or None) if glued else None
    if found[4]:
        return float(f"{found[4]}.{found[5]}") or None
    number = float((found[1] or found[2]).replace("_", ".").replace("p", "."))
    if found[3] == "b":
        return number or None
    return number / 1000 if number >= 10 else None  # `-1M` is a context of a million tokens


@lru_cache(maxsize=_REMEMBERED)
def is_mixture(model_id: str) -> bool:
    """True for a name with experts in it, such as ``8x7B``."""
    return bool(_MIXTURE.search(model_id.rpartition("/")[2].lower()))


def has_word(model_id: str, words: frozenset[str]) -> str | None:
    """The first part of the name that is one of ``words``, digits at its end aside (``pruned40``)."""
    return next((part for part in parts(model_id) if is_word(part, words)), None)


def is_word(part: str, words: frozenset[str]) -> bool:
    """Whether a part of a name is one of ``words``, digits at its end aside."""
    return part in words or part.rstrip("0123456789") in words


def base_word(model_id: str) -> str | None:
    """The word by which a name says that it is a base; None where a word for tuning follows it.

    >>> base_word("mistralai/Mistral-Small-3.1-24B-Base-2503"), base_word("lab/Plum-7B-Base-SFT")
    ('base', None)
    """
    own = parts(model_id)
    # Elsewhere `pt` is PyTorch or Portuguese.
    words = BASE_WORDS | {"pt"} if "gemma" in bare(model_id) else BASE_WORDS
    last = max((place for place, part in enumerate(own) if part in words), default=None)
    if last is None or any(is_word(part, TUNED_WORDS) for part in own[last + 1 :]):
        return None
    return own[last]


def mixed_word(model_id: str) -> str | None:
    """The word by which a name says that it was merged."""
    own = parts(model_id)
    for place, part in enumerate(own):
        # Before the size, `linear` is a kind of attention: Plum-Linear-48B.
        before_size = any(_SIZE.fullmatch(later) for later in own[place + 1 :])
        if is_word(part, MIXED_WORDS) and not (part == "linear" and before_size):
            return part
    return None


def is_glued_chat(model_id: str) -> bool:
    """True for ``CantoneseLLMChat-v0.5``: a word for tuning grown together with a name."""
    return any(part.endswith(("chat", "instruct")) for part in parts(model_id))
