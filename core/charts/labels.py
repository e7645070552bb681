"""Model names as charts show them."""

from __future__ import annotations

import html


def short(model_id: str, most: int = 60) -> str:
    """The name without its organisation, safe inside a chart: Plotly reads tags in any text.

    Example: "Qwen/Qwen2.5-7B" gives "Qwen2.5-7B"; what is longer than ``most`` characters ends in "…".
    """
    name = model_id.rsplit("/", 1)[-1]
    return html.escape(name if len(name) <= most else name[: most - 1] + "…", quote=False)


def count(number: int, one: str) -> str:
    """A number with its noun: ``count(1, "model")`` is "1 model", ``count(2, "model")`` "2 models"."""
    return f"{number:,} {one if number == 1 else one + 's'}"
