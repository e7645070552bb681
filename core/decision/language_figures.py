"""How well the candidates do in the reader's languages, from boards that test them there.

Scores of two languages come from other tasks, so each language gets a scale of its own: the lowest base known
there is 0, the highest 1. A language a base wasn't tested in counts as what is typical of those that were.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from core.decision import unknowns
from core.languages import NAMES, load_languages
from core.schema import Z90

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt
    import pandas as pd

    Floats = npt.NDArray[np.float64]


def columns(model_ids: pd.Series[str], languages: tuple[str, ...]) -> dict[str, Any]:
    """Figures of every row, NaN where the base was tested in none of the languages.

    Args:
        model_ids: n models.
        languages: ISO 639-1 codes; those nothing is known about are passed over.

    Returns:
        language_score (mean points over the languages it was tested in), language_value (0 to 1, mean over
        all of them), language_value_se, languages_known (how many it was tested in).
    """
    wanted = [code for code in dict.fromkeys(languages) if code in NAMES]
    score, value, error = (np.full((len(model_ids), max(len(wanted), 1)), np.nan) for _ in range(3))
    names = model_ids.astype(str).str.lower().tolist()
    for j, code in enumerate(wanted):
        known, low, high = _language(code)
        width = max(high - low, 1e-9)
        for i, name in enumerate(names):
            if name in known:
                points, half = known[name]
                score[i, j] = points
                value[i, j], error[i, j] = (points - low) / width, half / Z90 / width
    tested = ~np.isnan(value)
    count = tested.sum(axis=1)
    filled, variance = _filled(value, error)
    none = count == 0
    with np.errstate(invalid="ignore"):
        mean_score = np.where(none, np.nan, np.nansum(score, axis=1) / np.maximum(count, 1))
    return {
        "language_score": mean_score,
        "language_value": np.where(none, np.nan, filled.mean(axis=1)),
        "language_value_se": np.where(none, np.nan, np.sqrt(variance.sum(axis=1)) / value.shape[1]),
        "languages_known": count,
    }


def known(model_ids: Sequence[str], language: str) -> npt.NDArray[np.bool_]:
    """Which of n models have a figure in a language (ISO 639-1 code)."""
    tested = _language(language)[0]
    return np.array([name.lower() in tested for name in model_ids], dtype=bool)


def by_language(model_ids: list[str], languages: tuple[str, ...]) -> pd.DataFrame:
    """The rows of :func:`core.languages.load_languages` of these models and languages, with ``name``."""
    table = load_languages()
    rows = table[table["model_id"].isin(model_ids) & table["language"].isin(languages)]
    # An empty frame takes the rows of a longer series.
    return rows.assign(name=rows["language"].map(NAMES)).reset_index(drop=True)


def _filled(value: Floats, error: Floats) -> tuple[Floats, Floats]:
    """Values with what is typical in their gaps, judged by the other languages; and all their variances."""
    filled, variance = value.copy(), np.nan_to_num(error) ** 2
    for j in range(value.shape[1]):
        gap = np.isnan(value[:, j]) & ~np.isnan(value).all(axis=1)
        known = ~np.isnan(value[:, j])
        if not gap.any() or not known.any():
            continue
        others = np.delete(value, j, axis=1)
        rest = np.where(
            np.isnan(others).all(axis=1), np.nan, np.nansum(others, axis=1) / _at_least_one(others)
        )
        beside = rest[known] if not np.isnan(rest[known]).any() else np.full(int(known.sum()), np.nan)
        centre, scatter = unknowns.typical(value[known, j], beside, rest[gap])
        filled[gap, j] = np.clip(centre, 0, 1)
        variance[gap, j] = float(np.var(scatter))
    return filled, variance


def _at_least_one(values: Floats) -> npt.NDArray[np.int64]:
    return np.asarray(np.maximum((~np.isnan(values)).sum(axis=1), 1), dtype=np.int64)


@lru_cache(maxsize=64)
def _language(code: str) -> tuple[dict[str, tuple[float, float]], float, float]:
    """Of each base its score and half its interval, and the lowest and highest score of all."""
    rows = load_languages()
    rows = rows[rows["language"] == code]
    known = {
        str(name).lower(): (float(score), float(high - low) / 2)
        for name, score, low, high in zip(
            rows["model_id"], rows["score"], rows["low"], rows["high"], strict=True
        )
    }
    points = [score for score, _ in known.values()] or [0.0]
    return known, min(points), max(points)
