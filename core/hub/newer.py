"""Bases on the Hub that the catalogue lacks: what its publishers have put up since."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, Final

import pandas as pd

from core.board import names
from core.errors import CancelledByReaderError, DataError, SourceUnavailableError
from core.hub.client import ask, limits
from core.hub.models import from_info, to_rows
from core.hub.repo_ids import check_repo_id
from core.importers.join_board import complete_rows

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable, Collection, Sequence

    from huggingface_hub.hf_api import ExpandModelProperty_T, ModelInfo

    from core.hub.client import HubAccess
    from core.hub.models import HubModel

# Of one publisher: the newest repositories, and how long its list may take and how large it may be.
NEWEST: Final = 60
SECONDS: Final = 20.0
MAX_BYTES: Final = 4_000_000
# Publishers in a row that give no answer before the rest is not asked any more.
_GIVE_UP: Final = 3
_SMALLEST_B: Final = 0.05
_EXPAND: Final[list[ExpandModelProperty_T]] = [
    "author", "baseModels", "cardData", "config", "createdAt", "gated", "lastModified", "likes",
    "pipeline_tag", "safetensors", "sha", "tags",
]  # fmt: skip
_TASKS: Final = {None, "text-generation", "image-text-to-text", "any-to-any"}
_FORMS: Final = frozenset({"onnx", "eagle"})


@dataclass(frozen=True, slots=True)
class Newer:
    """What was found.

    Attributes:
        rows: model_id, publisher, created (YYYY-MM-DD), params_b, license, gated, kind, kind_evidence; newest
            first.
        models: the same, as :func:`core.hub.models.read_model` gives them, without ``config.json``.
        unanswered: publisher and reason, where no list came.
        asked: publishers asked.
    """

    rows: pd.DataFrame
    models: tuple[HubModel, ...] = ()
    unanswered: tuple[tuple[str, str], ...] = ()
    asked: int = 0


def find_newer(
    access: HubAccess,
    publishers: Sequence[str],
    known: Collection[str],
    *,
    since: str,
    cancel: threading.Event | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Newer:
    """Repositories of these publishers that the app's own rules take for bases and that are not known yet.

    Args:
        access: where the Hub is and who asks.
        publishers: organisations on the Hub.
        known: model ids of the field; letter case is ignored.
        since: YYYY-MM-DD; older repositories are passed over.
        cancel: ends the search when set.
        progress: told after each publisher how many of how many are done.

    Returns:
        What was found. A publisher whose list can't be read is named and passed over.

    Raises:
        CancelledByReaderError: ``cancel`` was set.
        SourceUnavailableError: the Hub answers none of the first publishers.
    """
    have = {name.lower() for name in known}
    found: list[HubModel] = []
    unanswered: list[tuple[str, str]] = []
    for place, publisher in enumerate(publishers):
        try:
            found += _list(access, publisher, have, since, cancel)
        except CancelledByReaderError:
            raise
        except DataError as problem:
            unanswered.append((publisher, problem.what))
            if len(unanswered) == place + 1 == _GIVE_UP:
                raise SourceUnavailableError(
                    problem.what, source="the Hub", remedy=problem.remedy
                ) from problem
        if progress is not None:
            progress(place + 1, len(publishers))
    return _told(found, unanswered, len(publishers))


def _list(
    access: HubAccess, publisher: str, have: Collection[str], since: str, cancel: threading.Event | None
) -> list[HubModel]:
    with limits(seconds=SECONDS, max_bytes=MAX_BYTES, cancel=cancel) as bound:
        infos = ask(partial(_newest, access, publisher), about=f"the list of {publisher}", bound=bound)
    kept = []
    for info in infos:
        try:
            name = check_repo_id(str(info.id))
        except DataError:
            continue
        made = info.created_at.date().isoformat() if info.created_at else ""
        if name.lower() in have or made < since or info.pipeline_tag not in _TASKS or _is_a_form(name):
            continue
        kept.append(from_info(info, name))
    return kept


def _newest(access: HubAccess, publisher: str) -> list[ModelInfo]:
    listed = access.api().list_models(author=publisher, sort="created_at", limit=NEWEST, expand=_EXPAND)
    return list(islice(listed, NEWEST))


def _is_a_form(name: str) -> bool:
    """Whether the repository holds another model's weights in another form, or a tuned model by its name."""
    if names.has_word(name, names.QUANTISED_WORDS | _FORMS):
        return True
    if names.base_word(name):
        return False
    tuned = names.has_word(name, names.TUNED_WORDS) or names.mixed_word(name)
    return tuned is not None or names.is_glued_chat(name)


def _told(found: list[HubModel], unanswered: list[tuple[str, str]], asked: int) -> Newer:
    columns = ["model_id", "publisher", "created", "params_b", "license", "gated", "kind", "kind_evidence"]
    if not found:
        return Newer(pd.DataFrame(columns=columns), (), tuple(unanswered), asked)
    told = complete_rows(to_rows(found)).set_index("model_id")
    rows = pd.DataFrame(
        {
            "model_id": [model.repo_id for model in found],
            "publisher": [model.repo_id.partition("/")[0] for model in found],
            "created": [model.created for model in found],
            "params_b": [model.params_b for model in found],
            "license": [model.license for model in found],
            "gated": pd.array([model.gated for model in found], dtype="boolean"),
            "kind": told.loc[[model.repo_id for model in found], "kind"].to_list(),
            "kind_evidence": told.loc[[model.repo_id for model in found], "kind_evidence"].to_list(),
        }
    )
    # A tune by its own publisher names the base it was tuned from; a base names none.
    declared = pd.Series([bool(model.base_models) for model in found])
    tiny = rows["params_b"].fillna(1.0) < _SMALLEST_B
    never = rows["kind"].isin(["instruct", "merge", "other"])
    base = rows["kind"].isin(["base", "continued"]) | (~declared & ~never)
    rows = rows[base & ~tiny].sort_values(["created", "model_id"], ascending=[False, True])
    kept = {model.repo_id: model for model in found}
    return Newer(
        rows.reset_index(drop=True), tuple(kept[name] for name in rows["model_id"]), tuple(unanswered), asked
    )
