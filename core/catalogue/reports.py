"""Scores that publishers and boards printed, one file a report, and where each report is found."""

from __future__ import annotations

import math
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import pandas as pd

from core.catalogue.tables import MAX_BYTES, read_rows
from core.errors import InvalidTableError, SourceUnavailableError

FOLDER: Final = Path(__file__).resolve().parent.parent / "data" / "reports"
COLUMNS: Final = ("model_id", "benchmark", "shots", "cot", "metric", "value", "quoted", "excluded", "note")
_OPTIONAL: Final = ("table",)
_QUOTED: Final = "quoted from the rival's own publication, not measured by this report"


@dataclass(frozen=True, slots=True)
class ReportSource:
    """Where a report is found.

    Attributes:
        report: its key, the file's name without ``.csv``.
        title: what a reader calls it.
        source: the document read: a paper, a repository's file, a model card.
        date: YYYY-MM, or "" where it is not stated.
        licence: of the figures' document, or "not stated".
        secondary: read in somebody's copy or summary, not in the document itself.
        study: reports of one study share protocol and figures; the report's own key where it stands alone.
        study_except: benchmarks for which that is not so.
    """

    report: str
    title: str
    source: str
    date: str
    licence: str
    secondary: bool
    study: str
    study_except: tuple[str, ...]


def load_reports(folder: Path = FOLDER) -> pd.DataFrame:
    """Every published score, one row each.

    Args:
        folder: holds ``<report>.csv`` (or ``.csv.gz``) and ``reports.toml``.

    Returns:
        * report, model_id, benchmark: str
        * shots: str (``"5"``, ``"3-5"``), metric: str; NA where not printed
        * cot: Int8, 1 where answers were reasoned out first, 0 where not, NA where not printed
        * value: float in the benchmark's own unit, 0-100 for nearly all
        * quoted: bool, the figure was taken over from the rival's own publication
        * excluded: str, why a fit must leave the row out, NA where it may be used; quoted rows always are
        * note, table: str, a remark and the table's caption, "" if none
        * study: str. Reports of one study share protocol *and figures* on this benchmark: a model that stands
          in two of them has one witness, not two. The report's own key where it stands alone.

    Raises:
        SourceUnavailableError: a file is missing.
        InvalidTableError: a file does not have the columns, or a number is none. The full checks are
            :mod:`core.catalogue.check`.
    """
    return _load(folder).copy()


@lru_cache(maxsize=2)
def _load(folder: Path) -> pd.DataFrame:
    sources = load_report_sources(folder)
    columns: dict[str, list[Any]] = {name: [] for name in ("report", *COLUMNS, *_OPTIONAL, "study")}
    for key, source in sources.items():
        file = report_path(key, folder).name
        for line, row in enumerate(read_report(key, folder), start=2):
            row["excluded"] = row["excluded"] or (_QUOTED if row["quoted"] == "1" else "")
            for name in (*COLUMNS, *_OPTIONAL):
                columns[name].append(row[name])
            columns["value"][-1] = _number(row["value"], file, line)
            columns["report"].append(key)
            columns["study"].append(key if row["benchmark"] in source.study_except else source.study)
    if not columns["report"]:
        raise SourceUnavailableError(
            "No report is listed.", source="reports.toml", remedy="Restore the file."
        )
    texts = {"shots", "metric", "excluded"}
    return pd.DataFrame(
        {
            name: pd.array([cell or pd.NA for cell in cells] if name in texts else cells, dtype="string")
            for name, cells in columns.items()
            if name not in {"value", "quoted", "cot"}
        }
        | {
            "value": pd.Series(columns["value"], dtype="float64"),
            "quoted": [cell == "1" for cell in columns["quoted"]],
            "cot": pd.array([{"1": 1, "0": 0}.get(cell, pd.NA) for cell in columns["cot"]], dtype="Int8"),
        }
    )[list(columns)]


def _number(cell: str, file: str, line: int) -> float:
    try:
        value = float(cell)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise InvalidTableError(
            f"{file}, line {line}: value is not a number: {cell[:40]!r}.",
            source=file,
            remedy="Correct the cell; python -m core.catalogue.check lists every fault.",
        )
    return value


def report_path(report: str, folder: Path = FOLDER) -> Path:
    """The file of a report, packed or not; the unpacked name where neither is there."""
    packed = folder / f"{report}.csv.gz"
    return packed if packed.is_file() else folder / f"{report}.csv"


def read_report(report: str, folder: Path = FOLDER) -> list[dict[str, str]]:
    """The rows of one report as they stand in its file, every cell a string."""
    return read_rows(report_path(report, folder), COLUMNS, optional=_OPTIONAL)


def load_report_sources(folder: Path = FOLDER) -> dict[str, ReportSource]:
    """Where each report is found, by its key, in the order of ``reports.toml``.

    Raises:
        SourceUnavailableError: there is no ``reports.toml``.
        InvalidTableError: it is not TOML, or an entry lacks title or source.
    """
    path = folder / "reports.toml"
    entries = read_toml(path)
    return {key: _source(key, entry, path) for key, entry in entries.items()}


def _source(key: str, entry: Any, path: Path) -> ReportSource:
    if not isinstance(entry, dict) or not all(
        isinstance(entry.get(name), str) and entry[name] for name in ("title", "source")
    ):
        raise InvalidTableError(
            f"{path.name}, [{key[:60]}]: title and source are needed.", source=path.name, remedy="Add them."
        )
    alone = entry.get("study_except", [])
    return ReportSource(
        report=key,
        title=entry["title"],
        source=entry["source"],
        date=str(entry.get("date", "")),
        licence=str(entry.get("licence", "not stated")),
        secondary=entry.get("secondary") is True,
        study=str(entry.get("study", key)),
        study_except=tuple(str(name) for name in alone) if isinstance(alone, list) else (),
    )


def read_toml(path: Path) -> dict[str, Any]:
    """A TOML file of the catalogue as a dict.

    Raises:
        SourceUnavailableError: it is not there.
        InvalidTableError: it is too large or not TOML.
    """
    try:
        if path.stat().st_size > MAX_BYTES:
            raise InvalidTableError(f"{path.name} is too large.", source=path.name, remedy="Shorten it.")
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise SourceUnavailableError(
            f"{path.name} cannot be read ({type(error).__name__}).",
            source=path.name,
            remedy="Restore the file.",
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise InvalidTableError(
            f"{path.name} is not valid TOML: {str(error)[:120]}.",
            source=path.name,
            remedy="Correct the line.",
        ) from error
