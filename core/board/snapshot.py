"""The embedded snapshot: a Parquet file of figures and the manifest that says where they come from."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

import pandas as pd

DATA_DIR: Final = Path(__file__).resolve().parent.parent / "data"
TABLE: Final = DATA_DIR / "leaderboard.parquet"
MANIFEST: Final = DATA_DIR / "leaderboard.json"


def read() -> pd.DataFrame:
    """The board and the newer bases, everything worked out beforehand."""
    return pd.read_parquet(TABLE)


def manifest() -> dict[str, Any]:
    """Source, date and rows of each part, sha256, licence note, schema version, build command."""
    return dict(json.loads(MANIFEST.read_text(encoding="utf-8")))
