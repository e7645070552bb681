"""A leaderboard from a file: in the Hub dataset's columns, or in this project's own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from core.board import assemble, contents, runs
from core.errors import InvalidTableError
from core.schema import BENCHMARK_KEYS, BENCHMARKS, KINDS

if TYPE_CHECKING:
    from pathlib import Path

_OWN: Final = "model_id"
_HUB: Final = "fullname"
_TEXT: Final = (*assemble.TEXT_COLUMNS, "source")


def read(path: Path) -> pd.DataFrame:
    """The table in the project's schema, completed.

    A table in the project's own columns needs ``model_id`` and the six scores; whatever else it has is kept,
    the kind and the size it gives included, and the rest is worked out or left unknown.

    Raises:
        SourceUnavailableError, InvalidTableError: as :mod:`core.board.contents`.
    """
    table = contents.read_table(path)
    if _HUB in table.columns:
        return assemble.board_from_hub(table, source=path.name)
    if _OWN in table.columns:
        return from_own(table, source=path.name)
    raise InvalidTableError(
        f"The table has neither the column “{_HUB}” of the Hub's dataset nor “{_OWN}” of this project.",
        source=path.name,
        remedy="Export the Hub dataset open-llm-leaderboard/contents, or a table of this app.",
    )


def from_own(table: pd.DataFrame, *, source: str) -> pd.DataFrame:
    """A table in the project's own columns, checked through the same rules as the Hub's."""
    missing = [key for key in BENCHMARK_KEYS if key not in table.columns]
    if missing:
        raise InvalidTableError(
            f"The table lacks the column “{missing[0]}”.",
            source=source,
            remedy="Give the six scores: " + ", ".join(BENCHMARK_KEYS) + ".",
        )
    checked = contents.check_hub_columns(_as_hub(table), source=source)
    frame = assemble.from_hub(checked)
    for column in _TEXT:
        if column in table.columns:
            frame[column] = table[column].astype("string")
    # A table that names no source is its own, not the board.
    frame["source"] = frame["source"].fillna(source) if "source" in table.columns else source
    whole = assemble.complete(frame)
    _keep_given(whole, table.reset_index(drop=True), source)
    whole.attrs["messages"] = []
    return whole


def _as_hub(table: pd.DataFrame) -> pd.DataFrame:
    """The own columns under the Hub's names, so that one set of checks serves both."""
    renamed = {
        _OWN: _HUB,
        "precision": "Precision",
        "reported_kind": "Type",
        "architecture": "Architecture",
        "revision": "Model sha",
        "license": "Hub License",
        "likes": "Hub ❤️",
        "reported_params_b": "#Params (B)",
        "moe": "MoE",
        "flagged": "Flagged",
        "chat_template": "Chat Template",
        "merged": "Merged",
        "official": "Official Providers",
        "uploaded": "Upload To Hub Date",
        "submitted": "Submission Date",
        "declared_base": "Base Model",
        "average": "Average ⬆️",
        **{benchmark.key: benchmark.hub_column for benchmark in BENCHMARKS},
        **{benchmark.raw: f"{benchmark.hub_column} Raw" for benchmark in BENCHMARKS},
    }
    hub = table.rename(columns=renamed)
    for column in contents.HUB_COLUMNS:
        if column not in hub.columns:
            hub[column] = None
    if "average" not in table.columns:
        hub["Average ⬆️"] = hub[[benchmark.hub_column for benchmark in BENCHMARKS]].mean(axis=1, skipna=False)
    return hub


def _keep_given(frame: pd.DataFrame, table: pd.DataFrame, source: str) -> None:
    """What the file says itself stands over what would be worked out."""
    if "kind" in table.columns:
        kinds = table["kind"].astype("string")
        unknown = np.flatnonzero(~kinds.isin(list(KINDS)) & kinds.notna())
        if unknown.size:
            row = int(unknown[0])
            what = f"the kind is none of {', '.join(KINDS)}"
            raise contents.fault(row, "kind", what, source, frame["model_id"].iloc[row])
        frame["kind"] = kinds.fillna(frame["kind"]).astype("str")
        _keep_evidence(frame, table, "kind_evidence", kinds.notna())
    if "params_b" in table.columns:
        given = pd.to_numeric(table["params_b"], errors="coerce").astype("float64")
        wrong = np.flatnonzero((given.isna() & table["params_b"].notna()) | (given <= 0))
        if wrong.size:
            row = int(wrong[0])
            what = "a number of billions above 0 was expected"
            raise contents.fault(row, "params_b", what, source, frame["model_id"].iloc[row])
        frame["params_b"] = given.fillna(frame["params_b"])
        _keep_evidence(frame, table, "params_evidence", given.notna())
    frame["primary"] = runs.primary_rows(frame)


def _keep_evidence(frame: pd.DataFrame, table: pd.DataFrame, column: str, given: pd.Series) -> None:
    told = table[column].astype("string") if column in table.columns else pd.Series(pd.NA, index=frame.index)
    told = told.astype("string").fillna("as the file says")
    frame[column] = frame[column].where(~given, told).astype("str")
