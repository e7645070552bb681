"""A base entered just now: close to what the fit says of the same scores, wide where little is known."""

import numpy as np
import pytest

from core.errors import InvalidInputError
from core.placement import load_cells, load_placement
from core.placement.place import Score, place
from core.placement.scale import from_logit, score_to_share, share_to_score, to_logit


def scores_of(model_id):
    def printed(text):
        return None if text == "?" else text

    return [
        Score(row.study, row.benchmark, row.value, printed(row.shots), printed(row.cot), printed(row.metric))
        for row in load_cells().itertuples()
        if row.model_id == model_id
    ]


@pytest.mark.parametrize(
    ("model_id", "params_b", "released"),
    [
        ("allenai/Olmo-3-1025-7B", 7.3, "2025-11"),
        ("swiss-ai/Apertus-70B-2509", 70.6, "2025-09"),
        ("google/gemma-3-27b-pt", 27.4, "2025-03"),
        ("mistralai/Ministral-3-8B-Base-2512", 8.9, "2025-12"),
    ],
)
def test_the_same_scores_give_about_the_same_place(model_id, params_b, released):
    stored = load_placement().set_index("model_id").loc[model_id]
    placed = place(scores_of(model_id), params_b, released)
    assert placed.average == pytest.approx(stored["placed_average"], abs=2.0)
    assert placed.high - placed.low == pytest.approx(stored["placed_high"] - stored["placed_low"], rel=0.4)


def test_more_reports_narrow_the_limits():
    scores = scores_of("google/gemma-3-27b-pt")
    one = [score for score in scores if score.study == "gemma3-report"]
    widths = [
        placed.high - placed.low
        for placed in (place(part, 27.4, "2025-03") for part in ([], one[:1], one, scores))
    ]
    assert widths == sorted(widths, reverse=True)
    assert widths[1] > 1.3 * widths[3]


def test_better_scores_place_higher():
    low, high = (
        place(
            [Score("a card", "MMLU", value, "5"), Score("a card", "GSM8K", value, "8")], 8, "2026-05"
        ).average
        for value in (55, 80)
    )
    assert high > low + 3


def test_a_report_is_one_witness():
    tasks = ("MMLU", "GSM8K", "BBH", "MATH", "MMLU-Pro", "HumanEval")
    one = place([Score("a", task, 60) for task in tasks], 8, "2026-05")
    six = place([Score(str(at), task, 60) for at, task in enumerate(tasks)], 8, "2026-05")
    assert one.high - one.low > six.high - six.low


@pytest.mark.parametrize(
    ("score", "what"),
    [
        (Score("a", "No such benchmark", 5), "knows no benchmark"),
        (Score("a", "MMLU", 640), "not between 0 and 100"),
        (Score("a", "MMLU", float("nan")), "not between"),
    ],
)
def test_what_cannot_be_placed_is_said(score, what):
    with pytest.raises(InvalidInputError, match=what):
        place([score], 8, "2026-05")


def test_size_and_month_are_checked():
    for size, month in [(-1, "2026-05"), (float("inf"), None), (8, "May"), (8, "2026-13")]:
        with pytest.raises(InvalidInputError):
            place([], size, month)
    with pytest.raises(InvalidInputError, match="2,000"):
        place([Score("a", "MMLU", 50)] * 2001, 8, None)


def test_scores_survive_the_way_there_and_back():
    values = np.array([26.0, 50.0, 80.0, 97.0])
    back = share_to_score(from_logit(to_logit(score_to_share(values, 0, 100, 25, False))), 0, 100, 25, False)
    np.testing.assert_allclose(back, values)
    errors = np.array([0.2, 0.9])
    assert (np.diff(to_logit(score_to_share(errors, 0, 1, 0, True))) < 0).all()
