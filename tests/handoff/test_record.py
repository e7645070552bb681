"""The decision record: two forms, loadable, same answer, and what a broken one says."""

import json
from dataclasses import replace

import pytest

from core.decision.rank import rank_bases
from core.decision.tasks import Task
from core.errors import InvalidInputError
from core.handoff import record as decision_record
from core.leaderboard import load_leaderboard

DATA = {"source": "open-llm-leaderboard/contents", "date": "2025-03-13"}


@pytest.fixture(scope="module")
def decision():
    return rank_bases(load_leaderboard("snapshot"), Task())


def test_a_loaded_record_gives_the_same_answer(decision):
    record = decision_record.from_json(decision_record.to_json(decision, DATA))

    assert record.task == decision.task
    assert decision_record.differences(record, rank_bases(load_leaderboard("snapshot"), record.task)) == []


def test_a_record_of_another_answer_says_what_differs(decision):
    record = decision_record.from_json(decision_record.to_json(decision, DATA))
    other = rank_bases(
        load_leaderboard("snapshot"),
        replace(decision.task, weights={**decision.task.weights, "numbers": 0.0}),
    )

    found = decision_record.differences(record, other)

    assert "has meta-llama/Llama-3.1-8B first" in found[0]
    assert len(found) > 1


def test_the_json_holds_no_nan_and_names_its_sources(decision):
    document = json.loads(decision_record.to_json(decision, DATA), parse_constant=pytest.fail)

    assert document["data"] == DATA
    assert {row["key"] for row in document["criteria"]} >= {"capability", "numbers"}
    assert all(row["source"] for row in document["criteria"])


def test_the_markdown_holds_question_ranking_reasons_and_flips(decision):
    text = decision_record.to_markdown(decision, DATA)

    for heading in ("## Question", "## Reasons", "## Ranking", "## Criteria", "## What would change it"):
        assert heading in text
    assert "| 1 | meta-llama/Llama-3.1-8B |" in text
    assert "2025-03-13" in text


def test_the_record_opens_with_link_card_shortlist_picture_and_room_for_the_readers_words(decision):
    around = decision_record.Surroundings(
        link="https://basewise.example/decide?field=board",
        made="2026-11-29",
        versions={"Basewise": "0.1.0"},
        shortlist=("meta-llama/Llama-3.1-8B", "Qwen/Qwen2.5-14B"),
    )
    text = decision_record.to_markdown(decision, DATA, around)
    head = text[: text.index("## Question")]

    assert "<https://basewise.example/decide?field=board>" in head
    assert "Made: 2026-11-29" in head
    assert "Basewise 0.1.0" in head
    assert "T4 16 GB" in head
    assert "Decided: \\_" in head
    assert "Overruled because: \\_" in head
    # 40 signs are every draw.
    share = decision.ranking["p_first"].iloc[0]
    assert f"{'█' * round(share * 40)} " in head
    assert "rank 1, " in text
    assert "Out, size range" in text
    assert "Before training" in text


def test_texts_are_those_that_tokens_were_counted_in(decision):
    chosen = replace(decision.task, languages=("de", "ko"))

    assert "- Texts: German, Korean\n" in decision_record.to_markdown(replace(decision, task=chosen), DATA)
    code = replace(chosen, text="code")
    assert "- Texts: German" not in decision_record.to_markdown(replace(decision, task=code), DATA)


def test_names_that_collide_carry_their_publisher(decision):
    two = decision.ranking.assign(model_id=["a/Q-14B", "b/Q-14B", *decision.ranking["model_id"][2:]])
    text = decision_record.to_markdown(replace(decision, ranking=two), DATA)

    assert "| Criterion | Weight | Unit | Source | a/Q-14B | b/Q-14B |" in text
    assert "\na/Q-14B " in text
    assert "\n- b/Q-14B: " in text


def test_what_the_reader_decided_comes_back_with_the_record(decision):
    around = decision_record.Surroundings(decided="Qwen2.5-7B", overruled="We have\nserved it for a year.")
    record = decision_record.from_json(decision_record.to_json(decision, DATA, around))

    assert (record.decided, record.overruled) == ("Qwen2.5-7B", "We have served it for a year.")
    assert "Decided: Qwen2.5-7B" in decision_record.to_markdown(decision, DATA, around)


def test_what_the_reader_typed_stays_text_in_the_markdown(decision):
    hostile = replace(decision.task, template="{target} | <b>*x*</b> [a](b)")
    text = decision_record.to_markdown(replace(decision, task=hostile), DATA)

    assert "\\| \\<b\\>\\*x\\*" in text


def test_a_decision_without_candidates_can_be_recorded(decision):
    nothing = rank_bases(load_leaderboard("snapshot"), replace(decision.task, size_min=9.0, size_max=3.0))

    record = decision_record.from_json(decision_record.to_json(nothing, DATA))

    assert record.ranking == ()
    assert "No model meets" in decision_record.to_markdown(nothing, DATA)


def _with_a_row(model_id='"a/b"', rank="1", score="2"):
    row = f'{{"model_id": {model_id}, "rank": {rank}, "score": {score}}}'
    return f'{{"format": "basewise-decision", "version": 1, "task": {{}}, "ranking": [{row}], "data": {{}}}}'


def test_a_row_of_a_record_is_read():
    assert decision_record.from_json(_with_a_row()).ranking == (("a/b", 1, 2.0),)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("not json", "not JSON"),
        ("[1, 2]", "not a decision record"),
        ('{"format": "basewise-decision", "version": 99}', "version 99"),
        ('{"format": "basewise-decision", "version": 1}', "lacks its task"),
        (
            '{"format": "basewise-decision", "version": 1, "task": {"colour": 1}, "ranking": [], "data": {}}',
            "colour",
        ),
        ('{"format": "basewise-decision", "version": 1, "task": {}, "ranking": [{}], "data": {}}', "ranking"),
        ("[" * 100_000, "nested too deep"),
        (_with_a_row(rank="1e999"), "ranking"),
        (_with_a_row(rank="Infinity"), "ranking"),
        (_with_a_row(score="NaN"), "ranking"),
        (_with_a_row(model_id='"\\ud800"'), "half a character"),
        ("x" * 2_000_001, "larger than"),
    ],
)
def test_a_broken_record_says_what_is_wrong(text, words):
    with pytest.raises(InvalidInputError, match=words):
        decision_record.from_json(text)
