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
    "add_special_tokens", "api_key", "attn_implementation", "auto", "aws_region", "backend", "base_url",
    "batch_size", "cache_dir", "data_parallel_size", "device", "device_map", "device_map_option", "devices",
    "disable_log_stats", "distributed_executor_backend", "download_dir", "dp_size", "dtype", "enable_lora",
    "enable_prefix_caching", "enforce_eager", "eos_string", "gpu_memory_utilization", "gpus",
    "local_files_only", "logits_cache", "low_cpu_mem_usage", "max_batch_size", "max_cpu_memory",
    "max_gen_toks", "max_length", "max_lora_rank", "max_loras", "max_memory_per_gpu", "max_model_len",
    "max_num_batched_tokens", "max_num_seqs", "max_retries", "mem_fraction_static", "num_concurrent",
    "num_gpus", "nthreads", "offload_folder", "parallelize", "pipeline_parallel_size", "pp_size", "seed",
    "swap_space", "tensor_parallel_size", "threads", "timeout", "token", "tokenized_requests",
    "tokenizer_backend", "tokenizer_mode", "torch_dtype", "tp_size", "trust_remote_code", "use_auth_token",
    "use_fast_tokenizer", "verify_certificate",
})  # fmt: skip
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
    """``model_args``, a mapping, JSON or ``key=value,key=value``, without what says no.

    >>> read_arguments("pretrained=acme/Plum-8B,peft=None,load_in_4bit=True")
    {'pretrained': 'acme/Plum-8B', 'load_in_4bit': 'True'}
    """
    if isinstance(value, str) and value.lstrip().startswith("{"):
        value = _decoded(value)
    if isinstance(value, list):
        value = ",".join(text for text in value[:_MOST] if isinstance(text, str))
    if isinstance(value, dict):
        pairs = [(str(key), _flat(entry)) for key, entry in list(value.items())[:_MOST]]
    elif isinstance(value, str):
        split = (part.split("=", 1) for part in value[: _MOST * _LONGEST].split(",") if "=" in part)
        pairs = [(key, text) for key, text in split][:_MOST]
    else:
        return {}
    cleaned = ((key.strip().lower()[:_LONGEST_KEY], text.strip()[:_LONGEST]) for key, text in pairs)
    return {key: text for key, text in cleaned if text.lower() not in _NOTHING}


def _decoded(text: str) -> object:
    try:
        return read_json(text.encode("utf-8", "replace"), name="model_args", max_bytes=_MOST * _LONGEST)
    except InvalidInputError:
        return text


def _flat(value: Any) -> str:
    """Nested settings in one line; JSON's depth is bounded where the file is read."""
    if isinstance(value, dict):
        inner = (f"{key}={_flat(entry)}" for key, entry in list(value.items())[:_MOST])
        return ";".join(text for text in inner if text.partition("=")[2].lower() not in _NOTHING)
    if isinstance(value, list):
        return ";".join(_flat(entry) for entry in value[:_MOST])
    return "" if value is None else str(value)[:_LONGEST]


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
    return tuple(sorted((key, text) for key, text in arguments.items() if key not in known))


def _is_number(text: str) -> bool:
    return text.replace(".", "", 1).replace("-", "").isdigit()
