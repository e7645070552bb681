"""Memory goes back where the C library can be asked for it, and nothing breaks where it can't."""

from __future__ import annotations

import ctypes
import platform
import sys

import pytest

from tests.places import ROOT

sys.path.insert(0, str(ROOT / "deploy"))
import give_back


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="another C library")
def test_glibc_is_asked() -> None:
    assert give_back.give_back()


def test_another_c_library_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ctypes, "CDLL", lambda _name: object())
    assert not give_back.give_back()


def test_it_is_asked_again_and_again_until_the_server_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []
    monkeypatch.setattr(give_back, "_EVERY", 0.01)
    monkeypatch.setattr(give_back, "give_back", lambda: asked.append(1) or len(asked) < 3)
    before = give_back.threading.active_count()
    ended = give_back.keep_giving_back()
    for _ in range(500):
        if give_back.threading.active_count() == before:
            break
        ended.wait(0.01)
    assert len(asked) == 3, "until the library refuses"
    ended.set()
