"""The builder's checks of the catalogue and the reports: ``python -m core.catalogue.check``."""

from __future__ import annotations

import json
import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from core.catalogue import bases, reports
from core.catalogue.benchmarks import Benchmark, read_benchmarks
from core.catalogue.tables import read_rows
from core.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_TOKENIZERS: Final = bases.FOLDER.parent / "tokenizer_facts.json"
_MODEL_ID: Final = re.compile(r"[\w.-]{1,96}/[\w.-]{1,96}")
_VARIANT: Final = re.compile(r" \([\w ,.-]{1,60}\)")
_MONTH: Final = re.compile(r"20[12]\d-(0[1-9]|1[0-2])")
_LICENCE: Final = re.compile(r"[a-z0-9][a-z0-9.-]{0,79}")
_SHOTS: Final = re.compile(r"\d{1,3}([-/]\d{1,3})?")
_WHERE: Final = re.compile(r"[\w.-]{1,200}, line (?P<line>\d{1,7}): ")
_STATUSES: Final = {"none published", "not established"}
_LAYER_KINDS: Final = {
    "full attention", "sliding attention", "latent attention", "sparse attention", "compressed attention",
    "linear attention", "gated delta net", "kimi delta attention", "power retention", "short convolution",
    "state space", "mamba", "mamba2", "mixture of experts", "encoder-decoder", "bytes",
}  # fmt: skip
# The largest that is believed; a slip of the comma shows.
_MOST: Final = {
    "params_b": 5_000.0, "active_params_b": 1_000.0, "pretrain_tokens_t": 200.0, "layers": 500.0,
    "hidden": 65_536.0, "intermediate": 262_144.0, "heads": 1_024.0, "kv_heads": 1_024.0, "head_dim": 1_024.0,
    "vocab": 1_000_000.0, "context_length": 20_000_000.0,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong: the file's name, its line (0 for the whole file), what is wrong."""

    file: str
    line: int
    reason: str

    def __str__(self) -> str:
        return f"{self.file}, line {self.line}: {self.reason}" if self.line else f"{self.file}: {self.reason}"


def check(catalogue: Path = bases.FOLDER, published: Path = reports.FOLDER) -> list[Fault]:
    """Everything wrong in the two folders, in the order of files and lines; empty where all is well.

    Args:
        catalogue: holds bases.csv, no_base.csv and benchmarks.toml.
        published: holds reports.toml and the reports' files.
    """
    return [*_check_catalogue(catalogue), *_check_reports(catalogue, published)]


def _unreadable(error: DataError) -> Fault:
    """The fault that stopped the reading of a file, its line taken out of the sentence."""
    found = _WHERE.match(error.what)
    if found is None:
        return Fault(error.source, 0, error.what)
    return Fault(error.source, int(found["line"]), error.what[found.end() :])


def _check_catalogue(folder: Path) -> Iterator[Fault]:
    try:
        rows = read_rows(folder / "bases.csv", bases.BASE_COLUMNS)
        missing = read_rows(folder / "no_base.csv", bases.NO_BASE_COLUMNS)
    except DataError as error:
        yield _unreadable(error)
        return
    families = _tokenizer_families()
    seen: dict[str, int] = {}
    for line, row in enumerate(rows, start=2):
        for reason in (*_identity(row), *_base(row, families)):
            yield Fault("bases.csv", line, reason)
        first = seen.setdefault(row["model_id"].lower(), line)
        if first != line:
            yield Fault("bases.csv", line, f"{row['model_id']} stands in line {first} too")
    for line, row in enumerate(missing, start=2):
        for reason in (*_identity(row), *_without_base(row)):
            yield Fault("no_base.csv", line, reason)
        if row["model_id"].lower() in seen:
            yield Fault("no_base.csv", line, f"{row['model_id']} is a base of bases.csv")


def _tokenizer_families() -> set[str]:
    """Whose numbers are known, by the file alone: the tokenizers build on the catalogue."""
    document = json.loads(_TOKENIZERS.read_text(encoding="utf-8"))
    return {str(entry["family"]) for entry in document["families"]}


def _identity(row: dict[str, str]) -> Iterator[str]:
    if not _MODEL_ID.fullmatch(row["model_id"]):
        yield f"model_id is not publisher/name: {row['model_id'][:60]!r}"
    for name in ("publisher", "family", "source"):
        if not row[name]:
            yield f"{name} is empty"
    if row["released"] and not _MONTH.fullmatch(row["released"]):
        yield f"released is not YYYY-MM: {row['released'][:20]!r}"
    if row["licence"] and not _LICENCE.fullmatch(row["licence"]):
        yield f"licence is not an id as the Hub writes it: {row['licence'][:40]!r}"
    if row["params_b"]:
        yield from _bounded("params_b", row["params_b"])


def _base(row: dict[str, str], families: set[str]) -> Iterator[str]:
    for name in _MOST:
        if row[name] and name != "params_b":
            yield from _bounded(name, row[name], whole=name in bases.INTEGERS)
    for name in bases.FLAGS:
        if row[name] not in {"", "0", "1"}:
            yield f"{name} is neither 0, 1 nor empty: {row[name][:20]!r}"
    if row["tokenizer"] and row["tokenizer"] not in families:
        yield f"no facts for the tokenizer {row['tokenizer'][:40]!r}"
    for kind in filter(None, row["layer_kinds"].split("|")):
        if kind not in _LAYER_KINDS:
            yield f"unknown kind of layer {kind[:40]!r}"
    total, active = _number(row["params_b"]), _number(row["active_params_b"])
    if total and active and active > total:
        yield "more active parameters than parameters"


def _without_base(row: dict[str, str]) -> Iterator[str]:
    if row["status"] not in _STATUSES:
        yield f"status is none of {', '.join(sorted(_STATUSES))}: {row['status'][:40]!r}"
    if row["nearest_base"] and not _MODEL_ID.fullmatch(row["nearest_base"]):
        yield f"nearest_base is not publisher/name: {row['nearest_base'][:60]!r}"


def _bounded(name: str, cell: str, *, whole: bool = False) -> Iterator[str]:
    number = _number(cell)
    if number is None or (whole and number % 1):
        yield f"{name} is not {'a whole' if whole else 'a'} number: {cell[:20]!r}"
    elif not 0 < number <= _MOST[name]:
        yield f"{name} is out of range: {cell[:20]}"


def _number(cell: str) -> float | None:
    try:
        number = float(cell)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _check_reports(catalogue: Path, folder: Path) -> Iterator[Fault]:
    try:
        sources = reports.load_report_sources(folder)
        known = read_benchmarks(catalogue / "benchmarks.toml")
    except DataError as error:
        yield _unreadable(error)
        return
    for path in sorted(folder.glob("*.csv*")):
        if path.name.split(".csv")[0] not in sources:
            yield Fault(path.name, 0, "no entry in reports.toml")
    for key, source in sources.items():
        if source.date and not _MONTH.fullmatch(source.date):
            yield Fault("reports.toml", 0, f"[{key}]: date is not YYYY-MM")
        name = reports.report_path(key, folder).name
        try:
            rows = reports.read_report(key, folder)
        except DataError as error:
            yield _unreadable(error)
            continue
        yield from _check_rows(name, rows, known)


def _check_rows(file: str, rows: list[dict[str, str]], known: dict[str, Benchmark]) -> Iterator[Fault]:
    if not rows:
        yield Fault(file, 0, "no rows")
    seen: dict[tuple[str, ...], int] = {}
    for line, row in enumerate(rows, start=2):
        for reason in _score(row, known.get(row["benchmark"])):
            yield Fault(file, line, reason)
        key = tuple(row[name].lower() for name in ("model_id", "benchmark", "shots", "cot", "metric"))
        first = seen.setdefault(key, line)
        if first != line:
            yield Fault(
                file, line, f"{row['model_id'][:60]} on {row['benchmark'][:40]} stands in line {first} too"
            )


def _score(row: dict[str, str], benchmark: Benchmark | None) -> Iterator[str]:
    # A variant that was never published stands as "publisher/name (what it is)", and out of every fit.
    plain = _VARIANT.sub("", row["model_id"])
    if not _MODEL_ID.fullmatch(plain):
        yield f"model_id is not publisher/name: {row['model_id'][:60]!r}"
    elif plain != row["model_id"] and not row["excluded"]:
        yield f"{row['model_id'][:60]} is not a repository's name, so excluded must say why it is left out"
    if benchmark is None:
        yield f"unknown benchmark {row['benchmark'][:60]!r}: add it to benchmarks.toml"
    value = _number(row["value"])
    if value is None:
        yield f"value is not a number: {row['value'][:20]!r}"
    elif benchmark is not None and not benchmark.low <= value <= benchmark.high:
        yield f"value {row['value'][:20]} is outside {benchmark.low:g} to {benchmark.high:g}"
    if row["cot"] not in {"", "0", "1"}:
        yield f"cot is neither 0, 1 nor empty: {row['cot'][:20]!r}"
    if row["quoted"] not in {"0", "1"}:
        yield f"quoted is neither 0 nor 1: {row['quoted'][:20]!r}"
    if row["shots"] and not _SHOTS.fullmatch(row["shots"]):
        yield f"shots is not a number: {row['shots'][:20]!r}"


def main() -> int:
    """Print every fault; 1 where there is one."""
    faults = check()
    for fault in faults:
        print(fault)  # noqa: T201 - a command's answer
    if not faults:
        print("The catalogue and the reports are sound.")  # noqa: T201 - a command's answer
    return 1 if faults else 0


if __name__ == "__main__":
    raise SystemExit(main())
