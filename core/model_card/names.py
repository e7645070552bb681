"""Every name a model's page exists for, and names close to one that is unknown."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING, Final

from core.board.families import mirrors
from core.catalogue import load_catalogue, load_no_base
from core.placement import load_placement

if TYPE_CHECKING:
    from collections.abc import Iterable

_CLOSE: Final = 0.6
_SAME_PUBLISHER: Final = 0.25
_CONSIDERED: Final = 40


def known_names(field_names: Iterable[str]) -> list[str]:
    """All model ids something is known of, those of the field first.

    The others are the catalogue's, the placement's, models without a base, and tuned ones that the catalogue
    names. Two that differ in letter case only count once, as the field writes them.
    """
    catalogue = load_catalogue()
    variants = [name for cell in catalogue["instruct_variants"].dropna() for name in cell.split("|")]
    sources = (
        field_names, catalogue["model_id"], load_placement()["model_id"], load_no_base()["model_id"], variants
    )  # fmt: skip
    found: dict[str, str] = {}
    for names in sources:
        for name in names:
            found.setdefault(str(name).lower(), str(name))
    return list(found.values())


def canonical(model_id: str, names: Iterable[str]) -> str:
    """``model_id`` as the sources write it: letter case apart, and the publisher's own address of a copy.

    >>> canonical("qwen/qwen3-8b-base", ["Qwen/Qwen3-8B-Base"])
    'Qwen/Qwen3-8B-Base'
    """
    wanted = model_id.lower()
    known = {name.lower(): name for name in names}
    if wanted in known:
        return known[wanted]
    original = {copy.lower(): name for copy, name in mirrors().items()}.get(wanted)
    if original:
        return known.get(original.lower(), original)
    # Meta renamed Meta-Llama-3.1-8B to Llama-3.1-8B; the Hub still answers to both.
    return known.get(wanted.replace("/meta-", "/", 1), model_id)


def near(model_id: str, names: Iterable[str], *, most: int = 5) -> list[str]:
    """The names most like ``model_id``, the closest first; those of the same publisher gain on the others."""
    by_bare: dict[str, list[str]] = {}
    for name in names:
        by_bare.setdefault(_bare(name), []).append(name)
    wanted, publisher = _bare(model_id), model_id.partition("/")[0].lower()
    close = difflib.get_close_matches(wanted, list(by_bare), n=_CONSIDERED, cutoff=_CLOSE)
    scored = [
        (
            difflib.SequenceMatcher(None, wanted, bare).ratio()
            + _SAME_PUBLISHER * (_owner(name) == publisher),
            name,
        )
        for bare in close
        for name in by_bare[bare]
    ]
    return [name for _, name in sorted(scored, key=lambda pair: -pair[0])[:most]]


def _owner(name: str) -> str:
    return name.partition("/")[0].lower()


def _bare(name: str) -> str:
    return name.rsplit("/", 1)[-1].lower()[:96]
