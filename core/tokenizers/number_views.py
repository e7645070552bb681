"""The same description of a tokenizer's numbers, whether it comes from facts or from a loaded tokenizer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from core.tokenizers import facts
from core.tokenizers.floor import floor_of_groups

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd

    from core.tokenizers.tokenizer import Tokenizer


@dataclass(frozen=True, slots=True)
class NumberView:
    """``frame``: number, text, n_tokens, pieces, fused, single. ``figures``: one row of the summary table.

    ``status``: "computed", "published" or "loaded".
    """

    label: str
    status: Literal["computed", "published", "loaded"]
    frame: pd.DataFrame
    figures: dict[str, Any]
    examples: pd.DataFrame
    boundary: tuple[str, ...]


def from_facts(label: str, family: str, context: str) -> NumberView:
    """From the embedded facts: 0..999 in one of their contexts."""
    frame = facts.numbers(family, context)  # type: ignore[arg-type]
    entry: dict[str, Any] = facts.family_facts(family)
    return NumberView(
        label,
        entry["status"],
        frame,
        {
            "tokenizer": label,
            "single": int(frame["single"].sum()),
            "mean_tokens": float(frame["n_tokens"].mean()),
            "first_token_floor": float(entry["first_token_floor"]) if context == "price" else None,
            "grouping": entry["grouping"],
            "vocab_size": int(entry["vocab_size"]),
            "status": entry["status"],
            "source": entry["source"],
        },
        facts.examples(family),
        tuple(facts.boundary(family)),
    )


def from_tokenizer(
    label: str, tokenizer: Tokenizer, numbers: Iterable[int], *, prefix: str = "", suffix: str = ""
) -> NumberView:
    """From a loaded tokenizer: any numbers, any context."""
    from core.tokenizers.numbers import profile_numbers  # noqa: PLC0415 - facts need neither
    from core.tokenizers.profile import described  # noqa: PLC0415

    frame = profile_numbers(tokenizer, numbers, prefix=prefix, suffix=suffix)
    profile = described(tokenizer)
    revision = f" at {tokenizer.revision[:12]}" if tokenizer.revision else ""
    return NumberView(
        label,
        "loaded",
        frame,
        {
            "tokenizer": label,
            "single": int(frame["single"].sum()),
            "mean_tokens": float(frame["n_tokens"].mean()),
            "first_token_floor": floor_of_groups(frame["number"], frame["first_id"]),
            "grouping": profile.grouping,
            "vocab_size": profile.vocab_size,
            "status": "loaded",
            "source": f"{tokenizer.source}{revision}",
        },
        profile.contexts,
        profile.boundary,
    )
