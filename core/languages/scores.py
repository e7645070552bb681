"""Scores by language as the builder left them."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Final

import pandas as pd

from core.errors import SourceUnavailableError

FILE: Final = Path(__file__).resolve().parent.parent / "data" / "languages.csv"

# English names of ISO 639-1 languages that boards test bases in. "no" is both written forms of Norwegian.
NAMES: Final = {
    "ar": "Arabic", "bg": "Bulgarian", "bs": "Bosnian", "ca": "Catalan", "cs": "Czech", "da": "Danish",
    "de": "German", "el": "Greek", "en": "English", "es": "Spanish", "et": "Estonian", "fi": "Finnish",
    "fo": "Faroese", "fr": "French", "hr": "Croatian", "hu": "Hungarian", "is": "Icelandic", "it": "Italian",
    "ja": "Japanese", "ko": "Korean", "lt": "Lithuanian", "lv": "Latvian", "nl": "Dutch", "no": "Norwegian",
    "pl": "Polish", "pt": "Portuguese", "ro": "Romanian", "ru": "Russian", "sk": "Slovak", "sl": "Slovene",
    "sq": "Albanian", "sr": "Serbian", "sv": "Swedish", "uk": "Ukrainian", "zh": "Chinese",
}  # fmt: skip


def load_languages() -> pd.DataFrame:
    """Each base in each language it was tested in, one row a pair.

    Returns:
        * model_id: str; language: str, ISO 639-1
        * score, low, high: float, points of 0-100, the average expected on the tasks of the language's main
          board with a 90% interval; comparable within a language, not between two, whose tasks differ
        * n_scores: int, published scores behind it
        * source: str, keys of :func:`core.catalogue.load_report_sources`, separated by ``|``

        A pair without a row is not known.

    Raises:
        SourceUnavailableError: the table is missing.
    """
    return _table().copy()


@lru_cache(maxsize=1)
def _table() -> pd.DataFrame:
    try:
        return pd.read_csv(
            FILE,
            dtype={"model_id": "string", "language": "string", "source": "string", "n_scores": "int64"},
            keep_default_na=False,
        )
    except OSError as error:
        raise SourceUnavailableError(
            "The table of languages cannot be read.",
            source=FILE.name,
            remedy="Restore the file, or build it: python -m core.languages.build.",
        ) from error


def list_languages() -> pd.DataFrame:
    """The languages something is known about: language (ISO 639-1), name (English), n_models; by name."""
    counts = _table().groupby("language")["model_id"].nunique().rename("n_models").reset_index()
    counts["name"] = counts["language"].map(NAMES).astype("string")
    return counts[["language", "name", "n_models"]].sort_values("name", ignore_index=True)
