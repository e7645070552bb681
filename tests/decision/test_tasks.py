"""The task's fields, presets, and what is said about bad input."""

import itertools
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


@pytest.mark.parametrize(
    ("targets", "numbers"),
    [
        (("19,99", "1.234,50", "249"), (19.99, 1234.5, 249)),
        (("19,99", "1.234"), (19.99, 1234)),
        (("$1,234.50", "1,234", "1 050.25 zł", "1'234", "−5"), (1234.5, 1234, 1050.25, 1234, -5)),
        (("19.99", "33,5"), (19.99, 33.5)),
    ],
)
def test_decimal_commas_and_separators_of_thousands_are_told_apart(targets, numbers):
    task = Task(targets=targets)

    assert task.numbers == numbers
    assert task.problems() == []


@pytest.mark.parametrize("others", [(), ("249", "7-9"), ("19.99", "33,5")])
def test_an_answer_that_may_be_two_numbers_is_said(others):
    task = Task(targets=("1,234", *others))

    assert task.numbers[0] == 1234
    assert "“1,234” may be 1234 or 1.234, and counts as 1234" in task.problems()[0]
    assert Task(output="label", targets=task.targets).problems() == []


@pytest.mark.parametrize("targets", [("12,34,567",), ("1,2,3",), ("9" * 41,), ("1e400",)])
def test_what_is_no_number_is_no_answer(targets):
    assert Task(targets=targets).not_numbers == targets


def test_a_range_beyond_the_limit_is_spread_over_evenly():
    numbers = Task(targets=("0-100000",)).numbers

    assert (len(numbers), len(set(numbers))) == (2_000, 2_000)
    assert (numbers[0], numbers[-1]) == (0, 100_000)
    assert {high - low for low, high in itertools.pairwise(numbers)} == {50, 51}
    assert sum(each < 1_000 for each in numbers) / 2_000 == pytest.approx(0.01, abs=0.001)
    assert Task(targets=(f"0-{10**39}",)).numbers[-1] == 10**39


def test_each_of_several_ranges_counts_by_its_length():
    numbers = Task(targets=("7.5", "0-9999", "1000000-1029999", "3")).numbers

    assert len(numbers) == 2_000
    assert (numbers[0], numbers[-1]) == (7.5, 3)
    assert sum(each >= 1_000_000 for each in numbers) == pytest.approx(1_500, abs=1)


def test_up_to_the_limit_all_numbers_count():
    assert Task(targets=("1-1999", "0")).numbers == (*range(1, 2_000), 0)
    assert Task(targets=("5-2004",)).numbers == tuple(range(5, 2_005))


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
