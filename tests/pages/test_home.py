"""Home answers the question's first part from the data, and leads on."""

from __future__ import annotations

from datetime import date
from urllib.parse import parse_qs

import pytest

from core import overview
from core.decision.both_ways import both_ways, short_answer
from core.field.joined import as_it_was, with_placed
from core.leaderboard import load_leaderboard
from core.ranking import filters
from core.schema import SOURCE_NEWER
from pages.parts.home import home
from tests.page_driver import open_page, words


@pytest.fixture(scope="module")
def seen() -> overview.Overview:
    return overview.describe(as_it_was(load_leaderboard("snapshot")))


def test_counts_are_those_of_the_board(seen: overview.Overview) -> None:
    assert (seen.rows, seen.models, seen.newer) == (4576, 4497, 9)


def test_the_bases_are_those_the_leaderboard_opens_with(seen: overview.Overview) -> None:
    board = load_leaderboard("snapshot")

    assert seen.bases_in_limit == len(filters.apply(board, filters.BoardFilter(), ranked_by="average").rows)
    assert 0 < seen.bases_in_limit < seen.bases < seen.models


def test_leaders_fall_in_score(seen: overview.Overview) -> None:
    assert seen.leaders["average"].is_monotonic_decreasing
    assert len(seen.leaders) == 6


def test_the_placed_bases_left_out_are_those_the_leaderboard_leaves_out() -> None:
    field = with_placed(load_leaderboard("snapshot"))
    found = overview.count_placed(field)
    widest = filters.apply(field, filters.BoardFilter(size=(0, filters.SIZE_STOPS[-1]))).rows

    assert found.placed + found.size_only == (field["evidence"] != "measured").sum()
    shown = found.placed - found.continued - found.unsized
    assert shown == (widest["evidence"] == "placed").sum()
    assert f"first shows {shown} of these" in found.left_out


def test_the_courses_candidates_are_bases_on_the_board() -> None:
    board = load_leaderboard("snapshot")

    kinds = board[board["model_id"].isin(overview.COURSE_CANDIDATES)].groupby("model_id")["kind"].agg(set)

    assert kinds.to_dict() == {name: {"base"} for name in overview.COURSE_CANDIDATES}


@pytest.mark.parametrize(
    ("later", "words"),
    [(date(2025, 3, 31), "0 months"), (date(2025, 4, 1), "1 month"), (date(2026, 3, 1), "1 year"),
     (date(2026, 11, 23), "20 months"), (date(2024, 1, 1), "0 months")],
)  # fmt: skip
def test_age_is_said_in_months_or_years(later: date, words: str) -> None:
    assert overview.age_in_words(overview.months_between(date(2025, 3, 13), later)) == words


def test_page_shows_the_counts_and_the_leaders() -> None:
    seen = overview.describe(with_placed(load_leaderboard("snapshot")))
    at = open_page()

    assert not at.exception
    assert at.metric[0].value == str(seen.bases_in_limit)
    shown = at.dataframe[0].value
    assert shown["model_id"].str.removeprefix("model?id=").tolist() == seen.leaders["model_id"].tolist()
    newer = seen.leaders["source"] == SOURCE_NEWER
    assert [("later study" in notes) for notes in shown["notes"]] == newer.tolist()
    limits = zip(seen.leaders["average_low"], seen.leaders["average_high"], strict=True)
    assert shown["interval"].tolist() == [f"{low:.0f}–{high:.0f}" for low, high in limits]
    assert f"{seen.placed.placed} other bases" in words(at)


def test_on_a_phone_score_interval_and_notes_come_right_after_the_name() -> None:
    assert list(open_page().dataframe[0].value.columns)[:4] == ["model_id", "average", "interval", "notes"]


def test_the_leaders_links_carry_the_shortlist_and_the_field() -> None:
    at = open_page(pick=["Qwen/Qwen2.5-3B"], field="board")
    address = at.dataframe[0].value["model_id"].iloc[0]

    page, _, query = address.partition("?")
    assert page == "model"
    asked = parse_qs(query)
    assert asked["pick"] == ["Qwen/Qwen2.5-3B"]
    assert asked["field"] == ["board"]


@pytest.mark.parametrize("step", range(6))
def test_every_step_of_the_tour_opens_a_page_with_the_candidates_and_drops_nothing(step: int) -> None:
    path, _, params, _ = home._steps()[step]
    at = open_page(path, **params)

    assert not at.exception
    assert at.session_state["shortlist"] == list(overview.COURSE_CANDIDATES)
    assert not [warning.value for warning in at.warning if "link" in warning.value]


def test_the_tour_keeps_its_candidates_in_a_session_with_an_empty_shortlist() -> None:
    at = open_page()
    for path, _, params, _ in home._steps():
        at.query_params.clear()
        for name, value in params.items():
            at.query_params[name] = value
        at.switch_page(path).run()
        assert at.session_state["shortlist"] == list(overview.COURSE_CANDIDATES)


def test_a_links_candidates_join_those_already_picked() -> None:
    at = open_page("pages/compare.py", pick=["Qwen/Qwen2.5-3B"])
    at.query_params["pick"] = list(overview.COURSE_CANDIDATES)
    at.run()
    assert at.session_state["shortlist"] == ["Qwen/Qwen2.5-3B", *overview.COURSE_CANDIDATES]


def test_the_courses_decision_is_told_on_its_board_and_today() -> None:
    answers = both_ways("price")
    text = "\n".join(str(part.value) for part in open_page().markdown).replace("\\", "")
    assert short_answer(answers.board) in text
    assert short_answer(answers.today) in text
