"""Figures can be followed: parts that add up, why each is where it is, weights that bring a flip."""

import re

import numpy as np
import pandas as pd
import pytest

from core.decision import weight_setting
from core.decision.explain import capability_formula, few_left, formula, why_there
from core.decision.rank import rank_bases
from core.decision.tasks import CRITERIA_KEYS, Task
from core.memory import gpus
from core.schema import BENCHMARK_KEYS


@pytest.fixture(scope="module")
def decision():
    rows = pd.DataFrame(
        [("a/x", 30.0, 7.0, "mit"), ("a/y", 20.0, 7.0, "mit"), ("a/z", 40.0, 30.0, "mit")],
        columns=["model_id", "score", "params_b", "license"],
    )
    for key in BENCHMARK_KEYS:
        rows[key], rows[f"{key}_se"] = rows["score"], 1.0
    weights = {key: {"capability": 60.0, "licence": 40.0}.get(key, 0.0) for key in CRITERIA_KEYS}
    return rank_bases(rows, Task(weights=weights))


def test_the_parts_of_the_points_add_up_to_them(decision):
    said = formula(decision, "a/x")

    # 60% of 30 / 50 is 36; a permissive licence is worth its whole 40%.
    assert "capability 60% x 0.60 = 36.0" in said
    assert "licence freedom 40% x 1.00 = 40.0" in said
    parts = [float(each) for each in re.findall(r"x \d\.\d\d = ([\d.]+)", said)]
    assert sum(parts) == pytest.approx(float(said.rsplit("= ", 1)[1].rstrip(".")), abs=0.1)


def test_capability_says_why_it_is_not_the_average(decision):
    assert "29% BBH + 14% GPQA" in capability_formula(decision)
    assert "differs from the Leaderboard's average" in capability_formula(decision)


def test_each_of_a_shortlist_is_explained_in_out_or_absent(decision):
    found = why_there(decision, ["a/x", "a/y", "a/z", "no/body"]).set_index("model_id")

    assert found.loc["a/x", "why"] == "12.0 points ahead of y: gains 12.0 by capability."
    assert found.loc["a/y", "why"] == "12.0 points behind x: loses 12.0 by capability."
    assert found.loc["a/z", "why"].startswith("Out, size range: 30B parameters")
    assert "upper size limit to 30B" in found.loc["a/z", "way_back"]
    assert pd.isna(found.loc["no/body", "rank"])


def test_a_model_too_large_for_the_card_is_told_what_another_card_holds(decision):
    rows = pd.DataFrame({"model_id": ["a/x", "a/big"], "params_b": [3.0, 14.0], "license": "mit"})
    for key in BENCHMARK_KEYS:
        rows[key], rows[f"{key}_se"] = 20.0, 1.0
    one = rank_bases(rows, Task(size_max=20.0, prompt_tokens=256, batch_size=4))
    found = why_there(one, ["a/big"]).iloc[0]
    card = gpus.cheapest_that_holds(one.beyond["memory_gb"].iloc[0])

    assert found["why"].startswith("Out, GPU memory: needs about ")
    assert "the T4 16 GB (Colab, Kaggle) has 15.8 GB to use" in found["why"]
    assert f"such as the {card.label} with {card.usable_gb:.1f} GB to use" in found["way_back"]


def test_weights_are_set_behind_a_crossing_in_whole_numbers():
    # y leads on the second criterion; level where 0.8 (1 - t) + 0.2 t = 0.4 (1 - t) + 0.9 t, t = 4/11.
    value = np.array([[0.8, 0.2], [0.4, 0.9]])
    found = weight_setting.behind(np.array([80.0, 20.0]), np.array([True, True]), 1, 0.37, value, 1)

    assert found[0] == 80
    assert found[1] / sum(found) > 4 / 11
    assert all(isinstance(each, int) and 0 <= each <= 100 for each in found)


def test_where_few_are_left_the_constraint_that_keeps_most_out_is_named(decision):
    assert few_left(decision) == "", "a/z alone is out, and two are left"
    names = [f"a/{n}" for n in range(9)]
    rows = pd.DataFrame({"model_id": names, "params_b": [7.0] * 2 + [30.0] * 7, "license": "mit"})
    rows["context_length"] = [8192] * 2 + [512] * 3 + [8192] * 4
    for key in BENCHMARK_KEYS:
        rows[key], rows[f"{key}_se"] = 20.0, 1.0
    few = rank_bases(rows, Task(prompt_tokens=1024, gpu="h100"))
    # Of the seven too large ones three are too short as well.
    assert few_left(few).startswith("Only 2 candidates are left. “Size range” alone keeps 4 others out")
    assert few_left(rank_bases(rows, Task(only=("a/0", "a/1")))) == "", "few are what was asked for"
    assert few_left(rank_bases(rows, Task(prompt_tokens=1024, size_max=72.0, gpu="h100"))) == ""
