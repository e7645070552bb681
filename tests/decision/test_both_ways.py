"""The course's decision twice: what it saw on its board, and what the same weights say today."""

from dataclasses import replace

import pytest

from core.decision.both_ways import both_ways, set_apart_by, short_answer
from core.decision.tasks import Task


@pytest.fixture(scope="module")
def course():
    return both_ways()


def test_the_board_alone_gives_the_courses_pick_by_its_tokenizer(course):
    assert course.board.first == "meta-llama/Llama-3.1-8B"
    assert set_apart_by(course.board) == "number tokens"
    assert set(course.board.ranking["evidence"]) == {"measured"}


def test_today_asks_the_same_question_of_more_bases(course):
    assert course.today.task == course.board.task
    assert set(course.board.ranking["model_id"]) <= set(course.today.ranking["model_id"])
    assert "placed" in set(course.today.ranking["evidence"])


def test_the_short_answer_names_the_first_and_its_chance(course):
    said = short_answer(course.board)

    assert said.startswith("Llama-3.1-8B, first in ")
    assert f"{course.board.ranking['p_first'].iloc[0]:.0%}" in said


def test_nobody_left_is_an_answer_too():
    nobody = both_ways(replace(Task(), only=("nobody/knows",)))

    assert short_answer(nobody.today) == "no base meets the constraints"
