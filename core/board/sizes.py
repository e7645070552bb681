"""Parameters of a model from the best evidence, and the size people mean by it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from core.board import names

if TYPE_CHECKING:
    from core.board.lineage import Origin

# A reported figure further than this from the name's is looked at.
_AGREES: Final = 0.25


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

    A tune keeps its family's size: a report of about half of it is a 4-bit upload (two weights packed into one
    number), about twice is an upload counted with its adapters. Zero and negative figures are no figures.
    """
    known = origin.place.params_b if origin.place is not None and not merged else None
    active = origin.place.active_b if origin.place is not None and not merged else None
    stated = names.size_in_name(model_id)
    usable = reported_b if reported_b is not None and reported_b > 0 else None
    params, evidence = _weigh(usable, stated, known, moe=moe)
    if reported_b is not None and usable is None:
        evidence = f"{evidence}; the board reports {reported_b:g}, which cannot be"
    return Size(params, evidence, active, _class(params, stated, origin, model_id, merged=merged))


def _weigh(
    reported: float | None, stated: float | None, known: float | None, *, moe: bool
) -> tuple[float | None, str]:
    if known is not None:
        if reported is None:
            return known, "known size of the family"
        ratio = reported / known
        if abs(ratio - 1) < 1e-9:
            return known, "as reported, and the family's known size"
        if 0.45 <= ratio <= 0.72:
            return known, f"known size of the family; the {reported:g} reported is that of a 4-bit upload"
        if 1.9 <= ratio <= 2.1:
            return known, f"known size of the family; the {reported:g} reported counts it twice"
        if _rounded(reported) and abs(ratio - 1) < 0.12:
            return known, f"known size of the family; reported rounded as {reported:g}"
        if ratio > 3 or ratio < 0.3:
            return known, f"known size of the family; the {reported:g} reported cannot be"
        return reported, "as reported"
    if reported is None:
        if stated is None:
            return None, "unknown"
        return stated, "the size in its name"
    if stated is not None and not moe:
        ratio = reported / stated
        if ratio > 3 or ratio < 0.3:
            return stated, f"the size in its name; the {reported:g} reported cannot be"
        if 1.9 <= ratio <= 2.1:
            return reported / 2, f"half of the {reported:g} reported, which counts it twice"
    return reported, "as reported"


def _rounded(figure: float) -> bool:
    """The board's figures have three decimals; a whole number stood in for one."""
    return float(figure).is_integer() or float(figure * 10).is_integer()


def _class(
    params: float | None, stated: float | None, origin: Origin, model_id: str, *, merged: bool
) -> float | None:
    if params is None:
        return None
    if stated is not None and abs(params - stated) / params <= _AGREES:
        return stated
    if origin.place is not None and not merged and origin.base_id is not None:
        base_stated = names.size_in_name(origin.base_id)
        if base_stated is not None and abs(params - base_stated) / params <= _AGREES:
            return base_stated
    return params
