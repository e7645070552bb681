"""Rows of one's own below the board, worked out as the board's rows are."""

from __future__ import annotations

from typing import Final

import pandas as pd

from core.board import assemble
from core.importers.contract_frame import FLAGS, TEXTS
from core.schema import BENCHMARKS

OWN_SUFFIX: Final = "-own-run"
STATED: Final = "as you said"
_SIZE_FACTS: Final = (
    "params_b",
    "reported_params_b",
    "active_params_b",
    "size_class_b",
    "params_evidence",
)
_OTHER_FACTS: Final = ("architecture", "license", "uploaded")
_KIND_FACTS: Final = ("kind", "kind_evidence", "family", "base_id", "base_state")


def append_to_board(board: pd.DataFrame, rows: pd.DataFrame) -> pd.DataFrame:
    """The board with ``rows`` below it, in the board's columns and types.

    Kind, family and size are worked out from the names as for the board, unless stated. Facts about a model
    that is on the board already are taken from there; the id of its added row gets ``-own-run`` behind it,
    so that no page takes one for the other. What remains unknown is NA; of the flags, only
    ``chat_template`` can say so, the others claim nothing (False).

    Args:
        board: as :func:`core.leaderboard.load_leaderboard` returns it; not changed.
        rows: as :func:`core.importers.contract_frame.contract_frame` makes them.
    """
    own = complete_rows(rows)
    _take_facts(own, board)
    known = set(board["model_id"])
    own["model_id"] = [f"{name}{OWN_SUFFIX}" if name in known else name for name in own["model_id"]]
    own["primary"] = ~own.duplicated("model_id", keep="last")
    aligned = pd.DataFrame(
        {name: _as_type_of(board[name], own.get(name), len(own)) for name in board.columns}
    )
    return pd.concat([board, aligned], ignore_index=True)


def complete_rows(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows by themselves with every column of the board: kind, family, size and errors worked out.

    ``chat_template`` is a nullable flag where it isn't known; else as
    :func:`core.board.assemble.complete` makes them.
    """
    rows = rows.reset_index(drop=True)
    reported = rows.copy()
    for name in FLAGS:
        reported[name] = reported[name].fillna(value=False).astype(bool)
    for name in TEXTS:
        reported[name] = reported[name].astype(object).where(reported[name].notna(), None)
    own = assemble.complete(reported)
    own["chat_template"] = rows["chat_template"]
    if own["chat_template"].notna().all():
        own["chat_template"] = own["chat_template"].astype(bool)
    for error in ("average_se", *(benchmark.se for benchmark in BENCHMARKS)):
        own[error] = rows[error].where(rows[error].notna(), own[error])
    for size in ("params_b", "params_evidence"):
        own[size] = rows[size].where(rows["params_b"].notna(), own[size])
    stated = rows["kind"].notna()
    own["kind"] = rows["kind"].where(stated, own["kind"])
    own["kind_evidence"] = rows["kind_evidence"].where(
        stated & rows["kind_evidence"].notna(), own["kind_evidence"]
    )
    own["base_state"] = own["base_state"].mask(stated & rows["kind"].isin(["base", "continued"]), "is_base")
    return own


def _take_facts(own: pd.DataFrame, board: pd.DataFrame) -> None:
    facts = board.drop_duplicates("model_id").set_index("model_id")
    on_board = own["model_id"].isin(facts.index)
    unstated = on_board & (own["kind_evidence"] != STATED)
    unsized = on_board & own["params_b"].isna()
    for columns, rows in ((_KIND_FACTS, unstated), (_SIZE_FACTS, unsized), (_OTHER_FACTS, on_board)):
        for column in columns:
            if rows.any():
                own.loc[rows, column] = own.loc[rows, "model_id"].map(facts[column])


def _as_type_of(like: pd.Series, values: pd.Series | None, rows: int) -> pd.Series:
    """``values`` in the type of ``like``; a flag that isn't known keeps its NA in a nullable type."""
    if values is None:
        values = pd.Series([pd.NA] * rows, dtype="object")
    if like.dtype == bool:
        has_unknown = bool(values.isna().any())
        return values.astype("boolean" if has_unknown else "bool")
    return values.astype(like.dtype)
