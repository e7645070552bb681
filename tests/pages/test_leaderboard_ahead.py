"""The slider's next stops are worked out before they are asked for, and never at anyone's cost."""

from __future__ import annotations

import threading
import time
from itertools import pairwise

import pytest

from core.ranking.filters import SIZE_STOPS
from pages.parts.leaderboard import view
from pages.parts.leaderboard.ahead import likely
from pages.parts.shell import ahead, board
from tests.page_driver import open_page


def test_a_move_is_expected_to_go_on_in_its_direction() -> None:
    assert likely((0, 9), (0, 10)) == [(0, 8)]
    assert likely((0, 10), (0, 9)) == [(0, 11)]
    assert likely((1, 9), (0.5, 9)) == [(1.5, 9)]


def test_without_a_direction_the_upper_end_may_go_either_way() -> None:
    assert likely((0, 9), None) == [(0, 8), (0, 10)]
    assert likely((3, 9), (0, 150)) == [(3, 8), (3, 10)]


def test_the_slider_ends_where_it_ends_and_its_ends_do_not_cross() -> None:
    assert likely((0, SIZE_STOPS[-1]), None) == [(0, SIZE_STOPS[-2])]
    assert likely((9, 9), (9, 10)) == []
    assert likely((0, 0), (0, 0.5)) == []


@pytest.mark.parametrize("before", [None, (0, 150), (0, 0.5)])
def test_every_expected_size_is_one_that_the_slider_has(before: tuple[float, float] | None) -> None:
    for low, high in pairwise(SIZE_STOPS):
        for size in likely((low, high), before):
            assert set(size) <= set(SIZE_STOPS)
            assert size[0] <= size[1]


def test_only_one_is_worked_out_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ahead, "_PAUSE", 0)
    done: list[str] = []
    go, ended = threading.Event(), threading.Event()

    def first() -> None:
        go.wait(10)
        done.append("first")
        ended.set()

    ahead.soon(first)
    ahead.soon(lambda: done.append("second"))
    go.set()
    assert ended.wait(10)
    _until_free()
    assert done == ["first"]


def test_a_fault_in_it_does_not_end_it_for_good(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ahead, "_PAUSE", 0)
    monkeypatch.setattr(threading, "excepthook", lambda _: None)

    def fail() -> None:
        raise ValueError

    ahead.soon(fail)
    _until_free()
    done = threading.Event()
    ahead.soon(done.set)
    assert done.wait(10)


def test_the_next_stop_is_there_before_it_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ahead, "_PAUSE", 0)
    workers: list[str] = []
    ranked = view.rank_board

    def noting(*given):
        workers.append(threading.current_thread().name)
        return ranked(*given)

    monkeypatch.setattr(view, "rank_board", noting)
    at = open_page("pages/leaderboard.py", size=["0", "4"], by="MUSR", q="7b")
    _until_free()
    # The view itself, and in the background those one stop up and down.
    assert [name == "basewise-ahead" for name in workers] == [False, True, True]

    workers.clear()
    at.select_slider(key="size").set_range(0, 5).run()
    assert not at.exception
    _until_free()
    assert workers == ["basewise-ahead"]  # the stop after that


def test_nothing_is_worked_ahead_for_a_board_of_one_reader(monkeypatch: pytest.MonkeyPatch) -> None:
    """Few of its views are kept, so that the next ones would push out the one in use."""
    begun: list[object] = []
    monkeypatch.setattr(ahead, "soon", begun.append)
    open_page("pages/leaderboard.py", size=["0", "3"])
    assert len(begun) == 1
    monkeypatch.setattr(board, "is_own", lambda key: True)
    open_page("pages/leaderboard.py", size=["0", "3"])
    assert len(begun) == 1


def _until_free() -> None:
    deadline = time.monotonic() + 20
    while ahead._busy.locked():
        assert time.monotonic() < deadline
        time.sleep(0.01)
