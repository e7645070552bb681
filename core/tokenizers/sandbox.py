"""Work on files nobody has vouched for, in a process that can be stopped.

A ``tokenizer.json`` from a stranger may hold patterns that take for ever or need all memory. It is tried in a
child process first, with a limit on time and memory; only what came through is loaded here. The child gets
no token and no network settings.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

from core.errors import CancelledByReaderError, TokenizerError

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_BYTES: Final = 64 * 2**20
PROBE_SECONDS: Final = 30.0
CONVERT_SECONDS: Final = 90.0
_MEMORY: Final = 4 * 2**30
_CHILDREN: Final = Path(__file__).parent / "children"
_REFUSED, _UNREADABLE = 3, 4
# Two at a time: a page that loads six tokenizers must not take the whole machine.
_slots = threading.BoundedSemaphore(2)
# Seconds between two looks whether the reader has stopped it.
_LOOK: Final = 0.2


def check_tokenizer_json(raw: bytes, source: str, cancel: threading.Event | None = None) -> None:
    """Return if the file loads and encodes within bounds; ``cancel``, set elsewhere, ends the trial.

    Raises:
        TokenizerError: too large, not a tokenizer, too slow, or in need of too much memory.
        CancelledByReaderError: ``cancel`` was set.
    """
    if len(raw) > MAX_BYTES:
        raise too_large(source)
    # The cheap look first: most wrong files are no JSON object at all.
    if not raw.lstrip()[:1] == b"{":
        raise TokenizerError("This is not a tokenizer.json.", source=source, remedy=_WHAT_TO_GIVE)
    done = _run("probe.py", [], raw, PROBE_SECONDS, source, cancel)
    if done.returncode != 0:
        raise TokenizerError(_reason(done), source=source, remedy=_WHAT_TO_GIVE)


def convert_folder(folder: Path, source: str, cancel: threading.Event | None = None) -> tuple[bytes, str]:
    """A ``tokenizer.json`` made from other tokenizer files, and the name of what made it.

    ``cancel``, set elsewhere, ends the conversion.

    Raises:
        TokenizerError: nothing this app has can read the files, or the conversion encodes differently.
        CancelledByReaderError: ``cancel`` was set.
    """
    done = _run("convert.py", [str(folder)], b"", CONVERT_SECONDS, source, cancel)
    if done.returncode == _REFUSED:
        raise TokenizerError(
            "This repository has no tokenizer.json, and converting its SentencePiece model changes how "
            "text is cut, so it was refused.",
            source=source,
            remedy="Look for a repository of the same model that has a tokenizer.json.",
        )
    if done.returncode != 0 or len(done.stdout) > 4 * MAX_BYTES:
        raise TokenizerError(
            "This repository has no tokenizer.json, and its own files can't be read without running its "
            "code, which this app never does.",
            source=source,
            remedy="Look for a repository of the same model that has a tokenizer.json.",
        )
    answer = json.loads(done.stdout)
    return answer["tokenizer"].encode(), str(answer["loader"])


_WHAT_TO_GIVE: Final = "Choose the file tokenizer.json of a model's repository."


def too_large(source: str) -> TokenizerError:
    return TokenizerError(
        f"The file is larger than {MAX_BYTES // 2**20} MB, more than any known tokenizer.",
        source=source,
        remedy=_WHAT_TO_GIVE,
    )


def _run(
    script: str,
    arguments: list[str],
    sent: bytes,
    seconds: float,
    source: str,
    cancel: threading.Event | None,
) -> subprocess.CompletedProcess[bytes]:
    kept = ("PATH", "LANG", "LC_ALL", "SYSTEMROOT", "TEMP", "TMP", "HOME")
    environment = {name: os.environ[name] for name in kept if name in os.environ}
    environment |= {"TOKENIZERS_PARALLELISM": "false", "HF_HUB_OFFLINE": "1", "RAYON_NUM_THREADS": "1"}
    command = [sys.executable, "-I", str(_CHILDREN / script), str(_MEMORY), *arguments]
    cancel = cancel or threading.Event()
    pipe = subprocess.PIPE
    with (
        _slot(cancel),
        subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, env=environment) as child,  # noqa: S603 - ours
    ):
        end = time.monotonic() + seconds
        given: bytes | None = sent
        while not cancel.is_set() and time.monotonic() < end:
            try:
                out, err = child.communicate(given, timeout=_LOOK)
            except subprocess.TimeoutExpired:
                given = None  # what is left of it is still sent
            else:
                return subprocess.CompletedProcess(command, child.returncode, out, err)
        child.kill()
        child.communicate()
    if cancel.is_set():
        raise _stopped()
    raise TokenizerError(
        f"This tokenizer was not ready within {seconds:.0f} seconds: a pattern in it takes too long.",
        source=source,
        remedy="Use the original file of the model's publisher.",
    )


@contextmanager
def _slot(cancel: threading.Event) -> Iterator[None]:
    while not _slots.acquire(timeout=_LOOK):
        if cancel.is_set():
            raise _stopped()
    try:
        yield
    finally:
        _slots.release()


def _stopped() -> CancelledByReaderError:
    return CancelledByReaderError("The reading was stopped.", remedy="Load it again when you want it.")


def _reason(done: subprocess.CompletedProcess[bytes]) -> str:
    last = done.stderr.decode("utf-8", "replace").strip().splitlines()[-1:] or [""]
    if done.returncode < 0 or "MemoryError" in last[0]:
        return "This file could not be read: it needs too much memory or breaks the reader."
    cause = last[0].split(":", 1)[-1].strip()[:200].removeprefix("Cannot instantiate Tokenizer from buffer: ")
    return f"This is not a usable tokenizer.json ({cause})." if cause else "This is not a tokenizer.json."
