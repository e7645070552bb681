"""Reading a pilot: a good file, and each way in which one can't be used."""

import copy
import json

import pytest

from core.errors import InvalidInputError
from core.pilot.file import MAX_BYTES, checksum, read_pilot
from tests.pilot.make_pilot import as_bytes, document, sealed

CURVES = {"a/one": [4.0, 3.5, 3.1, 2.8], "b/two": [5.0, 4.8]}


@pytest.fixture
def good():
    return document(CURVES)


def test_a_good_file(good):
    pilot = read_pilot(as_bytes(good))
    assert [run.subset for run in pilot.best_runs("a/one")] == [100, 200, 400, 800]
    assert pilot.best_runs("b/two")[-1].mean_score == pytest.approx(4.8)
    assert pilot.models[1].dropped_after == 200


def test_of_two_learning_rates_the_better_counts(good):
    run = copy.deepcopy(good["runs"][0]) | {"learning_rate": 3e-4}
    run["scores"] = [score / 2 for score in run["scores"]]
    run["mean_score"] /= 2
    good["runs"].append(run)
    assert read_pilot(as_bytes(sealed(good))).best_runs("a/one")[0].mean_score == pytest.approx(2.0)


def test_blanks_and_order_do_not_matter_to_the_checksum(good):
    turned = dict(reversed(good.items()))
    assert read_pilot(json.dumps(turned, indent=2).encode()).checksum == checksum(good)


def _change(made, path, value):
    made = copy.deepcopy(made)
    at = made
    for key in path[:-1]:
        at = at[key]
    at[path[-1]] = value
    return made


@pytest.mark.parametrize(
    ("path", "value", "says"),
    [
        (["version"], 2, "version 2"),
        (["format"], "something", "not the file of a pilot"),
        (["measure", "better"], "sideways", "missing or wrong"),
        (["runs", 0, "mean_score"], 3.9, "the mean of its scores is 4, not 3.9"),
        (["runs", 0, "scores"], [1.0] * 30, "30 scores for 200 held-out"),
        (["runs", 0, "scores", 0], -1.0, "missing or wrong"),
        (["runs", 0, "model_id"], "c/three", "not in the plan"),
        (["runs", 1, "subset"], 100, "twice"),
        (["subsets"], [100, 400, 200, 800], "don't grow"),
        (["examples", "train"], 500, "a subset has 800"),
        (["models", 1, "dropped_after"], 400, "its runs say otherwise"),
        (["texts"], ["a text of the reader's"], "missing or wrong"),
    ],
)
def test_what_cannot_be_is_refused_even_with_a_fresh_checksum(good, path, value, says):
    with pytest.raises(InvalidInputError, match=says):
        read_pilot(as_bytes(sealed(_change(good, path, value))))


def test_an_edited_figure_is_noticed(good):
    with pytest.raises(InvalidInputError, match="changed after"):
        read_pilot(as_bytes(_change(good, ["hardware", "gpu"], "H100")))


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "cut off"),
        (b"[1, 2]", "not the file of a pilot"),
        (b"\xff\xfe", "cut off"),
        (b"[" * 100_000, "not the file of a pilot"),
        (b'{"format":' + b"[" * 100_000 + b"]" * 100_000 + b"}", "not the file|nested"),
        (b" " * (MAX_BYTES + 1), "MB"),
    ],
)
def test_other_bytes(data, says):
    with pytest.raises(InvalidInputError, match=says):
        read_pilot(data)


def test_half_a_file(good):
    data = as_bytes(good)
    with pytest.raises(InvalidInputError, match="cut off"):
        read_pilot(data[: len(data) // 2])


@pytest.mark.parametrize("figure", ["NaN", "Infinity", "1e999", "null", '"4.0"'])
def test_no_number(good, figure):
    good["runs"][0]["mean_score"] = "here"
    with pytest.raises(InvalidInputError, match="can't be used"):
        read_pilot(as_bytes(good).replace(b'"here"', figure.encode()))


def test_a_model_dropped_twice_in_the_middle(good):
    del good["runs"][1]
    with pytest.raises(InvalidInputError, match="lacks a subset"):
        read_pilot(as_bytes(sealed(good)))
