"""A tokenizer file's first trial, in a process of its own: does it load and encode within limits?

Patterns of a stranger's ``tokenizer.json`` may take for ever, its rules may ask for all memory. What comes
through is still only used in another process (:mod:`core.tokenizers.workers`): a trial can't try every text.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from core.errors import TokenizerError
from core.sandbox.child import Ended, run_child
from core.sandbox.readers import Slots

if TYPE_CHECKING:
    import threading

MAX_BYTES: Final = 64 * 2**20
# The largest tokenizer in use takes some 5 CPU seconds.
TRIAL_CPU_SECONDS: Final = 20
MEMORY: Final = 4 * 2**30
_CHILDREN: Final = Path(__file__).parent / "children"
# One thread of work each: two files on trial must not take the whole machine.
_SETTINGS: Final = {"TOKENIZERS_PARALLELISM": "false", "HF_HUB_OFFLINE": "1", "RAYON_NUM_THREADS": "1"}
_WHAT_TO_GIVE: Final = "Choose the file tokenizer.json of a model's repository."
_ORIGINAL: Final = "Use the original file of the model's publisher."
_SLOTS: Final = Slots(2)


def check_tokenizer_json(raw: bytes, source: str, cancel: threading.Event | None = None) -> None:
    """Return if the file loads and encodes within bounds; ``cancel``, set elsewhere, ends the trial.

    Raises:
        TokenizerError: too large, not a tokenizer, too slow, or in need of too much memory.
        SourceUnavailableError: the machine was too busy to tell.
        CancelledByReaderError: ``cancel`` was set.
    """
    if len(raw) > MAX_BYTES:
        raise too_large(source)
    # The cheap look first: most wrong files are no JSON object at all.
    if not raw.lstrip()[:1] == b"{":
        raise TokenizerError("This is not a tokenizer.json.", source=source, remedy=_WHAT_TO_GIVE)
    done = in_child("probe.py", [], raw, TRIAL_CPU_SECONDS, source, cancel)
    if done.reason == "cpu":
        raise too_slow(TRIAL_CPU_SECONDS, source)
    if done.reason != "ended" or done.code != 0:
        raise TokenizerError(_cause(done), source=source, remedy=_WHAT_TO_GIVE)


def too_large(source: str) -> TokenizerError:
    """The error for a file beyond ``MAX_BYTES``."""
    return TokenizerError(
        f"The file is larger than {MAX_BYTES // 2**20} MB, more than any known tokenizer.",
        source=source,
        remedy=_WHAT_TO_GIVE,
    )


def in_child(
    script: str,
    arguments: list[str],
    sent: bytes,
    cpu_seconds: int,
    source: str,
    cancel: threading.Event | None,
) -> Ended:
    """Run one of the scripts beside this module on a file, in its turn; arguments as of ``run_child``."""
    with _SLOTS.one(source, cancel):
        return run_child(
            _CHILDREN / script,
            arguments,
            sent,
            memory=MEMORY,
            cpu_seconds=cpu_seconds,
            max_answer=4 * MAX_BYTES,
            cancel=cancel,
            source=source,
            settings=_SETTINGS,
        )


def too_slow(seconds: int, source: str) -> TokenizerError:
    """The error for a file that took all its CPU time."""
    return TokenizerError(
        f"This tokenizer was not ready after {seconds} seconds of computing: a pattern in it takes too long.",
        source=source,
        remedy=_ORIGINAL,
    )


def _cause(done: Ended) -> str:
    last = done.err.decode("utf-8", "replace").strip().splitlines()[-1:] or [""]
    if done.reason != "ended" or done.code < 0 or "MemoryError" in last[0]:
        return "This file could not be read: it needs too much memory or breaks the reader."
    cause = last[0].split(":", 1)[-1].strip()[:200].removeprefix("Cannot instantiate Tokenizer from buffer: ")
    return f"This is not a usable tokenizer.json ({cause})." if cause else "This is not a tokenizer.json."
