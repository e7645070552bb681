"""A model's relatives: bases of the same family, what was tuned from it, and what it was tuned from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pandas as pd

from core.board.runs import BASE_KINDS
from core.catalogue import load_catalogue, load_no_base
from core.model_card.facts import parts
from core.placement import load_placement
from core.placement.cells import kin_of
from core.ranking.filters import one_run_each
from core.ranking.ranks import INTERVAL_Z
from core.schema import SOURCE_PLACED

if TYPE_CHECKING:
    from core.model_card.card import ModelCard

FAMILY_COLUMNS: Final = ("model_id", "family", "params_b", "released", "average", "low", "high", "evidence")
VARIANT_COLUMNS: Final = ("model_id", "relation", "average", "evidence")
_OFFICIAL: Final = "official_instruct"


def same_family(card: ModelCard, field: pd.DataFrame) -> pd.DataFrame:
    """Other bases of the same line (Llama 3.1 and 3.2 are one), by month and size.

    Args:
        card: of :func:`core.model_card.gather`.
        field: the frame given to it.

    Returns:
        FAMILY_COLUMNS: model_id, family, params_b (billions), released (YYYY-MM), average with low and high
        (points, 90%), evidence ("measured", "placed" or "size only", with
        ", not published" where only reports know the base); NA where unknown.
    """
    if not card.known.family:
        return pd.DataFrame(columns=list(FAMILY_COLUMNS))
    line = kin_of(card.known.family)
    everyone = pd.concat([_measured(field), _placed()]).drop_duplicates("model_id", ignore_index=True)
    facts = load_catalogue().set_index("model_id")
    for name in ("family", "params_b", "released"):
        listed = facts[name].reindex(everyone["model_id"]).to_numpy()
        everyone[name] = pd.Series(listed, dtype="object").where(
            pd.notna(listed), everyone[name].astype("object")
        )
    known = [name for name in everyone["family"].unique() if isinstance(name, str)]
    kin = everyone[everyone["family"].isin([name for name in known if kin_of(name) == line])]
    kin = kin[kin["model_id"] != card.model_id]
    unpublished = kin["model_id"].isin(load_no_base().query("status == 'none published'")["model_id"])
    kin = kin.assign(evidence=kin["evidence"].where(~unpublished, kin["evidence"] + ", not published"))
    return kin.sort_values(["released", "params_b", "model_id"], na_position="last", ignore_index=True)[
        list(FAMILY_COLUMNS)
    ]


def _measured(field: pd.DataFrame) -> pd.DataFrame:
    rows = one_run_each(field[field["kind"].isin(BASE_KINDS) & (field["source"] != SOURCE_PLACED)])
    month = pd.to_datetime(rows["uploaded"]).dt.strftime("%Y-%m")
    half = INTERVAL_Z * rows["average_se"]
    return pd.DataFrame(
        {
            "model_id": rows["model_id"], "family": rows["family"], "params_b": rows["params_b"],
            "released": month, "average": rows["average"], "low": rows["average"] - half,
            "high": rows["average"] + half,
            "evidence": rows["average"].map(lambda score: "measured" if pd.notna(score) else pd.NA),
        }
    )  # fmt: skip


def _placed() -> pd.DataFrame:
    rows = load_placement()
    return pd.DataFrame(
        {
            "model_id": rows["model_id"], "family": rows["family"], "params_b": rows["params_b"],
            "released": pd.NA, "average": rows["placed_average"], "low": rows["placed_low"],
            "high": rows["placed_high"], "evidence": rows["evidence"],
        }
    )  # fmt: skip


def instruct_variants(card: ModelCard, field: pd.DataFrame, pairs: pd.DataFrame) -> pd.DataFrame:
    """The publisher's own tuned models of this base, those on the board first.

    Args:
        card: as in :func:`same_family`.
        field: the same.
        pairs: of :func:`core.variants.pair_variants` on the board.

    Returns:
        VARIANT_COLUMNS: model_id, relation ("official_instruct"), average (points, NA where not measured),
        evidence: how the pair is known.
    """
    own = pairs[(pairs["base_id"] == card.model_id) & (pairs["relation"] == _OFFICIAL)]
    known = dict(zip(own["variant_id"], own["evidence"], strict=True))
    for name in card.known.instruct_variants:
        if name != card.model_id:
            known.setdefault(name, "listed in the catalogue")
    scores = one_run_each(field[field["model_id"].isin(list(known))]).set_index("model_id")["average"]
    table = pd.DataFrame(
        {
            "model_id": list(known),
            "relation": _OFFICIAL,
            "average": scores.reindex(list(known)).to_numpy(dtype="float64"),
            "evidence": list(known.values()),
        }
    )
    return table.sort_values("average", ascending=False, kind="stable", ignore_index=True)


def community_tunes(card: ModelCard, pairs: pd.DataFrame) -> int:
    """How many models of the board others tuned from this base."""
    return int(((pairs["base_id"] == card.model_id) & (pairs["relation"] != _OFFICIAL)).sum())


def tuned_from(card: ModelCard, pairs: pd.DataFrame) -> list[str]:
    """The bases this model was made from: by pairs, by the catalogue, and as its page on the Hub declares."""
    found = pairs.loc[pairs["variant_id"] == card.model_id, "base_id"].tolist()
    table = load_catalogue()
    listed = table[
        table["instruct_variants"].map(lambda cell: card.model_id in parts(cell, "|")).astype(bool)
    ]["model_id"].tolist()
    declared = list(card.added.base_models) if card.added else []
    continued = [card.known.continued_from] if card.known.continued_from else []
    return [name for name in dict.fromkeys([*found, *listed, *continued, *declared]) if name != card.model_id]
