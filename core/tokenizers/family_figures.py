"""One family's figures: what the builder stores of a tokenizer, or of a maker's word about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from core.tokenizers.contexts import CONTEXT_TEXTS
from core.tokenizers.files import from_bytes
from core.tokenizers.floor import floor_of_groups
from core.tokenizers.numbers import Cuts, cut_numbers
from core.tokenizers.profile import describe_tokenizer
from core.tokenizers.sample_counts import count_samples

if TYPE_CHECKING:
    from collections.abc import Mapping

    from core.tokenizers.published import PublishedFamily
    from core.tokenizers.source_table import TokenizerSource


@dataclass(frozen=True, slots=True)
class Figures:
    """What is stored of a family.

    ``facts``: its entry of ``tokenizer_facts.json``; ``grid``: the cuts of 0..999; ``costs``: family, text,
    tokens (NA where the vocabulary can't spell it), n_chars.
    """

    facts: dict[str, Any]
    grid: pd.DataFrame
    costs: pd.DataFrame


def compute(row: TokenizerSource, raw: bytes, samples: Mapping[str, str], date: str) -> Figures:
    """The figures of a ``tokenizer.json``.

    Raises:
        TokenizerError: it is none.
    """
    tokenizer = from_bytes(raw, f"{row.family}.json")
    profile = describe_tokenizer(tokenizer)
    texts = [str(number) for number in range(1000)]
    cuts = {
        context: cut_numbers(tokenizer, texts, prefix=prefix, suffix=suffix)
        for context, (prefix, suffix) in CONTEXT_TEXTS.items()
    }
    facts = {
        "family": row.family,
        "label": row.label,
        "status": "computed",
        "vocab_size": profile.vocab_size,
        "single_token_count": profile.single_token_count,
        "single_in_price": profile.single_in_price,
        "single_after_space": profile.single_after_space,
        "mean_tokens": round(profile.mean_tokens, 4),
        "mean_tokens_in_price": round(profile.mean_tokens_in_price, 4),
        "mean_tokens_to_9999": round(profile.mean_tokens_to_9999, 4),
        "grouping": profile.grouping,
        "grouping_share": round(profile.grouping_share, 4),
        "first_token_floor": round(profile.first_token_floor, 4),
        "longest_digit_token": len(profile.longest_digit_token),
        "contexts": profile.contexts.to_dict("records"),
        "boundary": list(profile.boundary),
        "source": row.said,
        "sha256": row.sha256,
        "date": date,
    }
    costs = count_samples(tokenizer, samples)
    costs.insert(0, "family", row.family)
    return Figures(facts, _grid(row.family, cuts), costs)


def published(family: PublishedFamily, date: str) -> Figures:
    """Figures of a family that splits digits, by that rule alone."""
    values = np.arange(1000)
    widths = np.array([len(str(value)) for value in values], dtype=np.int64)
    first = np.array([int(str(value)[0]) for value in values], dtype=np.int64)
    none, every = np.zeros(1000, bool), np.ones(1000, bool)
    cuts = Cuts(widths, (1 << (widths - 1)) - 1, none, first, every, widths)
    facts = {
        "family": family.key,
        "label": family.label,
        "status": "published",
        "vocab_size": family.vocab_size,
        "single_token_count": 10,
        "single_in_price": 10,
        "single_after_space": 10,
        "mean_tokens": round(float(widths.mean()), 4),
        "mean_tokens_in_price": round(float(widths.mean()), 4),
        "mean_tokens_to_9999": 3.889,
        "grouping": "per digit",
        "grouping_share": 1.0,
        "first_token_floor": round(floor_of_groups(values, first), 4),
        "longest_digit_token": 1,
        "contexts": [],
        "boundary": [],
        "source": family.source,
        "sha256": None,
        "date": date,
    }
    return Figures(facts, _grid(family.key, dict.fromkeys(CONTEXT_TEXTS, cuts)), pd.DataFrame())


def _grid(key: str, cuts: dict[str, Cuts]) -> pd.DataFrame:
    """Per number and context: tokens, cut mask, fused; for the price also the group of its first token."""
    frame = pd.DataFrame({"family": key, "number": np.arange(1000, dtype=np.int16)})
    for context, found in cuts.items():
        frame[f"{context}_tokens"] = found.n_tokens.astype(np.int8)
        frame[f"{context}_cuts"] = found.mask.astype(np.int8)
        frame[f"{context}_fused"] = found.fused
    # Group numbers, not vocabulary ids: equal first tokens get equal numbers, which is all a floor needs.
    frame["price_first"] = np.unique(cuts["price"].first_id, return_inverse=True)[1].astype(np.int16)
    return frame
