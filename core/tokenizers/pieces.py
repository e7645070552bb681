"""What each token of a vocabulary spells, in bytes.

Vocabularies write their tokens in four ways: byte-level (``Ġ12`` is ``" 12"``), SentencePiece (``▁12``, and
``<0x31>`` for a single byte), WordPiece (``##12``) and with an end-of-word mark (``12</w>``). Everything that
counts digits here goes through the bytes, so that the notation never matters.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from core.tokenizers.remote import RemoteTokenizer

if TYPE_CHECKING:
    from collections.abc import Iterable

    import tokenizers
    from numpy.typing import NDArray

WORD_MARK: Final = "▁"
_BYTE_TOKEN = re.compile(r"<0x([0-9A-Fa-f]{2})>")
_UNKNOWN: Final = -1
_DIGITS: Final = frozenset(b"0123456789")


@cache
def _byte_of_character() -> dict[str, int]:
    """GPT-2's table: printable Latin-1 bytes stand for themselves, the others for U+0100 and up."""
    printable = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    table = {chr(byte): byte for byte in printable}
    others = (byte for byte in range(256) if byte not in set(printable))
    table.update({chr(0x100 + index): byte for index, byte in enumerate(others)})
    return table


@dataclass(frozen=True, slots=True)
class Notation:
    """How this vocabulary writes its tokens."""

    byte_level: bool
    word_mark: bool
    byte_fallback: bool
    continuing_prefix: str
    end_of_word: str

    @classmethod
    def from_backend(cls, backend: tokenizers.Tokenizer | RemoteTokenizer) -> Notation:
        if isinstance(backend, RemoteTokenizer):
            card = backend.card
            parts = list(card.states)
            ends = (card.byte_fallback, card.continuing_prefix, card.end_of_word)
        else:
            parts = [_state(part) for part in (backend.normalizer, backend.pre_tokenizer, backend.decoder)]
            model = backend.model
            ends = (
                bool(getattr(model, "byte_fallback", False)),
                str(getattr(model, "continuing_subword_prefix", None) or ""),
                str(getattr(model, "end_of_word_suffix", None) or ""),
            )
        text = " ".join(parts)
        return cls(
            byte_level='"ByteLevel"' in parts[1] + parts[2] or '"ByteLevel"' in parts[0],
            word_mark=WORD_MARK in text or '"Metaspace"' in text,
            byte_fallback='"ByteFallback"' in text or ends[0],
            continuing_prefix=ends[1],
            end_of_word=ends[2],
        )

    def spell(self, token: str, *, added: bool) -> bytes:
        """The bytes a token stands for.

        >>> gpt2 = Notation(True, False, False, "", "")
        >>> gpt2.spell("Ġ12", added=False)
        b' 12'
        """
        if added:
            return token.replace(WORD_MARK, " ").encode() if self.word_mark else token.encode()
        if self.byte_level:
            table = _byte_of_character()
            if all(character in table for character in token):
                return bytes(table[character] for character in token)
            return token.encode()
        if self.byte_fallback and (match := _BYTE_TOKEN.fullmatch(token)):
            return bytes([int(match[1], 16)])
        if self.continuing_prefix and len(token) > len(self.continuing_prefix):
            token = token.removeprefix(self.continuing_prefix)
        if self.end_of_word and len(token) > len(self.end_of_word):
            token = token.removesuffix(self.end_of_word)
        return (token.replace(WORD_MARK, " ") if self.word_mark else token).encode()


def _state(part: Any) -> str:
    """A component's own JSON; small, because it never holds the vocabulary."""
    if part is None:
        return ""
    state = part.__getstate__()
    return state.decode("utf-8", "replace") if isinstance(state, bytes) else str(state)


class PieceTable:
    """Digit counts and surroundings of each token, filled in as ids turn up.

    Arrays are indexed by token id: ``digits`` (-1: not looked at yet), ``lead`` and ``trail`` (0 none, 1 only
    white space, 2 anything else before the first or after the last digit). Reading the whole vocabulary
    would cost up to 190 ms; the numbers of a range use a few thousand ids.
    """

    def __init__(self, backend: tokenizers.Tokenizer | RemoteTokenizer) -> None:
        self.backend = backend
        self.notation = Notation.from_backend(backend)
        self._added = {index: token.content for index, token in backend.get_added_tokens_decoder().items()}
        self._spelled: dict[int, bytes] = {}
        self.digits = np.full(0, _UNKNOWN, dtype=np.int64)
        self.lead = np.zeros(0, dtype=np.int8)
        self.trail = np.zeros(0, dtype=np.int8)

    def spell(self, index: int) -> bytes:
        """Bytes of one token id."""
        known = self._spelled.get(index)
        if known is None:
            added = self._added.get(index)
            token = added if added is not None else self.backend.id_to_token(index)
            known = self.notation.spell(token or "", added=added is not None)
            self._spelled[index] = known
        return known

    def fetch(self, ids: Iterable[int]) -> None:
        """Get the tokens of many ids in one go, where they stand in another process."""
        if isinstance(self.backend, RemoteTokenizer):
            self.backend.fetch_tokens(ids)

    def learn(self, ids: NDArray[np.int64]) -> None:
        """Make sure that every id in ``ids`` has its row."""
        if not len(ids):
            return
        if (top := int(ids.max())) >= len(self.digits):
            grow = top + 1 - len(self.digits)
            self.digits = np.concatenate([self.digits, np.full(grow, _UNKNOWN, dtype=np.int64)])
            self.lead = np.concatenate([self.lead, np.zeros(grow, dtype=np.int8)])
            self.trail = np.concatenate([self.trail, np.zeros(grow, dtype=np.int8)])
        unseen = ids[self.digits[ids] == _UNKNOWN]
        if len(unseen):
            indices = np.unique(unseen).tolist()
            self.fetch(indices)
            for index in indices:
                self._fill(index)

    def _fill(self, index: int) -> None:
        spelled = self.spell(index)
        positions = [at for at, byte in enumerate(spelled) if byte in _DIGITS]
        if positions:
            self.lead[index] = _surroundings(spelled[: positions[0]])
            self.trail[index] = _surroundings(spelled[positions[-1] + 1 :])
        self.digits[index] = len(positions)


def _surroundings(rest: bytes) -> int:
    if not rest:
        return 0
    return 1 if not rest.strip() else 2
