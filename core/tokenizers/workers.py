"""Processes that hold strangers' tokenizers and encode with them, so that nothing of theirs runs here.

A few processes are shared by all readers. Each question has limits of CPU time, memory and answer; passing
one, or crashing the library, ends that process only. Why no pool from a library: their workers inherit the
environment, import the caller's ``__main__`` and send pickles back, which must not be read from a process
that ran a stranger's file.
"""

from __future__ import annotations

import atexit
import hashlib
import os
import struct
import subprocess
import threading
import time
from collections import OrderedDict
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import msgspec

from core.errors import TokenizerError
from core.sandbox.child import WALL_SECONDS, busy, start
from core.sandbox.turns import Turns

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

# One more than there are cores, four at most: one stuck reader never holds them all.
SLOTS: Final = max(2, min(4, (os.cpu_count() or 1) + 1))
# Tokenizers a process keeps loaded; the one not used longest goes first.
HELD: Final = 4
LOAD_CPU_SECONDS: Final = 20
CALL_CPU_SECONDS: Final = 5
# Real tokenizers encode 20 times as much in a second.
_CHARACTERS_PER_CPU_SECOND: Final = 50_000
MEMORY: Final = 4 * 2**30
_LOAD_MEMORY: Final = 3 * 2**30
_CALL_MEMORY: Final = 2**30
MAX_ANSWER: Final = 32 * 2**20
IDLE_SECONDS: Final = 600.0
# Questions that ended a process are not asked again for this long: a page asks the same at each rerun.
_REFUSED_SECONDS: Final = 600.0
_MAX_REFUSED: Final = 256
_SCRIPT: Final = Path(__file__).parent / "children" / "serve.py"
_SETTINGS: Final = {"TOKENIZERS_PARALLELISM": "true", "RAYON_NUM_THREADS": "2", "MALLOC_ARENA_MAX": "2"}
_SIGKILL, _SIGXCPU = -9, -24
_ORIGINAL: Final = "Use the original file of the model's publisher, or a shorter text."


class Card(msgspec.Struct, frozen=True):
    """What is known of a tokenizer once it is loaded; ``states``: marks found in normalizer and such."""

    vocab_size: int
    special: int
    added: dict[int, str]
    states: tuple[str, str, str]
    byte_fallback: bool
    continuing_prefix: str
    end_of_word: str


class Answer(msgspec.Struct, frozen=True):
    """What a process said; only what was asked for is filled."""

    error: str = ""
    missing: bool = False
    too_much: bool = False
    lengths: bytes = b""
    ids: bytes = b""
    offsets: bytes = b""
    text: str = ""
    tokens: tuple[str | None, ...] = ()
    card: Card | None = None


class _EndedError(Exception):
    """The process is gone; ``code`` as Popen gives it, None where it answered more than allowed."""

    def __init__(self, code: int | None) -> None:
        super().__init__(code)
        self.code = code


class Worker:
    """One process, used by one thread at a time; started when first asked."""

    def __init__(self) -> None:
        self.holds: OrderedDict[str, None] = OrderedDict()
        self.used = time.monotonic()
        self._child: subprocess.Popen[bytes] | None = None

    def ask(
        self, question: dict[str, Any], raw: Callable[[], bytes], load: dict[str, int], source: str
    ) -> Answer:
        """Ask; ``raw`` gives the file where this process doesn't hold it, ``load`` the limits to read it."""
        key: str = question["key"]
        if key in self.holds:
            answer = self._exchange(question | {"raw": b""}, source)
            if not answer.missing:
                self.holds.move_to_end(key)
                return answer
        # Loaded by a question of its own, with the limits of one.
        loaded = self._exchange({"action": "card", "key": key, "raw": raw()} | load, source)
        self.holds[key] = None
        while len(self.holds) > HELD:
            self.holds.popitem(last=False)
        if loaded.error or question["action"] == "card":
            return loaded
        return self._exchange(question | {"raw": b""}, source)

    def end_if_idle(self) -> None:
        """End it where nobody has asked anything for ``IDLE_SECONDS``."""
        if time.monotonic() - self.used > IDLE_SECONDS:
            self.end()

    def end(self) -> None:
        """Kill it; the next question starts another."""
        child, self._child = self._child, None
        self.holds.clear()
        if child is None:
            return
        child.kill()
        child.wait()
        for pipe in (child.stdin, child.stdout):
            if pipe is not None:
                try:
                    pipe.close()
                except OSError:
                    continue  # what it still held for a dead process

    def _exchange(self, question: dict[str, Any], source: str) -> Answer:
        child = self._child
        if child is None:
            child = self._child = start(
                _SCRIPT,
                [str(HELD)],
                memory=MEMORY,
                cpu_seconds=0,
                stdin=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                settings=_SETTINGS,
            )
        late = threading.Event()

        def give_up() -> None:
            late.set()
            child.kill()

        timer = threading.Timer(WALL_SECONDS, give_up)
        timer.daemon = True
        timer.start()
        try:
            body = _talk(child, msgspec.msgpack.encode(question | {"max_answer": MAX_ANSWER}))
            return msgspec.msgpack.decode(body, type=Answer)
        except (OSError, EOFError, msgspec.MsgspecError):
            code = self._how_it_ended(child)
        finally:
            timer.cancel()
            self.used = time.monotonic()
        if late.is_set():
            raise busy(source)
        raise _EndedError(code)

    def _how_it_ended(self, child: subprocess.Popen[bytes]) -> int | None:
        try:
            code: int | None = child.wait(timeout=2)
        except subprocess.TimeoutExpired:
            code = None  # alive, and saying what it must not
        self.end()
        return code


def _talk(child: subprocess.Popen[bytes], body: bytes) -> bytes:
    if child.stdin is None or child.stdout is None:
        raise EOFError
    child.stdin.write(struct.pack("<I", len(body)))
    child.stdin.write(body)
    child.stdin.flush()
    head = child.stdout.read(4)
    if len(head) < 4:
        raise EOFError
    size: int = struct.unpack("<I", head)[0]
    if size > MAX_ANSWER:
        raise EOFError
    answer = child.stdout.read(size)
    if len(answer) < size:
        raise EOFError
    return answer


class Workers:
    """The processes, and whose turn it is."""

    def __init__(self, slots: int = SLOTS) -> None:
        self._turns: Turns[Worker] = Turns([Worker() for _ in range(slots)])
        self._refused: OrderedDict[bytes, tuple[float, TokenizerError]] = OrderedDict()
        self._lock = threading.Lock()
        self._tidying = False

    def ask(
        self, action: str, key: str, raw: Callable[[], bytes], *, source: str, reader: str = "", **more: Any
    ) -> Answer:
        """One question about the tokenizer ``key`` (the SHA-256 of its file, which ``raw`` gives).

        ``reader``: whose turn it takes; by default the tokenizer's.

        Raises:
            TokenizerError: it takes too long, needs too much memory, answers too much or breaks the library.
            SourceUnavailableError: the machine was too busy to tell.
        """
        try:
            mark = (
                hashlib.sha256(msgspec.msgpack.encode([action, key, more])).digest()
                if self._refused
                else None
            )
            self._refuse_again(mark)
            return self._ask(action, key, raw, source, reader or key, more)
        except UnicodeEncodeError:
            raise TokenizerError(
                "The text holds half a character (a lone surrogate).", source=source, remedy="Remove it."
            ) from None

    def _ask(
        self, action: str, key: str, raw: Callable[[], bytes], source: str, reader: str, more: dict[str, Any]
    ) -> Answer:
        size = sum(map(len, more.get("texts", ()))) + 4 * len(more.get("ids", ()))
        seconds = min(CALL_CPU_SECONDS + size // _CHARACTERS_PER_CPU_SECOND, 60)
        question = {"action": action, "key": key, "cpu_seconds": seconds, "memory": _CALL_MEMORY, **more}
        load = {"cpu_seconds": LOAD_CPU_SECONDS, "memory": _LOAD_MEMORY}
        for last in (False, True):
            try:
                with self._worker(key, reader, source) as worker:
                    answer = worker.ask(question, raw, load, source)
            except _EndedError as ended:
                # Killed from outside, as the system does without memory: that says nothing of the file.
                if ended.code == _SIGKILL and not last:
                    continue
                if ended.code == _SIGKILL:
                    raise busy(source) from None
                error = _why(ended.code, source)
                self._remember([action, key, more], error)
                raise error from None
            return _checked(answer, source)
        raise busy(source)

    @contextmanager
    def _worker(self, key: str, reader: str, source: str) -> Iterator[Worker]:
        def fit(worker: Worker) -> tuple[bool, int]:
            return key not in worker.holds, len(worker.holds)

        worker = self._turns.take(reader, fit, WALL_SECONDS)
        if worker is None:
            raise busy(source)
        try:
            self._tidy()
            yield worker
        except BaseException as error:
            # Between a question and its answer a process is of no use to the next reader.
            if not isinstance(error, UnicodeEncodeError):
                worker.end()
            raise
        finally:
            self._turns.give_back(reader, worker)

    def _remember(self, asked: list[Any], error: TokenizerError) -> None:
        mark = hashlib.sha256(msgspec.msgpack.encode(asked)).digest()
        with self._lock:
            self._refused[mark] = (time.monotonic() + _REFUSED_SECONDS, error)
            while len(self._refused) > _MAX_REFUSED:
                self._refused.popitem(last=False)

    def _refuse_again(self, mark: bytes | None) -> None:
        if mark is None:
            return
        with self._lock:
            until, error = self._refused.get(mark, (0.0, None))
            if error is None:
                return
            if time.monotonic() < until:
                raise TokenizerError(error.what, source=error.source, remedy=error.remedy)
            del self._refused[mark]

    def _tidy(self) -> None:
        with self._lock:
            if self._tidying:
                return
            self._tidying = True
        threading.Thread(target=self._end_idle, daemon=True, name="idle tokenizer processes").start()
        atexit.register(self.end)

    def _end_idle(self) -> None:
        while True:
            time.sleep(IDLE_SECONDS / 10)
            self._turns.each_idle(Worker.end_if_idle)

    def end(self) -> None:
        """End every process that no one is using."""
        self._turns.each_idle(Worker.end)


def _why(code: int | None, source: str) -> TokenizerError:
    if code == _SIGXCPU:
        what = "This tokenizer takes too long over this text: it used up the computing time allowed."
    elif code is None:
        what = "This tokenizer makes too many tokens of this text."
    else:
        what = "This tokenizer needs too much memory for this text, or breaks the library that reads it."
    return TokenizerError(what, source=source, remedy=_ORIGINAL)


def _checked(answer: Answer, source: str) -> Answer:
    if answer.too_much:
        raise _why(None, source)
    if answer.error:
        raise TokenizerError(
            f"This tokenizer can't encode the text ({answer.error[:120]}).", source=source, remedy=_ORIGINAL
        )
    return answer


SHARED: Final = Workers()
