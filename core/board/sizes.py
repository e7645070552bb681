"""Parameters of a model from the best evidence, and the size people mean by it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from core.board import families, listed, names
from core.board.lineage import ABSURD, FOUR_BIT, TWICE

if TYPE_CHECKING:
    from core.board.lineage import Origin

# A reported figure further than this from the name's is looked at.
_AGREES: Final = 0.25
_OF_FAMILY: Final = "known size of the family"


@dataclass(frozen=True, slots=True)
class Size:
    """Parameters in billions; None is unknown.

    ``class_b`` is the size people mean and what a size filter compares: the figure in the name of the model
    or of its base where there is one, so that no family is split by how its figure was rounded.
    """

    params_b: float | None
    evidence: str
    active_b: float | None
    class_b: float | None


def size_of(model_id: str, reported_b: float | None, origin: Origin, *, merged: bool, moe: bool) -> Size:
    """Weigh the reported figure, the name and the family's known size.

    A tune keeps its family's size: a report of about half of it is a quantised upload (two weights packed
    into one number), twice is an upload counted with its adapters. Zero and below are no figures.
    """
    known, active, told = _published(model_id, origin) if not merged else (None, None, "")
    stated = names.size_in_name(model_id)
    usable = reported_b if reported_b is not None and reported_b > 0 else None
    own = (
        origin.place is not None
        and (names.organisation(model_id) or "").lower() == origin.place.family.publisher.lower()
    )
    cut = names.has_word(model_id, names.CUT_WORDS) is not None
    params, evidence = (
        _weigh(usable, stated, cut=cut, moe=moe)
        if known is None
        else _against_published(usable, known, told, cut=cut, own=own)
    )
    if reported_b is not None and usable is None:
        evidence = f"{evidence}; the board reports {reported_b:g}, which cannot be"
    return Size(params, evidence, active, _class(params, stated, origin, merged=merged))


def _published(model_id: str, origin: Origin) -> tuple[float | None, float | None, str]:
    """Total and active billions of the model or of its base as published, and where that is known from."""
    if origin.place is not None and origin.place.params_b is not None:
        return origin.place.params_b, origin.place.active_b, _OF_FAMILY
    entry = listed.base(model_id) or listed.base_of_variant(model_id)
    if entry is None:
        return None, None, ""
    # Of a dense model the catalogue may give its whole size as the active one.
    dense = entry.params_b is not None and entry.active_params_b == entry.params_b
    return entry.params_b, None if dense else entry.active_params_b, listed.SIZE_EVIDENCE


def _weigh(reported: float | None, stated: float | None, *, cut: bool, moe: bool) -> tuple[float | None, str]:
    if reported is None:
        return (None, "unknown") if stated is None else (stated, "the size in its name")
    if stated is not None and not moe and not cut:
        ratio = reported / stated
        if FOUR_BIT[0] <= ratio <= FOUR_BIT[1] and stated >= 1:
            return (
                stated,
                f"the size in its name; the {reported:g} reported is about half, as of a quantised upload",
            )
        if 1.9 <= ratio <= 2.1 and _halves_to_known(reported):
            return reported / 2, f"half of the {reported:g} reported, which counts it twice"
    return reported, "as reported"


def _against_published(
    reported: float | None, known: float, told: str, *, cut: bool, own: bool
) -> tuple[float, str]:
    if reported is None:
        return known, told
    ratio = reported / known
    if ratio == 1:
        return known, "as reported, and the family's known size" if told == _OF_FAMILY else told
    if _rounded(reported, known):
        return known, f"{told}; reported rounded as {reported:g}"
    # Some figures leave a table of embeddings out: 11.58 for Mistral Nemo's 12.25.
    if own and 0.5 <= ratio < 0.985:
        return known, f"{told}; the {reported:g} reported falls short of it"
    if FOUR_BIT[0] <= ratio <= FOUR_BIT[1] and not cut:
        return known, f"{told}; the {reported:g} reported is about half, as of a quantised upload"
    if TWICE[0] <= ratio <= TWICE[1]:
        return known, f"{told}; the {reported:g} reported counts it twice"
    if not ABSURD[0] <= ratio <= ABSURD[1]:
        return known, f"{told}; the {reported:g} reported cannot be"
    return reported, "as reported"


def _halves_to_known(reported: float) -> bool:
    """Whether half of the figure is the exact size of a family in the table."""
    sizes = {round(size, 3) for family in families.families() for size in family.sizes.values()}
    return any(abs(reported / 2 - size) < 0.001 for size in sizes)


def _rounded(reported: float, known: float) -> bool:
    """The board's figures have three decimals; a whole number, or one decimal close by, stood in for one."""
    if float(reported).is_integer():
        return abs(reported - known) < max(1, 0.02 * known)
    return float(reported * 10).is_integer() and abs(reported - known) < 0.1


def _class(params: float | None, stated: float | None, origin: Origin, *, merged: bool) -> float | None:
    if params is None:
        return None
    candidates = [stated]
    if origin.place is not None and origin.place.size is not None and not merged:
        candidates.append(names.size_in_name(f"x/{origin.place.size}"))
    if origin.base_id is not None and not merged:
        candidates.append(names.size_in_name(origin.base_id))
    return next((size for size in candidates if size and abs(params - size) / params <= _AGREES), params)
