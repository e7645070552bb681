"""The token that ends texts, for bases nobody wrote more about: from their files, or from their vocabulary.

``core/data/readiness/end_tokens.csv`` holds one row for a family of models (``pattern``, a whole repository
id) or for a tokenizer (``tokenizer``, a family of ``tokenizer_facts.json``). A tokenizer's row speaks for the
models whose publishers say that they use it (:mod:`core.tokenizers.mapping`), never for what others made of
them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache

from core.readiness.tables import table
from core.tokenizers.mapping import by_publisher


@dataclass(frozen=True, slots=True)
class EndToken:
    """``what`` says in a sentence how it is known; ``date`` is when that was read, ISO 8601."""

    token: str
    token_id: int
    what: str
    source: str
    date: str


@lru_cache(maxsize=16_384)
def end_token(model_id: str) -> EndToken | None:
    """The end token of a base, a family's row before its tokenizer's; None where nobody says.

    >>> end_token("EleutherAI/pythia-12b").token
    '<|endoftext|>'
    """
    by_name, by_tokenizer = _rows()
    for pattern, end in by_name:
        if pattern.fullmatch(model_id):
            return end
    tokenizer = by_publisher(model_id)
    return by_tokenizer.get(tokenizer.family or "") if tokenizer else None


@cache
def _rows() -> tuple[tuple[tuple[re.Pattern[str], EndToken], ...], dict[str, EndToken]]:
    by_name, by_tokenizer = [], {}
    for row in table("end_tokens"):
        end = EndToken(row["token"], int(row["token_id"]), row["what"], row["source"], row["date"])
        if row["pattern"]:
            by_name.append((re.compile(row["pattern"], re.IGNORECASE), end))
        else:
            by_tokenizer[row["tokenizer"]] = end
    return tuple(by_name), by_tokenizer
