"""A tokenizer from its files. ``tokenizers`` reads them, ``transformers`` only what it can't read."""

from __future__ import annotations

import hashlib
import json
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from core.errors import TokenizerError
from core.tokenizers.remote import RemoteTokenizer
from core.tokenizers.self_check import self_check
from core.tokenizers.tokenizer import Tokenizer
from core.tokenizers.trial import MAX_BYTES, check_tokenizer_json, convert_folder, too_large

if TYPE_CHECKING:
    import threading
    from collections.abc import Mapping

TOKENIZER_JSON: Final = "tokenizer.json"
CONFIG: Final = "tokenizer_config.json"
CHAT_TEMPLATE: Final = "chat_template.jinja"
# What `transformers` can make a tokenizer from, each set complete in itself.
OTHER_FILES: Final = (
    ("tokenizer.model",), ("spiece.model",), ("sentencepiece.bpe.model",), ("tekken.json",),
    ("vocab.json", "merges.txt"), ("vocab.txt",),
)  # fmt: skip
SIDE_FILES: Final = (CONFIG, "special_tokens_map.json", "added_tokens.json", "config.json", CHAT_TEMPLATE)
_MAX_SIDE_BYTES: Final = 4 * 2**20


def from_bytes(raw: bytes, source: str, cancel: threading.Event | None = None) -> Tokenizer:
    """From the bytes of a ``tokenizer.json``; ``cancel`` as in :func:`from_files`."""
    return from_files({TOKENIZER_JSON: raw}, source, cancel=cancel)


def from_file(path: Path) -> Tokenizer:
    """A local ``tokenizer.json``, with the ``tokenizer_config.json`` beside it."""
    files = {TOKENIZER_JSON: _read(path, MAX_BYTES, path.name)}
    config = path.parent / CONFIG
    if path.name == TOKENIZER_JSON and config.is_file():
        files[CONFIG] = _read(config, _MAX_SIDE_BYTES, CONFIG)
    return from_files(files, path.name)


def from_folder(folder: Path) -> Tokenizer:
    """A local folder with a ``tokenizer.json`` or the other files of a tokenizer."""
    names = {entry.name for entry in folder.iterdir() if entry.is_file()}
    wanted = wanted_files(names)
    if not wanted:
        raise no_tokenizer(folder.name)
    files = {
        name: _read(folder / name, _MAX_SIDE_BYTES if name in SIDE_FILES else MAX_BYTES, name)
        for name in wanted
    }
    return from_files(files, folder.name)


def wanted_files(names: set[str]) -> list[str]:
    """The tokenizer files among ``names``; empty if there is no tokenizer. No weights, ever."""
    side = [name for name in SIDE_FILES if name in names]
    if TOKENIZER_JSON in names:
        return [TOKENIZER_JSON, *(name for name in side if name in (CONFIG, CHAT_TEMPLATE))]
    for group in OTHER_FILES:
        if names.issuperset(group):
            return [*group, *side]
    return []


def from_files(
    files: Mapping[str, bytes],
    source: str,
    *,
    revision: str | None = None,
    cancel: threading.Event | None = None,
) -> Tokenizer:
    """Build from the contents of tokenizer files (name to bytes), tried in one process, used in another.

    ``cancel`` ends the trial, as in :func:`core.tokenizers.trial.check_tokenizer_json`.
    """
    notes: list[str] = []
    raw = files.get(TOKENIZER_JSON)
    loader = "tokenizers"
    if raw is None:
        with tempfile.TemporaryDirectory() as scratch:
            for name, body in files.items():
                (Path(scratch) / name).write_bytes(body)
            raw, loader = convert_folder(Path(scratch), source, cancel)
        if "merges.txt" in files or "vocab.txt" in files:
            notes.append(
                "It has no tokenizer.json and was rebuilt from its vocabulary: the rule by which digits are "
                "split before merging is the class's, and nothing could confirm it."
            )
    check_tokenizer_json(raw, source, cancel)
    sha256 = hashlib.sha256(raw).hexdigest()
    tokenizer = Tokenizer(
        backend=RemoteTokenizer(raw, sha256, source),
        source=source,
        revision=revision,
        sha256=sha256,
        loader=loader,
        config=_config(files, notes),
    )
    tokenizer.warnings = (*notes, *self_check(tokenizer))
    return tokenizer


def no_tokenizer(source: str) -> TokenizerError:
    return TokenizerError(
        "There is no tokenizer here: no tokenizer.json, tokenizer.model, tekken.json or vocabulary files.",
        source=source,
        remedy="Adapters and quantised files often lack it; use the repository of the base model.",
    )


def _read(path: Path, limit: int, name: str) -> bytes:
    try:
        with path.open("rb") as stream:
            raw = stream.read(limit + 1)
    except OSError as error:
        raise TokenizerError(
            f"The file can't be read: {error.strerror}.", source=name, remedy="Check the path and its rights."
        ) from None
    if len(raw) > limit:
        raise too_large(name)
    return raw


def _config(files: Mapping[str, bytes], notes: list[str]) -> dict[str, Any]:
    """``tokenizer_config.json``, with a chat template that stands in a file of its own."""
    config: dict[str, Any] = {}
    if CONFIG in files:
        try:
            loaded = json.loads(files[CONFIG])
        except (ValueError, RecursionError):
            loaded = None
        if isinstance(loaded, dict):
            config = loaded
        else:
            notes.append("Its tokenizer_config.json can't be read; special tokens are unknown.")
    if CHAT_TEMPLATE in files:
        config["chat_template"] = files[CHAT_TEMPLATE].decode("utf-8", "replace")
    return config
