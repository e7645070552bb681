"""What is wrong with the figures of a contribution, row by row."""

from __future__ import annotations

import math
import re
from datetime import date
from typing import TYPE_CHECKING, Any, Final

import msgspec

from core import licences
from core.catalogue.benchmarks import load_benchmarks
from core.contributions.file import Memory, Pilot, Scores
from core.contributions.memory_rows import estimated
from core.errors import InvalidInputError
from core.hub.repo_ids import check_repo_id

if TYPE_CHECKING:
    from collections.abc import Iterator

    from core.contributions.file import Contribution

# A measured peak so far from the estimate is a slip of unit or comma, not a surprise.
_SLIP: Final = 4.0
_MONTH: Final = re.compile(r"20[12]\d-(0[1-9]|1[0-2])")
_SHOTS: Final = re.compile(r"\d{1,3}")
_FEWEST_HELD_OUT: Final = 20


def faults(contribution: Contribution) -> list[str]:
    """Sentences on what must be put right, rows counted from one; empty where the file can be taken."""
    found: Iterator[str]
    if isinstance(contribution, Memory):
        found = _memory(contribution)
    elif isinstance(contribution, Pilot):
        found = _pilot(contribution)
    else:
        found = _scores(contribution)
    return [*_texts(msgspec.to_builtins(contribution)), *_source(contribution), *found]


def _texts(value: Any, where: str = "") -> Iterator[str]:
    """Texts that the tables can't hold: each must be one line of printable characters."""
    if isinstance(value, dict):
        for name, entry in value.items():
            yield from _texts(entry, f"{where}: {name}".removeprefix(": "))
    elif isinstance(value, list):
        for number, entry in enumerate(value, start=1):
            yield from _texts(entry, f"row {number}")
    elif isinstance(value, str) and not value.isprintable():
        yield f"{where} holds a line break or another character that can't be shown"


def _source(contribution: Contribution) -> Iterator[str]:
    try:
        date.fromisoformat(contribution.created)
    except ValueError:
        yield f"created: no such day: {contribution.created}"
    if contribution.source and not contribution.source.startswith("https://"):
        yield "source: no https address"
    if not contribution.source and not contribution.by:
        yield "by: write who measured it, or give a source"


def _repository(name: str) -> str:
    try:
        check_repo_id(name)
    except InvalidInputError as error:
        return error.what
    return ""


def _memory(contribution: Memory) -> Iterator[str]:
    seen: dict[object, int] = {}
    for number, row in enumerate(contribution.rows, start=1):
        if wrong := _repository(row.model_id):
            yield f"row {number}: {wrong}"
            continue
        if row.peak_gb is None:
            yield f"row {number}: peak_gb is empty; write what was measured, in GB of 1e9 bytes"
            continue
        first = seen.setdefault(row, number)
        if first != number:
            yield f"row {number}: the same as row {first}"
        expected = estimated(row)
        if expected and not expected / _SLIP <= row.peak_gb <= expected * _SLIP:
            yield (
                f"row {number}: {row.peak_gb:g} GB, where about {expected:.0f} GB would be expected; is it "
                "in GB of 1e9 bytes, and of one card?"
            )


def _pilot(contribution: Pilot) -> Iterator[str]:
    settings = contribution.settings
    if settings.held_out < _FEWEST_HELD_OUT:
        yield f"settings: {settings.held_out} held-out examples; below {_FEWEST_HELD_OUT} a mean says little"
    seen: dict[object, int] = {}
    for number, row in enumerate(contribution.rows, start=1):
        if wrong := _repository(row.model_id):
            yield f"row {number}: {wrong}"
        first = seen.setdefault((row.model_id, row.subset, row.learning_rate), number)
        if first != number:
            yield f"row {number}: {row.model_id} on {row.subset:,} examples stands in row {first} too"
        if row.subset > settings.examples:
            yield f"row {number}: a subset of {row.subset:,}, where there are {settings.examples:,} examples"
        if row.peak_gb and settings.memory_gb and row.peak_gb > settings.memory_gb * 1.1:
            yield f"row {number}: a peak of {row.peak_gb:g} GB on a card of {settings.memory_gb:g} GB"


def _scores(contribution: Scores) -> Iterator[str]:
    base = contribution.base
    if wrong := _repository(base.model_id):
        yield f"base: {wrong}"
    if not contribution.source:
        yield "source: published scores need the address where they stand"
    for field in ("publisher", "family", "report"):
        if not getattr(base, field):
            yield f"base: {field} is empty"
    if base.released and not _MONTH.fullmatch(base.released):
        yield f"base: released is not YYYY-MM: {base.released!r}"
    if base.params_b and base.active_params_b and base.active_params_b > base.params_b:
        yield "base: more active parameters than parameters"
    # The pages explain only those that are listed.
    if base.licence and licences.by_key(base.licence).key != base.licence.lower():
        yield f"base: unknown licence {base.licence!r}; write its id as the Hub has it, or other"
    known = load_benchmarks()
    seen: dict[object, int] = {}
    for number, row in enumerate(contribution.rows, start=1):
        benchmark = known.get(row.benchmark)
        if benchmark is None:
            yield f"row {number}: unknown benchmark {row.benchmark[:60]!r}"
        elif not math.isfinite(row.value) or not benchmark.low <= row.value <= benchmark.high:
            yield f"row {number}: {row.value:g} is outside {benchmark.low:g} to {benchmark.high:g}"
        if row.shots and not _SHOTS.fullmatch(row.shots):
            yield f"row {number}: shots is not a number: {row.shots!r}"
        first = seen.setdefault((row.benchmark, row.shots), number)
        if first != number:
            yield f"row {number}: {row.benchmark} stands in row {first} too"
