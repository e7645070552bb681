"""Tokens per text of each tokenizer family, counted beforehand on short samples."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any, Final

import numpy as np

PATH: Final = Path(__file__).resolve().parent.parent / "data" / "text_tokens.json"


def per_1000_chars(family: str, text: str) -> float:
    """Tokens per 1,000 characters of a kind of text (``core.decision.tasks.TEXTS``); NaN if not counted."""
    return float(_families().get(family, {}).get(text, np.nan))


def fewest(text: str) -> float:
    """The fewest tokens per 1,000 characters any of the families needs; NaN for an unknown kind of text."""
    found = [figures[text] for figures in _families().values() if text in figures]
    return float(min(found)) if found else float("nan")


@cache
def _families() -> dict[str, dict[str, float]]:
    loaded: dict[str, Any] = json.loads(PATH.read_text(encoding="utf-8"))
    return dict(loaded["families"])
