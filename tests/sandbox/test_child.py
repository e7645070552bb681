"""Other processes: their limits, what they see, and what is said about a file when one is passed."""

from __future__ import annotations

import threading

import pytest

from core.errors import CancelledByReaderError, SourceUnavailableError
from core.sandbox.child import Ended, run_child

SECRET = "hf_" + "sEcReT0123456789" * 2


@pytest.fixture
def run(tmp_path):
    def ask(code: str, given: bytes = b"", **changes) -> Ended:
        script = tmp_path / "child.py"
        script.write_text(code)
        limits = {"memory": 2**30, "cpu_seconds": 2, "max_answer": 10_000_000} | changes
        return run_child(script, [], given, **limits)

    return ask


@pytest.mark.parametrize("size", [0, 65_536, 65_537, 5_000_000])
def test_all_of_the_input_arrives_however_late_the_child_reads(run, size):
    late = "import sys, time; time.sleep(0.5); print(len(sys.stdin.buffer.read()))"
    assert run(late, b"x" * size) == Ended("ended", 0, b"%d\n" % size, b"")


def test_cpu_time_is_the_verdict_and_wall_time_is_not(run):
    assert run("while True: pass", cpu_seconds=1).reason == "cpu"
    with pytest.raises(SourceUnavailableError, match=r"server is busy.*again"):
        run("import time; time.sleep(60)", wall_seconds=0.5)


def test_memory_is_bounded(run):
    done = run("x = bytes(2**31)")
    assert done.code == 1
    assert b"MemoryError" in done.err


def test_the_answer_is_bounded_and_so_are_complaints(run):
    much = run("print('x' * 2_000)", max_answer=1_000)
    assert (much.reason, much.out) == ("answer", b"")
    assert run("print('x' * 999)", max_answer=1_000).out == b"x" * 999 + b"\n"
    assert len(run("import sys; sys.stderr.write('x' * 10_000_000)").err) == 65_536


def test_the_child_sees_nothing_of_the_servers_environment(run, monkeypatch):
    for name in ("HF_TOKEN", "HUGGING_FACE_HUB_TOKEN", "AWS_SECRET_ACCESS_KEY", "HTTPS_PROXY", "HOME"):
        monkeypatch.setenv(name, SECRET)
    seen = run("import os; print(dict(os.environ))").out
    assert b"PATH" in seen
    assert SECRET.encode() not in seen


def test_a_reader_can_stop_it(run):
    cancel = threading.Event()
    threading.Timer(0.3, cancel.set).start()
    with pytest.raises(CancelledByReaderError):
        run("import time; time.sleep(60)", cancel=cancel)
