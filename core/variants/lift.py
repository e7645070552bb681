"""What instruction tuning made of each base, and what became of its descendants.

All functions take the board and the pairs of :func:`core.variants.pairs.pair_variants`.
"""

from __future__ import annotations

from itertools import takewhile
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from core.board import names
from core.board.assemble import core_of
from core.ranking.filters import one_run_each
from core.schema import SCORE_KEYS, SOURCE_BOARD, SOURCE_NEWER

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping

# How the bases of a view can be put in order: label for people by column of `order_bases`.
ORDERS: Final = {
    "own": "own score",
    "instruct": "instruct score",
    "descendant": "best descendant",
}


def lift_table(board: pd.DataFrame, pairs: pd.DataFrame) -> pd.DataFrame:
    """Each base beside its official instruct variant.

    A base with several official variants is shown with the one its publisher offers for use, before a
    reasoning model and before a stage such as "-SFT"; among equals with the most certain one, then the one
    whose name is closest: Qwen2.5-32B with Qwen2.5-32B-Instruct, not with QwQ-32B or an "-Instruct-1M".
    ``n_variants`` counts them all.

    Returns:
        One row per base with a variant on the board: ``base_id``, ``variant_id``, ``n_variants``,
        ``evidence``, ``confidence``, ``params_b``, and for each score ``base_<key>``, ``base_<key>_se``,
        ``variant_<key>``, ``variant_<key>_se``, ``lift_<key>`` (variant minus base, points) and
        ``lift_<key>_se`` (root of the summed squares); ``caveat`` says why two runs are not comparable,
        "" if they are.
    """
    official = _known_pairs(board, pairs[pairs["relation"] == "official_instruct"])
    ids = list(zip(official["base_id"], official["variant_id"], strict=True))
    official = official.assign(
        step=[_step(variant) for _, variant in ids],
        alike=[core_of(base) == core_of(variant) for base, variant in ids],
        shared=[_shared_start(base, variant) for base, variant in ids],
        length=official["variant_id"].str.len(),
    ).sort_values(
        ["step", "confidence", "alike", "shared", "length", "variant_id"],
        ascending=[True, False, False, False, True, True],
    )
    official["n_variants"] = official.groupby("base_id")["variant_id"].transform("size")
    main = official.drop_duplicates("base_id").sort_values("base_id").reset_index(drop=True)
    runs = one_run_each(board).set_index("model_id")
    base = runs.loc[main["base_id"]].reset_index()
    variant = runs.loc[main["variant_id"]].reset_index()
    table = main[["base_id", "variant_id", "n_variants", "evidence", "confidence"]].copy()
    table["params_b"] = base["params_b"]
    for key in SCORE_KEYS:
        error = f"{key}_se"
        table[f"base_{key}"], table[f"base_{error}"] = base[key], base[error]
        table[f"variant_{key}"], table[f"variant_{error}"] = variant[key], variant[error]
        table[f"lift_{key}"] = variant[key] - base[key]
        table[f"lift_{error}"] = np.hypot(variant[error], base[error])
    table["caveat"] = [
        caveat(base_row, variant_row)
        for base_row, variant_row in zip(base.to_dict("records"), variant.to_dict("records"), strict=True)
    ]
    return table


def caveat(base: Mapping[Hashable, Any], variant: Mapping[Hashable, Any]) -> str:
    """Why the scores of two runs are not comparable, in words; "" if they are.

    Example: an instruct run without its chat template gives "the instruct model ran without its chat
    template".
    """
    reasons = []
    if base["source"] != variant["source"]:
        reasons.append("the two runs come from different sources")
    if not pd.isna(variant["chat_template"]) and not variant["chat_template"]:
        reasons.append("the instruct model ran without its chat template")
    if not pd.isna(base["chat_template"]) and base["chat_template"]:
        reasons.append("the base ran with a chat template")
    precisions = (base["precision"], variant["precision"])
    if not any(pd.isna(precision) for precision in precisions) and precisions[0] != precisions[1]:
        reasons.append(f"the base ran in {precisions[0]}, the variant in {precisions[1]}")
    reasons += [*_said_of(base, "the base"), *_said_of(variant, "the variant")]
    return "; ".join(reasons)


def _said_of(row: Mapping[Hashable, Any], who: str) -> list[str]:
    """What a reader's own run says against comparing it, such as other shots; templates are told above."""
    note = row.get("comparability")
    if row["source"] in (SOURCE_BOARD, SOURCE_NEWER) or not isinstance(note, str):
        return []
    # An error that is wider than it may be keeps nothing from being compared.
    told = (text for text in note.split("; ") if not text.startswith("how many questions"))
    return [f"{who}: {text}" for text in told if "chat template" not in text]


def median_lifts(table: pd.DataFrame) -> pd.DataFrame:
    """Median lift by score over the comparable pairs of :func:`lift_table`.

    Returns:
        One row per score: ``key``, ``median``, ``low`` and ``high`` (quartiles, points), ``pairs``.
    """
    fair = table[table["caveat"] == ""]
    rows = []
    for key in SCORE_KEYS:
        lifts = fair[f"lift_{key}"].dropna()
        low, median, high = lifts.quantile([0.25, 0.5, 0.75]) if len(lifts) else (np.nan,) * 3
        rows.append({"key": key, "median": median, "low": low, "high": high, "pairs": len(lifts)})
    return pd.DataFrame(rows)


def descendants(board: pd.DataFrame, pairs: pd.DataFrame, base_id: str) -> pd.DataFrame:
    """What was tuned from a base, best first.

    Returns:
        One row per descendant on the board: ``model_id``, ``organization``, ``relation``, ``kind``,
        ``average``, ``average_se``, ``evidence``, ``confidence``.
    """
    own = _known_pairs(board, pairs[pairs["base_id"] == base_id])
    runs = one_run_each(board).set_index("model_id")
    found = own.merge(
        runs[["organization", "kind", "average", "average_se"]], left_on="variant_id", right_index=True
    )
    columns = [
        "model_id", "organization", "relation", "kind", "average", "average_se", "evidence", "confidence",
    ]  # fmt: skip
    return (
        found.rename(columns={"variant_id": "model_id"})[columns]
        .sort_values("average", ascending=False, kind="stable")
        .reset_index(drop=True)
    )


def order_bases(table: pd.DataFrame, board: pd.DataFrame, pairs: pd.DataFrame, key: str) -> pd.DataFrame:
    """The same bases in three orders: by their own score, their instruct variant's, their best descendant's.

    Args:
        table: rows of :func:`lift_table`, one per base in view.
        board: in the contract's schema.
        pairs: of both relations.
        key: the score to order by.

    Returns:
        One row per base: ``base_id``, ``variant_id``, ``best_id``, ``n_descendants``, the scores ``own``,
        ``instruct``, ``descendant`` with ``<name>_se``, and the places ``<name>_place`` (1 is best). In
        ``own`` order.
    """
    result = pd.DataFrame(
        {
            "base_id": table["base_id"],
            "variant_id": table["variant_id"],
            "own": table[f"base_{key}"],
            "own_se": table[f"base_{key}_se"],
            "instruct": table[f"variant_{key}"],
            "instruct_se": table[f"variant_{key}_se"],
        }
    ).dropna(subset=["own", "instruct"])
    tuned = pairs.loc[pairs["base_id"].isin(result["base_id"]), ["base_id", "variant_id"]]
    runs = one_run_each(board)[["model_id", key, f"{key}_se"]]
    runs = runs.set_axis(["best_id", "descendant", "descendant_se"], axis=1)
    scored = tuned.merge(runs, left_on="variant_id", right_on="best_id").dropna(subset=["descendant"])
    scored["n_descendants"] = scored.groupby("base_id")["best_id"].transform("size")
    scored = scored.sort_values(["descendant", "best_id"], ascending=[False, True])
    best = scored.drop_duplicates("base_id").drop(columns="variant_id")
    result = result.merge(best, on="base_id", how="left")
    for name in ORDERS:
        result[f"{name}_place"] = result[name].rank(ascending=False, method="first").astype(int)
    return result.sort_values("own_place").reset_index(drop=True)


def in_order(
    table: pd.DataFrame, board: pd.DataFrame, pairs: pd.DataFrame, key: str, order: str
) -> pd.DataFrame:
    """Rows of :func:`lift_table` that have the score, best first by one of ``ORDERS``."""
    ordered = order_bases(table, board, pairs, key).sort_values(f"{order}_place")
    return table.set_index("base_id").loc[ordered["base_id"]].reset_index()


def _shared_start(one: str, other: str) -> int:
    """How many characters two names have in common from their beginning."""
    equal = takewhile(lambda letters: letters[0] == letters[1], zip(one, other, strict=False))
    return sum(1 for _ in equal)


def _step(variant_id: str) -> int:
    """0 for the model a publisher offers for use, 1 for one that reasons, 2 for a stage on the way there."""
    if names.has_word(variant_id, names.STAGE_WORDS):
        return 2
    return int(names.has_word(variant_id, names.REASONING_WORDS) is not None)


def _known_pairs(board: pd.DataFrame, pairs: pd.DataFrame) -> pd.DataFrame:
    """Pairs of which both models are on the board."""
    known = set(board["model_id"])
    both = [
        base in known and variant in known
        for base, variant in zip(pairs["base_id"], pairs["variant_id"], strict=True)
    ]
    return pairs[both]
