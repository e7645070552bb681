"""Bases that are placed rather than measured, as rows in the leaderboard's schema."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from core.board import assemble, families, names
from core.board.runs import BASE_KINDS
from core.catalogue import load_catalogue, load_no_base
from core.placement import load_placement
from core.ranking.ranks import INTERVAL_Z
from core.schema import BENCHMARK_KEYS, SCORE_KEYS, SOURCE_PLACED

if TYPE_CHECKING:
    from collections.abc import Collection

LIMITS: Final = tuple(f"{key}_{end}" for key in SCORE_KEYS for end in ("low", "high"))
# Covariances of the errors of two tasks; those of measured scores are independent.
COVARIANCES: Final = tuple(
    f"cov_{first}_{second}"
    for place, first in enumerate(BENCHMARK_KEYS)
    for second in BENCHMARK_KEYS[place + 1 :]
)


def placed_rows(measured: Collection[str]) -> pd.DataFrame:
    """Every placed base that is not measured, one row a model.

    Args:
        measured: model ids that stand on the board already; letter case is ignored.

    Returns:
        The columns of :data:`core.board.assemble.COLUMNS`, with LIMITS (90%, points), COVARIANCES (points
        squared), n_reports, n_scores, evidence ("placed" or "size only"). ``*_se`` is the standard deviation
        whose 90% interval is as wide as the placement's. Only kinds base and continued: reports also score
        tuned models.

    Raises:
        SourceUnavailableError: the placement or the catalogue is missing.
    """
    known = {name.lower() for name in measured}
    everyone = _everyone()
    return everyone[~everyone["model_id"].str.lower().isin(known)].reset_index(drop=True)


@lru_cache(maxsize=1)
def _everyone() -> pd.DataFrame:
    """Every base of the placement, measured or not: worked out once, whatever boards ask for it."""
    placement = load_placement()
    unpublished = set(load_no_base().query("status == 'none published'")["model_id"].str.lower())
    placement = placement[~placement["model_id"].str.lower().isin(unpublished)].reset_index(drop=True)
    catalogue = load_catalogue().set_index("model_id").reindex(placement["model_id"])
    frame = assemble.complete(_reported(placement, catalogue))
    _tell_kinds(frame)
    _apply_catalogue(frame, catalogue)
    _add_figures(frame, placement)
    return frame[frame["kind"].isin(BASE_KINDS)].reset_index(drop=True)


def _reported(placement: pd.DataFrame, catalogue: pd.DataFrame) -> pd.DataFrame:
    """What is reported of each, without scores: kinds must not follow from placed figures."""
    rows = len(placement)
    frame = pd.DataFrame({"model_id": placement["model_id"].astype("str")})
    frame["reported_params_b"] = (
        catalogue["params_b"].fillna(placement.set_index("model_id")["params_b"]).to_numpy(float)
    )
    frame["license"] = pd.array(catalogue["licence"].to_numpy(), dtype="string")
    frame["uploaded"] = pd.to_datetime(pd.Series(catalogue["released"].to_numpy()), format="%Y-%m")
    for name in ("precision", "reported_kind", "architecture", "revision", "declared_base"):
        frame[name] = pd.array([None] * rows, dtype="string")
    for name in ("chat_template", "merged", "moe", "flagged", "official"):
        frame[name] = np.zeros(rows, dtype=bool)
    frame["moe"] = catalogue["active_params_b"].notna().to_numpy()
    frame["likes"] = pd.array([pd.NA] * rows, dtype="Int64")
    frame["submitted"] = pd.Series(pd.NaT, index=frame.index, dtype="datetime64[ms]")
    for name in ("average", *BENCHMARK_KEYS, *(f"{key}_raw" for key in BENCHMARK_KEYS)):
        frame[name] = np.full(rows, np.nan)
    frame["source"] = SOURCE_PLACED
    return frame


def _tell_kinds(frame: pd.DataFrame) -> None:
    """Reports here are tables of bases: what the board's rules can't tell is one, unless named as tuned."""
    tuned = [
        names.has_word(model, names.TUNED_WORDS) is not None or names.is_glued_chat(model)
        for model in frame["model_id"]
    ]
    untold = ~frame["kind"].isin(BASE_KINDS) & ~np.array(tuned, dtype=bool)
    frame.loc[untold, "kind"] = [
        "continued" if _is_anothers(model) else "base" for model in frame.loc[untold, "model_id"]
    ]
    frame.loc[untold, "kind_evidence"] = "a published report scores it among bases"
    frame.loc[untold, "base_state"] = "is_base"


def _is_anothers(model_id: str) -> bool:
    """Whether a name carries another publisher's family, as ``Llama-3-Swallow-8B`` does."""
    place = families.place(model_id)
    return (
        place is not None and place.family.publisher.lower() != (names.organisation(model_id) or "").lower()
    )


def _apply_catalogue(frame: pd.DataFrame, catalogue: pd.DataFrame) -> None:
    """What the catalogue knows goes before what a name suggests."""
    listed = catalogue["source"].notna().to_numpy()
    foreign = catalogue["continued_from"].notna().to_numpy()
    frame.loc[listed, "kind"] = np.where(foreign[listed], "continued", "base")
    frame.loc[listed, "kind_evidence"] = "listed in the catalogue of published bases"
    frame.loc[listed, "base_state"] = "is_base"
    frame.loc[listed, "family"] = pd.array(catalogue["family"].to_numpy()[listed], dtype="string")
    for name, column in (("params_b", "params_b"), ("active_params_b", "active_params_b")):
        values = catalogue[column].to_numpy(float)
        frame[name] = np.where(np.isfinite(values), values, frame[name].to_numpy(float))
    frame.loc[listed & catalogue["params_b"].notna().to_numpy(), "params_evidence"] = (
        "as published, from the catalogue"
    )


def _add_figures(frame: pd.DataFrame, placement: pd.DataFrame) -> None:
    placed = placement.rename(
        columns={"placed_average": "average", "placed_low": "average_low", "placed_high": "average_high"}
    )
    for key in SCORE_KEYS:
        frame[key] = placed[key].to_numpy(float)
        low, high = placed[f"{key}_low"].to_numpy(float), placed[f"{key}_high"].to_numpy(float)
        frame[f"{key}_low"], frame[f"{key}_high"] = low, high
        frame[f"{key}_se"] = (high - low) / (2 * INTERVAL_Z)
    for name in (*COVARIANCES, "n_reports", "n_scores", "evidence"):
        frame[name] = placed[name].to_numpy()
    frame["comparability"] = pd.array(
        [
            "placed by its size alone: no published score is known"
            if evidence == "size only"
            else f"placed from {reports} report{'s' if reports != 1 else ''}, not measured"
            for evidence, reports in zip(placed["evidence"], placed["n_reports"], strict=True)
        ],
        dtype="string",
    )
