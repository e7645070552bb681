"""The leaderboard as the Hub has it today: revalidated, checked, kept; never worse than what was there."""

from __future__ import annotations

import hashlib
import time
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

from core.errors import CancelledByReaderError, DataError, InvalidTableError, SourceUnavailableError
from core.hub import cache
from core.hub.client import HubAccess, access_from_environment, ask, fetch, limits

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable
    from pathlib import Path

    import pandas as pd

    from core.hub.client import Limits

    Progress: TypeAlias = Callable[[str, float | None], None]

DATASET: Final = "open-llm-leaderboard/contents"
_PARQUET: Final = f"api/datasets/{DATASET}/parquet/default/train/0.parquet"
SECONDS: Final = 120.0
# Bytes that the board, far below its limit of rows, may unpack to.
_MAX_UNPACKED: Final = 64_000_000
_AGAIN: Final = "The last good board stays in use; the next check may find a repaired one."


@dataclass(frozen=True, slots=True)
class LiveBoard:
    """The live board and where it came from. ``frame`` is shared: never changed in place."""

    frame: pd.DataFrame
    manifest: cache.Manifest

    def describe(self) -> str:
        """Source, its date, and when it was fetched, in one line."""
        fetched = datetime.fromisoformat(self.manifest.fetched)
        return (
            f"{DATASET}, state of {self.manifest.source_date[:10] or 'an unknown date'}, "
            f"fetched {fetched:%Y-%m-%d %H:%M} UTC ({_age_in_words(datetime.now(UTC) - fetched)})."
        )


def _age_in_words(age: timedelta) -> str:
    if age < timedelta(minutes=-1):
        return "by a clock that was ahead of this one"
    days = max(age.days, 0)
    return ("less than a day ago", "a day ago")[days] if days < 2 else f"{days:,} days ago"


@dataclass(frozen=True, slots=True)
class Refreshed:
    """How a check ended. ``cause`` says in one sentence why nothing newer is shown; ``note`` what to know."""

    outcome: Literal["updated", "unchanged", "failed", "stopped"]
    board: LiveBoard | None
    cause: str = ""
    remedy: str = ""
    note: str = ""


def load() -> pd.DataFrame:
    """The live board in the contract's schema: asked for now, else the last good copy.

    Raises:
        SourceUnavailableError: the Hub can't be reached and nothing was stored before.
    """
    result = refresh(access_from_environment())
    if result.board is None:
        raise SourceUnavailableError(result.cause, source=DATASET, remedy=result.remedy)
    return result.board.frame


def stored(folder: Path | None = None) -> LiveBoard | None:
    """The last good copy on this machine, without asking anyone.

    Raises:
        DataError: there is one, and it can't be used.
    """
    kept = cache.read(folder or default_folder())
    return None if kept is None else LiveBoard(to_board(kept.body), kept.manifest)


def default_folder() -> Path:
    return cache.cache_home() / "board"


def refresh(
    access: HubAccess,
    *,
    folder: Path | None = None,
    cancel: threading.Event | None = None,
    progress: Progress = lambda _step, _share: None,
    seconds: float = SECONDS,
) -> Refreshed:
    """Ask the Hub for the board; take over what is newer and whole, keep the old for everything else.

    First the dataset's revision, then, if that changed, the file under its ``ETag``. The new table is read
    and checked in full before anything stored is touched. Failures don't raise: they come back as
    ``outcome="failed"`` with the last good board and the cause.

    Args:
        access: endpoint and token.
        folder: where the copy is kept; the cache's own folder by default.
        cancel: set it to stop.
        progress: told a step in words and the share of it done (0-1), None where that isn't known.
        seconds: for all of it.
    """
    folder = folder or default_folder()
    before = _last_checked(folder)
    deadline = time.monotonic() + seconds
    progress("Waiting for its turn", None)
    try:
        with cache.locked(folder, seconds=seconds / 2) as alone:
            left = max(deadline - time.monotonic(), 1.0)
            with limits(
                seconds=left,
                max_bytes=cache.MAX_TABLE_BYTES,
                cancel=cancel,
                on_bytes=partial(_tell, progress),
            ) as bound:
                return _refresh(access, folder, bound, progress, writable=alone, before=before)
    except cache.CacheNotKeptError as problem:
        with limits(
            seconds=seconds, max_bytes=cache.MAX_TABLE_BYTES, cancel=cancel, on_bytes=partial(_tell, progress)
        ) as bound:
            result = _refresh(access, folder, bound, progress, writable=False, before=before)
            return replace(result, note=str(problem))


def _refresh(
    access: HubAccess, folder: Path, bound: Limits, progress: Progress, *, writable: bool, before: str
) -> Refreshed:
    last, note = _last_good(folder)
    if last is not None and last.manifest.checked != before:
        # Changed while this one waited for the lock.
        return Refreshed("unchanged", last, note="Another process of this app had just checked it.")
    try:
        progress("Asking for the board's revision", None)
        revision, date = _revision(access, bound)
        if last is not None and revision and revision == last.manifest.revision:
            return _unchanged(folder, last, last.manifest, writable, note)
        progress("Downloading the board", 0.0)
        etag = {"If-None-Match": last.manifest.etag} if last is not None and last.manifest.etag else {}
        status, headers, body = ask(
            partial(fetch, access, _PARQUET, headers=etag), about=DATASET, bound=bound
        )
        if last is not None and status == 304:
            found = replace(last.manifest, revision=revision, source_date=date)
            return _unchanged(folder, last, found, writable, note)
        progress("Checking the table", None)
        frame = to_board(body)
        bound.check()
    except CancelledByReaderError as stop:
        return Refreshed("stopped", last, stop.what, stop.remedy, note)
    except DataError as problem:
        return Refreshed("failed", last, problem.what, problem.remedy, note)
    moment = cache.now()
    manifest = cache.Manifest(
        source=DATASET,
        revision=revision or headers.get("x-repo-commit", ""),
        etag=headers.get("etag", ""),
        source_date=date,
        fetched=moment,
        checked=moment,
        sha256=hashlib.sha256(body).hexdigest(),
        bytes=len(body),
    )
    if writable:
        try:
            cache.write(folder, body, manifest)
        except cache.CacheNotKeptError as problem:
            note = str(problem)
    return Refreshed("updated", LiveBoard(frame, manifest), note=note)


def to_board(body: bytes) -> pd.DataFrame:
    """The table of the Hub's dataset in the contract's schema.

    Raises:
        InvalidTableError: not Parquet, cut short, or not the board's columns and values.
    """
    from core.board import assemble, contents  # noqa: PLC0415
    from core.sandbox import parquet  # noqa: PLC0415

    try:
        raw = parquet.read_columns(
            body,
            contents.HUB_COLUMNS,
            name=DATASET,
            max_rows=contents.MAX_ROWS,
            max_columns=contents.MAX_COLUMNS,
            answer=_MAX_UNPACKED,
        )
    except InvalidTableError as problem:
        raise InvalidTableError(problem.what, source=DATASET, remedy=_AGAIN) from None
    checked, _ = contents.drop_repeats(contents.check_hub_columns(raw, source=DATASET))
    return assemble.complete(assemble.from_hub(checked))


def _last_good(folder: Path) -> tuple[LiveBoard | None, str]:
    try:
        return stored(folder), ""
    except DataError as problem:
        return None, problem.what


def _last_checked(folder: Path) -> str:
    try:
        manifest = cache.read_manifest(folder)
    except cache.CacheDamagedError:
        return ""
    return manifest.checked if manifest is not None else ""


def _revision(access: HubAccess, bound: Limits) -> tuple[str, str]:
    """The dataset's commit and the date of it, "" where the Hub doesn't say."""
    info = ask(
        lambda: access.api().dataset_info(DATASET, expand=["sha", "lastModified"], timeout=10),
        about=DATASET,
        bound=bound,
    )
    date = info.last_modified
    return info.sha or "", date.date().isoformat() if date is not None else ""


def _unchanged(
    folder: Path, last: LiveBoard, manifest: cache.Manifest, writable: bool, note: str
) -> Refreshed:
    board = replace(last, manifest=replace(manifest, checked=cache.now()))
    if writable:
        try:
            cache.write_manifest(folder, board.manifest)
        except cache.CacheNotKeptError as problem:
            note = str(problem)
    return Refreshed("unchanged", board, note=note)


def _tell(progress: Progress, received: int, expected: int | None) -> None:
    # Answers about the board are small; only its file is worth a bar.
    if expected is not None and expected > 50_000:
        progress("Downloading the board", received / expected)
