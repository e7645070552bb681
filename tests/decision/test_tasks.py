"""The task's fields, presets, and what is said about bad input."""

import json

import pytest

from core.decision.tasks import CRITERIA_KEYS, PRESETS, Task, as_task, preset
from core.errors import InvalidInputError
from core.schema import BENCHMARK_KEYS


def test_default_is_the_courses_task():
    task = Task()

    assert task == preset("price")
    assert task.numbers == tuple(range(1000))
    assert task.around() == ("Price is $", ".00")
    assert (task.size_min, task.size_max, task.kinds) == (0, 9, ("base",))


@pytest.mark.parametrize("key", PRESETS)
def test_each_preset_is_usable_as_it_stands(key):
    task = preset(key)

    assert task.preset == key
    assert task.problems() == []
    assert set(task.weights) == set(CRITERIA_KEYS)
    assert set(task.benchmarks) == set(BENCHMARK_KEYS)


@pytest.mark.parametrize("key", PRESETS)
def test_a_task_survives_json(key):
    task = preset(key)

    assert Task.from_dict(json.loads(json.dumps(task.to_dict()))) == task


def test_targets_are_read_as_people_write_numbers():
    task = Task(targets=("$1,299", "7.50", "3 - 5", "-2"))

    assert task.numbers == (1299, 7.5, 3, 4, 5, -2)
    assert task.not_numbers == ()


def test_a_huge_range_is_cut_to_the_limit():
    assert len(Task(targets=("0-999999999",)).numbers) == 2_000


def test_targets_that_are_not_numbers_are_named_and_kept():
    task = Task(targets=("cheap", "12"))

    assert task.numbers == (12,)
    assert "“cheap”" in task.problems()[0]
    assert task.targets == ("cheap", "12")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"size_min": 9.0, "size_max": 3.0}, "size range is empty"),
        ({"kinds": ()}, "No kind"),
        ({"weights": dict.fromkeys(CRITERIA_KEYS, 0.0)}, "All weights are zero"),
        ({"weights": {"capability": float("nan")}}, "capability counts as 0"),
        ({"benchmarks": dict.fromkeys(BENCHMARK_KEYS, 0.0)}, "All benchmark weights are zero"),
        ({"template": "Price"}, "{target}"),
        ({"gpu_gb": 0.0}, "more than 0 GB"),
        ({"batch_size": 0}, "at least 1"),
        ({"output": "poem"}, "not a known output"),
    ],
)
def test_each_contradiction_is_explained(change, words):
    assert words in " ".join(Task(**change).problems())


def test_a_template_without_its_place_cannot_be_split():
    with pytest.raises(InvalidInputError, match="exactly once"):
        Task(template="{target} or {target}").around()


def test_a_task_can_be_given_by_preset_or_fields():
    assert as_task("code") == preset("code")
    assert as_task({"preset": "code", "batch_size": 3}).batch_size == 3


@pytest.mark.parametrize(
    "values", [{"colour": 1}, {"gated": "yes"}, {"batch_size": "many"}, {"preset": "poem"}, {"kinds": "base"}]
)
def test_a_field_that_cannot_be_used_is_named(values):
    with pytest.raises(InvalidInputError):
        Task.from_dict(values)
