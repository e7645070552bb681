"""Tokens per text of each tokenizer family, counted beforehand on short samples."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final

import numpy as np

from core.tokenizers.text_cost import text_table

if TYPE_CHECKING:
    from core.decision.tasks import Task

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


def texts_of(task: Task) -> tuple[str, ...]:
    """What the reader's texts are written in: the languages chosen, unless they are code or JSON."""
    return task.languages if task.languages and task.text in _KEYS else (task.text,)


def mean_per_1000_chars(family: str, texts: tuple[str, ...]) -> float:
    """:func:`per_1000_chars` averaged over several texts; NaN if one isn't counted."""
    return float(np.mean([per_1000_chars(family, text) for text in texts]))


@cache
def fewest_on_average(texts: tuple[str, ...]) -> float:
    """The fewest tokens per 1,000 characters of these texts that any family needs on average."""
    found = [mean_per_1000_chars(family, texts) for family in {family for family, _ in _rates()}]
    return min((each for each in found if not np.isnan(each)), default=float("nan"))


@cache
def _rates() -> dict[tuple[str, str], float]:
    counted = text_table().dropna(subset="tokens_per_1000_chars")
    keys = zip(counted["family"], counted["text"], strict=True)
    return dict(zip(keys, counted["tokens_per_1000_chars"].astype("float64"), strict=True))
