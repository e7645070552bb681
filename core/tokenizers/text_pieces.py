"""Pieces of any text, as people can read them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from core.tokenizers.tokenizer import Tokenizer

# Signs that stand for what would not be seen.
_SIGNS: Final = {" ": "␣", "\n": "⏎", "\t": "⇥", "\r": "␍", "\u00a0": "⍽", "\u200b": "[ZWSP]",
                 "\u200d": "[ZWJ]", "\u200c": "[ZWNJ]", "\ufeff": "[BOM]", "\u00ad": "[SHY]"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Piece:
    """One token of a text: id, bytes, the bytes made readable, and whether it bears a digit."""

    id: int
    bytes: bytes
    shown: str
    has_digit: bool


def pieces_of(tokenizer: Tokenizer, text: str) -> list[Piece]:
    """The tokens of ``text`` without special tokens."""
    ids = tokenizer.encode(text).ids
    tokenizer.table.fetch(ids)
    return [piece_of(tokenizer, index) for index in ids]


def piece_of(tokenizer: Tokenizer, index: int) -> Piece:
    spelled = tokenizer.table.spell(index)
    return Piece(index, spelled, visible(spelled), any(48 <= byte <= 57 for byte in spelled))


def visible(spelled: bytes) -> str:
    """Bytes as text without anything invisible; bytes that are no whole character stand as ``<E2>``.

    >>> visible(b" 12")
    '␣12'
    """
    result = []
    for character in spelled.decode("utf-8", "surrogateescape"):
        code = ord(character)
        if 0xDC80 <= code <= 0xDCFF:
            result.append(f"<{code - 0xDC00:02X}>")
        elif character in _SIGNS:
            result.append(_SIGNS[character])
        elif character.isprintable():
            result.append(character)
        else:
            result.append(f"[U+{code:04X}]")
    return "".join(result)
