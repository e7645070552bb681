"""General knowledge of model families, read from ``families.toml``: the only place such facts stand."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from core.board import names

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

_FILE: Final = Path(__file__).with_name("families.toml")
_VERSION: Final = re.compile(r"\{(\d+)(?:\.(\d+))?\}")


@dataclass(frozen=True, slots=True)
class Family:
    """One release of a publisher: its sizes and, where one was published, the base of each."""

    name: str
    publisher: str
    pattern: re.Pattern[str]
    base: str | None
    bases: Mapping[str, str]
    sizes: Mapping[str, float]
    active: Mapping[str, float]
    special: bool  # a base for code, mathematics, images: tunes of the plain base never cross over
    vague: bool  # the name leaves the version open
    continued: bool
    of: str | None
    why: str

    def base_of(self, size: str) -> str | None:
        if size in self.bases:
            return self.bases[size]
        return self.base.replace("{size}", size) if self.base else None

    def root_of(self, size: str) -> str | None:
        """The other publisher's base that a continued one started from."""
        return self.of.replace("{b}", size.partition("-")[0]) if self.of else None


@dataclass(frozen=True, slots=True)
class Place:
    """Where a name belongs: a family and one of its sizes, or the family alone where the size is open."""

    family: Family
    size: str | None

    @property
    def base_id(self) -> str | None:
        return None if self.size is None else self.family.base_of(self.size)

    @property
    def params_b(self) -> float | None:
        return None if self.size is None else self.family.sizes.get(self.size)

    @property
    def active_b(self) -> float | None:
        return None if self.size is None else self.family.active.get(self.size)


@dataclass(frozen=True, slots=True)
class Tune:
    """A tuned model whose name does not tell its base."""

    pattern: re.Pattern[str]
    base: str
    why: str


@dataclass(frozen=True, slots=True)
class Known:
    """A single fact about what a model is."""

    pattern: re.Pattern[str]
    kind: str
    why: str


@dataclass(frozen=True, slots=True)
class Card:
    """What the publisher's model card states; None where this table doesn't say."""

    pattern: re.Pattern[str]
    architecture: str | None
    license: str | None
    released: date | None


def _compile(pattern: str) -> re.Pattern[str]:
    """``{3.1}`` stands for a version however names write it; see the head of ``families.toml``."""

    def version(match: re.Match[str]) -> str:
        major, minor = match.groups()
        if minor is None:
            return rf"-?{major}(?![\d.]|-?[bm]\b)"
        return rf"-?{major}(?:[.-]{minor}|{minor})(?!\d|\.\d+[bm]\b|[bm]\b)"

    return re.compile(_VERSION.sub(version, pattern))


@cache
def _table() -> dict[str, Any]:
    return tomllib.loads(_FILE.read_text(encoding="utf-8"))


@cache
def families() -> tuple[Family, ...]:
    table = [
        Family(
            name=row["name"],
            publisher=row["publisher"],
            pattern=_compile(row["pattern"]),
            base=row.get("base"),
            bases=row.get("bases", {}),
            sizes=row.get("sizes", {}),
            active=row.get("active", {}),
            special=row.get("special", False),
            vague=row.get("vague", False),
            continued=row.get("continued", False),
            of=row.get("of"),
            why=row.get("why", ""),
        )
        for row in _table()["family"]
    ]
    # A pattern tied to the beginning of the name is the more particular one.
    return tuple(sorted(table, key=lambda family: not family.pattern.pattern.startswith("^")))


@cache
def tunes() -> tuple[Tune, ...]:
    return tuple(Tune(re.compile(row["pattern"]), row["base"], row["why"]) for row in _table()["tune"])


@cache
def known() -> tuple[Known, ...]:
    return tuple(Known(re.compile(row["pattern"]), row["kind"], row["why"]) for row in _table()["known"])


@cache
def cards() -> tuple[Card, ...]:
    return tuple(
        Card(re.compile(row["pattern"]), row.get("architecture"), row.get("license"), row.get("released"))
        for row in _table()["card"]
    )


def card_of(model_id: str) -> Card | None:
    """The card of a model, if the table has one."""
    return next((card for card in cards() if card.pattern.fullmatch(model_id.lower())), None)


@cache
def mirrors() -> Mapping[str, str]:
    """Another address of the same weights -> the publisher's own."""
    return dict(_table()["mirror"])


@cache
def bases() -> Mapping[str, Place]:
    """Every base the table knows, by its lower-case id, mirrors included."""
    found: dict[str, Place] = {}
    for family in families():
        for size in family.sizes:
            base_id = family.base_of(size)
            # Qwen2.5-32B belongs to Qwen2.5, though QwQ has it as its base too.
            if base_id and (base_id.lower() not in found or family_of(names.bare(base_id)) is family):
                found[base_id.lower()] = Place(family, size)
    for mirror, original in mirrors().items():
        if original.lower() in found:
            found[mirror.lower()] = found[original.lower()]
    return found


def known_base(model_id: str) -> Place | None:
    return bases().get(model_id.lower())


@cache
def base_by_bare_name() -> Mapping[str, Place]:
    """Bases by their bare names: how a copy under another organisation is recognised."""
    return {names.bare(base_id): place for base_id, place in bases().items()}


@lru_cache(maxsize=20_000)
def family_of(bare_name: str) -> Family | None:
    return next((family for family in families() if family.pattern.search(bare_name)), None)


def place(model_id: str, params_b: float | None = None) -> Place | None:
    """The family a name belongs to, and the size: as stated, or else the one the parameters fit.

    Args:
        model_id: a Hub id or bare name.
        params_b: the model's parameters in billions where known.
    """
    family = family_of(names.bare(model_id))
    if family is None:
        return None
    return _sized(family, model_id, params_b)


def _sized(family: Family, model_id: str, params_b: float | None) -> Place:
    if len(family.sizes) == 1 and next(iter(family.sizes)) == "":
        return Place(family, "")
    text = names.bare(model_id)
    labels = sorted(family.sizes, key=len, reverse=True)
    for label in labels:
        if label and re.search(
            rf"(?<![a-z0-9.]){re.escape(label.lower().replace('_', '-'))}(?![a-z0-9])", text
        ):
            return Place(family, label)
    stated = names.size_in_name(model_id)
    if stated is not None:
        for label, size in family.sizes.items():
            number = names.size_in_name(f"x/{label}")
            if number is not None and abs(number - stated) < 1e-9:
                return Place(family, label)
            if number is None and abs(size - stated) / size < 0.12:
                return Place(family, label)
    if len(family.sizes) == 1 and stated is None:
        return Place(family, labels[0])
    if params_b and stated is None:
        label = min(family.sizes, key=lambda name: abs(family.sizes[name] - params_b))
        if abs(family.sizes[label] - params_b) / family.sizes[label] < 0.03:
            return Place(family, label)
    if stated is None and "" in family.sizes:
        return Place(family, "")
    return Place(family, None)


def tune_fact(model_id: str) -> tuple[str, str] | None:
    """``(base id, why)`` for a model whose base is known although its name does not tell it."""
    text = model_id.lower().replace("_", "-")
    for tune in tunes():
        match = tune.pattern.search(text)
        if match:
            base = tune.base
            if "{size}" in base:
                size = next(found for found in match.groupdict().values() if found)
                base = base.replace("{size}", size.upper())
            return base, tune.why
    return None


def known_kind(model_id: str) -> Known | None:
    text = model_id.lower()
    return next((fact for fact in known() if fact.pattern.search(text)), None)
