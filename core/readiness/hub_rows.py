"""Embedding rows of a model on the Hub, by HTTP range: a few megabytes of a file of gigabytes."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from core.errors import InvalidInputError, SourceUnavailableError
from core.hub.client import Limits, ask, fetch, limits
from core.readiness.embedding_rows import RowReport, examine
from core.readiness.files import LARGEST

if TYPE_CHECKING:
    import threading
    from collections.abc import Collection, Sequence

    from core.hub.client import HubAccess

SECONDS: Final = 60.0
# Of one answer: the largest header, or the largest run of rows.
MAX_BYTES: Final = 20_000_000
_INDEX: Final = "model.safetensors.index.json"
_RANGE: Final = re.compile(r"bytes (\d{1,15})-(\d{1,15})/(\d{1,15})")


class HubRanges:
    """Reads parts of a repository's files: call it with file, first byte, byte after the last.

    Use it within :func:`core.hub.client.limits`.

    Raises:
        SourceUnavailableError: the Hub refuses, is out of reach, or sends the whole file or another part.
        CancelledByReaderError: the reader stopped it.
    """

    def __init__(self, access: HubAccess, repo_id: str, revision: str, bound: Limits) -> None:
        self.access, self.repo_id, self.revision, self.bound = access, repo_id, revision, bound
        self.lengths: dict[str, int] = {}

    def __call__(self, file: str, start: int, end: int) -> bytes:
        if not 0 <= start < end:
            raise InvalidInputError(f"{file} was asked for bytes {start} to {end}, which are none.")
        self.bound.check(end - start)
        path = f"{self.repo_id}/resolve/{quote(self.revision, safe='')}/{quote(file)}"
        asked = {"Range": f"bytes={start}-{end - 1}"}
        status, headers, body = ask(
            lambda: fetch(self.access, path, headers=asked), about=self.repo_id, bound=self.bound
        )
        sent = _RANGE.fullmatch(headers.get("content-range", ""))
        if status != 206 or sent is None:
            raise SourceUnavailableError(
                "The Hub sent the file whole though asked for a part of it.", source=file
            )
        first, last, length = (int(part) for part in sent.groups())
        if first != start or last >= end or len(body) != last - first + 1:
            raise SourceUnavailableError("The Hub sent another part of the file than asked for.", source=file)
        self.lengths[file] = length
        return body

    def length(self, file: str) -> int:
        """Of the whole file, bytes: it comes with every part."""
        if file not in self.lengths:
            self(file, 0, 8)
        return self.lengths[file]


def examine_on_hub(
    access: HubAccess,
    repo_id: str,
    token_ids: Sequence[int],
    *,
    revision: str = "main",
    unused_ids: Collection[int] = (),
    special_ids: Collection[int] = (),
    cancel: threading.Event | None = None,
) -> RowReport:
    """Rows of ``token_ids``, read from the Hub in at most a minute; see :func:`embedding_rows.examine`.

    Raises:
        SourceUnavailableError: see :class:`HubRanges`.
        CancelledByReaderError: ``cancel`` was set.
    """
    with limits(seconds=SECONDS, max_bytes=MAX_BYTES, cancel=cancel) as bound:
        read = HubRanges(access, repo_id, revision, bound)
        weight_map = _weight_map(access, repo_id, revision, bound)
        return examine(
            read,
            token_ids,
            unused_ids=unused_ids,
            special_ids=special_ids,
            weight_map=weight_map,
            length_of=read.length,
        )


def _weight_map(access: HubAccess, repo_id: str, revision: str, bound: Limits) -> dict[str, str] | None:
    """Of the index, None where the weights are one file."""
    from huggingface_hub.errors import EntryNotFoundError  # noqa: PLC0415 - as in core.hub.client

    def attempt() -> bytes | None:
        try:
            return fetch(access, f"{repo_id}/resolve/{quote(revision, safe='')}/{_INDEX}")[2]
        except EntryNotFoundError:
            return None

    raw = ask(attempt, about=repo_id, bound=bound)
    if raw is None:
        return None
    if len(raw) > LARGEST[_INDEX]:
        raise SourceUnavailableError("The index of the weights is larger than any should be.", source=repo_id)
    parsed = json.loads(raw) if raw[:1] == b"{" else {}
    found = parsed.get("weight_map")
    return {str(k): str(v) for k, v in found.items()} if isinstance(found, dict) else {}
