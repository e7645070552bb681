"""The board with what is known of today's bases: placed rows, release months, publishers, limits."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from core import licences
from core.board.runs import BASE_KINDS
from core.catalogue import load_catalogue
from core.field.placed import COVARIANCES, LIMITS, placed_rows
from core.importers.contract_frame import OWN_SOURCES
from core.importers.join_board import OWN_SUFFIX
from core.memory import architectures
from core.ranking.ranks import INTERVAL_Z
from core.schema import SCORE_KEYS

# What the field's rows have beyond the board's.
ADDED: Final = (
    "evidence", "released", "publisher", "context_length", "modality", "layer_kinds", "pretrain_tokens_t",
    "instruct_variants", "gated", *LIMITS, *COVARIANCES, "n_reports", "n_scores",
)  # fmt: skip


def with_placed(board: pd.DataFrame) -> pd.DataFrame:
    """Today's field: the rows of a board and, below them, every base that is only placed.

    A reader's row without an average doesn't take the place of a placed base: it stands beside it, with
    ``-own-run`` behind its id as the rows of models on the board have.

    Args:
        board: in the contract's schema; not changed.

    Returns:
        The board's columns and index, with ADDED; the placed rows follow with the next labels.

        * evidence: "measured", "placed" or "size only"
        * released: str YYYY-MM, from the catalogue, else the month of the upload to the Hub
        * publisher: the catalogue's name for it, else the organisation on the Hub
        * gated: True where known, else NA
        * average_low, average_high and those of the six: points, 90%; of a measured score from its
          standard error
        * cov_<task>_<task>: points squared, 0 for measured rows
        * n_reports, n_scores: Int64, NA for measured rows
        * context_length: tokens, from the catalogue, else from the table of layer sizes, else NA
        * modality, layer_kinds, pretrain_tokens_t (trillions), instruct_variants: from the catalogue, else
          NA; parts separated by ``|``

    Raises:
        SourceUnavailableError: the placement or the catalogue is missing.
    """
    partly = board["average"].isna() & board["source"].isin(OWN_SOURCES)
    placed = placed_rows(frozenset(board.loc[~partly, "model_id"]))
    placed.index = pd.RangeIndex(len(placed)) + (0 if board.empty else int(board.index.max()) + 1)
    for name in board.columns.intersection(placed.columns):
        placed[name] = placed[name].astype(board[name].dtype)
    frame: pd.DataFrame = pd.concat([_measured(board), placed])
    _describe(frame)
    beside = board.index[partly & board["model_id"].str.lower().isin(placed["model_id"].str.lower())]
    frame.loc[beside, "model_id"] += OWN_SUFFIX
    return frame


def as_it_was(board: pd.DataFrame) -> pd.DataFrame:
    """The board alone with the columns of :func:`with_placed`, so that both can be used alike."""
    frame = _measured(board)
    _describe(frame)
    return frame


def bases(field: pd.DataFrame) -> pd.DataFrame:
    """The bases of a field, one row a model, numbered anew."""
    return field[field["kind"].isin(BASE_KINDS) & field["primary"]].reset_index(drop=True)


def _measured(board: pd.DataFrame) -> pd.DataFrame:
    added: dict[str, object] = {"evidence": "measured"}
    for key in SCORE_KEYS:
        half = INTERVAL_Z * board[f"{key}_se"]
        added[f"{key}_low"], added[f"{key}_high"] = board[key] - half, board[key] + half
    added.update(dict.fromkeys(COVARIANCES, 0.0))
    for name in ("n_reports", "n_scores"):
        added[name] = pd.array([pd.NA] * len(board), dtype="Int64")
    return pd.concat([board, pd.DataFrame(added, index=board.index)], axis=1)


def _describe(frame: pd.DataFrame) -> None:
    """Add what the catalogue and the board know of each model, scores aside."""
    facts = load_catalogue().set_index("model_id").reindex(frame["model_id"])
    uploaded = pd.to_datetime(frame["uploaded"]).dt.strftime("%Y-%m")
    frame["released"] = _first_known(facts["released"], uploaded)
    frame["publisher"] = _first_known(facts["publisher"], frame["organization"])
    for name in ("modality", "layer_kinds", "pretrain_tokens_t", "instruct_variants"):
        frame[name] = facts[name].array
    shapes = map(architectures.get, frame["model_id"])
    listed = [shape.context_length or pd.NA if shape else pd.NA for shape in shapes]
    frame["context_length"] = (
        facts["context_length"].fillna(pd.Series(listed, index=facts.index, dtype="Int64")).array
    )
    gated = pd.array(licences.gated(frame["model_id"]).to_numpy(), dtype="boolean")
    frame["gated"] = pd.array(np.where(facts["gated"].isna(), gated, facts["gated"]), dtype="boolean")


def _first_known(listed: pd.Series, otherwise: pd.Series) -> pd.Series:
    return pd.Series(listed.to_numpy(), index=otherwise.index, dtype="string").fillna(
        otherwise.astype("string")
    )
