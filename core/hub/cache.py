"""One downloaded table kept on disk: a file named by its content, and a manifest that points at it.

The manifest is moved into place last, so a process killed at any point leaves the old pair or the new one.
Files stand under ``BASEWISE_CACHE``, else ``XDG_CACHE_HOME``, else ``~/.cache``; never in the project.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import stat
import threading
from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final

from core.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Iterator

CACHE_SCHEMA: Final = 1
MAX_TABLE_BYTES: Final = 64_000_000
_MANIFEST: Final = "manifest.json"
_MAX_MANIFEST_BYTES: Final = 16_000


class CacheDamagedError(DataError):
    """What is stored can't be used; the sentence says why."""


class CacheNotKeptError(DataError):
    """Nothing could be stored; what was stored before is untouched."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """Where a stored table came from. Times are ISO 8601 in UTC."""

    source: str
    revision: str
    etag: str
    source_date: str
    fetched: str
    checked: str
    sha256: str
    bytes: int
    schema_version: int = CACHE_SCHEMA


@dataclass(frozen=True, slots=True)
class Cached:
    manifest: Manifest
    body: bytes


def cache_home() -> Path:
    """Where this app keeps files between runs."""
    if own := os.environ.get("BASEWISE_CACHE"):
        return Path(own).expanduser()
    base = os.environ.get("XDG_CACHE_HOME")
    return (Path(base).expanduser() if base else Path.home() / ".cache") / "basewise"


def read(folder: Path) -> Cached | None:
    """The stored table, checked against its manifest; None where nothing was ever stored.

    Raises:
        CacheDamagedError: something is stored and can't be trusted.
    """
    for attempt in (1, 2):
        manifest = read_manifest(folder)
        if manifest is None:
            return None
        body = read_file(folder / f"{manifest.sha256}.parquet", MAX_TABLE_BYTES)
        if body is not None and hashlib.sha256(body).hexdigest() == manifest.sha256:
            return Cached(manifest, body)
        # Another process may have moved a newer pair into place between the two reads.
        if attempt == 2 or read_manifest(folder) == manifest:
            break
    raise CacheDamagedError(
        "The stored copy of the live board is damaged and was set aside.", source=folder.name
    )


def read_manifest(folder: Path) -> Manifest | None:
    text = read_file(folder / _MANIFEST, _MAX_MANIFEST_BYTES)
    if text is None:
        return None
    try:
        stored = json.loads(text)
        version = stored.get("schema_version")
        if isinstance(version, int) and version != CACHE_SCHEMA:
            age = "an older" if version < CACHE_SCHEMA else "a newer"
            raise CacheDamagedError(
                f"The stored copy of the live board was written by {age} version of this app.",
                source=folder.name,
            )
        manifest = Manifest(**{name.name: stored[name.name] for name in fields(Manifest)})
        _check(manifest)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise CacheDamagedError(
            "The note beside the stored copy of the live board is damaged.", source=folder.name
        ) from None
    return manifest


def write(folder: Path, body: bytes, manifest: Manifest) -> None:
    """Store a table and its manifest; both or neither. Call it within :func:`locked`.

    Raises:
        CacheNotKeptError: the folder can't be written to or the disk is full.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        table = folder / f"{manifest.sha256}.parquet"
        if read_file(table, MAX_TABLE_BYTES) != body:
            write_file(table, body)
        _write_manifest(folder, manifest)
    except OSError as error:
        raise _not_kept(error) from None
    with contextlib.suppress(OSError):
        for old in [*folder.glob("*.parquet"), *folder.glob("*.part")]:
            if old != table:
                old.unlink()


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Note that the stored table was found to be current; as :func:`write`."""
    try:
        _write_manifest(folder, manifest)
    except OSError as error:
        raise _not_kept(error) from None


@contextlib.contextmanager
def locked(folder: Path, *, seconds: float) -> Iterator[bool]:
    """Hold the folder against other processes; the kernel lets go when a process dies.

    Yields False where no lock can be had within ``seconds``.

    Raises:
        CacheNotKeptError: the folder can't be written to at all.
    """
    from filelock import FileLock, Timeout  # noqa: PLC0415 - comes with huggingface_hub, only needed here

    lock = FileLock(folder / ".lock")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock.acquire(timeout=seconds)
    except Timeout:
        yield False
        return
    except (OSError, NotImplementedError) as error:
        raise _not_kept(error) from None
    try:
        yield True
    finally:
        lock.release()


def now() -> str:
    """This moment, to the microsecond: two checks never look like one."""
    return datetime.now(UTC).isoformat(timespec="microseconds")


def is_recent(checked: str, within: timedelta) -> bool:
    """Whether ``checked`` lies within the last ``within``. A time in the future never counts."""
    age = datetime.now(UTC) - datetime.fromisoformat(checked)
    return timedelta(0) <= age < within


def _check(manifest: Manifest) -> None:
    texts = (manifest.source, manifest.revision, manifest.etag, manifest.source_date)
    if not all(isinstance(value, str) for value in texts) or not isinstance(manifest.bytes, int):
        raise TypeError
    if len(manifest.sha256) != 64 or not set(manifest.sha256) <= set("0123456789abcdef"):
        raise ValueError
    for moment in (manifest.fetched, manifest.checked):
        if datetime.fromisoformat(moment).tzinfo is None:
            raise ValueError


def read_file(path: Path, limit: int) -> bytes | None:
    """The whole file; None where there is none, it can't be read, or it is larger than ``limit`` bytes.

    A link, a pipe or a device put in its place is no file: opening a pipe would wait for ever.
    """
    try:
        number = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
        with open(number, "rb") as file:  # noqa: PTH123 - by its number
            if not stat.S_ISREG(os.fstat(number).st_mode):
                return None
            body = file.read(limit + 1)
    except OSError:
        return None
    return body if len(body) <= limit else None


def _write_manifest(folder: Path, manifest: Manifest) -> None:
    write_file(folder / _MANIFEST, json.dumps(asdict(manifest), indent=1).encode())


def write_file(path: Path, body: bytes) -> None:
    """Move ``body`` into place at once, on the disk before it is: whenever it ends, all is there or nothing.

    Raises:
        OSError: it can't be written; what was there before is untouched.
    """
    aside = path.with_name(f"{path.name}.{os.getpid()}.{threading.get_ident()}.part")
    try:
        with contextlib.suppress(FileNotFoundError):
            aside.unlink()
        with aside.open("xb") as file:
            file.write(body)
            file.flush()
            os.fsync(file.fileno())
        os.replace(aside, path)  # noqa: PTH105 - the call whose atomicity is meant
    except OSError:
        with contextlib.suppress(OSError):
            aside.unlink(missing_ok=True)
        raise


def _not_kept(error: BaseException) -> CacheNotKeptError:
    reason = (
        os.strerror(error.errno).lower() if isinstance(error, OSError) and error.errno else "no locks here"
    )
    return CacheNotKeptError(
        f"A copy could not be kept on disk ({reason}).",
        source="cache",
        remedy="It is used until this app stops. Set BASEWISE_CACHE to a folder that can be written to.",
    )
