"""Every name a model's page exists for, and names close to one that is unknown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from core.board.families import mirrors
from core.catalogue import load_catalogue, load_no_base
from core.placement import load_placement
from core.ranking import search

if TYPE_CHECKING:
    from collections.abc import Iterable

_LONGEST: Final = 200


def known_names(field_names: Iterable[str]) -> list[str]:
    """All model ids something is known of, those of the field first.

    The others are the catalogue's, the placement's, models without a base, and tuned ones that the catalogue
    names. Two that differ in letter case only count once, as the field writes them.
    """
    catalogue, unpublished = load_catalogue(), load_no_base()
    cells = (*catalogue["instruct_variants"].dropna(), *unpublished["instruct_variants"].dropna())
    variants = [name for cell in cells for name in cell.split("|")]
    sources = (
        field_names, catalogue["model_id"], load_placement()["model_id"], unpublished["model_id"], variants,
    )  # fmt: skip
    found: dict[str, str] = {}
    for names in sources:
        for name in names:
            found.setdefault(str(name).lower(), str(name))
    return list(found.values())


def canonical(model_id: str, names: Iterable[str]) -> str:
    """``model_id`` as the sources write it: letter case apart, with its publisher, not a copy's address.

    >>> canonical("qwen/qwen3-8b-base", ["Qwen/Qwen3-8B-Base"])
    'Qwen/Qwen3-8B-Base'
    """
    wanted = model_id.lower()
    known = {name.lower(): name for name in names}
    if wanted in known:
        return known[wanted]
    if "/" not in wanted:
        alike = [name for name in known if name.rpartition("/")[2] == wanted]
        return known[alike[0]] if len(alike) == 1 else model_id
    original = {copy.lower(): name for copy, name in mirrors().items()}.get(wanted)
    if original:
        return known.get(original.lower(), original)
    # Meta renamed Meta-Llama-3.1-8B to Llama-3.1-8B; the Hub still answers to both.
    return known.get(wanted.replace("/meta-", "/", 1), model_id)


def near(asked: str, names: Iterable[str], *, most: int = 5) -> list[str]:
    """Names that what was asked for may have meant: those with its words, then those spelt like it.

    Those of the same publisher come first.
    """
    every = list(names)
    publisher, _, name = asked[:_LONGEST].rpartition("/")
    words = search.find(every, name or publisher)
    close = words or search.close_to(every, name or publisher, most=most)
    ordered = sorted(
        close, key=lambda found: (not found.lower().startswith(f"{publisher.lower()}/"), len(found))
    )
    return ordered[:most]
