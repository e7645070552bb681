"""Names that tell models apart."""

from core.charts.labels import short_labels
from core.short_names import short_names


def test_only_names_that_look_the_same_carry_their_publisher():
    assert short_names(["Qwen/Q-14B", "braindao/q-14b", "a/z", "bare"]) == {
        "Qwen/Q-14B": "Qwen/Q-14B",
        "braindao/q-14b": "braindao/q-14b",
        "a/z": "z",
        "bare": "bare",
    }


def test_labels_of_a_chart_differ_even_where_they_are_cut():
    ids = ["a/Long-Model-Name-7B-first", "a/Long-Model-Name-7B-second", "a/<b>x"]
    labels = short_labels(ids, 18)

    assert len(set(labels.values())) == 3
    assert labels["a/<b>x"] == "&lt;b&gt;x"
    assert short_labels(["a/Long-Model-Name-7B-first"], 18) == {ids[0]: "Long-Model-Name-7…"}


def test_a_chart_takes_the_names_that_stand_beside_it():
    assert short_labels(["a/x"], names={"a/x": "a/x", "b/x": "b/x"}) == {"a/x": "a/x"}
