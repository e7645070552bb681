"""Model names as charts show them."""

from __future__ import annotations

import html
from collections import Counter
from typing import TYPE_CHECKING

from core import short_names

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence


def short(model_id: str, most: int = 60) -> str:
    """The name without its organisation, safe inside a chart: Plotly reads tags in any text.

    Example: "Qwen/Qwen2.5-7B" gives "Qwen2.5-7B"; what is longer than ``most`` characters ends in "…".
    """
    return html.escape(_cut(short_names.short(model_id), most), quote=False)


def short_labels(
    model_ids: Iterable[str], most: int = 60, names: Mapping[str, str] | None = None
) -> dict[str, str]:
    """A label for each model that no other one has: Plotly draws rows of the same label as one.

    Args:
        model_ids: the models in the chart.
        most: characters; a label stays longer where cutting would make two the same.
        names: of each id the name that stands beside the chart; :func:`core.short_names.short_names` of
            those in the chart if not given.
    """
    ids = list(dict.fromkeys(map(str, model_ids)))
    named = short_names.short_names(ids) | dict(names or {})
    cut = {each: _cut(named[each], most) for each in ids}
    times = Counter(cut.values())
    return {
        each: html.escape(text if times[text] == 1 else named[each], quote=False)
        for each, text in cut.items()
    }


def _cut(name: str, most: int) -> str:
    return name if len(name) <= most else name[: most - 1] + "…"


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
