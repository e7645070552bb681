"""What is worked out once per board, and how much of it is kept."""

from __future__ import annotations

from pages.parts.shell import board, per_board

SHARED = ("snapshot-", "live-0123456789abcdef-")


def own(number: int) -> str:
    return f"snapshot-reader{number}"


def test_a_board_with_own_rows_is_told_from_one_that_readers_share() -> None:
    assert not any(map(board.is_own, SHARED))
    assert board.is_own(own(1))


def test_shared_results_stay_and_own_ones_make_room_for_each_other() -> None:
    worked: list[str] = []

    @per_board.kept(shared=2, own=2)
    def work(board_key: str, _unhashed: object = None) -> str:
        worked.append(board_key)
        return f"result of {board_key}"

    for key in SHARED:
        assert work(key, object()) == f"result of {key}"
    for number in range(5):
        assert work(own(number)) == f"result of {own(number)}"
    worked.clear()

    for key in SHARED:
        assert work(key, object()) == f"result of {key}"
    assert work(own(4)) == f"result of {own(4)}"
    assert worked == []
    work(own(0))
    assert worked == [own(0)]


def test_two_functions_do_not_see_each_others_results() -> None:
    @per_board.kept(shared=1)
    def one(board_key: str) -> str:
        return f"one {board_key}"

    @per_board.kept(shared=1)
    def two(board_key: str) -> str:
        return f"two {board_key}"

    assert one(SHARED[0]) == "one snapshot-"
    assert two(SHARED[0]) == "two snapshot-"
    assert one(own(1)) == "one snapshot-reader1"
    assert two(own(1)) == "two snapshot-reader1"
