"""One model: what the field, the reports, the languages and the readiness tables know of it."""

from __future__ import annotations

from typing import Any

from core.answers.listed import COLUMNS
from core.answers.rows import head, plain, records, rows
from core.errors import InvalidInputError
from core.hub.repo_ids import check_repo_id
from core.languages import load_languages
from core.placement import load_cells
from core.ranking.filters import one_run_each
from core.readiness.short import load_readiness
from core.tokenizers.facts import for_models


def describe_model(model_id: str, *, when: str = "today") -> dict[str, Any]:
    """Figures with their sources; None is unknown.

    Returns:
        head, ``model`` (as a row of :func:`core.answers.list_field`, without ranks), ``tokenizer``,
        ``languages``, ``readiness`` and ``reports``: printed figures beside what the placement expects.

    Raises:
        InvalidInputError: no repository's name, or a model the field doesn't hold.
    """
    name = check_repo_id(model_id)
    everyone = one_run_each(rows(when))
    own = everyone[everyone["model_id"].str.lower() == name.lower()]
    if own.empty:
        raise InvalidInputError(f"{name} is not in the field.", remedy="Look for it: field with search.")
    name = str(own["model_id"].iloc[0])
    ranks = {"rank", "rank_low", "rank_high", "score", "score_se"}
    spoken, ready, cells = load_languages(), load_readiness(), load_cells()
    ready = ready[ready["model_id"] == name]
    return head(when) | {
        "model": records(own, [column for column in COLUMNS if column not in ranks])[0],
        "tokenizer": plain(for_models([name]).to_dict("records")[0]),
        "languages": records(
            spoken[spoken["model_id"] == name], ("language", "score", "low", "high", "source")
        ),
        "readiness": plain(ready.iloc[0].to_dict()) if len(ready) else None,
        "reports": records(
            cells[cells["model_id"] == name],
            ("study", "benchmark", "shots", "value", "expected", "low", "high", "doubt"),
        ),
    }
