"""What the catalogue of bases lists under exactly this id; it goes before what a name suggests."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final

from core.catalogue import load_catalogue

if TYPE_CHECKING:
    from collections.abc import Mapping

KIND_EVIDENCE: Final = "listed in the catalogue of published bases"
SIZE_EVIDENCE: Final = "as published, from the catalogue"


@dataclass(frozen=True, slots=True)
class Listed:
    """A base of the catalogue.

    Attributes:
        base_id, family: as the catalogue writes them.
        params_b, active_params_b: billions; None is unknown.
        continued_from: another publisher's model it was trained on from; None for a base of its own.
    """

    base_id: str
    family: str
    params_b: float | None
    active_params_b: float | None
    continued_from: str | None


def base(model_id: str) -> Listed | None:
    """The entry of a base, whatever the letter case of its id."""
    return _tables()[0].get(model_id.lower())


def base_of_variant(model_id: str) -> Listed | None:
    """The base whose entry names this model as its publisher's tune; the first, where several do."""
    return _tables()[1].get(model_id.lower())


@cache
def _tables() -> tuple[Mapping[str, Listed], Mapping[str, Listed]]:
    bases: dict[str, Listed] = {}
    variants: dict[str, Listed] = {}
    catalogue = load_catalogue().astype(object)
    for row in catalogue.where(catalogue.notna(), None).to_dict("records"):
        entry = Listed(
            row["model_id"], row["family"], row["params_b"], row["active_params_b"], row["continued_from"]
        )
        bases[entry.base_id.lower()] = entry
        for variant in filter(None, (row["instruct_variants"] or "").split("|")):
            variants.setdefault(variant.lower(), entry)
    return bases, variants
