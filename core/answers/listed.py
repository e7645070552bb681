"""The field with filters, ranked as the Leaderboard ranks it."""

from __future__ import annotations

import re
from typing import Any, Final

from core.answers.rows import head, records, rows
from core.errors import InvalidInputError
from core.ranking import filters
from core.ranking.ranks import rank_board, tied_at_top
from core.ranking.search import find
from core.schema import SCORE_KEYS

MOST_ROWS: Final = 1_000
COLUMNS: Final = (
    "model_id", "rank", "rank_low", "rank_high", "score", "score_se", "evidence", "released", "publisher",
    "family", "kind", "params_b", "active_params_b", "license", "context_length", "n_reports", "source",
    *(name for key in SCORE_KEYS for name in (key, f"{key}_low", f"{key}_high")),
)  # fmt: skip
_MONTH: Final = re.compile(r"\d{4}-(0[1-9]|1[0-2])", re.ASCII)


def list_field(
    *,
    when: str = "today",
    min_size: float = 0.0,
    max_size: float = 9.0,
    by: str = "average",
    search: str = "",
    since: str = "",
    size_only: bool = False,
    continued: bool = False,
    base_only: bool = True,
    limit: int = 100,
) -> dict[str, Any]:
    """Ranked rows, best first.

    Args:
        when: "today" or "board".
        min_size: billions, included; the size people mean, 9 for all of Gemma-2-9B.
        max_size: billions, included.
        by: a key of :data:`core.schema.SCORE_KEYS`.
        search: keeps rows whose name has these words; ranks are those among all rows that pass the filters.
        since: month of release, YYYY-MM; "" for any.
        size_only: also bases placed by size alone.
        continued: also bases that continue another publisher's.
        base_only: False shows tuned models and merges too.
        limit: at most so many rows, 1 to 1,000.

    Returns:
        head, ``tied_at_top``, ``total``, ``hidden`` (rows by reason) and ``rows``.

    Raises:
        InvalidInputError: an argument can't be used.
    """
    if by not in SCORE_KEYS:
        raise InvalidInputError(
            f"There is no score called {by[:40]}.", remedy=f"Give one of {', '.join(SCORE_KEYS)}."
        )
    if not 1 <= limit <= MOST_ROWS:
        raise InvalidInputError("The limit is out of range.", remedy=f"Give 1 to {MOST_ROWS:,}.")
    if not 0 <= min_size <= max_size:
        raise InvalidInputError("The sizes are no range.", remedy="Give the smaller one first, in billions.")
    if since and not _MONTH.fullmatch(since):
        raise InvalidInputError(f"“{since[:40]}” is no month.", remedy="Write it as YYYY-MM, like 2025-01.")
    chosen = filters.BoardFilter(
        size=(min_size, max_size),
        base_only=base_only,
        continued=continued,
        size_only=size_only,
        since=since,
    )
    found = filters.apply(rows(when), chosen, ranked_by=by)
    ranked = rank_board(found.rows, by)
    shown = ranked[ranked["model_id"].isin(find(ranked["model_id"], search))] if search.strip() else ranked
    return head(when) | {
        "ranked_by": by,
        "total": len(ranked),
        "matching": len(shown),
        "tied_at_top": tied_at_top(ranked) if len(ranked) else 0,
        "hidden": dict(found.hidden),
        "rows": records(shown.head(limit), COLUMNS),
    }
