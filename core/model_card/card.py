"""One model, gathered: :func:`gather`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from core.board.runs import NEWER_NOTE
from core.hub.repo_ids import check_repo_id
from core.model_card import facts, names, scores
from core.ranking.filters import one_run_each
from core.schema import SCORE_KEYS, SOURCE_PLACED

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from core.hub.models import HubModel

Status = Literal["measured", "placed", "size only", "no base", "unscored", "unknown"]

# For people: what is known of a model's ability, and how.
STATUS_WORDS: Final[dict[Status, str]] = {
    "measured": "measured on the six tasks",
    "placed": "placed from published tables, not measured",
    "size only": "placed by size, date and family alone",
    "no base": "no base was published",
    "unscored": "no score known",
    "unknown": "not known here",
}


@dataclass(frozen=True, slots=True)
class ModelCard:
    """What is known of one model.

    Attributes:
        model_id: as the sources write it.
        status: how its ability is known; "unknown" where no source names the model.
        known: the plain facts.
        scores: of :func:`core.model_card.scores.score_table`.
        sentence: what the average says, "" where there is none.
        n_reports, n_scores: independent studies and scores behind the placement.
        without_base: the catalogue's entry, where no base was published.
        added: what the Hub said, where the reader added the model.
        run: the measured run in the contract's schema, None where there is none.
        remark: what to know before its scores are compared, "" if nothing.
    """

    model_id: str
    status: Status
    known: facts.Facts
    scores: pd.DataFrame
    sentence: str
    n_reports: int
    n_scores: int
    without_base: facts.NoBase | None
    added: HubModel | None
    run: pd.Series | None
    remark: str

    @property
    def hub_url(self) -> str:
        return f"https://huggingface.co/{self.model_id}"


def gather(
    model_id: str, field: pd.DataFrame, added: HubModel | None = None, *, known: Sequence[str] | None = None
) -> ModelCard:
    """Everything that is known of a model, cheap to work out (a few milliseconds).

    Args:
        model_id: any repository of the Hub; letter case is ignored where the model is known.
        field: rows in the contract's schema, measured ones and others, several runs of a model included.
        added: what the Hub said of it, if the reader added it.
        known: of :func:`core.model_card.names.known_names`, if at hand.

    Raises:
        InvalidInputError: ``model_id`` is not the name of a repository.
        SourceUnavailableError: catalogue or placement are missing.
    """
    asked = names.canonical(check_repo_id(model_id), known or names.known_names(field["model_id"]))
    row = _row(asked, field)
    placed = scores.placement_of(asked)
    if placed is None:
        placed = scores.placement_in(row)
    run = row if row is not None and row.get("source") != SOURCE_PLACED and _has_scores(row) else None
    without = facts.no_base(asked)
    plain = facts.collect(asked, row, added)
    table = scores.score_table(run, placed)
    reports, counted = (0, 0) if placed is None else (int(placed["n_reports"]), int(placed["n_scores"]))
    return ModelCard(
        model_id=asked,
        status=_status(
            run, placed, without, is_known=row is not None or added is not None or plain.kind is not None
        ),
        known=plain,
        scores=table,
        sentence=scores.sentence(table, {"n_reports": reports}),
        n_reports=reports,
        n_scores=counted,
        without_base=without,
        added=added,
        run=run,
        remark=_remark(row),
    )


def _row(model_id: str, field: pd.DataFrame) -> pd.Series | None:
    """The row a model is shown by; None where the field has none."""
    rows = field[field["model_id"] == model_id]
    return None if rows.empty else one_run_each(rows).iloc[0]


def _remark(row: pd.Series | None) -> str:
    """The row's own, where it says more than how the scores are known."""
    if row is None or not (said := facts.text(row.get("comparability"))):
        return ""
    is_plain = row.get("source") == SOURCE_PLACED and not said.startswith("entered")
    return "" if is_plain or said == NEWER_NOTE else said


def _has_scores(row: pd.Series) -> bool:
    return bool(row[list(SCORE_KEYS)].notna().any())


def _status(
    run: pd.Series | None, placed: pd.Series | None, without: facts.NoBase | None, *, is_known: bool
) -> Status:
    if run is not None:
        return "measured"
    if without is not None:
        return "no base"
    if placed is not None:
        return "size only" if placed["evidence"] == "size only" else "placed"
    return "unscored" if is_known else "unknown"
