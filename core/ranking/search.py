"""Finding a model by what people type: ``phi3``, ``gemma2``, ``llama3.1 8b``, ``Olmo-3``."""

from __future__ import annotations

import re
from difflib import get_close_matches
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from core.board import names

if TYPE_CHECKING:
    from collections.abc import Iterable

LONGEST: Final = 80
_SEPARATORS: Final = re.compile(r"[-_./\s]+")
_MOST_WORDS: Final = 8


def find(model_ids: Iterable[str], query: str) -> list[str]:
    """The names in which every word of the query occurs, whatever stands between its letters and digits.

    Args:
        model_ids: Hub ids.
        query: words separated by blanks; only the first 80 characters and eight words count. A word that
            starts or ends with a digit doesn't match within a longer number: ``8b`` isn't in ``1.8B``.

    Returns:
        Matching ids in the given order; all of them for an empty query.

    Example: ``phi3`` finds ``microsoft/Phi-3-mini-4k-instruct``; ``llama3.1 8b`` finds
    ``meta-llama/Llama-3.1-8B``.
    """
    patterns = _patterns(query[:LONGEST])
    return [name for name in model_ids if all(pattern.search(name) for pattern in patterns)]


def close_to(model_ids: Iterable[str], query: str, *, most: int = 3) -> list[str]:
    """Names whose spelling is near the query, best first: for a query that finds nothing."""
    by_bare = {squash(names.bare(name)): name for name in model_ids}
    near = get_close_matches(squash(query[:LONGEST]), list(by_bare), n=most, cutoff=0.7)
    return [by_bare[bare] for bare in near]


def squash(text: str) -> str:
    """Lower case without separators: ``Olmo-3 7B`` and ``olmo3-7b`` are the same.

    >>> squash("Olmo-3 7B")
    'olmo37b'
    """
    return _SEPARATORS.sub("", text.lower())


@lru_cache(maxsize=256)
def _patterns(query: str) -> tuple[re.Pattern[str], ...]:
    words = [squash(word) for word in query.split()]
    return tuple(_pattern(word) for word in words[:_MOST_WORDS] if word)


def _pattern(word: str) -> re.Pattern[str]:
    before = r"(?<!\d)(?<!\d\.)" if word[0].isdigit() else ""
    after = r"(?!\d)" if word[-1].isdigit() else ""
    between = r"[-_./]?".join(re.escape(character) for character in word)
    return re.compile(before + between + after, re.IGNORECASE)
