"""Load a tokenizer from wherever it is: the Hub, a folder, a file or its bytes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from core.errors import InvalidInputError
from core.tokenizers import files

if TYPE_CHECKING:
    import os
    import threading
    from collections.abc import Callable

    from core.tokenizers.tokenizer import Tokenizer


def load(
    source: str | os.PathLike[str] | bytes,
    *,
    revision: str | None = None,
    cancel: threading.Event | None = None,
    on_bytes: Callable[[int, int | None], None] | None = None,
) -> Tokenizer:
    """A checked tokenizer.

    Args:
        source: a Hub repo id (``Qwen/Qwen2.5-7B``), a local folder, a tokenizer file, or its bytes: a
            ``tokenizer.json``, ``tekken.json``, SentencePiece model or tiktoken file.
        revision: branch, tag or commit, for a Hub repo only; by default its main branch, pinned to the
            commit it is at.
        cancel: set it from another thread to stop a download or the reading of given bytes.
        on_bytes: told of a download, as in :func:`core.hub.client.limits`.

    Raises:
        TokenizerError: no tokenizer there, not a tokenizer, over 64 MB, too slow, or changed by conversion.
        SourceUnavailableError: the Hub can't be reached, refuses, is too slow, or has no such repo.
        CancelledByReaderError: ``cancel`` was set.
        InvalidInputError: neither a file nor the name of a repository.
    """
    if isinstance(source, bytes):
        return files.from_bytes(source, "uploaded file", cancel)
    if isinstance(source, str) and _names_a_repo(source):
        from core.tokenizers.hub_files import fetch_tokenizer  # noqa: PLC0415 - only the Hub needs the client

        return fetch_tokenizer(source, revision, cancel=cancel, on_bytes=on_bytes)
    path = Path(source)
    if path.is_dir():
        return files.from_folder(path)
    if path.is_file():
        return files.from_file(path)
    raise InvalidInputError(
        "There is no such file or folder.",
        source=path.name[:80],
        remedy="Give a Hub repository as publisher/name, a folder, or a tokenizer.json.",
    )


def _names_a_repo(source: str) -> bool:
    """A path that exists wins; otherwise one slash at most and nothing that marks a path."""
    if not source or len(source) > 200 or Path(source).exists():
        return False
    return not source.startswith((".", "/", "~", "\\")) and not source.endswith(
        (".json", ".model", ".tiktoken", "/")
    )
