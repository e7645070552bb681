"""Vocabularies that say in which order bytes are merged: tiktoken files, and Mistral's tekken.json."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import tomllib
from pathlib import Path
from typing import Any

from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers

_PATTERNS = Path(__file__).resolve().parents[2] / "data" / "tiktoken_patterns.toml"
_MOST = 1_000_000
_LONGEST = 1_024


class UnusableError(Exception):
    """``key`` of the sentence that says why (:mod:`core.tokenizers.conversion`)."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


def from_tiktoken(raw: bytes) -> tuple[Any, Any, int]:
    """Backend, tiktoken's own encoding of the same, and by how much ids differ."""
    ranks: dict[bytes, int] = {}
    try:
        for line in raw.split(b"\n"):
            if line.strip():
                token, rank = line.split()
                ranks[base64.b64decode(token, validate=True)] = int(rank)
    except (ValueError, binascii.Error):
        raise UnusableError("tiktoken") from None
    _check(ranks, "tiktoken")
    lines = b"".join(
        base64.b64encode(token) + b" %d\n" % rank
        for token, rank in sorted(ranks.items(), key=lambda item: item[1])
    )
    known = tomllib.loads(_PATTERNS.read_text(encoding="utf-8"))["vocabulary"]
    fingerprint = hashlib.sha256(lines).hexdigest()
    entry = next((entry for entry in known if entry["sha256"] == fingerprint), None)
    if entry is None:
        raise UnusableError("pattern")
    backend = _backend(ranks, entry["pattern"], shift=0, fillers=[])
    if entry.get("nfc"):
        backend.normalizer = normalizers.NFC()
    return backend, _reference(ranks, entry["pattern"]), 0


def from_tekken(raw: bytes) -> tuple[Any, Any, int]:
    """As :func:`from_tiktoken`; the file holds its pattern, and special tokens stand before the others."""
    try:
        file = json.loads(raw)
        config = file["config"]
        pattern, special = str(config["pattern"]), int(config["default_num_special_tokens"])
        kept = int(config["default_vocab_size"]) - special
        ranks = {
            base64.b64decode(entry["token_bytes"], validate=True): int(entry["rank"])
            for entry in file["vocab"][: max(kept, 0)]
        }
        named = {
            entry["rank"]: str(entry["token_str"])
            for entry in file.get("special_tokens") or []
            if isinstance(entry, dict) and {"rank", "token_str"} <= set(entry)
        }
    except (ValueError, KeyError, TypeError, OverflowError, RecursionError, binascii.Error):
        raise UnusableError("tekken") from None
    if not 0 <= special <= _MOST or len(ranks) != kept:
        raise UnusableError("tekken")
    _check(ranks, "tekken")
    fillers = [named.get(at, f"<SPECIAL_{at}>") for at in range(special)]
    return _backend(ranks, pattern, shift=special, fillers=fillers), _reference(ranks, pattern), special


def _check(ranks: dict[bytes, int], key: str) -> None:
    single = sum(len(token) == 1 for token in ranks)
    fits = 256 <= len(ranks) <= _MOST and single == 256 and max(map(len, ranks)) <= _LONGEST
    if not fits or sorted(ranks.values()) != list(range(len(ranks))):
        raise UnusableError(key)


def _backend(ranks: dict[bytes, int], pattern: str, *, shift: int, fillers: list[str]) -> Any:
    try:
        split = Regex(pattern)
    except Exception:  # noqa: BLE001 - the library raises nothing narrower
        raise UnusableError("tekken") from None
    written = {token: _written(token) for token in ranks}
    vocabulary = {name: at for at, name in enumerate(fillers)}
    vocabulary |= {written[token]: rank + shift for token, rank in ranks.items()}
    if len(vocabulary) != len(ranks) + shift:
        raise UnusableError("tekken")
    merges: list[tuple[str, str]] = []
    for token in sorted(ranks, key=ranks.__getitem__):
        parts = ((token[:at], token[at:]) for at in range(1, len(token)))
        merges += [(written[a], written[b]) for a, b in parts if a in ranks and b in ranks]
    backend = Tokenizer(models.BPE(vocab=vocabulary, merges=merges, ignore_merges=True))
    backend.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(split, behavior="isolated"),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    backend.decoder = decoders.ByteLevel()
    return backend


def _reference(ranks: dict[bytes, int], pattern: str) -> Any:
    import tiktoken  # noqa: PLC0415 - only where there is such a file

    return tiktoken.Encoding("given", pat_str=pattern, mergeable_ranks=ranks, special_tokens={})


def _letters() -> list[str]:
    """GPT-2's table: printable Latin-1 bytes stand for themselves, the others for U+0100 and up."""
    printable = {*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)}
    others = iter(range(0x100, 0x200))
    return [chr(byte) if byte in printable else chr(next(others)) for byte in range(256)]


_LETTERS = _letters()


def _written(token: bytes) -> str:
    return "".join(_LETTERS[byte] for byte in token)
