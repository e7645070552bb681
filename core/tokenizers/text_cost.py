"""How many tokens ordinary text costs, by language and tokenizer family, counted beforehand.

The texts (``core/data/sample_texts.toml``) were written for this project: one message of a shop's support in
every language, a short function and a JSON document. :mod:`core.tokenizers.build` counts them.
"""

from __future__ import annotations

import tomllib
from functools import lru_cache
from pathlib import Path
from typing import Final

import pandas as pd

_DATA: Final = Path(__file__).resolve().parent.parent / "data"
COSTS_FILE: Final = _DATA / "text_cost.csv"
SAMPLES_FILE: Final = _DATA / "sample_texts.toml"
# What the samples hold beside languages.
NOT_LANGUAGES: Final = ("code", "json")


def load_text_cost() -> pd.DataFrame:
    """What a language costs in each tokenizer family.

    Returns:
        family (key of :func:`core.tokenizers.facts.families`), language (ISO 639-1),
        tokens_per_1000_chars (Float64; NA where the vocabulary can't spell the text, since unknown tokens
        would look like a good figure), n_chars (of the text that was counted), tokens (Int64, of that text:
        it is the same message in every language). Families whose figures were published, not computed, are
        absent.
    """
    table = text_table()
    return (
        table[~table["text"].isin(NOT_LANGUAGES)].rename(columns={"text": "language"}).reset_index(drop=True)
    )


def text_table() -> pd.DataFrame:
    """As :func:`load_text_cost`, with program code (``"code"``) and JSON (``"json"``) in the column text."""
    return _table().copy()


def read_samples() -> dict[str, str]:
    """Each sample by its language, ``"code"`` or ``"json"``. Only the builder and tests need them."""
    texts: dict[str, str] = tomllib.loads(SAMPLES_FILE.read_text(encoding="utf-8"))
    return {key: text.strip() for key, text in texts.items()}


@lru_cache(maxsize=1)
def _table() -> pd.DataFrame:
    return with_rate(pd.read_csv(COSTS_FILE).astype({"tokens": "Int64"}))


def with_rate(counted: pd.DataFrame) -> pd.DataFrame:
    """Counts (tokens, n_chars and whatever stands beside) with tokens_per_1000_chars before them."""
    rate = (1000 * counted["tokens"].astype("Float64") / counted["n_chars"]).round(1)
    rest = counted.drop(columns=["tokens", "n_chars"])
    return rest.assign(tokens_per_1000_chars=rate, n_chars=counted["n_chars"], tokens=counted["tokens"])
