"""What a file is, by its content: a tokenizer in a form publishers ship, or something else, named."""

from __future__ import annotations

import re
from typing import Final

import msgspec

from core.errors import TokenizerError

TOKENIZER_JSON: Final = "tokenizer.json"
TEKKEN: Final = "tekken.json"
SENTENCEPIECE: Final = "tokenizer.model"
TIKTOKEN: Final = "tokenizer.tiktoken"
_WANTED: Final = (
    "Choose the file tokenizer.json of the model's repository; tekken.json, a SentencePiece model "
    "(tokenizer.model) or a tiktoken file will do as well."
)
_TIKTOKEN_LINE: Final = re.compile(rb"[A-Za-z0-9+/]{2,2000}={0,2} [0-9]{1,7}\r?\n")
# A SentencePiece model begins with its first piece: field 1, its length, then field 1 again.
_SENTENCEPIECE_START: Final = re.compile(rb"\n.{1,2}\n", re.DOTALL)
# How other files begin, what they are, and what to do about it.
_STARTS: Final = (
    (b"\x1f\x8b", "a gzip file", "Unpack it first."),
    (b"pk\x03\x04", "a ZIP or PyTorch file", ""),
    (b"gguf", "a GGUF file", ""),
    (
        b"version https://git-lfs",
        "a Git LFS pointer",
        "It only says where the file is: download the file itself.",
    ),
    (b"#version:", "a merges.txt", "It is half of a tokenizer: put it in a folder with its vocab.json."),
    (b"<!doctype html", "a web page", "Download the file itself."),
    (b"<html", "a web page", "Download the file itself."),
)
# JSON files that stand beside a tokenizer, each with keys that tell it and how their values begin.
_JSON_NAMES: Final = (
    ("tokenizer_config.json", ("tokenizer_class", "added_tokens_decoder", "chat_template"), b'"{'),
    ("config.json", ("model_type", "architectures"), b'"['),
    ("adapter_config.json", ("peft_type",), b'"'),
    ("model.safetensors.index.json", ("weight_map",), b"{"),
    ("special_tokens_map.json", ("bos_token", "eos_token", "unk_token"), b'"{'),
)
_KEYS: Final = msgspec.defstruct(
    "_KEYS",
    [
        (key, msgspec.Raw, msgspec.Raw(b""))
        for key in ("model", "config", "vocab", *(key for _, keys, _ in _JSON_NAMES for key in keys))
    ],
)
# Words with their numbers, as a vocabulary has them; only the file's beginning is looked at.
_ENTRY: Final = rb'\s*"(?:[^"\\]|\\.)*"\s*:\s*[0-9]+\s*'
_VOCABULARY: Final = re.compile(rb"\s*\{(?:(?:%b,){8}|(?:%b,){0,7}%b\})" % (_ENTRY, _ENTRY, _ENTRY))


def canonical_name(raw: bytes, source: str) -> str:
    """The name under which a tokenizer file is read: one of the four this module names.

    JSON that looks like nothing in particular counts as a ``tokenizer.json``, whose trial then says what is
    wrong with it.

    Raises:
        TokenizerError: it is another file; says which, and which one is wanted.
    """
    if raw.lstrip()[:1] == b"{":
        return _json_kind(raw, source)
    if _SENTENCEPIECE_START.match(raw[:4]):
        return SENTENCEPIECE
    if _TIKTOKEN_LINE.match(raw[:4096]):
        return TIKTOKEN
    head = raw[:64].lstrip().lower()
    for start, what, hint in _STARTS:
        if head.startswith(start):
            raise _another(what, source, hint)
    raise TokenizerError("This is not a tokenizer.json.", source=source, remedy=_WANTED)


def _json_kind(raw: bytes, source: str) -> str:
    try:
        keys = msgspec.json.decode(raw, type=_KEYS)
    except (ValueError, RecursionError):
        return TOKENIZER_JSON
    if _begins(keys, "model", b"{"):
        return TOKENIZER_JSON
    if _begins(keys, "config", b"{") and _begins(keys, "vocab", b"["):
        return TEKKEN
    for name, marks, starts in _JSON_NAMES:
        if any(_begins(keys, mark, starts) for mark in marks):
            raise _another(f"{'an' if name[0] == 'a' else 'a'} {name}", source)
    if _VOCABULARY.match(raw[:4096]):
        raise _another(
            "a vocab.json", source, "It is half of a tokenizer: put it in a folder with its merges.txt."
        )
    return TOKENIZER_JSON


def _another(what: str, source: str, hint: str = "") -> TokenizerError:
    return TokenizerError(
        f"This is {what}, not a tokenizer.json.", source=source, remedy=f"{hint} {_WANTED}".lstrip()
    )


def _begins(keys: msgspec.Struct, key: str, starts: bytes) -> bool:
    """Whether the file has this key, with a value that begins with one of these characters."""
    first = bytes(memoryview(getattr(keys, key))[:1])
    return bool(first) and first in starts
