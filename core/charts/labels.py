"""Model names as charts show them."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


def short(model_id: str, most: int = 60) -> str:
    """The name without its organisation, safe inside a chart: Plotly reads tags in any text.

    Example: "Qwen/Qwen2.5-7B" gives "Qwen2.5-7B"; what is longer than ``most`` characters ends in "…".
    """
    name = model_id.rsplit("/", 1)[-1]
    return html.escape(name if len(name) <= most else name[: most - 1] + "…", quote=False)


def first_in_bold(labels: Sequence[str]) -> list[str]:
    """The labels of an axis in the order of a ranking, the first in bold."""
    return [f"<b>{label}</b>" if place == 0 else label for place, label in enumerate(labels)]


def count(number: int, one: str) -> str:
    """A number with its noun: ``count(1, "model")`` is "1 model", ``count(2, "model")`` "2 models"."""
    return f"{number:,} {one if number == 1 else one + 's'}"


def memory(gb: float) -> str:
    """Memory in GB of 1e9 bytes and in GiB, by which cards are sold.

    >>> memory(25.3)
    '25.3 GB = 23.6 GiB'
    """
    return f"{gb:.1f} GB = {gb * 1e9 / 2**30:.1f} GiB"
