"""Tokenizer files on disk, one folder for each commit, with the checksums by which damage is seen."""

from __future__ import annotations

import contextlib
import hashlib
import re
import shutil
from typing import TYPE_CHECKING, Final

import msgspec

from core.hub.cache import cache_home, read_file, write_file
from core.tokenizers.files import wanted_files
from core.tokenizers.trial import MAX_BYTES

if TYPE_CHECKING:
    from pathlib import Path

# Repositories kept; the one not used longest goes first.
MAX_KEPT: Final = 40
_COMMIT: Final = re.compile(r"[0-9a-f]{40}")
_SUMS: Final = "sha256.json"
_MAX_SUMS: Final = 10_000


def folder(name: str, mark: str) -> Path:
    """Where a repository's commits stand; ``mark`` of the token that opened it, "" for none."""
    return cache_home() / "tokenizer-files" / (name.replace("/", "--") + (f"@{mark}" if mark else ""))


def read(place: Path) -> dict[str, bytes] | None:
    """The files of one commit; None where one is missing, damaged, or no file of its own."""
    if place.is_symlink() or place.parent.is_symlink():
        return None
    try:
        sums = msgspec.json.decode(read_file(place / _SUMS, _MAX_SUMS) or b"", type=dict[str, str])
    except msgspec.MsgspecError:
        return None
    if not sums or sorted(wanted_files(set(sums))) != sorted(sums):
        return None
    files = {}
    for name, expected in sums.items():
        body = read_file(place / name, MAX_BYTES)
        if body is None or hashlib.sha256(body).hexdigest() != expected:
            return None
        files[name] = body
    return files


def last(repository: Path) -> tuple[str, dict[str, bytes]] | None:
    """The commit stored last."""
    with contextlib.suppress(OSError):
        commits = [entry for entry in repository.iterdir() if _COMMIT.fullmatch(entry.name)]
        for entry in sorted(commits, key=lambda entry: entry.lstat().st_mtime, reverse=True):
            if files := read(entry):
                return entry.name, files
    return None


def keep(repository: Path, commit: str, files: dict[str, bytes]) -> None:
    """Store for the next time; a full or read-only disk is no reason to fail."""
    target = repository / commit
    if read(target) == files:
        with contextlib.suppress(OSError):
            target.touch()
            repository.touch()
        return
    aside = repository / f"{commit}.part"
    with contextlib.suppress(OSError):
        for wrong in (repository, aside, target):
            if wrong.is_symlink():
                wrong.unlink()
        for old in (aside, target):
            shutil.rmtree(old, ignore_errors=True)
        aside.mkdir(parents=True)
        for name, body in files.items():
            write_file(aside / name, body)
        sums = {name: hashlib.sha256(body).hexdigest() for name, body in files.items()}
        write_file(aside / _SUMS, msgspec.json.encode(sums))
        aside.rename(target)
        repos = sorted(repository.parent.iterdir(), key=lambda entry: entry.lstat().st_mtime)
        for old in repos[:-MAX_KEPT]:
            shutil.rmtree(old, ignore_errors=True)
