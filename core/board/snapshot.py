"""The embedded snapshot: a Parquet file of figures and the manifest that says where they come from."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Mapping

DATA_DIR: Final = Path(__file__).resolve().parent.parent / "data"
TABLE: Final = DATA_DIR / "leaderboard.parquet"
MANIFEST: Final = DATA_DIR / "leaderboard.json"


def read() -> pd.DataFrame:
    """The board and the newer bases, everything worked out beforehand."""
    return pd.read_parquet(TABLE)


def manifest() -> dict[str, Any]:
    """Source, date and rows of each part, sha256, licence note, schema version, build command."""
    return dict(json.loads(MANIFEST.read_text(encoding="utf-8")))


def write(frame: pd.DataFrame, facts: Mapping[str, Any], *, table: Path, manifest: Path) -> None:
    """Write both files, or neither; the manifest gets the number of rows and the table's sha256."""
    with tempfile.TemporaryDirectory(dir=table.parent) as folder:
        new_table, new_manifest = (Path(folder) / path.name for path in (table, manifest))
        frame.to_parquet(new_table, index=False, compression="zstd")
        counted = {"rows": len(frame), "sha256": hashlib.sha256(new_table.read_bytes()).hexdigest()}
        # In a manifest written before, both stand where they stood.
        whole = {"schema_version": facts["schema_version"]} | counted | dict(facts) | counted
        new_manifest.write_text(json.dumps(whole, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
        for written, target in ((new_table, table), (new_manifest, manifest)):
            os.replace(written, target)  # noqa: PTH105 - the one call that swaps a file in a single step
