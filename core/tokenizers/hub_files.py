"""A repository's tokenizer files from the Hub: only those, at one commit, kept on disk."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from core.errors import InvalidInputError, SourceUnavailableError
from core.hub.client import access_from_environment, ask, fetch, limits
from core.hub.repo_ids import check_repo_id
from core.tokenizers import kept_files
from core.tokenizers.files import from_files, no_tokenizer, wanted_files
from core.tokenizers.trial import MAX_BYTES, too_large

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable
    from pathlib import Path

    from core.hub.client import HubAccess, Limits
    from core.tokenizers.tokenizer import Tokenizer

SECONDS: Final = 120.0
_COMMIT: Final = re.compile(r"[0-9a-f]{40}")
_REFUSALS: Final = frozenset({401, 403, 404, 410, 451})
_REVISION: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/\-]{0,99}")


def fetch_tokenizer(
    repo_id: str,
    revision: str | None = None,
    *,
    access: HubAccess | None = None,
    cancel: threading.Event | None = None,
    on_bytes: Callable[[int, int | None], None] | None = None,
) -> Tokenizer:
    """Load from a Hub repo. A commit that was fetched before needs no network.

    ``access`` says who asks, by default the environment; what a token opened is kept apart, for that token.
    ``cancel`` and ``on_bytes`` are those of :func:`core.hub.client.limits`.

    Where the Hub can't be reached or fails, the last commit that was fetched answers, and the tokenizer says
    so in its warnings. What is gated, private or gone is said.

    Raises:
        InvalidInputError, TokenizerError, SourceUnavailableError, CancelledByReaderError: as
            :func:`core.tokenizers.loading.load`.
    """
    name = check_repo_id(repo_id)
    if revision is not None and (not _REVISION.fullmatch(revision) or ".." in revision):
        raise InvalidInputError(
            "This is not a revision.", source=name, remedy="Give a branch, tag or commit."
        )
    access = access or access_from_environment()
    folder = kept_files.folder(name, access.mark)
    if revision and _COMMIT.fullmatch(revision) and (kept := kept_files.read(folder / revision)):
        return from_files(kept, name, revision=revision, cancel=cancel)
    try:
        with limits(seconds=SECONDS, max_bytes=MAX_BYTES, cancel=cancel, on_bytes=on_bytes) as bound:
            commit, files = _download(access, name, revision, folder, bound)
    except SourceUnavailableError as error:
        may_answer = revision is None and not _was_refused(error)
        found = kept_files.last(folder) if may_answer else None
        if found is None:
            raise
        commit, files = found
        tokenizer = from_files(files, name, revision=commit, cancel=cancel)
        tokenizer.warnings += (
            f"The Hub did not answer ({error.what}) The copy fetched before is shown, commit {commit[:12]}.",
        )
        return tokenizer
    tokenizer = from_files(files, name, revision=commit, cancel=cancel)
    kept_files.keep(folder, commit, files)
    return tokenizer


def _was_refused(error: SourceUnavailableError) -> bool:
    """Whether the Hub answered and said no, rather than failing or asking to wait."""
    from huggingface_hub.errors import HfHubHTTPError  # noqa: PLC0415 - only a failure needs it

    answer = error.__context__
    return isinstance(answer, HfHubHTTPError) and answer.response.status_code in _REFUSALS


def _download(
    access: HubAccess, name: str, revision: str | None, folder: Path, bound: Limits
) -> tuple[str, dict[str, bytes]]:
    info = ask(
        lambda: access.api().model_info(name, revision=revision, files_metadata=True, timeout=10),
        about=name,
        bound=bound,
    )
    siblings = {entry.rfilename: entry.size for entry in info.siblings or ()}
    wanted = wanted_files(set(siblings))
    commit = info.sha or ""
    if not wanted or not _COMMIT.fullmatch(commit):
        raise no_tokenizer(name)
    if any((siblings[file] or 0) > MAX_BYTES for file in wanted):
        raise too_large(name)
    if kept := kept_files.read(folder / commit):
        return commit, kept
    files = {}
    for file in wanted:
        address = f"{name}/resolve/{commit}/{file}"
        files[file] = ask(lambda address=address: fetch(access, address)[2], about=name, bound=bound)  # type: ignore[misc]
    return commit, files
