"""Which base a model comes from, worked out from everything a row says about itself.

Signals, best first: a family fact, the model's own name, the base its card declares. A declared base that is
itself a tune is followed to its root. Sizes must fit: a tune has the parameters of its base.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from core.board import families, listed, names

if TYPE_CHECKING:
    from collections.abc import Mapping

    from core.board.families import Place

# Reported over true parameters: of 4-bit uploads (two weights in one number, or little more than that), of
# uploads counted with their adapters' copy, and of reports that cannot be.
FOUR_BIT: Final = (0.48, 0.66)
TWICE: Final = (1.995, 2.005)
ABSURD: Final = (0.3, 3.0)

_MAX_CHAIN: Final = 6
_REMOVED: Final = "Removed"
# The board adds this to a model whose card names a base that it could not resolve.
MERGE_SUFFIX: Final = " (Merge)"


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a model comes from.

    Attributes:
        family: name of the family its weights belong to, such as ``Qwen2.5``; None where unknown.
        place: the family and size in the table of families, where it is there.
        base_id: Hub id of the base, on the board or not; None where unknown or never published.
        evidence: in words, how this is known.
        confidence: 0 to 1; how far the signals agree. A judgement, not a measured frequency.
        chain: base ids from ``base_id`` to the root, where the base itself continues another publisher's.
    """

    family: str | None = None
    place: Place | None = None
    base_id: str | None = None
    evidence: str = ""
    confidence: float = 0.0
    chain: tuple[str, ...] = ()


UNKNOWN: Final = Origin()


def declared_base(model_id: str, declared: object) -> str | None:
    """The base a row declares, if it is another model; ``X (Merge)`` counts as ``X``."""
    if not isinstance(declared, str):
        return None
    base = declared.removesuffix(MERGE_SUFFIX).strip()
    return None if base in ("", _REMOVED) or base.lower() == model_id.lower() else base


def fits(params_b: float | None, expected_b: float | None) -> bool:
    """Whether a model's parameters can be those of a tune of a base of ``expected_b`` billion.

    A table of output embeddings of its own, a longer vocabulary or adapters left in the file add up to 30% to
    a small model and 20% to a larger one; 4-bit uploads show about half, uploads with their adapters twice
    the figure; a whole number stands for anything that rounds to it either way; what is off by more than
    three times is a mistake of the report, not another size.
    """
    if params_b is None or expected_b is None or not params_b > 0:
        return True
    if float(params_b).is_integer() and abs(params_b - expected_b) < 1:
        return True
    ratio = params_b / expected_b
    above = 1.30 if expected_b < 4 else 1.20
    return (
        0.90 <= ratio <= above
        or FOUR_BIT[0] <= ratio <= FOUR_BIT[1]
        or TWICE[0] <= ratio <= TWICE[1]
        or not ABSURD[0] <= ratio <= ABSURD[1]
    )


def origin(
    model_id: str,
    params_b: float | None = None,
    declared: object = None,
    declared_by: Mapping[str, object] | None = None,
) -> Origin:
    """Work out where a model comes from.

    Args:
        model_id: Hub id.
        params_b: reported parameters in billions, None where unknown.
        declared: the base its card declares.
        declared_by: the base every other model of the board declares, to follow chains.
    """
    entry = listed.base(model_id)
    if entry is not None and families.known_base(model_id) is None:
        root, why = entry.continued_from, listed.KIND_EVIDENCE
        return _rooted(Origin(entry.family, None, root, why, 0.95 if root else 0.0))
    fact = families.tune_fact(model_id)
    if fact:
        base, why = fact
        place = families.known_base(base)
        if fits(params_b, place.params_b if place else None):
            return _rooted(Origin(place.family.name if place else None, place, base, why, 0.95))
    by_name = families.place(model_id, params_b)
    own = by_name and (names.organisation(model_id) or "").lower() == by_name.family.publisher.lower()
    # A publisher's own model has its family's size, whatever was reported.
    if by_name and not own and not fits(params_b, by_name.params_b):
        by_name = replace(by_name, size=None)
    if by_name and own and _other_line(model_id, by_name):
        by_name = replace(by_name, size=None)
    offered = listed.base_of_variant(model_id)
    if offered is not None and not (by_name and by_name.base_id == offered.base_id):
        place = families.known_base(offered.base_id)
        why = f"the catalogue names it as the publisher's tune of {offered.base_id}"
        return _rooted(Origin(offered.family, place, offered.base_id, why, 0.98))
    by_card = _follow(model_id, declared, params_b, declared_by or {})
    return _rooted(_weigh(model_id, by_name, by_card))


def _other_line(model_id: str, place: Place) -> bool:
    """Whether a name says images, sound or code where the base's doesn't: Qwen3-VL-8B and Qwen3-8B-Base."""
    own = names.LINE_WORDS.intersection(names.parts(model_id))
    return place.base_id is not None and not own <= set(names.parts(place.base_id))


def _follow(
    model_id: str, declared: object, params_b: float | None, declared_by: Mapping[str, object]
) -> Origin | None:
    """The root of the declared base, through at most a few further cards."""
    seen = {model_id.lower()}
    step = declared_base(model_id, declared)
    first = step
    for _ in range(_MAX_CHAIN):
        if step is None or step.lower() in seen:
            return None
        seen.add(step.lower())
        via = "" if step == first else f", through {first}"
        evidence = f"its card names {step} as its base{via}"
        fact = families.tune_fact(step)
        if fact:
            place = families.known_base(fact[0])
            if not fits(params_b, place.params_b if place else None):
                return None
            return Origin(place.family.name if place else None, place, fact[0], evidence, 0.9)
        place = families.known_base(step) or families.place(step, params_b)
        if place is not None and place.size is not None:
            if not fits(params_b, place.params_b):
                return None
            return Origin(place.family.name, place, place.base_id, evidence, 0.9)
        further = declared_base(step, declared_by.get(step.lower()))
        if further is None:
            return None if place is not None else Origin(None, None, step, evidence, 0.85)
        step = further
    return None


def _weigh(model_id: str, by_name: Place | None, by_card: Origin | None) -> Origin:
    if by_name is None or by_name.size is None:
        if by_card is not None:
            return by_card
        return Origin(by_name.family.name, by_name) if by_name else UNKNOWN
    family = by_name.family
    named = Origin(family.name, by_name, by_name.base_id, f"its name says {family.name}", 0.85)
    if family.why:
        named = replace(named, evidence=f"{named.evidence}; {family.why}")
    if (names.organisation(model_id) or "").lower() == family.publisher.lower():
        told = f"same publisher and name as {by_name.base_id}" if by_name.base_id else named.evidence
        return replace(named, confidence=0.98, evidence=family.why or told)
    if by_card is None or by_card.place is None:
        return replace(named, confidence=0.65 if family.vague else 0.85)
    if by_card.base_id == named.base_id:
        return replace(named, confidence=0.97, evidence=f"{named.evidence} and {by_card.evidence}")
    # Card and name may give the plain and the special base: the special one is the more exact.
    if family.special or not (family.vague or by_card.place.family.special):
        return replace(named, confidence=0.75, evidence=f"{named.evidence}, though {by_card.evidence}")
    return by_card


def _rooted(found: Origin) -> Origin:
    """Add what the base itself continues."""
    if found.base_id is None:
        return found
    chain = [found.base_id]
    while len(chain) < _MAX_CHAIN:
        root = _root_of(chain[-1])
        if root is None or root in chain:
            break
        chain.append(root)
    return replace(found, chain=tuple(chain))


def _root_of(base_id: str) -> str | None:
    """The other publisher's model that a base continues."""
    place = families.known_base(base_id)
    if place is not None:
        return None if place.size is None else place.family.root_of(place.size)
    entry = listed.base(base_id)
    return entry.continued_from if entry else None
