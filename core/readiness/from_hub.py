"""The verdict from a model's own files on the Hub: its small files, then the embedding rows that decide."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from core.errors import SourceUnavailableError
from core.hub.cache import now
from core.hub.client import ask, fetch, limits
from core.hub.repo_ids import check_repo_id
from core.readiness.assess import assess
from core.readiness.files import JSON_FILES, LARGEST, LARGEST_OTHER, TEMPLATE, read_files, small_files
from core.readiness.hub_rows import examine_on_hub
from core.readiness.local_rows import asked_ids, spare_ids
from core.readiness.result import ordered
from core.readiness.template import read_template
from core.readiness.tokens import read_tokens

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable, Mapping

    from core.hub.client import HubAccess, Limits
    from core.readiness.embedding_rows import RowReport
    from core.readiness.result import Readiness

SECONDS: Final = 120.0
# The index of the weights is read with the rows, by its own bounds.
_WANTED: Final = (
    *(name for name in JSON_FILES if name != "model.safetensors.index.json"), TEMPLATE, "README.md",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class FromHub:
    """A verdict, the commit it holds for, when it was read (ISO 8601, UTC), and what could not be read.

    ``small`` holds the contents of the files that are small enough to keep (:func:`small_files`).
    """

    readiness: Readiness
    revision: str
    read: str
    files: tuple[str, ...]
    notes: tuple[str, ...] = ()
    small: Mapping[str, bytes] = field(default_factory=dict)


def assess_from_hub(
    repo_id: str,
    access: HubAccess,
    *,
    cancel: threading.Event | None = None,
    on_bytes: Callable[[int, int | None], None] | None = None,
) -> FromHub:
    """Read a repository's small files and embedding rows, at one commit, and judge by them.

    Args:
        repo_id: repository on the Hub.
        access: who asks.
        cancel: set it from another thread to stop.
        on_bytes: as in :func:`core.hub.client.limits`.

    Raises:
        InvalidInputError: not a repository's name.
        SourceUnavailableError: no such repository, gated, or the Hub is out of reach. That rows could not be
            read is a note.
        CancelledByReaderError: ``cancel`` was set.
    """
    name = check_repo_id(repo_id)
    largest = max(LARGEST["tokenizer.json"], LARGEST_OTHER)
    with limits(seconds=SECONDS, max_bytes=largest, cancel=cancel, on_bytes=on_bytes) as bound:
        commit, files = _download(access, name, bound)
    notes: list[str] = []
    report = _rows(access, name, commit, files, cancel, notes)
    found = assess(files, model_id=name, rows=None if report is None else report.states)
    if report is not None:
        found = replace(found, findings=ordered([*found.findings, *report.findings()]))
    held = tuple(file for file, body in files.items() if body is not None)
    return FromHub(found, commit, now()[:19], held, tuple(notes), small_files(files))


def _download(access: HubAccess, name: str, bound: Limits) -> tuple[str, dict[str, bytes | None]]:
    info = ask(lambda: access.api().model_info(name, timeout=10), about=name, bound=bound)
    held = {entry.rfilename for entry in info.siblings or ()}
    commit = str(info.sha or "main")
    files: dict[str, bytes | None] = {}
    for file in _WANTED:
        if file not in held:
            files[file] = None
            continue
        path = f"{name}/resolve/{quote(commit, safe='')}/{file}"
        files[file] = ask(lambda path=path: fetch(access, path)[2], about=name, bound=bound)  # type: ignore[misc]
    return commit, files


def _rows(
    access: HubAccess,
    name: str,
    commit: str,
    files: dict[str, bytes | None],
    cancel: threading.Event | None,
    notes: list[str],
) -> RowReport | None:
    """Rows of the tokens an answer may end with; None, with a note, where they can't be read."""
    found = read_files(files)
    tokens = read_tokens(found)
    asked = asked_ids(tokens, read_template(found, tokens.ids, tokens.names.get("bos", "")))
    if not asked:
        notes.append("Its files name no token an answer may end with, so no embedding row was read.")
        return None
    try:
        return examine_on_hub(
            access, name, asked, revision=commit, unused_ids=spare_ids(tokens),
            special_ids=set(tokens.ids.values()), cancel=cancel,
        )  # fmt: skip
    except SourceUnavailableError as problem:
        notes.append(f"Its embedding rows could not be read: {problem.what}")
        return None
