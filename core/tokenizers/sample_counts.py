"""Counting the sample texts with a tokenizer at hand."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Mapping

    from core.tokenizers.tokenizer import Tokenizer


def count_samples(tokenizer: Tokenizer, samples: Mapping[str, str]) -> pd.DataFrame:
    """Tokens of each text: text (its key), tokens (Int64; NA where the vocabulary can't spell it), n_chars.

    Raises:
        TokenizerError: the tokenizer breaks on one of them.
    """
    tokens = [
        len(ids) if _spells(tokenizer, text, ids := tokenizer.encode(text).ids) else None
        for text in samples.values()
    ]
    return pd.DataFrame(
        {
            "text": list(samples),
            "tokens": pd.array(tokens, dtype="Int64"),
            "n_chars": [len(text) for text in samples.values()],
        }
    )


def _spells(tokenizer: Tokenizer, text: str, ids: list[int]) -> bool:
    """Whether the tokens spell the text, white space and compatibility forms aside."""
    decoded = tokenizer.backend.decode(ids, skip_special_tokens=False)
    return _letters(decoded) == _letters(text)


def _letters(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())
