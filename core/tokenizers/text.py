"""A reader's own text: lengths, fidelity, special tokens and how much two vocabularies share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from core.errors import InvalidInputError
from core.tokenizers.self_check import round_trip
from core.tokenizers.text_pieces import visible

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from core.tokenizers.tokenizer import Tokenizer

MAX_TEXT: Final = 200_000
MAX_TEXTS: Final = 100_000
_PERCENTILES: Final = (50, 90, 95, 99, 100)


def text_figures(tokenizers: Mapping[str, Tokenizer], text: str) -> pd.DataFrame:
    """What a text costs, and whether it survives: one row per tokenizer.

    Columns: tokenizer, tokens, words, bytes, tokens_per_word, tokens_per_byte, exact (the text comes back
    unchanged), difference (where it first does not, in words).
    """
    if len(text) > MAX_TEXT:
        raise InvalidInputError(f"The text is longer than {MAX_TEXT:,} characters.", remedy="Shorten it.")
    words, size = len(text.split()), len(text.encode("utf-8", "surrogatepass"))
    rows = []
    for label, tokenizer in tokenizers.items():
        tokens = len(tokenizer.encode(text).ids)
        difference = first_difference(text, round_trip(tokenizer, text))
        rows.append(
            {
                "tokenizer": label,
                "tokens": tokens,
                "words": words,
                "bytes": size,
                "tokens_per_word": tokens / words if words else float("nan"),
                "tokens_per_byte": tokens / size if size else float("nan"),
                "exact": not difference,
                "difference": difference,
            }
        )
    return pd.DataFrame(rows)


def first_difference(text: str, back: str) -> str:
    """Where two texts first differ, in words; empty if they are the same.

    >>> first_difference("two  spaces", "two spaces")
    "character 5: '␣spaces' became 'spaces'"
    """
    if text == back:
        return ""
    at = next(
        (place for place, (a, b) in enumerate(zip(text, back, strict=False)) if a != b),
        min(len(text), len(back)),
    )
    was, now = (visible(part[at : at + 7].encode("utf-8", "surrogatepass")) for part in (text, back))
    return f"character {at + 1}: {was or 'nothing'!r} became {now or 'nothing'!r}"


@dataclass(frozen=True, slots=True)
class Lengths:
    """Sequence lengths in tokens.

    ``table``: tokenizer, p50, p90, p95, p99, longest, proposed (a maximum length), share_cut (0-1 of the
    texts it would cut). ``lengths``: label to the length of each text.
    """

    table: pd.DataFrame
    lengths: dict[str, np.ndarray[Any, np.dtype[np.int64]]]


def sequence_lengths(tokenizers: Mapping[str, Tokenizer], texts: Sequence[str]) -> Lengths:
    """Lengths of many texts, special tokens included as the tokenizer adds them.

    The proposed maximum is the 99th percentile rounded up to a multiple of 8, as hardware likes it.
    """
    if not texts:
        raise InvalidInputError("There is no text to measure.", remedy="Paste some, one example per line.")
    if len(texts) > MAX_TEXTS:
        raise InvalidInputError(f"There are more than {MAX_TEXTS:,} texts.", remedy="Give a sample of them.")
    rows, lengths = [], {}
    for label, tokenizer in tokenizers.items():
        extra = tokenizer.backend.num_special_tokens_to_add(is_pair=False)
        counted = tokenizer.lengths_of(list(texts)) + extra
        p50, p90, p95, p99, longest = np.percentile(counted, _PERCENTILES, method="inverted_cdf").tolist()
        proposed = -(-int(p99) // 8) * 8
        rows.append(
            {
                "tokenizer": label, "p50": int(p50), "p90": int(p90), "p95": int(p95), "p99": int(p99),
                "longest": int(longest), "proposed": proposed,
                "share_cut": float((counted > proposed).mean()),
            }
        )  # fmt: skip
        lengths[label] = counted
    return Lengths(pd.DataFrame(rows), lengths)


def special_tokens(tokenizer: Tokenizer) -> dict[str, str | None]:
    """Bos, eos, pad and unk as the configuration names them, and whether there is a chat template.

    None stands for missing. Empty if there was no configuration to read.
    """
    config = tokenizer.config
    if not config:
        return {}

    def named(key: str) -> str | None:
        value = config.get(key)
        if isinstance(value, dict):
            value = value.get("content")
        return value if isinstance(value, str) else None

    found = {name: named(f"{name}_token") for name in ("bos", "eos", "pad", "unk")}
    return found | {"chat template": "present" if config.get("chat_template") else None}


@dataclass(frozen=True, slots=True)
class Overlap:
    """Tokens two vocabularies share, added tokens left out; shares are 0-1 of each vocabulary."""

    shared: int
    first_size: int
    second_size: int

    @property
    def of_first(self) -> float:
        return self.shared / self.first_size if self.first_size else float("nan")

    @property
    def of_second(self) -> float:
        return self.shared / self.second_size if self.second_size else float("nan")


def vocabulary_overlap(first: Tokenizer, second: Tokenizer) -> Overlap:
    """How many tokens spell the same bytes in both, whatever way they are written."""
    a, b = _spelled(first), _spelled(second)
    return Overlap(len(a & b), len(a), len(b))


def _spelled(tokenizer: Tokenizer) -> set[bytes]:
    notation = tokenizer.table.notation
    return {notation.spell(token, added=False) for token in tokenizer.vocabulary()}
