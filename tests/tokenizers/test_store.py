"""Tokenizers shared by sessions: each key is loaded once at a time, whatever the timing."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor

from core.errors import TokenizerError
from core.tokenizers.store import Store


class SlowToLetGo:
    """A lock after whose release the thread that loads rests: every gap between two holds is wide."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.loads = 0

    def __enter__(self) -> None:
        self._lock.acquire()

    def __exit__(self, *_: object) -> None:
        self._lock.release()
        if threading.get_ident() == self.loads:
            time.sleep(0.1)


def ask_in_turn(kept: Store, make, count: int) -> list[object]:
    """Sessions that begin one after another, a hundredth of a second apart."""

    def ask(place: int) -> object:
        time.sleep(place / 100)
        try:
            return kept.get("same", make)
        except TokenizerError:
            return None

    with ThreadPoolExecutor(count) as sessions:
        return list(sessions.map(ask, range(count)))


def test_a_session_that_comes_as_another_is_done_does_not_load_again(monkeypatch):
    kept, made, lock = Store(), [], SlowToLetGo()
    monkeypatch.setattr(kept, "_lock", lock)

    def make() -> object:
        lock.loads = threading.get_ident()
        made.append(1)
        time.sleep(0.02)
        return object()

    found = ask_in_turn(kept, make, 20)

    assert len(made) == 1
    assert set(found) == {found[0]}


def test_after_a_failure_sessions_try_again_one_at_a_time():
    kept, busy, most, tries = Store(), [], [], []

    def make() -> object:
        busy.append(1)
        most.append(len(busy))
        tries.append(1)
        last = len(tries) == 4
        time.sleep(0.03)
        busy.pop()
        if not last:
            raise TokenizerError("no")
        return object()

    found = ask_in_turn(kept, make, 12)

    assert max(most) == 1
    assert len(tries) == 4
    assert found.count(None) == 3
