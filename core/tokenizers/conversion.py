"""A ``tokenizer.json`` made from other tokenizer files, in a process of its own, proved on texts there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import msgspec

from core.errors import TokenizerError
from core.tokenizers.trial import in_child, too_slow

if TYPE_CHECKING:
    import threading
    from pathlib import Path

CPU_SECONDS: Final = 90
_TOKENIZER_JSON: Final = "Look for a repository of the same model that has a tokenizer.json, and use that."
_WINDOWS: Final = (
    "It was converted from its SentencePiece model and cuts all texts tried as that does, but for Windows "
    "line breaks, which the original reads as two characters and this as one."
)
# Why a conversion was refused, by the key its process answers with, and what helps.
_REASONS: Final = {
    "differs": (
        "It has no tokenizer.json, and a conversion of its own file would cut text in another way, so it was "
        "refused."
    ),
    "pattern": (
        "This tiktoken file holds a vocabulary, but not the pattern by which text is split before merging: "
        "that stands in the publisher's code, which this app never runs, and the vocabulary is none it knows."
    ),
    "tiktoken": "This looks like a tiktoken file, but its lines are no complete vocabulary.",
    "tekken": "This is a tekken.json (Mistral's format), but its vocabulary or its pattern can't be used.",
    "sentencepiece": "This looks like a SentencePiece model, but SentencePiece can't read it.",
    "unreadable": (
        "It has no tokenizer.json, and its own files can't be read without running its code, which this app "
        "never does."
    ),
}


class _Answer(msgspec.Struct):
    tokenizer: str = ""
    loader: str = ""
    note: str = ""
    refused: str = ""


@dataclass(frozen=True, slots=True)
class Converted:
    """A ``tokenizer.json``, the name of what made it, and sentences about where it still differs."""

    raw: bytes
    loader: str
    notes: tuple[str, ...]


def convert_folder(folder: Path, source: str, cancel: threading.Event | None = None) -> Converted:
    """A ``tokenizer.json`` made from the tokenizer files in ``folder``.

    ``cancel``, set elsewhere, ends the conversion.

    Raises:
        TokenizerError: nothing this app has can read the files, or the conversion cuts text differently.
        SourceUnavailableError: the machine was too busy to tell.
        CancelledByReaderError: ``cancel`` was set.
    """
    done = in_child("convert.py", [str(folder)], b"", CPU_SECONDS, source, cancel)
    if done.reason == "cpu":
        raise too_slow(CPU_SECONDS, source)
    whole = done.reason == "ended" and done.code == 0
    try:
        answer = msgspec.json.decode(done.out if whole else b"", type=_Answer)
    except ValueError:
        answer = _Answer(refused="unreadable")
    if not answer.tokenizer:
        raise TokenizerError(
            _REASONS.get(answer.refused, _REASONS["unreadable"]), source=source, remedy=_TOKENIZER_JSON
        )
    notes = (_WINDOWS,) if answer.note == "windows" else ()
    return Converted(answer.tokenizer.encode(), answer.loader, notes)


def with_split_merges(raw: bytes, source: str, cancel: threading.Event | None = None) -> bytes:
    """An older ``tokenizer.json`` whose merges hold tokens with spaces, with its merges as pairs.

    Raises:
        TokenizerError: its vocabulary doesn't tell where a merge is to be split.
        SourceUnavailableError, CancelledByReaderError: as :func:`convert_folder`.
    """
    done = in_child("old_merges.py", [], raw, CPU_SECONDS, source, cancel)
    if done.reason == "cpu":
        raise too_slow(CPU_SECONDS, source)
    if done.reason != "ended" or done.code != 0:
        raise TokenizerError(
            "Its merges are written in the older form, as one text each, and some hold tokens with spaces, "
            "so that the vocabulary doesn't tell where to split them.",
            source=source,
            remedy="Load it with a tokenizers version that reads it and save it again: merges become pairs.",
        )
    return done.out
