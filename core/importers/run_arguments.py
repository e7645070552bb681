"""``model_args`` of a harness run: which of them make another model of it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from core.errors import InvalidInputError
from core.importers.bounded_json import read_json

if TYPE_CHECKING:
    from collections.abc import Mapping

_MOST: Final = 100
_LONGEST_KEY: Final = 60
_LONGEST: Final = 400
_NOTHING: Final = frozenset({"", "none", "null", "false", "no", "nil", "{}", "[]"})
# Settings within them are handed on to the model.
_WRAPPERS: Final = ("kwargs", "_args", "overrides")
_DEEPEST: Final = 8
# Not read as Python: its parser can be made to overflow the stack.
_AS_JSON: Final = {"'": '"', "True": "true", "False": "false", "None": "null"}
_PYTHON_WORDS: Final = re.compile(r"'|\b(?:True|False|None)\b")
# What settings of an adapter call the place it is loaded from, the surest first.
_PLACES: Final = ("path", "lora_path", "lora_local_path", "local_path", "name", "lora_name", "adapter_name")
_TRUE: Final = frozenset({"true", "yes", "1"})

# Where a back-end takes the model's name from, in the order they are asked.
NAME_KEYS: Final = ("pretrained", "model", "model_name", "model_path", "path", "checkpoint", "ckpt_path")
_ADAPTER_WORDS: Final = frozenset({
    "peft", "lora", "loras", "adapter", "adapters", "delta", "steer", "steering", "ia3", "dora",
})  # fmt: skip
_ADAPTER_NUMBERS: Final = frozenset({
    "alpha", "dtype", "dropout", "extra", "fully", "max", "r", "rank", "scale", "scaling", "type", "weight",
})  # fmt: skip
_QUANTISED_WORDS: Final = frozenset({
    "aqlm", "autoawq", "autogptq", "awq", "bits", "bnb", "exl2", "exllama", "ggml", "gguf", "gptq",
    "gptqmodel", "hqq", "int4", "int8", "nf4", "quant", "quantization", "quantisation", "quantize",
    "quantized", "quanto", "torchao", "wbits",
})  # fmt: skip
# These say where and how fast it ran, or how much it may read at once, not what.
_HARMLESS: Final = frozenset({
    "add_special_tokens", "attn_implementation", "auto", "aws_region", "backend", "base_url",
    "batch_size", "cache_dir", "data_parallel_size", "device", "device_map", "device_map_option", "devices",
    "disable_log_stats", "distributed_executor_backend", "download_dir", "dp_size", "dtype", "enable_lora",
    "enable_prefix_caching", "enforce_eager", "eos_string", "gpu_memory_utilization", "gpus",
    "local_files_only", "logits_cache", "low_cpu_mem_usage", "max_batch_size", "max_cpu_memory",
    "max_gen_toks", "max_length", "max_lora_rank", "max_loras", "max_memory_per_gpu", "max_model_len",
    "max_num_batched_tokens", "max_num_seqs", "max_retries", "mem_fraction_static", "num_concurrent",
    "num_gpus", "nthreads", "offload_folder", "parallelize", "pipeline_parallel_size", "pp_size", "seed",
    "swap_space", "tensor_parallel_size", "threads", "timeout", "tokenized_requests",
    "tokenizer_backend", "tokenizer_mode", "torch_dtype", "tp_size", "trust_remote_code",
    "use_fast_tokenizer", "verify_certificate",
})  # fmt: skip
# Written in parts, together or in camel case: ``hf_token``, ``apikey``, ``X-Auth``.
_SECRET_KEY: Final = re.compile(
    r"(?:token|secret|passw(?:or)?d|passphrase|pwd|auth|authorization|credentials?|cookie"
    r"|(?:^|_|api|access|private)key(?!_value))(?:$|[\W_\d])",
    re.IGNORECASE,
)
# Tokens of the text may change what is answered: ``add_bos_token``.
_TEXT_TOKEN: Final = re.compile(
    r"(?:^|_)(?:bos|cls|end|eos|eot|image|mask|pad|prefix|sep|start|stop|think|unk)_token", re.IGNORECASE
)
_SECRET_TEXT: Final = re.compile(
    r"(?<![A-Za-z0-9])(?:(?:hf_|gsk_|gh[pousr]_|xai-|nvapi-)[A-Za-z0-9]{16,}"
    r"|sk-(?:[A-Za-z0-9]{2,8}-){0,2}[A-Za-z0-9_]{16,}"
    r"|bearer\s+[^\s,;\"']+|(?:basic|token)\s+[A-Za-z0-9+/=._-]{12,})"
    # In an address, what stands before the host and behind the question mark.
    r"|(?<=://)[^\s/@,;]+@|(?<=[\w/])\?[^\s;=]{1,200}=[^\s;]*",
    re.IGNORECASE,
)
_TOKEN_ALONE: Final = re.compile(r"(?:hf_|sk-)\S+")
_ASSIGNED: Final = re.compile(r"([A-Za-z][\w-]{0,59})[\"']?\s?[:=]\s?[\"']?[^\s,;&\"'}]+[\"']?")
_OWN: Final = frozenset({"revision", "subfolder", *NAME_KEYS})
_DTYPES: Final = frozenset(
    {"auto", "bfloat16", "float16", "float32", "bf16", "fp16", "fp32", "half", "float"}
)
_KINDS_OF_PACKING: Final = (("gptq", "gptq"), ("awq", "awq"), ("gguf", "gguf"), ("exl", "exl2"))
# The type in a GGUF file's name: Q4_K_M, IQ2_XS, F16.
_GGUF_TYPE: Final = re.compile(
    r"(?<![a-z0-9])(i?q\d(?:_[a-z0-9]{1,3}){0,3}|bf16|f16|f32|mxfp4|tq\d_\d)(?![a-z0-9])"
)
_PACKED: Final = re.compile(
    r"(?<![a-z0-9])((?:u?int)?[2-8]-?bits?|u?int[2-8]|w[48]a(?:16|8)|fp[48]|float8[a-z0-9_]*|nf4|gptq(?:model)?"
    r"|awq|gguf|ggml|exl[23]|hqq|aqlm|bnb|bitsandbytes|quanto|torchao|mxfp4|nvfp4|quantized|quantised"
    r"|compressed-tensors|i?q\d(?:_[a-z0-9]{1,3}){0,3})(?![a-z0-9])"
)  # fmt: skip


def read_arguments(value: object) -> dict[str, str]:
    """``model_args`` (mapping, pairs, JSON, printed dictionary, ``key=value,...``) without what says no.

    Nested settings become one text; adapters and quantisation in ``model_kwargs`` and its like stand beside
    the others as well. Tokens, keys and passwords are left out.

    >>> read_arguments("pretrained=acme/Plum-8B,peft=None,load_in_4bit=True")
    {'pretrained': 'acme/Plum-8B', 'load_in_4bit': 'True'}
    >>> read_arguments('pretrained=acme/Plum-8B,rope_scaling={"type": "yarn", "factor": 4}')
    {'pretrained': 'acme/Plum-8B', 'rope_scaling': 'type=yarn;factor=4'}
    """
    cleaned: dict[str, str] = {}
    for key, text in _pairs(value):
        name = key.strip().strip("\"'").lower().replace("-", "_")
        may_be_named_so = name in _OWN or set(name.split("_")) & _ADAPTER_WORDS
        if _is_secret(name) or (_TOKEN_ALONE.fullmatch(text.strip()) and not may_be_named_so):
            continue
        cleaned[name[:_LONGEST_KEY]] = text.strip()[:_LONGEST]
    return {key: text for key, text in cleaned.items() if text.lower() not in _NOTHING}


def without_secrets(text: str) -> str:
    """``text`` without what looks like a token, and without what is given to a key or password in it.

    >>> without_secrets("acme/Plum-8B,hf_token=hf_SECRET"), without_secrets("https://me:pass@host/plum")
    ('acme/Plum-8B,', 'https://host/plum')
    """
    text = _SECRET_TEXT.sub("", text)
    return _ASSIGNED.sub(lambda found: "" if _is_secret(found[1]) else found[0], text)


def _is_secret(key: str) -> bool:
    key = key.replace("-", "_")
    return _SECRET_KEY.search(key) is not None and _TEXT_TOKEN.search(key) is None


def _pairs(value: object) -> list[tuple[str, str]]:
    value = _decoded(value) if isinstance(value, str) else value
    if isinstance(value, list):
        return [pair for entry in value[:_MOST] for pair in _pairs(_as_mapping(entry))][:_MOST]
    if isinstance(value, str):
        parts = (part.split("=", 1) for part in _split(value[: _MOST * _LONGEST]) if "=" in part)
        value = {key: _decoded(text) for key, text in parts}
    if not isinstance(value, dict):
        return []
    outer = [(str(key), entry) for key, entry in list(value.items())[:_MOST]]
    inner = [
        pair
        for key, entry in outer
        if isinstance(entry, dict) and key.lower().endswith(_WRAPPERS)
        for pair in list(entry.items())[:_MOST]
        if set(str(pair[0]).lower().split("_")) & (_ADAPTER_WORDS | _QUANTISED_WORDS)
    ]
    return [(str(key), _flat(entry)) for key, entry in (*inner, *outer)][-_MOST:]


def _as_mapping(entry: object) -> object:
    """``["peft", "me/prices"]`` is a pair."""
    if isinstance(entry, list) and len(entry) == 2 and isinstance(entry[0], str) and "=" not in entry[0]:
        return {entry[0]: entry[1]}
    return entry


def _split(text: str) -> list[str]:
    """At commas, but for those within brackets; at all of them where the brackets don't match."""
    parts, depth, start = [], 0, 0
    for at, sign in enumerate(text):
        if sign in "{[(":
            depth += 1
        elif sign in "}])":
            depth -= 1
        elif sign == "," and depth == 0:
            parts.append(text[start:at])
            start = at + 1
    return text.split(",") if depth else [*parts, text[start:]]


def _decoded(text: str) -> object:
    """What stands in brackets or quotes as JSON or Python writes it; other text as it is."""
    bare = text.strip()
    if bare[:1] not in ("{", "[", '"', "'") or len(bare) > _MOST * _LONGEST:
        return text
    for written in (bare, _PYTHON_WORDS.sub(lambda found: _AS_JSON[found[0]], bare)):
        try:
            return read_json(written.encode("utf-8", "replace"), name="model_args", max_bytes=4 * len(bare))
        except InvalidInputError:
            continue
    return text


def _flat(value: Any, depth: int = 0) -> str:
    """Nested settings in one line."""
    if depth > _DEEPEST:
        return ""
    if isinstance(value, dict):
        entries = [(str(key), entry) for key, entry in list(value.items())[:_MOST]]
        inner = (f"{key}={_flat(entry, depth + 1)}" for key, entry in entries if not _is_secret(key))
        return ";".join(text for text in inner if text.partition("=")[2].lower() not in _NOTHING)[:_LONGEST]
    if isinstance(value, (list, tuple)):
        return ";".join(_flat(entry, depth + 1) for entry in value[:_MOST])[:_LONGEST]
    return "" if value is None else without_secrets(str(value)[: 2 * _LONGEST])[:_LONGEST]


def place_of(text: str) -> str:
    """Of an adapter given as settings, or as one of several, where it lies.

    >>> place_of("name=a;path=/data/ada"), place_of("me/ada;me/bee"), place_of("/data/r=16/ada")
    ('/data/ada', 'me/ada', '/data/r=16/ada')
    """
    parts = text.split(";")
    said = {key: place for key, sign, place in (part.partition("=") for part in parts) if sign}
    return next((said[key] for key in _PLACES if said.get(key)), parts[0])


def adapters(arguments: Mapping[str, str]) -> dict[str, str]:
    """What is put on the model (adapters, differences, steering vectors): argument -> name or path."""
    found = {}
    for key, text in arguments.items():
        words = set(key.split("_"))
        is_setting = text.lower() in _TRUE or _is_number(text) or words & _ADAPTER_NUMBERS or key in _HARMLESS
        if words & _ADAPTER_WORDS and not is_setting:
            found[key] = text
    return found


def quantisation(arguments: Mapping[str, str], name: str) -> str | None:
    """How the weights were packed, as one word; None where nothing says that they were.

    >>> quantisation({"load_in_4bit": "True"}, "acme/Plum-8B")
    '4bit'
    >>> quantisation({"gguf_file": "plum-8b.Q4_K_M.gguf"}, "acme/Plum-GGUF")
    'Q4_K_M'
    """
    for bits in ("4bit", "8bit"):
        if arguments.get(f"load_in_{bits}", "").lower() in _TRUE:
            return bits
    files = [text for key, text in arguments.items() if "gguf" in key and text.lower() not in _TRUE]
    files += [name] if name.lower().endswith((".gguf", ".ggml")) else []
    for file in files:
        found = _GGUF_TYPE.findall(file.lower())
        return found[-1].upper() if found else "gguf"
    for key, text in arguments.items():
        words = set(key.split("_"))
        if key == "load_format" and (packed := is_packed(text)):
            return packed
        if words & _QUANTISED_WORDS and key not in _HARMLESS and text.lower() not in _DTYPES:
            known = is_packed(text) or is_packed(key.replace("_", "-"))
            return known or next((known for part, known in _KINDS_OF_PACKING if part in key), "quantised")
    dtype = arguments.get("dtype", arguments.get("torch_dtype", ""))
    return is_packed(dtype) or is_packed(name.rpartition("/")[2])


def is_packed(text: str) -> str | None:
    """The word in ``text`` that says weights were quantised (``4bit``, ``gptq``, ``Q4_K_M``), else None.

    >>> is_packed("TheBloke/Llama-2-7B-GPTQ"), is_packed("bfloat16"), is_packed("Qwen2.5-7B")
    ('gptq', None, None)
    """
    found = _PACKED.search(text.lower())
    return found[1].replace("-", "") if found else None


def others(arguments: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """Every further argument that may change what is answered, in order of its name."""
    known = _OWN | _HARMLESS | set(adapters(arguments))
    if arguments.get("tokenizer") in {arguments.get(key) for key in NAME_KEYS}:
        known |= {"tokenizer"}
    return tuple(sorted((key, text) for key, text in arguments.items() if key not in known))


def _is_number(text: str) -> bool:
    return text.replace(".", "", 1).replace("-", "").isdigit()
