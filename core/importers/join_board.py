"""Rows of one's own below the board, worked out as the board's rows are."""

from __future__ import annotations

from typing import Final

import pandas as pd

from core.board import assemble, runs
from core.importers.contract_frame import FLAGS, SOURCE_OWN_RUN, TEXTS
from core.importers.run_arguments import is_packed
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
    own = _completed(rows, board)
    known = set(board["model_id"])
    own["model_id"] = [f"{name}{OWN_SUFFIX}" if name in known else name for name in own["model_id"]]
    _number_runs(own)
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
    own = _completed(rows, None)
    _number_runs(own)
    return own


def _completed(rows: pd.DataFrame, board: pd.DataFrame | None) -> pd.DataFrame:
    """All columns of the board; facts come from ``board`` where the model stands on it."""
    rows = rows.reset_index(drop=True)
    known_as = rows["weights_of"].fillna(rows["model_id"])
    reported = rows.copy()
    for name in FLAGS:
        reported[name] = reported[name].fillna(value=False).astype(bool)
    for name in TEXTS:
        reported[name] = reported[name].astype(object).where(reported[name].notna(), None)
    reported["model_id"] = known_as.astype("str")
    own = assemble.complete(reported)
    _keep_given(own, rows)
    if board is not None:
        _take_facts(own, rows, board)
        bases = board.loc[board["kind"].isin(runs.BASE_KINDS), "model_id"]
        own["base_state"] = own["base_state"].mask(
            own["base_state"].eq("off_board") & own["base_id"].isin(bases), "on_board"
        )
    own["model_id"] = rows["model_id"].astype(own["model_id"].dtype)
    own["organization"] = rows["organization"].astype(own["organization"].dtype)
    _no_packed_bases(own, rows, known_as)
    own["comparability"] = _joined(rows["comparability"], runs.comparability(own))
    own["primary"] = runs.primary_rows(own)
    for name in ("kind", "kind_evidence", "params_evidence", "source"):
        own[name] = own[name].astype("str")
    return own


def _keep_given(own: pd.DataFrame, rows: pd.DataFrame) -> None:
    """What the rows say themselves stands over what would be worked out."""
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
    own["base_state"] = own["base_state"].mask(stated & rows["kind"].isin(runs.BASE_KINDS), "is_base")


def _take_facts(own: pd.DataFrame, rows: pd.DataFrame, board: pd.DataFrame) -> None:
    """Facts about models that are on the board; what rows state themselves, as adapters do, stays theirs."""
    facts = board.drop_duplicates("model_id").set_index("model_id")
    on_board = own["model_id"].isin(facts.index)
    unstated = on_board & rows["kind"].isna()
    unsized = on_board & own["params_b"].isna()
    for columns, chosen in ((_KIND_FACTS, unstated), (_SIZE_FACTS, unsized), (_OTHER_FACTS, on_board)):
        for column in columns:
            if chosen.any():
                own.loc[chosen, column] = own.loc[chosen, "model_id"].map(facts[column])


def _no_packed_bases(own: pd.DataFrame, rows: pd.DataFrame, known_as: pd.Series) -> None:
    """A base run in four bits is not the base that people would tune: kind ``other``, with the reason."""
    packed = [bool(isinstance(text, str) and is_packed(text)) for text in own["precision"]]
    unstated = rows["kind"].isna() | (rows["source"] == SOURCE_OWN_RUN)
    chosen = pd.Series(packed, index=own.index) & own["kind"].isin(runs.BASE_KINDS) & unstated
    for place in own.index[chosen]:
        own.loc[place, "kind"] = "other"
        own.loc[place, "kind_evidence"] = (
            f"{known_as[place]} with packed weights ({own.loc[place, 'precision']})"
        )
        own.loc[place, "base_state"] = "unknown"


def _joined(one: pd.Series, other: pd.Series) -> pd.Series:
    """Both notes where there are two that differ."""
    both = [
        told
        if not isinstance(more, str)
        else more
        if not isinstance(told, str) or told in more
        else told
        if more in told
        else f"{told}; {more}"
        for told, more in zip(one, other, strict=True)
    ]
    return pd.Series(both, index=one.index, dtype="string")


def _number_runs(own: pd.DataFrame) -> None:
    """Number rows of one name from several uploads, a run among them: none stands in another's place."""
    repeated = own.duplicated("model_id", keep=False)
    is_run = own["source"] == SOURCE_OWN_RUN
    taken = set(own["model_id"])
    for name in own.loc[repeated & is_run, "model_id"].unique():
        number = 2
        for row in own.index[own["model_id"] == name][1:]:
            while f"{name}-{number}" in taken:
                number += 1
            own.loc[row, "model_id"] = f"{name}-{number}"
            taken.add(f"{name}-{number}")


def _as_type_of(like: pd.Series, values: pd.Series | None, rows: int) -> pd.Series:
    """``values`` in the type of ``like``; a flag that isn't known keeps its NA in a nullable type."""
    if values is None:
        values = pd.Series([pd.NA] * rows, dtype="object")
    if like.dtype == bool:
        has_unknown = bool(values.isna().any())
        return values.astype("boolean" if has_unknown else "bool")
    return values.astype(like.dtype)
