"""The benchmarks that reports may name: range, chance level, direction, language."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from core.catalogue.bases import FOLDER
from core.catalogue.reports import read_toml
from core.errors import InvalidTableError

if TYPE_CHECKING:
    from pathlib import Path

_FILE: Final = FOLDER / "benchmarks.toml"


@dataclass(frozen=True, slots=True)
class Benchmark:
    """One benchmark.

    Attributes:
        name: as the reports' files write it.
        ability: what it asks for: knowledge, reasoning, mathematics, code, reading, commonsense, ...
        language: ISO 639-1; "en" also for what mixes languages without saying which.
        low, high: the least and the most that can be printed.
        chance: what guessing earns, in the same unit; None where it isn't known.
        lower_is_better: True for error rates and the like.
    """

    name: str
    ability: str
    language: str
    low: float
    high: float
    chance: float | None
    lower_is_better: bool


@lru_cache(maxsize=1)
def load_benchmarks() -> dict[str, Benchmark]:
    """Every known benchmark by its name; read once. Errors as :func:`read_benchmarks`."""
    return read_benchmarks(_FILE)


def read_benchmarks(path: Path) -> dict[str, Benchmark]:
    """Every benchmark of a file like ``benchmarks.toml``, by its name.

    Raises:
        SourceUnavailableError: the file is missing.
        InvalidTableError: it is not TOML, or an entry has a field of the wrong kind.
    """
    table = read_toml(path).get("benchmarks", {})
    if not isinstance(table, dict):
        raise InvalidTableError(
            f"{path.name}: [benchmarks] is not a table.", source=path.name, remedy="Restore it."
        )
    return {name: _benchmark(name, entry, path) for name, entry in table.items()}


def _benchmark(name: str, entry: object, path: Path) -> Benchmark:
    fields = entry if isinstance(entry, dict) else {}
    ability, language = fields.get("ability"), fields.get("language", "en")
    low, high, chance = fields.get("low", 0), fields.get("high", 100), fields.get("chance")
    numbers = [number for number in (low, high, chance) if number is not None]
    if (
        not isinstance(ability, str)
        or not isinstance(language, str)
        or any(isinstance(number, bool) or not isinstance(number, int | float) for number in numbers)
        or not low < high
    ):
        raise InvalidTableError(
            f"{path.name}: “{name[:60]}” needs an ability, and numbers for low < high and chance.",
            source=path.name,
            remedy="Correct its line.",
        )
    return Benchmark(
        name=name,
        ability=ability,
        language=language,
        low=float(low),
        high=float(high),
        chance=None if chance is None else float(chance),
        lower_is_better=fields.get("lower_is_better") is True,
    )
