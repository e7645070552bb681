"""Where every embedded figure comes from, as the manifests beside the data say it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pandas as pd

from core.board import snapshot

if TYPE_CHECKING:
    from pathlib import Path

COLUMNS = ("what", "source", "state", "size", "licence", "limits", "link")


def embedded() -> pd.DataFrame:
    """One row per source: what it gives, its date and size, its licence and its limits, in words."""
    manifest = snapshot.manifest()
    board, newer = manifest["board"], manifest["newer"]
    rows = [
        (
            "Benchmark scores",
            str(board["source"]),
            f"final, {board['date']}",
            f"{board['rows']:,} evaluations",
            "No licence stated; the figures alone are kept",
            "Frozen; models since 2025 are missing; types and sizes as reported had to be repaired",
            f"https://huggingface.co/datasets/{board['source']}",
        ),
        (
            "Scores of newer bases",
            str(newer["source"]),
            "2025",
            f"{newer['rows']:,} models",
            "No licence stated; the figures alone are kept",
            "Another study's runs: no chat template, older check of MATH answers",
            f"https://github.com/{newer['source']}",
        ),
        *_tokenizers(),
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _tokenizers() -> list[tuple[str, ...]]:
    path: Path = snapshot.DATA_DIR / "tokenizer_facts.json"
    if not path.is_file():
        return []
    facts = json.loads(path.read_text(encoding="utf-8"))
    return [
        (
            "Number tokens",
            "each tokenizer's own repository",
            f"computed {facts['date']}",
            f"{len(facts['families']):,} tokenizers",
            "Figures computed here; no vocabulary is kept",
            "Which model uses which tokenizer is mapped with its evidence; some are unknown",
            "",
        )
    ]
