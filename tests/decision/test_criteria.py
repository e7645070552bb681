"""How a figure becomes a value of 0 to 1, criterion by criterion, and what stands in for an unknown one."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from core.decision import criteria, text_figures
from core.decision.tasks import CRITERIA_KEYS, Task

NUMBER = Task()
CLASSES = replace(NUMBER, output="label")


def frame(**columns: list[float]) -> pd.DataFrame:
    """Candidates with these figures; every other one is unknown."""
    return pd.DataFrame(columns)


def value(key: str, **columns: float) -> float:
    found = criteria.values(frame(**{name: [number] for name, number in columns.items()}), NUMBER)
    return float(found.mean[0, criteria.KEYS.index(key)])


def test_there_is_one_criterion_for_each_key_in_its_order() -> None:
    assert tuple(CRITERIA_KEYS) == criteria.KEYS


@pytest.mark.parametrize(
    ("key", "figures", "expected"),
    [
        ("capability", {"capability": 30.0}, 0.6),  # of 50 points
        ("capability", {"capability": 60.0}, 1.2),  # may pass 1
        ("instruct", {"instruct_average": 20.0}, 0.4),
        ("age", {"age_months": 0.0}, 1.0),
        ("age", {"age_months": 9.0}, 0.75),  # of 36 months
        ("age", {"age_months": 36.0}, 0.0),
        ("age", {"age_months": 90.0}, 0.0),
        ("licence", {"licence_freedom": 0.7}, 0.7),
    ],
)
def test_scales_by_hand(key: str, figures: dict[str, float], expected: float) -> None:
    column = criteria.BY_KEY[key].column
    assert value(key, **{column: next(iter(figures.values()))}) == pytest.approx(expected)


def test_number_tokens_are_the_mean_of_both_shares_where_both_are_known() -> None:
    column = criteria.BY_KEY["numbers"].column
    assert value("numbers", **{column: 0.5}) == 0.5
    assert value("numbers", **{column: 0.5, "first_token_settles": 1.0}) == 0.75
    assert np.isnan(value("numbers", first_token_settles=1.0))


def test_text_costs_are_measured_against_the_fewest_of_any_tokenizer() -> None:
    fewest = text_figures.fewest_on_average(text_figures.texts_of(NUMBER))
    column = criteria.BY_KEY["text"].column
    assert value("text", **{column: fewest}) == pytest.approx(1)
    assert value("text", **{column: 2 * fewest}) == pytest.approx(0.5)


@pytest.mark.parametrize(
    ("headroom", "low", "high", "expected"),
    [
        (3.0, 10.0, 14.0, 1.0),  # even the high end fits into 15
        (1.0, 13.0, 17.0, 0.5),
        (-1.0, 14.0, 18.0, 0.25),
        (-9.0, 20.0, 30.0, 0.0),
        (2.0, np.nan, np.nan, 1.0),  # no range: the estimate alone
        (-0.1, np.nan, np.nan, 0.0),
        (np.nan, 13.0, 17.0, np.nan),
    ],
)
def test_memory_is_how_sure_it_is_to_fit(headroom: float, low: float, high: float, expected: float) -> None:
    column = criteria.BY_KEY["memory"].column
    found = value(
        "memory", **{column: headroom, "gpu_gb": 15.0, "memory_low_gb": low, "memory_high_gb": high}
    )
    assert found == pytest.approx(expected, nan_ok=True)


def test_errors_are_on_the_scale_of_the_values() -> None:
    found = criteria.values(
        frame(capability=[30.0, 20.0], capability_se=[1.0, np.nan], instruct_average_se=[2.0, 3.0],
              language_value_se=[0.1, 0.2]),
        NUMBER,
    )  # fmt: skip
    sd = dict(zip(criteria.KEYS, found.sd.T.tolist(), strict=True))
    assert sd["capability"] == [0.02, 0.0]
    assert sd["instruct"] == [0.04, 0.06]
    assert sd["language"] == [0.1, 0.2]
    assert not any(any(sd[key]) for key in criteria.KEYS if key not in ("capability", "instruct", "language"))


def test_a_criterion_nobody_has_a_figure_for_is_not_usable() -> None:
    column = criteria.BY_KEY["numbers"].column
    given = frame(capability=[30.0, 20.0], age_months=[np.nan, 12.0], **{column: [0.5, 0.5]})
    usable = dict(zip(criteria.KEYS, criteria.values(given, NUMBER).usable.tolist(), strict=True))
    assert [key for key in criteria.KEYS if usable[key]] == ["capability", "numbers", "age"]
    # Only the rows that are kept count, and number tokens only where a number is asked for.
    kept = criteria.values(given, NUMBER, np.array([True, False])).usable
    assert not kept[criteria.KEYS.index("age")]
    assert not criteria.values(given, CLASSES).usable[criteria.KEYS.index("numbers")]


def test_an_unknown_figure_is_expected_at_what_is_typical_of_the_kept_rows() -> None:
    given = frame(capability=[30.0, 30.0, 30.0, 30.0], age_months=[0.0, 18.0, np.nan, 36.0])
    place = criteria.KEYS.index("age")
    found = criteria.values(given, NUMBER)
    assert found.mean[:, place].tolist() == [1, 0.5, pytest.approx(np.nan, nan_ok=True), 0]
    assert found.expected[:, place].tolist() == pytest.approx([1, 0.5, 0.5, 0])
    assert found.centre[:, place].tolist() == [0.5] * 4
    assert sorted(found.scatter[place].tolist()) == [-0.5, 0, 0.5]
    kept = criteria.values(given, NUMBER, np.array([True, True, True, False]))
    assert kept.expected[:, place].tolist() == pytest.approx([1, 0.5, 0.75, 0])


def test_what_stands_in_stays_between_nothing_and_all() -> None:
    assert criteria.guesses(np.array([0.9, 0.1]), np.array([0.3, -0.3])).tolist() == [1, 0]
    assert criteria.guesses(np.array([0.5]), np.array([0.2])).tolist() == [0.7]
    given = frame(capability=[30.0] * 3, age_months=[0.0, 0.0, np.nan])
    given["age_months"] = [0.0, 27.0, np.nan]  # values 1 and 0.25, so 0.625 +- 0.375
    assert criteria.values(given, NUMBER).expected[2, criteria.KEYS.index("age")] == pytest.approx(0.625)


def test_candidates_are_picked_with_all_their_columns() -> None:
    found = criteria.values(frame(capability=[10.0, 20.0], capability_se=[1.0, 2.0]), NUMBER)
    picked = found.pick(np.array([1]))
    assert picked.mean[:, 0].tolist() == [0.4]
    assert picked.sd[:, 0].tolist() == [0.04]
    assert picked.centre.shape == picked.expected.shape == (1, len(criteria.KEYS))
    assert picked.usable.tolist() == found.usable.tolist()
    assert picked.scatter is found.scatter


def test_weights_become_shares_of_what_is_usable() -> None:
    task = replace(
        NUMBER, weights={"capability": 3.0, "age": 1.0, "memory": 4.0, "licence": -2.0, "text": np.nan}
    )
    usable = np.array([key != "memory" for key in criteria.KEYS])
    found = dict(zip(criteria.KEYS, criteria.shares(task, usable).tolist(), strict=True))
    assert {key: share for key, share in found.items() if share} == {"capability": 0.75, "age": 0.25}
    nothing = criteria.shares(replace(NUMBER, weights={}), usable)
    assert nothing.tolist() == [0] * len(criteria.KEYS)


def test_benchmark_weights_become_shares() -> None:
    task = replace(NUMBER, benchmarks={"bbh": 1.0, "gpqa": 3.0, "musr": -1.0, "ifeval": np.inf})
    assert criteria.benchmark_shares(task, ("bbh", "gpqa", "musr", "ifeval")).tolist() == [0.25, 0.75, 0, 0]
    none = replace(NUMBER, benchmarks={})
    assert criteria.benchmark_shares(none, ("bbh", "gpqa")).tolist() == [0.5, 0.5]


def test_figures_in_their_own_unit() -> None:
    found = criteria.figures(frame(capability=[30.0], age_months=[12.0]))
    assert (found["capability"].tolist(), found["age"].tolist()) == ([30], [12])
    assert np.isnan(found["memory"]).all()


def test_only_the_ratios_of_weights_matter_and_a_missing_one_is_none() -> None:
    usable = np.ones(len(criteria.KEYS), dtype=bool)
    small = criteria.shares(replace(NUMBER, weights={"capability": 0.3, "age": 0.1}), usable)
    assert small[criteria.KEYS.index("capability")] == pytest.approx(0.75)
    task = replace(NUMBER, benchmarks={"bbh": 0.2, "musr": 0.6})
    assert criteria.benchmark_shares(task, ("bbh", "gpqa", "musr")).tolist() == pytest.approx([0.25, 0, 0.75])
