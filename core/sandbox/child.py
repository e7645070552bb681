"""Work on files nobody has vouched for, in another process, within limits.

CPU time, memory and the size of the answer are the file's: passing them says something about the file. Wall
time is the server's: on a busy machine a good file takes long, so that a child that runs out of wall time
is only said to have had no chance yet. The child sees none of the server's environment but what an
interpreter needs to start: no token, no proxy, no key.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Final, Literal

from core.errors import CancelledByReaderError, SourceUnavailableError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

WALL_SECONDS: Final = 300.0
# Seconds between two looks whether the reader has stopped it.
LOOK: Final = 0.2
_KEPT: Final = ("PATH", "LANG", "LC_ALL", "SYSTEMROOT", "LD_LIBRARY_PATH")
# Bytes of the child's complaints that are kept.
_MAX_ERRORS: Final = 65_536
# SIGXCPU, which Windows lacks, as Popen reports it.
_OUT_OF_CPU: Final = -24
# Set in the child, before the script: changing a process between fork and exec isn't safe beside threads.
_START: Final = """
import runpy, sys
memory, cpu, sys.argv = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3:]
try:
    import resource
except ImportError:
    pass  # Windows: wall time alone is bounded
else:
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    if cpu:
        resource.setrlimit(resource.RLIMIT_CPU, (cpu, cpu + 5))
runpy.run_path(sys.argv[0], run_name="__main__")
"""

Reason = Literal["ended", "cpu", "answer"]


@dataclass(frozen=True, slots=True)
class Ended:
    """How a child ended.

    ``reason``: "ended" by itself (or by a signal: ``code`` is then its negative number, as after an abort),
    "cpu" (used more CPU time than allowed) or "answer" (answered more than allowed; ``out`` is then empty).
    ``out``: standard output; ``err``: the first 64 KiB of standard error.
    """

    reason: Reason
    code: int
    out: bytes
    err: bytes


def run_child(
    script: Path,
    arguments: Sequence[str],
    given: bytes,
    *,
    memory: int,
    cpu_seconds: int,
    max_answer: int,
    wall_seconds: float = WALL_SECONDS,
    cancel: threading.Event | None = None,
    source: str = "",
    settings: dict[str, str] | None = None,
) -> Ended:
    """Run a script of ours with ``given`` as its standard input, and wait for its end.

    Args:
        script: a Python file, run by this interpreter in isolated mode.
        arguments: its command line.
        given: what it reads from standard input.
        memory: bytes of address space it may have.
        cpu_seconds: CPU seconds it may use.
        max_answer: bytes it may write to standard output.
        wall_seconds: when the server gives up on it, however little it did.
        cancel: set from elsewhere, ends it.
        source: the file's name, for messages.
        settings: environment variables it needs besides :func:`environment`.

    Raises:
        CancelledByReaderError: ``cancel`` was set.
        SourceUnavailableError: ``wall_seconds`` passed.
    """
    cancel = cancel or threading.Event()
    late = time.monotonic() + wall_seconds
    with _held(given) as stdin:
        child = start(
            script, arguments, memory=memory, cpu_seconds=cpu_seconds, stdin=stdin, settings=settings
        )
    with child:
        out, err = _Reader(child, child.stdout, max_answer), _Reader(None, child.stderr, _MAX_ERRORS)
        try:
            while child.poll() is None:
                if cancel.is_set():
                    raise stopped()
                if time.monotonic() > late:
                    raise busy(source)
                _wait(child)
        finally:
            child.kill()
            code = child.wait()
            # Also where the child was ended early: its pipes must not be closed under their readers.
            answer, complaint = out.result(), err.result()
    if out.full:
        return Ended("answer", code, b"", complaint)
    return Ended("cpu" if code == _OUT_OF_CPU else "ended", code, answer, complaint)


def start(
    script: Path,
    arguments: Sequence[str],
    *,
    memory: int,
    cpu_seconds: int,
    stdin: IO[bytes] | int,
    stderr: int = subprocess.PIPE,
    settings: dict[str, str] | None = None,
) -> subprocess.Popen[bytes]:
    """The child itself, for callers that talk with it; ``cpu_seconds`` 0: it limits itself call by call."""
    command = [sys.executable, "-I", "-c", _START, str(memory), str(cpu_seconds), str(script), *arguments]
    return subprocess.Popen(  # noqa: S603 - this interpreter and our own script
        command,
        stdin=stdin,
        stdout=subprocess.PIPE,
        stderr=stderr,
        env=environment() | (settings or {}),
    )


def environment() -> dict[str, str]:
    """What of the server's environment a child may see."""
    return {name: os.environ[name] for name in _KEPT if name in os.environ}


def busy(source: str) -> SourceUnavailableError:
    """For work that had no chance on a busy machine."""
    return SourceUnavailableError(
        "The server is busy and did not get to this file.", source=source, remedy="Try again in a minute."
    )


def stopped() -> CancelledByReaderError:
    """For work the reader stopped."""
    return CancelledByReaderError("The reading was stopped.", remedy="Load it again when you want it.")


@contextmanager
def _held(given: bytes) -> Iterator[IO[bytes]]:
    """A file that holds ``given``: a child that starts late misses nothing of it, as it may of a pipe."""
    if hasattr(os, "memfd_create"):
        made: IO[bytes] = os.fdopen(os.memfd_create("given"), "w+b")
    else:
        made = tempfile.TemporaryFile()  # noqa: SIM115 - closed below
    with made:
        made.write(given)
        made.seek(0)
        yield made


def _wait(child: subprocess.Popen[bytes]) -> None:
    try:
        child.wait(timeout=LOOK)
    except subprocess.TimeoutExpired:
        return


class _Reader:
    """Reads a pipe to its end, keeps ``most`` bytes, and ends ``child`` where there are more."""

    def __init__(self, child: subprocess.Popen[bytes] | None, pipe: IO[bytes] | None, most: int) -> None:
        self.full = False
        self._child, self._pipe, self._most = child, pipe, most
        self._read = b""
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        if self._pipe is None:
            return
        self._read = self._pipe.read(self._most)
        while more := self._pipe.read(65_536):
            self.full = bool(more)
            if self._child is not None:
                self._child.kill()
                return

    def result(self) -> bytes:
        self._thread.join()
        return self._read
