"""A tokenizer with what is known about where it came from."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain
from typing import TYPE_CHECKING, Any

import numpy as np

from core.errors import TokenizerError
from core.tokenizers.pieces import PieceTable
from core.tokenizers.remote import RemoteTokenizer

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import tokenizers
    from numpy.typing import NDArray

    from core.tokenizers.remote import Encoded


@dataclass(eq=False)
class Tokenizer:
    """A tokenizer and its origin; safe to share between sessions, never changed.

    ``backend`` is one in another process wherever the file came from outside; the library's own object only
    where a script gave that.

    ``source`` is the repo id or file name shown to readers, ``revision`` the commit (Hub only), ``sha256``
    the fingerprint of the tokenizer file, ``loader`` the library that read it, ``config`` what
    ``tokenizer_config.json`` says (special tokens, chat template).
    """

    backend: tokenizers.Tokenizer | RemoteTokenizer
    source: str = "memory"
    revision: str | None = None
    sha256: str | None = None
    loader: str = "tokenizers"
    config: dict[str, Any] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()
    recent: dict[Any, Any] = field(default_factory=dict, repr=False)

    @cached_property
    def table(self) -> PieceTable:
        return PieceTable(self.backend)

    @property
    def vocab_size(self) -> int:
        return self.backend.get_vocab_size(with_added_tokens=True)

    def vocabulary(self) -> Iterable[str]:
        """Its tokens as the vocabulary writes them, in no order."""
        if isinstance(self.backend, RemoteTokenizer):
            return self.backend.vocabulary()
        return self.backend.get_vocab(with_added_tokens=False)

    @cached_property
    def drops_spaces(self) -> bool:
        """Whether white space is thrown away and a mark of the tokenizer's own put before each word (T5).

        In ``"0 0"`` a mark made from the real space begins at character 1, an inserted one at 2. Byte-level
        tokenizers are left out: their ``Ġ`` is always a byte of the text, while their offsets may be trimmed.
        """
        if self.table.notation.byte_level:
            return False
        encoding = self.backend.encode("0 0", add_special_tokens=False)
        starts = [
            start
            for index, (start, end) in zip(encoding.ids, encoding.offsets, strict=True)
            if self.table.spell(index).startswith(b" ") and end > 1
        ]
        return bool(starts) and starts[-1] >= 2

    def normalized(self, text: str) -> str:
        if isinstance(self.backend, RemoteTokenizer):
            return self.backend.normalized(text)
        normalizer = self.backend.normalizer
        return text if normalizer is None else normalizer.normalize_str(text)

    def digits_in(self, context: str) -> int:
        """ASCII digits in a prefix or suffix once the tokenizer has normalised it."""
        return sum(character in "0123456789" for character in self.normalized(context)) if context else 0

    def encode(self, text: str) -> tokenizers.Encoding | Encoded:
        """Tokens of ``text``, without special tokens."""
        with encoding_errors(self.source):
            return self.backend.encode(text, add_special_tokens=False)

    def ids_of(self, texts: list[str]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """The ids of all texts in one row, and how many belong to each."""
        if isinstance(self.backend, RemoteTokenizer):
            return self.backend.ids_of(texts)
        with encoding_errors(self.source):
            encoded = self.backend.encode_batch_fast(texts, add_special_tokens=False)
        found = [one.ids for one in encoded]
        lengths = np.fromiter(map(len, found), dtype=np.int64, count=len(found))
        ids = np.fromiter(chain.from_iterable(found), dtype=np.int64, count=int(lengths.sum()))
        return ids, lengths

    def lengths_of(self, texts: list[str]) -> NDArray[np.int64]:
        """How many tokens each text has."""
        if isinstance(self.backend, RemoteTokenizer):
            return self.backend.lengths_of(texts)
        return self.ids_of(texts)[1]


@contextmanager
def encoding_errors(source: str) -> Iterator[None]:
    """Turn what the library raises while encoding (a bare ``Exception``, nothing narrower) into ours."""
    try:
        yield
    except Exception as error:
        if type(error) is not Exception:
            raise
        raise TokenizerError(
            f"This tokenizer can't encode the text ({str(error)[:120]}).",
            source=source,
            remedy="Try a shorter text, or the original file of the model's publisher.",
        ) from None


def as_tokenizer(tokenizer: Any) -> Tokenizer:
    """Take this module's class, a ``tokenizers.Tokenizer``, or a fast tokenizer of ``transformers``."""
    if isinstance(tokenizer, Tokenizer):
        return tokenizer
    backend = getattr(tokenizer, "backend_tokenizer", tokenizer)
    if not hasattr(backend, "encode_batch_fast"):
        raise TypeError(f"Not a tokenizer: {type(tokenizer).__name__}")
    if backend.truncation is not None or backend.padding is not None:
        # A copy: switching these off in the caller's object would change what it is used for.
        backend = settled(type(backend).from_str(backend.to_str()))
    return Tokenizer(backend=backend)


def settled(backend: tokenizers.Tokenizer) -> tokenizers.Tokenizer:
    """Without the truncation and padding some files ask for, which would cut or fill what is counted."""
    backend.no_truncation()
    backend.no_padding()
    return backend
