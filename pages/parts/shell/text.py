"""Text from outside, made safe to show."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

# Controls, and signs that turn the direction of what follows.
_UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_MARKDOWN = re.compile(r"([\\`*_{}\[\]()#+!|<>~$:&\-])")
# Where GitHub's Markdown, which Streamlit shows, makes links of addresses; it does so after unescaping.
_ADDRESS = re.compile(r"(?<=www)(?=\.)|(?<=:)(?=//)|(?=@)", re.IGNORECASE)
_WORD_JOINER = "\u2060"  # has no width, and no line is broken at it


def plain(text: str) -> str:
    """Escape Markdown, so that a model's name is shown as it is and never becomes a link or an image.

    What can't be seen is left out: it could turn the sentence around it.
    """
    parted = _ADDRESS.sub(_WORD_JOINER, _UNSEEN.sub("", text))
    return _MARKDOWN.sub(r"\\\1", parted)


def intervals(low: pd.Series, high: pd.Series) -> pd.Series:
    """Pairs of limits as text, rounded to whole numbers: ``23–30``; NA where one is unknown."""
    return low.round().astype("Int64").astype("string") + "–" + high.round().astype("Int64").astype("string")
