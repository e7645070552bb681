"""Rows from outside in the columns and types of the leaderboard: what is not known is NA."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pandas as pd

from core.schema import BENCHMARKS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

TEXTS: Final = (
    "model_id", "organization", "precision", "kind", "reported_kind", "kind_evidence", "params_evidence",
    "architecture", "license", "revision", "declared_base", "comparability", "weights_of", "source",
)  # fmt: skip
FLAGS: Final = ("chat_template", "merged", "moe", "flagged", "official")
DATES: Final = ("submitted", "uploaded")
COUNTS: Final = ("likes",)
NUMBERS: Final = (
    "params_b", "reported_params_b", "active_params_b", "average", "average_se",
    *(name for benchmark in BENCHMARKS for name in (benchmark.key, benchmark.raw, benchmark.se)),
)  # fmt: skip
COLUMNS: Final = (*TEXTS, *FLAGS, *DATES, *COUNTS, *NUMBERS)

# Marks of rows that aren't the board's, shown wherever they stand.
SOURCE_OWN_RUN: Final = "your lm-eval run"
SOURCE_OWN_TABLE: Final = "your table"
SOURCE_HUB_MODEL: Final = "added from the Hub"
OWN_SOURCES: Final = (SOURCE_OWN_RUN, SOURCE_OWN_TABLE, SOURCE_HUB_MODEL)


def contract_frame(records: Iterable[Mapping[str, object]]) -> pd.DataFrame:
    """A frame of :data:`COLUMNS` from records that hold some of them.

    Numbers are float64, flags nullable booleans, dates datetime64, texts strings. ``organization`` is the
    part of ``model_id`` before the slash. ``weights_of`` is the model whose facts hold for a run with a
    name of its own (a quantised one, another revision). What a model is stays open until it joins a board.

    >>> frame = contract_frame([{"model_id": "acme/tiny", "ifeval": 40}])
    >>> frame["organization"][0], float(frame["ifeval"][0]), bool(frame["bbh"].isna()[0])
    ('acme', 40.0, True)
    """
    raw = pd.DataFrame.from_records(list(records), columns=list(COLUMNS))
    columns: dict[str, pd.Series] = {}
    for name in TEXTS:
        columns[name] = raw[name].astype("string")
    for name in FLAGS:
        columns[name] = raw[name].astype("boolean")
    for name in DATES:
        columns[name] = pd.to_datetime(raw[name], utc=False).astype("datetime64[us]")
    for name in COUNTS:
        columns[name] = pd.to_numeric(raw[name]).astype("Int64")
    for name in NUMBERS:
        columns[name] = pd.to_numeric(raw[name]).astype("float64")
    frame = pd.DataFrame(columns, columns=list(COLUMNS))
    stem = frame["model_id"].str.split("/").str[0]
    frame["organization"] = stem.where(frame["model_id"].str.contains("/", regex=False))
    return frame
