"""Answers for machines: the same as the pages give, in plain values."""

from __future__ import annotations

import json

import pytest

from core.__main__ import main
from core.answers import decide, describe_model, list_field
from core.answers.rows import rows
from core.decision.rank import rank_bases
from core.errors import InvalidInputError
from tests.page_driver import open_page


def test_the_field_is_the_leaderboards() -> None:
    table = open_page("pages/leaderboard.py").dataframe(key="board_table").value
    names = table["model_id"].str.removeprefix("model?id=")
    answer = list_field(limit=1000)
    assert [row["model_id"] for row in answer["rows"]] == names.tolist()
    assert answer["total"] == len(table)
    json.dumps(answer, allow_nan=False)


def test_a_search_keeps_the_ranks_of_all() -> None:
    found = list_field(search="qwen2.5-7b")
    assert [row["model_id"] for row in found["rows"]] == ["Qwen/Qwen2.5-7B"]
    everyone = {row["model_id"]: row["rank"] for row in list_field(limit=1000)["rows"]}
    assert found["rows"][0]["rank"] == everyone["Qwen/Qwen2.5-7B"]


@pytest.mark.parametrize("when", ["today", "board"])
def test_a_decision_is_decides(when) -> None:
    answer = decide("price", when=when)
    page = rank_bases(rows(when), "price")
    assert answer["verdict"] == page.verdict
    assert [row["model_id"] for row in answer["ranking"]] == page.ranking["model_id"].head(10).tolist()
    json.dumps(answer, allow_nan=False)


def test_one_model_has_its_reports_beside_what_is_expected() -> None:
    answer = describe_model("qwen/qwen3.5-9b-base")
    assert answer["model"]["model_id"] == "Qwen/Qwen3.5-9B-Base"
    assert answer["model"]["evidence"] == "placed"
    assert answer["reports"][0]["low"] <= answer["reports"][0]["expected"] <= answer["reports"][0]["high"]
    json.dumps(answer, allow_nan=False)


@pytest.mark.parametrize(
    "ask",
    [
        lambda: list_field(by="hellaswag"),
        lambda: list_field(limit=0),
        lambda: list_field(min_size=9, max_size=1),
        lambda: list_field(when="yesterday"),
        lambda: describe_model("../etc/passwd"),
        lambda: describe_model("nobody/nothing"),
        lambda: decide("nosuch"),
        lambda: decide({"preset": "price", "nonsense": 1}),
    ],
)
def test_what_cannot_be_answered_is_refused(ask) -> None:
    with pytest.raises(InvalidInputError):
        ask()


def test_the_terminal_prints_json_markdown_and_refusals(capsys) -> None:
    assert main(["field", "--limit", "2"]) == 0
    assert len(json.loads(capsys.readouterr().out)["rows"]) == 2
    assert main(["decide", "price", "--when", "board", "--markdown"]) == 0
    assert "| rank | model" in capsys.readouterr().out.replace("\\", "")
    assert main(["model", "nobody/nothing"]) == 2
    assert "not in the field" in capsys.readouterr().err


def test_half_a_character_is_refused_in_words_that_can_be_printed() -> None:
    with pytest.raises(InvalidInputError) as found:
        decide({"template": "\ud800{target}"})
    found.value.what.encode()
