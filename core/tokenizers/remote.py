"""A tokenizer that stands in another process, with the methods of ``tokenizers.Tokenizer`` this app uses."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from core.errors import TokenizerError
from core.sandbox.readers import current
from core.tokenizers import workers

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from numpy.typing import NDArray

# Ten times the largest vocabulary: tables indexed by id must not grow with what a file claims.
MAX_ID: Final = 4_000_000
# The largest vocabularies in use have 900,000.
MAX_TOKENS: Final = 1_000_000
# Characters and texts of one question.
_CHUNK_CHARACTERS: Final = 4_000_000
_CHUNK_TEXTS: Final = 65_536
_MAX_REMEMBERED: Final = 64


@dataclass(frozen=True, slots=True)
class Encoded:
    """Tokens of a text; ``offsets`` only where one text was encoded by itself."""

    ids: list[int]
    tokens: list[str | None]
    offsets: list[tuple[int, int]]

    def __len__(self) -> int:
        return len(self.ids)


class RemoteTokenizer:
    """Known by the SHA-256 of its file, which is kept here compressed for the next process that needs it."""

    # Settled when it is loaded.
    truncation = padding = None

    def __init__(self, raw: bytes, sha256: str, source: str) -> None:
        self._packed = zlib.compress(raw, 1)
        self._sha256, self._source = sha256, source
        self._tokens: dict[int, str | None] = {}
        self._normalized: dict[str, str] = {}

    def encode(self, text: str, *, add_special_tokens: bool = False) -> Encoded:
        """One text, with tokens and offsets; never with special tokens."""
        _no_special(add_special_tokens)
        answer = self._ask("detail", texts=[text])
        ids = self._ids(answer.ids)
        places = np.frombuffer(answer.offsets, dtype="<u4").reshape(-1, 2)
        self.fetch_tokens(ids)
        listed = ids.tolist()
        offsets = [(int(start), int(end)) for start, end in places.tolist()]
        return Encoded(listed, [self._tokens[index] for index in listed], offsets)

    def encode_batch_fast(self, texts: Sequence[str], *, add_special_tokens: bool = False) -> list[Encoded]:
        """Many texts, ids only."""
        _no_special(add_special_tokens)
        ids, lengths = self.ids_of(texts)
        parts = np.split(ids, np.cumsum(lengths)[:-1])
        return [Encoded(part.tolist(), [], []) for part in parts[: len(texts)]]

    def ids_of(self, texts: Sequence[str]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """The ids of all texts in one row, and how many belong to each."""
        found = [self._ask("encode", texts=part, only_lengths=False) for part in _parts(texts)]
        lengths = [np.frombuffer(answer.lengths, dtype="<u4").astype(np.int64) for answer in found]
        ids = [self._ids(answer.ids) for answer in found]
        if any(int(a.sum()) != len(b) for a, b in zip(lengths, ids, strict=True)):
            raise self._broken("Its answer doesn't fit together.")
        return _joined(ids), _joined(lengths)

    def lengths_of(self, texts: Sequence[str]) -> NDArray[np.int64]:
        """How many tokens each text has."""
        found = [self._ask("encode", texts=part, only_lengths=True) for part in _parts(texts)]
        return _joined([np.frombuffer(answer.lengths, dtype="<u4").astype(np.int64) for answer in found])

    def decode(self, ids: Sequence[int], *, skip_special_tokens: bool = False) -> str:
        """The text of ``ids``, special tokens included."""
        _no_special(skip_special_tokens)
        return self._ask("decode", ids=list(ids)).text

    def normalized(self, text: str) -> str:
        """The text as its normalizer leaves it."""
        known = self._normalized.get(text)
        if known is None:
            known = self._ask("normalize", texts=[text]).text
            if len(self._normalized) >= _MAX_REMEMBERED:
                self._normalized.clear()
            self._normalized[text] = known
        return known

    def id_to_token(self, index: int) -> str | None:
        """A token as its vocabulary writes it; None if there is none of this id."""
        self.fetch_tokens([index])
        return self._tokens[index]

    def fetch_tokens(self, ids: Iterable[int]) -> None:
        """Ask for many tokens at once, which is far faster than one by one."""
        wanted = [int(index) for index in dict.fromkeys(ids) if int(index) not in self._tokens]
        if wanted:
            tokens = self._ask("tokens", ids=wanted).tokens
            if len(tokens) != len(wanted):
                raise self._broken("Its answer doesn't fit together.")
            self._tokens.update(zip(wanted, tokens, strict=True))

    def vocabulary(self) -> tuple[str, ...]:
        """All tokens but the added ones, in no order."""
        return tuple(token for token in self._ask("vocabulary").tokens if token is not None)

    def get_vocab_size(self, *, with_added_tokens: bool = True) -> int:
        """Tokens it has, added ones included."""
        _no_special(not with_added_tokens)
        return self._card.vocab_size

    def get_added_tokens_decoder(self) -> dict[int, Any]:
        """Added tokens by id, each with its ``content``."""
        return {index: SimpleNamespace(content=content) for index, content in self._card.added.items()}

    def num_special_tokens_to_add(self, *, is_pair: bool = False) -> int:
        """Special tokens it would put around one text."""
        _no_special(is_pair)
        return self._card.special

    @property
    def card(self) -> workers.Card:
        """What :class:`core.tokenizers.pieces.Notation` needs to know."""
        return self._card

    @cached_property
    def _card(self) -> workers.Card:
        card = self._ask("card").card
        if card is None or not all(0 <= index <= MAX_ID for index in card.added):
            raise self._broken("Its added tokens have impossible numbers.")
        if card.vocab_size > MAX_TOKENS:
            raise self._broken(f"It has {card.vocab_size:,} tokens; at most {MAX_TOKENS:,} are read.")
        return card

    def _ids(self, raw: bytes) -> NDArray[np.int64]:
        ids = np.frombuffer(raw, dtype="<u4").astype(np.int64)
        if len(ids) and int(ids.max()) > MAX_ID:
            raise self._broken(f"It numbers a token {int(ids.max()):,}, more than any vocabulary has.")
        return ids

    def _broken(self, why: str) -> TokenizerError:
        return TokenizerError(
            f"This tokenizer can't be used. {why}",
            source=self._source,
            remedy="Use the original file of the model's publisher.",
        )

    def _ask(self, action: str, **more: Any) -> workers.Answer:
        return workers.SHARED.ask(
            action,
            self._sha256,
            lambda: zlib.decompress(self._packed),
            source=self._source,
            reader=current(),
            **more,
        )


def _parts(texts: Sequence[str]) -> Iterator[list[str]]:
    """Lists that one question can hold; a single longer text stands alone."""
    waiting = iter(texts)
    while part := list(islice(waiting, _CHUNK_TEXTS)):
        if sum(map(len, part)) <= _CHUNK_CHARACTERS:
            yield part
            continue
        small: list[str] = []
        size = 0
        for text in part:
            if small and size + len(text) > _CHUNK_CHARACTERS:
                yield small
                small, size = [], 0
            small.append(text)
            size += len(text)
        yield small


def _joined(parts: list[NDArray[np.int64]]) -> NDArray[np.int64]:
    if len(parts) == 1:
        return parts[0]
    return np.concatenate([np.empty(0, dtype=np.int64), *parts])


def _no_special(asked: bool) -> None:
    if asked:
        raise NotImplementedError("Only tokens of the text itself are encoded here.")
