"""Own targets judged by the embedded facts alone: whole numbers 0..999 in the price text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from core.tokenizers import facts
from core.tokenizers.contexts import PRICE_PREFIX, PRICE_SUFFIX
from core.tokenizers.floor import median_error
from core.tokenizers.targets import TargetComparison, Template, target_row, token_histogram

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import ArrayLike

PRICE_TEMPLATE: Final = f"{PRICE_PREFIX}{{value:.0f}}{PRICE_SUFFIX}"


def covers(values: ArrayLike, template: Template) -> bool:
    """Whether the facts can answer: this text, and whole numbers from 0 to 999."""
    array = np.asarray(values, dtype=np.float64)
    if (template.prefix, template.suffix) != (PRICE_PREFIX, PRICE_SUFFIX):
        return False
    if template.spec not in {"", "d", ".0f"} or not len(array) or not np.isfinite(array).all():
        return False
    if template.spec == ".0f":
        array = np.round(array)
    return bool((array == np.floor(array)).all() and array.min() >= 0 and array.max() <= 999)


def compare_by_facts(families: Mapping[str, str], values: ArrayLike) -> TargetComparison:
    """As :func:`core.tokenizers.targets.compare_targets`, for labels to families. Check :func:`covers`."""
    array = np.asarray(values, dtype=np.float64)
    written = np.round(array).astype(np.int64)
    always_median = median_error(array)
    rows, histograms = [], []
    for label, family in families.items():
        grid = facts.numbers(family, "price").iloc[written]
        n_tokens = grid["n_tokens"].to_numpy()
        floor = facts.first_token_floor(array, family, written=written)
        rows.append(target_row(label, grid["single"].to_numpy(bool), n_tokens, floor, always_median))
        histograms.append(token_histogram(label, n_tokens))
    middle = int(np.sort(written)[len(written) // 2])
    return TargetComparison(
        pd.DataFrame(rows),
        pd.concat(histograms, ignore_index=True) if histograms else pd.DataFrame(),
        len(array),
        len(np.unique(array)),
        f"{PRICE_PREFIX}{middle}{PRICE_SUFFIX}",
    )
