"""The Compare page: none, one, several models, links, and nothing that raises."""

import random

import pytest

from tests.page_driver import SEEDS, disturb, open_page, words

PAGE = "pages/compare.py"
COURSE = ["Qwen/Qwen2.5-7B", "google/gemma-2-9b", "meta-llama/Llama-3.1-8B"]


def test_without_models_it_says_how_to_get_some() -> None:
    at = open_page(PAGE)
    assert not at.exception
    assert "shortlist is empty" in words(at)
    at.button(key="c_course").click().run()
    assert len(at.table[0].value.columns) == 3


def test_one_model_is_shown_and_a_second_asked_for() -> None:
    at = open_page(PAGE, pick=COURSE[:1])
    assert not at.exception
    assert "Add a second one" in words(at)
    assert len(at.table) == 2


def test_several_models_stand_side_by_side() -> None:
    at = open_page(PAGE, pick=COURSE)
    assert not at.exception
    scores, facts = at.table[0].value, at.table[1].value
    assert scores.shape == (7, 3)
    assert facts.loc["0 to 999 as one token"].tolist() == ["10 of 1000", "10 of 1000", "1000 of 1000"]
    assert "probability" in words(at)


def test_the_reference_can_be_changed() -> None:
    at = open_page(PAGE, pick=COURSE, c_ref=COURSE[2])
    column = at.table[0].value.iloc[:, 2]
    assert "(" not in column.iloc[0]


def test_more_than_six_of_the_shortlist_are_cut_to_six() -> None:
    picks = [
        "Qwen/Qwen2.5-7B", "google/gemma-2-9b", "meta-llama/Llama-3.1-8B", "microsoft/phi-2",
        "mistralai/Mistral-7B-v0.1", "mistralai/Mistral-7B-v0.3", "Qwen/Qwen2.5-3B", "google/gemma-2-2b",
    ]  # fmt: skip
    at = open_page(PAGE, pick=picks)
    assert not at.exception
    assert len(at.table[0].value.columns) == 6


def test_any_model_of_the_board_can_be_added() -> None:
    at = open_page(PAGE, pick=COURSE[:1])
    at.selectbox(key="c_add").set_value("microsoft/Phi-3-mini-4k-instruct").run()
    assert at.session_state["shortlist"] == [COURSE[0], "microsoft/Phi-3-mini-4k-instruct"]
    assert len(at.table[0].value.columns) == 2
    assert at.selectbox(key="c_add").value is None
    assert any("no public base" in cell for cell in at.table[1].value.loc["Instruct variant"])


@pytest.mark.parametrize("query", [{"c_by": "x"}, {"c_ref": "no/body"}, {"c_of": ["no/body"]}])
def test_a_broken_link_opens_and_says_what_was_dropped(query) -> None:
    at = open_page(PAGE, **query)
    assert not at.exception
    assert any("could not be used" in warning.value for warning in at.warning)


@pytest.mark.parametrize("seed", SEEDS)
def test_no_combination_of_controls_raises(seed: int) -> None:
    rng = random.Random(seed)
    at = open_page(PAGE, pick=COURSE)
    steps = []
    for _ in range(18):
        steps.append(disturb(at, rng))
        assert not at.exception, steps
