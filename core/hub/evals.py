"""Community Evals: scores reported on the Hub, each with who ran it, kept apart from the board's."""

from __future__ import annotations

import hashlib
import math
from functools import partial
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from core.hub.cache import now
from core.hub.client import HubAccess, access_from_environment, ask, limits
from core.hub.repo_ids import check_repo_id

if TYPE_CHECKING:
    import threading
    from collections.abc import Mapping

SECONDS: Final = 25.0
_MAX_BYTES: Final = 5_000_000
_MAX_ROWS: Final = 500
_TEXT: Final = 200
_LONGEST_READ: Final = 20_000
VERIFIED: Final = "verified"
NOT_VERIFIED: Final = "not verified"
COLUMNS: Final = {
    "model_id": "string",
    "benchmark": "string",
    "task": "string",
    "value": "float64",
    "ran_by": "string",
    "verified": "string",
    "date": "string",
    "link": "string",
    "notes": "string",
    "read": "string",
}


def read_model_evals(
    repo_id: str, access: HubAccess | None = None, *, cancel: threading.Event | None = None
) -> pd.DataFrame:
    """The evaluations filed in a model's repository, one row each, in :data:`COLUMNS`.

    ``value`` is in the benchmark's own unit, whatever that is: figures of different benchmarks can't be
    added up. ``verified`` is "signed entry" where a signature stands in it, which is not checked here, else
    "no signature"; whether the Hub counts a result as verified is in :func:`read_benchmark`.

    Raises:
        InvalidInputError, SourceUnavailableError, CancelledByReaderError: as
            :func:`core.hub.models.read_model`.
    """
    name = check_repo_id(repo_id)
    access = access or access_from_environment()
    with limits(seconds=SECONDS, max_bytes=_MAX_BYTES, cancel=cancel) as bound:
        info = ask(
            partial(access.api().model_info, name, expand=["evalResults"], timeout=10),
            about=name,
            bound=bound,
        )
    rows = []
    for entry in (info.eval_results or [])[:_MAX_ROWS]:
        who = next((text for text in (entry.source_org, entry.source_user, entry.source_name) if text), None)
        rows.append(
            {
                "model_id": name,
                "benchmark": entry.dataset_id,
                "task": entry.task_id,
                "value": entry.value,
                "ran_by": who or "not stated",
                "verified": "signed entry" if entry.verify_token else "no signature",
                "date": entry.date,
                "link": entry.source_url,
                "notes": entry.notes,
            }
        )
    return _frame(rows)


def read_benchmark(
    dataset_id: str, access: HubAccess | None = None, *, cancel: threading.Event | None = None
) -> pd.DataFrame:
    """The leaderboard of one benchmark dataset on the Hub, every submitted result, in :data:`COLUMNS`.

    ``verified`` is what the Hub says of each entry: ``VERIFIED`` or ``NOT_VERIFIED``.

    Raises:
        InvalidInputError, SourceUnavailableError, CancelledByReaderError: as
            :func:`core.hub.models.read_model`; a dataset without a leaderboard is unavailable too.
    """
    name = check_repo_id(dataset_id)
    access = access or access_from_environment()
    with limits(seconds=SECONDS, max_bytes=_MAX_BYTES, cancel=cancel) as bound:
        entries = ask(
            partial(access.api().get_dataset_leaderboard, name, base_model_only=False, timeout=10),
            about=name,
            bound=bound,
        )
    rows = []
    for entry in entries[:_MAX_ROWS]:
        source: Mapping[str, Any] = entry.source if isinstance(entry.source, dict) else {}
        author = getattr(entry.author, "name", None) or getattr(entry.author, "username", None)
        rows.append(
            {
                "model_id": entry.model_id,
                "benchmark": name,
                "task": None,
                "value": entry.value,
                "ran_by": source.get("name") or author or "not stated",
                "verified": VERIFIED if entry.verified is True else NOT_VERIFIED,
                "date": None,
                "link": source.get("url"),
                "notes": entry.notes,
            }
        )
    return _frame(rows)


def from_leaderboards(evals: pd.DataFrame) -> pd.Series[bool]:
    """True for rows that a benchmark's leaderboard gave, not a model's repository."""
    return evals["verified"].isin([VERIFIED, NOT_VERIFIED])


def benchmarks_read(evals: pd.DataFrame) -> list[str]:
    """The benchmarks whose leaderboard was read, by name."""
    return sorted(evals.loc[from_leaderboards(evals), "benchmark"].unique())


def as_columns(evals: pd.DataFrame) -> pd.DataFrame:
    """One row per model, one column per benchmark, task and notes; of several for a model, the latest dated.

    Notes say how a result came about ("With tools"): results with different notes never share a column.

    >>> with_tools = {"model_id": "a/b", "benchmark": "d/e", "task": "t", "value": 0.7, "notes": "With tools"}
    >>> as_columns(_frame([with_tools, with_tools | {"value": 0.5, "notes": None}])).to_dict("records")
    [{'model_id': 'a/b', 'd/e (t)': 0.5, 'd/e (t): With tools': 0.7}]
    """
    shown: dict[str, str] = {}
    columns = [
        _column(benchmark, task, notes, shown)
        for benchmark, task, notes in zip(evals["benchmark"], evals["task"], evals["notes"], strict=True)
    ]
    named = evals.assign(column=columns)
    ordered = named.sort_values("date", na_position="first")
    latest = ordered.drop_duplicates(["model_id", "column"], keep="last")
    wide = latest.set_index(["model_id", "column"])["value"].unstack().sort_index(axis=1)  # noqa: PD010
    return wide.reset_index().rename_axis(columns=None)


def _column(benchmark: str, task: object, notes: object, shown: dict[str, str]) -> str:
    """A column's name; the same for notes that differ in capitals only."""
    name = f"{benchmark} ({task})" if isinstance(task, str) and task != "default" else benchmark
    if isinstance(notes, str):
        name = f"{name}: {notes}"
    return shown.setdefault(name.casefold(), name)


def _frame(rows: list[dict[str, Any]]) -> pd.DataFrame:
    moment = now()[:19]
    clean = [
        {"read": moment} | {key: _clean(key, value) for key, value in row.items()}
        for row in rows
        if _is_finite(row.get("value")) and isinstance(row.get("benchmark"), str)
    ]
    return pd.DataFrame(clean, columns=list(COLUMNS)).astype(COLUMNS)


def _clean(key: str, value: Any) -> Any:
    if key == "value":
        return float(value)
    if not isinstance(value, str):
        return None
    value = " ".join(value[:_LONGEST_READ].split())
    text = "".join(character for character in value if character.isprintable())
    if len(text) > _TEXT:
        # Notes that begin alike stay different.
        mark = hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:6]
        text = f"{text[: _TEXT - 10]} … {mark}" if key == "notes" else text[:_TEXT]
    if key == "link" and not text.startswith(("https://", "http://")):
        return None
    return text or None


def _is_finite(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)
