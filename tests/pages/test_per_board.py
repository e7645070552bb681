"""What is worked out once per board, and how much of it is kept."""

from __future__ import annotations

import pandas as pd
import pytest

from pages.parts.shell import per_board
from pages.parts.shell.board import Board

SHARED = ("snapshot-", "live-0123456789abcdef-")


def rows(key: str) -> Board:
    return Board(key, pd.DataFrame())


def own(number: int) -> str:
    return f"snapshot-reader{number}"


def test_a_board_with_own_rows_is_told_from_one_that_readers_share() -> None:
    assert not any(rows(key).is_own for key in SHARED)
    assert rows(own(1)).is_own


def test_shared_results_stay_and_own_ones_make_room_for_each_other() -> None:
    worked: list[str] = []

    @per_board.cached(shared=2, own=2)
    def work(shared: Board, _unhashed: object = None) -> str:
        worked.append(shared.key)
        return f"result of {shared.key}"

    for key in SHARED:
        assert work(rows(key), object()) == f"result of {key}"
    for number in range(5):
        assert work(rows(own(number))) == f"result of {own(number)}"
    worked.clear()

    for key in SHARED:
        assert work(rows(key), object()) == f"result of {key}"
    assert work(rows(own(4))) == f"result of {own(4)}"
    assert worked == []
    work(rows(own(0)))
    assert worked == [own(0)]


def test_two_functions_do_not_see_each_others_results() -> None:
    @per_board.cached(shared=1)
    def one(shared: Board) -> str:
        return f"one {shared.key}"

    @per_board.cached(shared=1)
    def two(shared: Board) -> str:
        return f"two {shared.key}"

    assert one(rows(SHARED[0])) == "one snapshot-"
    assert two(rows(SHARED[0])) == "two snapshot-"
    assert one(rows(own(1))) == "one snapshot-reader1"
    assert two(rows(own(1))) == "two snapshot-reader1"


def test_what_is_no_board_is_refused() -> None:
    @per_board.cached(shared=1)
    def work(shared: Board) -> str:
        return shared.key

    with pytest.raises(TypeError):
        work("snapshot-")  # type: ignore[arg-type]
