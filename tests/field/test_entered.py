"""A base entered by hand is placed like all others."""

from __future__ import annotations

import json

import pytest

from core.errors import InvalidInputError
from core.field.entered import Entered, check, parse_scores, with_entered
from core.field.joined import with_placed
from core.leaderboard import load_leaderboard
from core.workspace.contents import Workspace, from_bytes


@pytest.fixture(scope="module")
def field():
    return with_placed(load_leaderboard("snapshot"))


def test_scores_are_read_line_by_line_in_any_spelling():
    text = "MMLU, 5, 72.3\n\nmmlu-pro; 45.1 %\nHellaSwag\t10-shot\t81\nbbh | 3 | 60.25"
    assert parse_scores(text) == (
        ("MMLU", "5", 72.3), ("MMLU-Pro", "", 45.1), ("HellaSwag", "10", 81.0), ("BBH", "3", 60.25),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("line", "shots", "value"),
    [
        ("MMLU, 72,3", "", 72.3),
        ("MMLU,72,3 %", "", 72.3),
        ("MMLU; 38,5", "", 38.5),
        ("MMLU\t5\t38,5", "5", 38.5),
        ("MMLU, 5, 38,5", "5", 38.5),
        ("MMLU,5,38,5", "5", 38.5),
        ("MMLU,5,38.5", "5", 38.5),
        ("MMLU, 5-shot,72", "5", 72.0),
        ("MMLU, 64-shot, 72", "64", 72.0),
        ("MMLU, 5, 72", "5", 72.0),
        ("MMLU, −1.25", "", -1.25),
    ],
)
def test_a_decimal_comma_is_told_from_one_between_shots_and_value(line, shots, value):
    assert parse_scores(line) == (("MMLU", shots, value),)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("MMLU-Pro, 38,5", "“38,5” may be 38 shots and a value.*Write “MMLU-Pro; 38; 5” or “MMLU-Pro; 38.5”"),
        ("MMLU,5,72", "“5,72” may be 5 shots and a value"),
        ("MMLU, 72, 3", "Line 1: 72 is too many for a number of shots"),
        ("MMLU; 1,234", "“1,234” may be for decimals or thousands"),
    ],
)
def test_a_comma_that_can_mean_two_things_is_refused_with_what_to_write(line, said):
    with pytest.raises(InvalidInputError, match=said):
        parse_scores(line)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("MMLU 72.3", "Line 1"),
        ("MMLU, 5, 72.3\nFooBench, 3, 5", "Line 2"),
        ("MMLU, five, 3", "Line 1"),
        ("x" * 9000, "8,000"),
    ],
)
def test_a_line_that_cannot_be_used_is_named(text, said):
    with pytest.raises(InvalidInputError, match=said):
        parse_scores(text)


def test_better_scores_place_higher_and_more_scores_narrow_the_interval():
    weak = check(Entered("a/b", 8, released="2026-05", scores=(("MMLU", "5", 50.0),)))
    strong = check(Entered("a/b", 8, released="2026-05", scores=(("MMLU", "5", 80.0),)))
    assert strong.average > weak.average + 3
    alone = check(Entered("a/b", 8, released="2026-05"))
    assert strong.high - strong.low < alone.high - alone.low


@pytest.mark.parametrize(
    "wrong",
    [
        Entered("../etc/passwd"),
        Entered("a/b", -1),
        Entered("a/b", 8, released="May"),
        Entered("a/b", 8, scores=(("MMLU", "5", 172.0),)),
    ],
)
def test_what_cannot_be_is_refused(wrong):
    with pytest.raises(InvalidInputError):
        check(wrong)


def test_an_entered_base_stands_in_the_field_as_placed(field):
    mine = Entered(
        "acme/Nova-8B",
        8.2,
        released="2026-10",
        license="mit",
        scores=(("MMLU", "5", 74.0), ("BBH", "3", 62.0)),
    )
    joined = with_entered(field, [mine, Entered("Qwen/Qwen2.5-7B", 7.6)])
    assert len(joined) == len(field) + 1
    assert joined.dtypes.equals(field.dtypes)
    row = joined.iloc[-1]
    assert (row["evidence"], row["kind"], row["n_scores"], row["released"]) == (
        "placed",
        "base",
        2,
        "2026-10",
    )
    assert row["average_low"] < row["average"] < row["average_high"]
    found = check(mine)
    assert row["cov_bbh_mmlu_pro"] == pytest.approx(found.cov[1, 5])


def test_an_entered_base_survives_the_workspace_file():
    mine = Entered(
        "acme/Nova-8B", 8.2, released="2026-10", config={"hidden_size": 4096}, scores=(("MMLU", "5", 74.0),)
    )
    again = from_bytes(Workspace().with_entered(mine).to_bytes())
    assert again.entered == (mine,)
    assert again.without_entered("acme/Nova-8B").is_empty


@pytest.mark.parametrize(
    "edit",
    [
        {"scores": [["MMLU", "5", 900.0]]},
        {"scores": "MMLU"},
        {"params_b": "8"},
        {"model_id": "../x"},
        {"link": "\x00"},
    ],
)
def test_a_doctored_workspace_file_is_refused(edit):
    document = json.loads(Workspace().with_entered(Entered("acme/Nova-8B", 8.2)).to_bytes())
    document["entered"][0] |= edit
    with pytest.raises(InvalidInputError):
        from_bytes(json.dumps(document).encode())


def test_a_long_line_of_blanks_is_refused_at_once():
    with pytest.raises(InvalidInputError, match="Line 1"):
        parse_scores("a" + " " * 7000)
