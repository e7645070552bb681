"""Slots for work on files from outside: in turn, reader by reader."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from core.errors import CancelledByReaderError, SourceUnavailableError
from core.sandbox import readers
from core.sandbox.readers import Slots


def test_a_reader_who_brings_much_leaves_a_slot_to_others():
    slots = Slots(2)
    release, greedy = threading.Event(), []

    def hold() -> None:
        with readers.acting_for("greedy"), slots.one("file"):
            greedy.append(1)
            release.wait(20)

    with ThreadPoolExecutor(5) as pool:
        for _ in range(5):
            pool.submit(hold)
        with readers.acting_for("other"), slots.one("file"):
            assert len(greedy) <= 1
        release.set()
    assert len(greedy) == 5


def test_waiting_ends_by_stop_and_by_the_long_limit(monkeypatch):
    slots = Slots(1)
    cancel = threading.Event()
    with readers.acting_for("one"), slots.one("file"):
        threading.Timer(0.2, cancel.set).start()
        with readers.acting_for("two"), pytest.raises(CancelledByReaderError), slots.one("file", cancel):
            pass
        monkeypatch.setattr(readers, "WALL_SECONDS", 0.1)
        with readers.acting_for("two"), pytest.raises(SourceUnavailableError), slots.one("file"):
            pass
    with slots.one("file", threading.Event()):
        pass


def test_a_script_names_its_reader_and_a_thread_beside_it_can_act_for_them(monkeypatch):
    monkeypatch.setattr(readers, "_finders", [])
    assert readers.current() == ""
    readers.name_by(lambda: "session")
    assert readers.current() == "session"
    with readers.acting_for("another"):
        assert readers.current() == "another"
