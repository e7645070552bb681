"""Where a contribution goes once it is taken: figures into the tables that are edited by hand."""

from __future__ import annotations

import csv
import re
import shutil
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

from core.catalogue import reports
from core.catalogue.bases import BASE_COLUMNS
from core.catalogue.check import check
from core.catalogue.tables import read_rows
from core.contributions.file import Memory, Pilot, to_json
from core.contributions.memory_rows import COLUMNS, as_rows
from core.errors import InvalidInputError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from core.contributions.file import Contribution, ScoreRow, Scores

DATA: Final = Path(__file__).resolve().parent.parent / "data"
_REPORT_COLUMNS: Final = (*reports.COLUMNS, "table")


def add(contribution: Contribution, data: Path = DATA) -> list[Path]:
    """Write a contribution without faults into the project's tables.

    Memory goes below ``contributed/memory.csv``, a pilot into ``contributed/pilots/``, scores become a report
    of their own, and their base a row of the catalogue where it has none.

    Args:
        contribution: one that :func:`core.contributions.faults` finds nothing wrong with.
        data: the folder of the tables.

    Returns:
        The files written.

    Raises:
        InvalidInputError: the same contribution stands there already, or the catalogue would have faults.
    """
    if isinstance(contribution, Memory):
        return [_memory(contribution, data / "contributed" / "memory.csv")]
    if isinstance(contribution, Pilot):
        return [_pilot(contribution, data / "contributed" / "pilots")]
    with TemporaryDirectory() as folder:
        trial = Path(folder)
        for part in ("reports", "catalogue"):
            shutil.copytree(data / part, trial / part)
        _scores(contribution, trial)
        if found := check(trial / "catalogue", trial / "reports"):
            raise InvalidInputError(
                f"The catalogue would have a fault: {found[0]}.",
                source=found[0].file,
                remedy="Correct the file, and add it again.",
            )
    return _scores(contribution, data)


def _memory(contribution: Memory, path: Path) -> Path:
    held = read_rows(path, COLUMNS) if path.exists() else []
    new = as_rows(contribution)
    if any(row in held for row in new):
        raise _there(path.name)
    path.parent.mkdir(parents=True, exist_ok=True)
    _write(path, COLUMNS, [*held, *new])
    return path


def _pilot(contribution: Pilot, folder: Path) -> Path:
    text = to_json(contribution)
    if any(path.read_text(encoding="utf-8") == text for path in sorted(folder.glob("*.json"))):
        raise _there(folder.name)
    folder.mkdir(parents=True, exist_ok=True)
    name = f"{contribution.created}-{_key(contribution.by or 'pilot')}"
    path = next(
        place for number in range(1, 1_000) if not (place := folder / f"{name}-{number}.json").exists()
    )
    path.write_text(text, encoding="utf-8")
    return path


def _scores(contribution: Scores, data: Path) -> list[Path]:
    base, folder, bases = contribution.base, data / "reports", data / "catalogue" / "bases.csv"
    listed = {source.title: key for key, source in reports.load_report_sources(folder).items()}
    report = folder / f"{listed.get(base.report) or _key(base.report)}.csv"
    if report.exists() != (base.report in listed):
        raise _there(report.name)
    held = reports.read_report(report.stem, folder) if report.exists() else []
    new = [_score_row(base.model_id, row) for row in contribution.rows]
    if {(row["model_id"], row["benchmark"], row["shots"]) for row in held} & {
        (row["model_id"], row["benchmark"], row["shots"]) for row in new
    }:
        raise _there(report.name)
    _write(report, _REPORT_COLUMNS, [*held, *new])
    written = [report]
    if not held:
        written.append(_entry(contribution, report.stem, folder / "reports.toml"))
    held = read_rows(bases, BASE_COLUMNS)
    if base.model_id.lower() in {row["model_id"].lower() for row in held}:
        return written
    columns = _header(bases)
    known = {
        "model_id": base.model_id,
        "publisher": base.publisher,
        "family": base.family,
        "released": base.released,
        "params_b": "" if base.params_b is None else f"{base.params_b:g}",
        "active_params_b": "" if base.active_params_b is None else f"{base.active_params_b:g}",
        "licence": base.licence.lower(),
        "source": contribution.source,
    }
    _write(bases, columns, [*held, dict.fromkeys(columns, "") | known])
    return [*written, bases]


def _score_row(model_id: str, row: ScoreRow) -> dict[str, str]:
    figures = {"benchmark": row.benchmark, "shots": row.shots, "value": f"{row.value:g}", "quoted": "0"}
    return dict.fromkeys(_REPORT_COLUMNS, "") | {"model_id": model_id} | figures


def _entry(contribution: Scores, key: str, path: Path) -> Path:
    """Where the report comes from, at the end of ``reports.toml``."""
    entry = {
        "title": contribution.base.report,
        "source": contribution.source,
        "date": contribution.created[:7],
        "licence": "not stated",
    }
    lines = [f'["{key}"]', *(f"{name} = {_quoted(value)}" for name, value in entry.items())]
    text = path.read_text(encoding="utf-8").rstrip("\n")
    path.write_text(f"{text}\n\n" + "\n".join(lines) + "\n", encoding="utf-8")
    return path


def _header(path: Path) -> list[str]:
    with path.open(encoding="utf-8", newline="") as file:
        return next(csv.reader(file))


def _write(path: Path, columns: Sequence[str], rows: Iterable[dict[str, str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, lineterminator="\n", extrasaction="ignore")
        writer.writeheader()
        writer.writerows(rows)


def _key(text: str) -> str:
    return re.sub(r"[^a-z0-9.]+", "-", text.lower())[:60].strip("-.") or "contributed"


def _quoted(text: str) -> str:
    """A TOML string: quotes and backslashes escaped, control characters left out."""
    plain = "".join(each for each in text if each.isprintable())
    return '"' + plain.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _there(name: str) -> InvalidInputError:
    return InvalidInputError(
        f"It stands in {name} already.", source=name, remedy="Give each contribution once."
    )
