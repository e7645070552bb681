"""Tokens per text of each tokenizer family, counted beforehand on short samples."""

from __future__ import annotations

from functools import cache
from typing import Final

import numpy as np

from core.tokenizers.text_cost import text_table

# Kinds of text a task names in words; any other name is taken as the sample's own key (a language's code).
_KEYS: Final = {
    "english": "en", "german": "de", "french": "fr", "spanish": "es", "polish": "pl", "russian": "ru",
    "arabic": "ar", "hindi": "hi", "chinese": "zh", "japanese": "ja", "korean": "ko",
}  # fmt: skip


def per_1000_chars(family: str, text: str) -> float:
    """Tokens per 1,000 characters of a kind of text; NaN if not counted.

    Args:
        family: a tokenizer family of :mod:`core.tokenizers.facts`.
        text: one of ``core.decision.tasks.TEXTS``, or an ISO 639-1 code.
    """
    return _rates().get((family, _KEYS.get(text, text)), np.nan)


def fewest(text: str) -> float:
    """The fewest tokens per 1,000 characters any of the families needs; NaN for an unknown kind of text."""
    key = _KEYS.get(text, text)
    found = [rate for (_, counted), rate in _rates().items() if counted == key]
    return min(found, default=float("nan"))


@cache
def _rates() -> dict[tuple[str, str], float]:
    counted = text_table().dropna(subset="tokens_per_1000_chars")
    keys = zip(counted["family"], counted["text"], strict=True)
    return dict(zip(keys, counted["tokens_per_1000_chars"].astype("float64"), strict=True))
