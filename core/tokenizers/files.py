"""A tokenizer from its files: a ``tokenizer.json``, or another form that publishers ship, converted."""

from __future__ import annotations

import hashlib
import json
import re
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from core.errors import TokenizerError
from core.tokenizers.conversion import convert_folder, with_split_merges
from core.tokenizers.file_kinds import SENTENCEPIECE, TEKKEN, TOKENIZER_JSON, canonical_name
from core.tokenizers.remote import RemoteTokenizer
from core.tokenizers.self_check import self_check
from core.tokenizers.tokenizer import Tokenizer
from core.tokenizers.trial import MAX_BYTES, check_tokenizer_json, too_large

if TYPE_CHECKING:
    import threading
    from collections.abc import Mapping

# Some editors put it before text in UTF-8; no file read here begins with it otherwise.
_MARK: Final = b"\xef\xbb\xbf"
CONFIG: Final = "tokenizer_config.json"
CHAT_TEMPLATE: Final = "chat_template.jinja"
# What a tokenizer can be made from, each set complete in itself, the surest first.
OTHER_FILES: Final = (
    (TEKKEN,), (SENTENCEPIECE,), ("spiece.model",), ("sentencepiece.bpe.model",),
    ("vocab.json", "merges.txt"), ("vocab.txt",),
)  # fmt: skip
# As publishers also call them: `qwen.tiktoken`, `tiktoken.model`, `tokenizer.model.v3`, `tekken_240911.json`.
_OTHER_NAME: Final = re.compile(
    r"[\w.\-]{0,80}\.tiktoken|[\w\-]{0,80}(tokenizer|tiktoken|spm|sentencepiece)[\w\-]{0,80}\.model(\.v\d\w{0,4})?"
    r"|tekken_\w{1,40}\.json"
)
SIDE_FILES: Final = (CONFIG, "special_tokens_map.json", "added_tokens.json", "config.json", CHAT_TEMPLATE)
# Their form depends on the model's class, or they are a part only.
_KNOWN_BY_NAME: Final = ("spiece.model", "sentencepiece.bpe.model", "vocab.json", "merges.txt", "vocab.txt")
_MAX_SIDE_BYTES: Final = 4 * 2**20


def from_bytes(raw: bytes, source: str, cancel: threading.Event | None = None) -> Tokenizer:
    """From the bytes of a tokenizer file in any form; ``cancel`` as in :func:`from_files`."""
    if len(raw) > MAX_BYTES:
        raise too_large(source)
    raw = raw.removeprefix(_MARK)
    return from_files({canonical_name(raw, source): raw}, source, cancel=cancel)


def from_file(path: Path) -> Tokenizer:
    """A local tokenizer file in any form, with the ``tokenizer_config.json`` beside a ``tokenizer.json``."""
    raw = _read(path, MAX_BYTES, path.name)
    files = {canonical_name(raw, path.name): raw}
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
    others = [name for name in names if _OTHER_NAME.fullmatch(name)]
    # Of several nobody says which is the model's.
    return [*others, *side] if len(others) == 1 else []


def from_files(
    files: Mapping[str, bytes],
    source: str,
    *,
    revision: str | None = None,
    cancel: threading.Event | None = None,
) -> Tokenizer:
    """Build from the contents of tokenizer files (name to bytes), tried in one process, used in another.

    ``cancel`` ends the trial, as in :func:`core.tokenizers.trial.check_tokenizer_json`.

    Raises:
        TokenizerError, SourceUnavailableError, CancelledByReaderError: as there, and as
            :func:`core.tokenizers.conversion.convert_folder`.
    """
    notes: list[str] = []
    files = _by_content(files, source)
    raw = files.get(TOKENIZER_JSON)
    loader = "tokenizers"
    if raw is None:
        with tempfile.TemporaryDirectory() as scratch:
            for name, body in files.items():
                (Path(scratch) / name).write_bytes(body)
            made = convert_folder(Path(scratch), source, cancel)
        raw, loader = made.raw, made.loader
        notes += made.notes
        if "merges.txt" in files or "vocab.txt" in files:
            notes.append(
                "It has no tokenizer.json and was rebuilt from its vocabulary: the rule by which digits are "
                "split before merging is the class's, and nothing could confirm it."
            )
    raw = _usable(raw, source, cancel)
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


def _by_content(files: Mapping[str, bytes], source: str) -> dict[str, bytes]:
    """The files under the names they are read by: publishers ship tiktoken files as ``tokenizer.model``."""
    named = dict(files)
    for name in files:
        if name in _KNOWN_BY_NAME or name in SIDE_FILES:
            continue
        found = canonical_name(files[name], source)
        named[found] = named.pop(name)
    return named


def _usable(raw: bytes, source: str, cancel: threading.Event | None) -> bytes:
    """The file itself, or with its merges as pairs where it has the older form."""
    try:
        check_tokenizer_json(raw, source, cancel)
    except TokenizerError as error:
        if "Merges" not in error.what:
            raise
    else:
        return raw
    raw = with_split_merges(raw, source, cancel)
    check_tokenizer_json(raw, source, cancel)
    return raw


def no_tokenizer(source: str) -> TokenizerError:
    """The error where there are no tokenizer files."""
    return TokenizerError(
        "There is no tokenizer here: no tokenizer.json, tokenizer.model, tekken.json, tiktoken or vocabulary "
        "files, or several of a kind.",
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
    return raw.removeprefix(_MARK)


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
