"""Names of models for sentences, charts and records."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


def short(model_id: str) -> str:
    """A model's name without its publisher."""
    return model_id.rsplit("/", 1)[-1]


def short_names(model_ids: Iterable[str]) -> dict[str, str]:
    """The shortest name of each model that tells it apart: publisher/name where two names are the same.

    >>> list(short_names(["Qwen/Qwen2.5-14B", "braindao/Qwen2.5-14B", "Qwen/Qwen2.5-7B"]).values())
    ['Qwen/Qwen2.5-14B', 'braindao/Qwen2.5-14B', 'Qwen2.5-7B']
    """
    ids = list(dict.fromkeys(map(str, model_ids)))
    # Names that differ in case alone look the same to a reader.
    count = Counter(short(name).lower() for name in ids)
    return {name: name if count[short(name).lower()] > 1 else short(name) for name in ids}
