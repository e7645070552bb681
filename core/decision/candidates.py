"""From board rows to candidates: one row per model, with the figure of each criterion.

What the frame already holds is kept, what it lacks is added, so that a bare leaderboard is enough.
"""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from core import licences
from core.decision import (
    criteria,
    language_figures,
    memory_figures,
    native,
    number_figures,
    simulation,
    unknowns,
)
from core.errors import InvalidTableError
from core.ranking.filters import nominal_size
from core.schema import BENCHMARKS, SOURCE_BOARD

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy.typing as npt

    from core.decision.tasks import Task

    Floats = npt.NDArray[np.float64]

# Kinds that are offered to build on, and those a reader may let in beside them.
BUILDABLE: Final = ("base", "continued", "instruct")

# Columns of today's field, in the order of :func:`core.decision.simulation.pair_products`.
_COVARIANCES: Final = tuple(f"cov_{one.key}_{other.key}" for one, other in combinations(BENCHMARKS, 2))

_DEFAULTS: Final[dict[str, Any]] = {
    "kind": "base",
    "params_b": np.nan,
    "license": None,
    "architecture": None,
    "average": np.nan,
    "source": SOURCE_BOARD,
    "uploaded": pd.NaT,
    "evidence": "measured",
    "layer_kinds": None,
    "context_length": np.nan,
}


def candidate_frame(
    board: pd.DataFrame,
    task: Task,
    *,
    pairs: pd.DataFrame | None = None,
    configs: Mapping[str, Mapping[str, Any]] | None = None,
) -> pd.DataFrame:
    """One row per model, with the columns every later step reads.

    Args:
        board: rows in the contract's schema, those of a board or of today's field; ``model_id`` is required,
            anything else may be missing and then counts as unknown.
        task: the question; figures that depend on it (numbers, memory) are for its targets and GPU.
        pairs: from :func:`core.variants.pairs.pair_variants`; worked out from ``board`` if not given.
        configs: model id -> ``config.json``, where one is at hand, for the memory of models whose layer
            sizes are not embedded.

    Returns:
        The board's columns, with added: size_b (nominal billions), capability and capability_se (points),
        instruct_id, instruct_average and instruct_average_se, one_token_share, first_token_floor (in the
        unit of the answer), first_token_settles (share), tokens_per_1000_chars, memory_gb with _low_gb and
        _high_gb, gpu_gb, memory_headroom_gb, licence_freedom, gated, native, age_months, language_score and
        the rest of :func:`core.decision.language_figures.columns`, and of
        :func:`core.readiness.short.load_readiness` stops, plain_end, eu_commercial and
        trained_embeddings_needed.

    Raises:
        InvalidTableError: there is no column ``model_id``, or it holds blanks.
    """
    if "model_id" not in board or board["model_id"].isna().any():
        raise InvalidTableError(
            "A table of candidates needs a column model_id without blanks.",
            remedy="Pass the leaderboard, or rows of it.",
        )
    if pairs is None and "instruct_average" not in board:
        pairs = _pairs(board)
    frame = _one_row_each(board).reset_index(drop=True)
    for column, default in _DEFAULTS.items():
        if column not in frame:
            frame = frame.assign(**{column: default})
    added: dict[str, Any] = {}
    _add_capability(frame, task, added)
    if "size_b" not in frame:
        added["size_b"] = nominal_size(frame).to_numpy(float, na_value=np.nan)
    if "instruct_average" not in frame:
        added.update(_instruct(frame, board, pairs))
    if "licence_freedom" not in frame:
        freedom = {key: licences.freedom(licences.by_key(key)) for key in frame["license"].unique()}
        added["licence_freedom"] = frame["license"].map(freedom).astype(float).to_numpy()
    if "gated" not in frame:
        added["gated"] = licences.gated(frame["model_id"]).to_numpy()
    # Costly figures are worked out only for models one may build on.
    asked = frame["kind"].isin({*BUILDABLE[:2], *task.kinds}).to_numpy()
    if "native" not in frame:
        added["native"] = _native(frame, asked)
    if "eu_commercial" not in frame:
        added.update(_readiness(frame, asked))
    if "language_value" not in frame:
        added.update(language_figures.columns(frame["model_id"], task.languages))
    if "age_months" not in frame:
        dated = frame["uploaded"] if "uploaded" in board or "submitted" not in board else frame["submitted"]
        added["age_months"] = _age(dated)
    if "one_token_share" not in frame:
        added.update(number_figures.columns(frame["model_id"], asked, task))
    if "memory_gb" not in frame:
        added.update(memory_figures.columns(frame, asked, task, configs=configs))
    if "gpu_gb" not in frame:
        added["gpu_gb"] = memory_figures.gpu_gb(task)
    if "memory_headroom_gb" not in frame:
        needed = added["memory_gb"] if "memory_gb" in added else frame["memory_gb"].to_numpy(float)
        added["memory_headroom_gb"] = memory_figures.gpu_gb(task) - np.asarray(needed, dtype=float)
    return frame.assign(**added)


def benchmark_values(frame: pd.DataFrame) -> tuple[Floats, Floats, npt.NDArray[np.bool_]]:
    """Benchmarks in points, their standard errors, and where they were filled in; all n x 6.

    A missing score takes what is typical of models with the same scores elsewhere, with all their scatter as
    its error (:mod:`core.decision.unknowns`): it puts a model neither ahead nor behind.
    """
    score = np.column_stack([_floats(frame, each.key) for each in BENCHMARKS])
    error = np.column_stack([_floats(frame, each.se) for each in BENCHMARKS])
    score[~np.isfinite(score)] = np.nan
    filled = np.isnan(score)
    elsewhere = _elsewhere(score) if filled.any() else score
    for k in np.flatnonzero(filled.any(axis=0)).tolist():
        missing = filled[:, k]
        centre, scatter = unknowns.typical(score[~missing, k], elsewhere[~missing, k], elsewhere[missing, k])
        score[missing, k] = np.maximum(centre, 0)
        error[missing, k] = scatter.std()
    return score, np.nan_to_num(error), filled


def _elsewhere(score: Floats) -> Floats:
    """How each row stands on its other known benchmarks, in standard deviations (n x 6); 0 where on none."""
    known = ~np.isnan(score)
    count = known.sum(axis=0)
    mean = np.divide(np.nansum(score, axis=0), count, out=np.zeros(score.shape[1]), where=count > 0)
    off = np.where(known, score - mean, 0.0)
    spread = np.sqrt((off**2).sum(axis=0) / np.maximum(count, 1))
    standard = off / np.where(spread > 0, spread, 1.0)
    others = known.sum(axis=1, keepdims=True) - known
    return np.asarray((standard.sum(axis=1, keepdims=True) - standard) / np.maximum(others, 1))


def covariances(frame: pd.DataFrame) -> Floats:
    """Covariances of the errors of each two benchmarks, n x 15 in points squared; 0 where none are given.

    The pairs stand in the order of :func:`core.decision.simulation.pair_products`.
    """
    if not set(_COVARIANCES) & set(frame.columns):
        return np.zeros((len(frame), len(_COVARIANCES)))
    return np.nan_to_num(np.column_stack([_floats(frame, name) for name in _COVARIANCES]))


def _add_capability(frame: pd.DataFrame, task: Task, added: dict[str, Any]) -> None:
    keys = tuple(each.key for each in BENCHMARKS)
    shares = criteria.benchmark_shares(task, keys)
    score, error, filled = benchmark_values(frame)
    # A model without any score that counts has no capability to speak of.
    none_known = filled[:, shares > 0].all(axis=1)
    added["capability"] = np.where(none_known, np.nan, score @ shares)
    variance = error**2 @ shares**2 + 2 * (covariances(frame) @ simulation.pair_products(shares[None])[0])
    added["capability_se"] = np.where(none_known, np.nan, np.sqrt(np.maximum(variance, 0)))
    added["scores_filled"] = (filled & (shares > 0)).sum(axis=1)


def _one_row_each(board: pd.DataFrame) -> pd.DataFrame:
    """The primary run of each model, in the board's order."""
    if board["model_id"].is_unique:
        return board
    order = board
    if "primary" in board:
        order = board.sort_values("primary", ascending=False, kind="stable")
    elif "average" in board:
        # Without a primary run the lower average is kept: the flattering one of two runs proves nothing.
        order = board.sort_values("average", kind="stable")
    return board.loc[sorted(order.index[~order["model_id"].duplicated()])]


def _instruct(frame: pd.DataFrame, board: pd.DataFrame, pairs: pd.DataFrame | None) -> dict[str, Any]:
    """The best official instruct variant of each base."""
    empty = np.full(len(frame), np.nan)
    blank = {
        "instruct_id": pd.array([None] * len(frame), dtype="string"),
        "instruct_average": empty,
        "instruct_average_se": empty,
    }
    if pairs is None or pairs.empty or "average" not in board:
        return dict(blank)
    official = pairs.loc[pairs["relation"] == "official_instruct", ["base_id", "variant_id"]]
    runs = _one_row_each(board).set_index("model_id")
    known = official[official["variant_id"].isin(runs.index)]
    known = known.assign(average=runs["average"].reindex(known["variant_id"]).to_numpy())
    best = known.sort_values("average", ascending=False, kind="stable").drop_duplicates("base_id")
    best = best.set_index("base_id").reindex(frame["model_id"])
    error = runs["average_se"] if "average_se" in runs else pd.Series(0.0, index=runs.index)
    return {
        "instruct_id": pd.array(best["variant_id"].to_numpy(), dtype="string"),
        "instruct_average": best["average"].to_numpy(float),
        "instruct_average_se": error.reindex(best["variant_id"]).to_numpy(float),
    }


def _native(frame: pd.DataFrame, asked: npt.NDArray[np.bool_]) -> pd.api.extensions.ExtensionArray:
    """Whether each loads without its publisher's code: by its class, else by what is known of its family."""
    from core.readiness import short  # noqa: PLC0415 - a bare start doesn't need it

    loads = {name: native.loads_natively(name) for name in frame["architecture"].unique()}
    found = [loads[name] for name in frame["architecture"]]
    for i in np.flatnonzero(asked).tolist():
        if found[i] is None:
            remote = short.for_model(str(frame["model_id"].iloc[i])).remote_code
            found[i] = None if remote is None else not remote
    return pd.array(found, dtype="boolean")


def _readiness(frame: pd.DataFrame, asked: npt.NDArray[np.bool_]) -> dict[str, Any]:
    """What is known beforehand of how a base stops and whether what is tuned from it may be sold."""
    from core.readiness import short  # noqa: PLC0415 - a bare start doesn't need it

    rows = [
        short.for_model(str(name)) if wanted else short.Short(str(name))
        for name, wanted in zip(frame["model_id"], asked.tolist(), strict=True)
    ]
    return {
        "stops": pd.array([row.stops for row in rows], dtype="string"),
        "plain_end": pd.array([row.plain_end for row in rows], dtype="string"),
        "eu_commercial": pd.array([row.eu_commercial for row in rows], dtype="boolean"),
        "trained_embeddings_needed": pd.array(
            [row.trained_embeddings_needed for row in rows], dtype="boolean"
        ),
    }


def _pairs(board: pd.DataFrame) -> pd.DataFrame | None:
    needed = {"organization", "kind", "params_b", "average"}
    if not needed <= set(board.columns):
        return None
    from core.variants.pairs import pair_variants  # noqa: PLC0415 - not needed when the caller has the pairs

    return pair_variants(board)


def _age(uploaded: pd.Series[pd.Timestamp]) -> Floats:
    """Months before the newest upload in the frame."""
    dates = pd.to_datetime(uploaded, errors="coerce")
    if dates.isna().all():
        return np.full(len(dates), np.nan)
    months = (dates.max() - dates).dt.days / 30.44
    return np.asarray(months, dtype=np.float64)


def _floats(frame: pd.DataFrame, column: str) -> Floats:
    if column not in frame:
        return np.full(len(frame), np.nan)
    return pd.to_numeric(frame[column], errors="coerce").to_numpy(dtype=float, na_value=np.nan).copy()
