"""Which models were tuned from which base. Contract: :func:`pair_variants`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from core.board import families, listed, names
from core.board.assemble import own_bases
from core.board.lineage import Origin, origin
from core.board.runs import BASE_KINDS
from core.board.scorers import scores_texts

if TYPE_CHECKING:
    from collections.abc import Mapping

COLUMNS: Final = ("base_id", "variant_id", "relation", "evidence", "confidence")
_TUNED: Final = ("instruct", "finetune")


def pair_variants(leaderboard: pd.DataFrame) -> pd.DataFrame:
    """Every base with the models tuned from it.

    A tune of a tune counts for the root, so that each variant stands beside the base it grew from. Where the
    base itself continues another publisher's, both are paired. Merges have no base and get no pair; neither
    do models whose base is unknown, was never published, or is not a base of the frame.

    Args:
        leaderboard: as from :func:`core.leaderboard.load_leaderboard`; at least ``model_id`` and ``kind``.

    Returns:
        One row per pair: base_id, variant_id, relation (``official_instruct`` where the base's own publisher
        tuned it, else ``community_finetune``), evidence in words, confidence (0 to 1).
    """
    models = _one_row_each(leaderboard)
    bases = set(models.loc[models["kind"].isin(BASE_KINDS), "model_id"])
    present = {str(model).lower(): str(model) for model in sorted(bases)}
    own = own_bases(models["model_id"], bases)
    declared = _column(models, "declared_base")
    declared_by = {str(model).lower(): base for model, base in zip(models["model_id"], declared, strict=True)}
    rows = []
    for model, kind, params, base, architecture in zip(
        models["model_id"],
        models["kind"],
        _column(models, "reported_params_b"),
        declared,
        _column(models, "architecture"),
        strict=True,
    ):
        if kind not in _TUNED or scores_texts(model, architecture if isinstance(architecture, str) else None):
            continue
        found = origin(model, _number(params), base, declared_by)
        rows.extend(_pairs_of(model, found, own.get(model), present))
    pairs = pd.DataFrame(rows, columns=list(COLUMNS))
    return pairs.sort_values(
        ["base_id", "relation", "variant_id"], ascending=[True, False, True], ignore_index=True
    )


def _one_row_each(leaderboard: pd.DataFrame) -> pd.DataFrame:
    """The same row of each model, in whatever order the rows come."""
    columns = [
        name
        for name in ("model_id", "declared_base", "reported_params_b", "architecture")
        if name in leaderboard.columns
    ]
    return leaderboard.sort_values(columns, na_position="last").drop_duplicates("model_id")


def _column(frame: pd.DataFrame, name: str) -> pd.Series:
    return frame[name] if name in frame.columns else pd.Series(None, index=frame.index, dtype="object")


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, (int, float)) and np.isfinite(value) else None


def _pairs_of(
    model: str, found: Origin, own_base: str | None, present: Mapping[str, str]
) -> list[tuple[str, str, str, str, float]]:
    if found.base_id is None:
        if own_base is None:
            return []
        found = Origin(
            base_id=own_base, evidence="same publisher and name", confidence=0.9, chain=(own_base,)
        )
    pairs = []
    for position, base in enumerate(found.chain):
        evidence = found.evidence if position == 0 else f"{found.evidence}; {found.chain[0]} continues {base}"
        confidence = found.confidence if position == 0 else round(found.confidence * 0.95, 3)
        for address in _addresses(base, present):
            official = _same_publisher(model, base, address)
            if not official and address.lower() != base.lower() and base.lower() in present:
                continue  # a tune by others is shown once, beside the publisher's own upload
            if official and names.has_word(model, names.QUANTISED_WORDS):
                continue  # a publisher's packed copy is not another variant
            if address != model:
                relation = "official_instruct" if official else "community_finetune"
                pairs.append((address, model, relation, evidence, confidence))
    return pairs


def _addresses(base: str, present: Mapping[str, str]) -> list[str]:
    """Where the base stands on this board: its own address first, then copies of it."""
    found = [present[base.lower()]] if base.lower() in present else []
    for mirror, original in families.mirrors().items():
        if original.lower() == base.lower() and mirror.lower() in present:
            found.append(present[mirror.lower()])
    return found


def _same_publisher(model: str, base: str, address: str) -> bool:
    entry = listed.base_of_variant(model)
    if entry is not None and entry.base_id.lower() == base.lower():
        return True  # a publisher may have moved to another organisation
    owner = (names.organisation(model) or "").lower()
    publishers = {(names.organisation(base) or "").lower(), (names.organisation(address) or "").lower()}
    place = families.known_base(base)
    if place is not None:
        publishers.add(place.family.publisher.lower())
    return owner in publishers


def no_public_base(leaderboard: pd.DataFrame) -> pd.DataFrame:
    """Tuned models whose base was never published, one row each: model_id, family, reason."""
    models = leaderboard.drop_duplicates("model_id")
    rows = []
    for model, kind, params, declared in zip(
        models["model_id"],
        models["kind"],
        _column(models, "reported_params_b"),
        _column(models, "declared_base"),
        strict=True,
    ):
        if kind not in _TUNED:
            continue
        place = origin(model, _number(params), declared).place
        if place is not None and place.family.base is None:
            rows.append((model, place.family.name, place.family.why))
    return pd.DataFrame(rows, columns=["model_id", "family", "reason"])
