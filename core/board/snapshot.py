"""The embedded snapshot: a Parquet file of figures and the manifest that says where they come from."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd

DATA_DIR = Path(__file__).resolve().parent.parent / "data"
TABLE = DATA_DIR / "leaderboard.parquet"
MANIFEST = DATA_DIR / "leaderboard.json"


def read() -> pd.DataFrame:
    return pd.read_parquet(TABLE)


def manifest() -> dict[str, Any]:
    return dict(json.loads(MANIFEST.read_text(encoding="utf-8")))
