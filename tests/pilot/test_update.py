"""The answer after a pilot: hand-worked gains, clear results, a noisy pilot, and refusals."""

import numpy as np
import pandas as pd
import pytest

from core.decision import rank_bases
from core.decision.tasks import Task
from core.errors import InvalidInputError
from core.pilot import read_pilot, update
from core.pilot.final import reached
from core.pilot.prior import load_prior
from core.pilot.update import gains, points_moved
from tests.pilot.board import SURE, board_of
from tests.pilot.make_pilot import as_bytes, document

SCORES = {"a/strong": 40.0, "b/middle": 34.0, "c/weak": 15.0, "d/other": 10.0}


@pytest.fixture(scope="module")
def task():
    return SURE


@pytest.fixture(scope="module")
def decision(task):
    found = rank_bases(board_of(SCORES), task)
    assert found.first == "a/strong"
    assert found.ranking["p_first"].iloc[0] > 0.99
    return found


def pilot_of(curves, task, **how):
    return read_pilot(as_bytes(document(curves, task=task, **how)))


def test_gain_by_hand():
    """tau² = 0.01 x (1 - 0.3²) = 0.0091; with S a third of it the gain is 3/4 of each difference."""
    gain, left = gains(np.array([0.0, 0.0]), np.eye(2) * 0.0091 / 3, 0.1)
    assert gain == pytest.approx(0.75 * np.array([[0.5, -0.5], [-0.5, 0.5]]))
    # What is left of tau²: a quarter.
    assert left == pytest.approx(0.25 * 0.0091 * np.array([[0.5, -0.5], [-0.5, 0.5]]))


def test_what_all_examples_share_cancels():
    alone, _ = gains(np.array([0.0, 0.1]), np.eye(2) * 0.0025, 0.1)
    shared, _ = gains(np.array([0.0, 0.1]), np.eye(2) * 0.0025 + 0.5, 0.1)
    assert shared == pytest.approx(alone)


def test_a_pilot_that_settles_under_a_tenth_does_not_count():
    gain, left = gains(np.array([0.0, 0.1]), np.eye(2) * 0.1, 0.1)  # 0.0091 / 0.1091 = 0.08
    assert not gain.any()
    assert not left.any()


def test_points_moved_by_hand():
    """Forecasts of 0.8 and 0.4 of the total: a spread of 0.2, worth 0.2 / (0.3 x 0.1) = 6.67 for a log unit.

    Final losses 0 and -0.18 on the logarithm pull by -0.8 and 1.2 - 0.4 = 0.8. A sure pilot (S = 0.0091 / 3)
    is followed by 3/4: 0.75 x 0.5 x 1.6 = 60 points, and the order turns from 80:40 to 20:100. An unsure one
    (S = 0.06) by 0.0091 / 0.0691 = 0.132, which counts by (0.132 - 0.1) / 0.2 = 0.158: 1.7 points.
    """
    pull = np.array([-0.8, 0.8])
    sure, _ = gains(np.array([0.0, 0.0]), np.eye(2) * 0.0091 / 3, 0.1)
    unsure, _ = gains(np.array([0.0, 0.0]), np.eye(2) * 0.06, 0.1)

    assert points_moved(sure, pull).tolist() == pytest.approx([-60, 60])
    assert points_moved(unsure, pull).tolist() == pytest.approx([-1.67, 1.67], abs=0.01)


def test_results_beyond_all_expectation_decide_the_order_but_points_end_at_0_and_100(decision, task):
    pilot = pilot_of(
        {"a/strong": [60, 54, 49, 45], "b/middle": [4, 3.6, 3.2, 2.9], "c/weak": [2, 1, 0.5, 0.2]}, task
    )
    found = update(decision, pilot)

    assert found.ranking["score"].between(0, 100).all()
    assert found.first == "c/weak"
    assert found.ranking["rank"].tolist() == [1, 2, 3, 4]
    points = found.points.set_index("model_id").sum(axis=1)
    assert points[found.ranking["model_id"]].tolist() == pytest.approx(found.ranking["score"].tolist())


def test_bands_of_a_bounded_measure_stay_within_it(decision, task):
    curves = {"a/strong": [0.02, 0.03, 0.02, 0.04], "b/middle": [0.97, 0.98, 0.98, 0.99]}
    found = update(decision, pilot_of(curves, task, top=1.0, held_out=100))

    assert found.tried[["final", "final_low", "final_high"]].to_numpy().min() >= 0
    assert found.tried[["final", "final_low", "final_high"]].to_numpy().max() <= 1


def test_clear_results_overcome_a_prior_of_certainty(decision, task):
    """The weak one needs but two thirds of the strong one's loss on every subset."""
    pilot = pilot_of({"a/strong": [6.0, 5.4, 4.9, 4.5], "c/weak": [4.0, 3.6, 3.2, 2.9]}, task)
    found = update(decision, pilot)
    assert found.first == "c/weak"
    assert found.p_after > 0.9
    assert found.before == "a/strong"
    assert found.ranking.set_index("model_id").loc["c/weak", "p_before"] < 0.01
    assert any("strong has more points than weak" in each for each in found.contradictions)
    assert found.flips.empty
    assert "not worth it" in found.next_step


def test_a_noisy_pilot_of_one_subset_hardly_moves_anything(decision, task):
    """One subset of 100 of 20,000 examples, 30 held out, and the rival a tenth better in it."""
    pilot = pilot_of({"a/strong": [6.0], "b/middle": [5.4]}, task, subsets=(100,), held_out=30, noise=1.0)
    found = update(decision, pilot)
    assert found.first == "a/strong"
    assert found.ranking["p_first"].iloc[0] == pytest.approx(decision.ranking["p_first"].iloc[0], abs=0.03)
    assert any("one subset" in note for note in found.notes)


def test_more_subsets_of_the_same_lead_move_more(decision, task):
    curves = {"a/strong": [6.0, 5.4, 4.9, 4.5], "b/middle": [5.4, 4.9, 4.4, 4.0]}
    shifts = []
    for count in (2, 3, 4):
        cut = {name: means[:count] for name, means in curves.items()}
        found = update(decision, pilot_of(cut, task, subsets=(100, 200, 400, 800)[:count]))
        shifts.append(found.ranking.set_index("model_id").loc["b/middle", "shift"])
    assert shifts[0] < shifts[1] < shifts[2]


def test_the_untried_keep_their_points(decision, task):
    found = update(decision, pilot_of({"a/strong": [6, 5, 4, 3.5], "c/weak": [4, 3, 2.5, 2.2]}, task))
    before, after = (each.ranking.set_index("model_id")["score"] for each in (decision, found))
    assert after[["b/middle", "d/other"]].tolist() == pytest.approx(before[["b/middle", "d/other"]].tolist())
    # What one tried gains the other loses.
    assert after.sum() == pytest.approx(before.sum())
    shares = found.ranking["p_first"]
    assert shares.sum() == pytest.approx(1.0)
    points = found.points.set_index("model_id")
    assert points.sum(axis=1)[after.index].tolist() == pytest.approx(after.tolist())


def test_scores_where_higher_is_better(decision, task):
    curves = {"a/strong": [0.60, 0.62, 0.64, 0.66], "b/middle": [0.80, 0.84, 0.87, 0.90]}
    found = update(decision, pilot_of(curves, task, top=1.0))
    assert found.first == "b/middle"
    tried = found.tried.set_index("model_id")
    assert tried.loc["b/middle", "final"] > 0.90
    assert (tried["final_low"] < tried["final"]).all()
    assert (tried["final"] < tried["final_high"]).all()
    assert tried["final_high"].max() <= 1.0


def test_a_perfect_score_is_not_the_logarithm_of_nothing(decision, task):
    found = update(decision, pilot_of({"a/strong": [0.5] * 4, "b/middle": [1.0] * 4}, task, top=1.0))
    assert np.isfinite(found.ranking["score"]).all()


def test_one_tried_candidate_compares_with_none(decision, task):
    found = update(decision, pilot_of({"c/weak": [4, 3, 2.5, 2.2]}, task))
    assert found.ranking["score"].tolist() == pytest.approx(decision.ranking["score"].tolist())
    assert any("compares with none" in note for note in found.notes)


def test_a_dropped_model_and_one_that_is_no_candidate(decision, task):
    curves = {
        "a/strong": [6, 5.4, 4.9, 4.5],
        "b/middle": [5.9, 5.3, 4.8, 4.4],
        "c/weak": [9, 8.8],
        "x/y": [7, 7],
    }
    found = update(decision, pilot_of(curves, task))
    assert found.tried.set_index("model_id").loc["c/weak", "largest"] == 200
    assert any("also tried y" in note for note in found.notes)


def test_the_same_twice(decision, task):
    pilot = pilot_of({"a/strong": [6, 5.4, 4.9, 4.5], "b/middle": [5.9, 5.3, 4.8, 4.4]}, task)
    pd.testing.assert_frame_equal(update(decision, pilot).ranking, update(decision, pilot).ranking)


def test_other_models(decision, task):
    with pytest.raises(InvalidInputError, match="none of the models it tried"):
        update(decision, pilot_of({"x/y": [4, 3, 2.5, 2.2]}, task))


def test_another_task(decision):
    with pytest.raises(InvalidInputError, match="another task"):
        update(decision, pilot_of({"a/strong": [4, 3, 2.5, 2.2]}, Task(template="{target}")))


def test_no_candidate_left(decision, task):
    none = rank_bases(pd.DataFrame({"model_id": []}), task)
    with pytest.raises(InvalidInputError, match="No candidate"):
        update(none, pilot_of({"a/strong": [4, 3, 2.5, 2.2]}, task))


def test_paired_examples_tell_models_apart_better_than_their_means(task):
    pilot = pilot_of({"a/strong": [6, 5.4, 4.9, 4.5], "b/middle": [5.9, 5.3, 4.8, 4.4]}, task, noise=1.0)
    shared = reached(pilot, ["a/strong", "b/middle"], load_prior()).shared
    difference = shared[0, 0] + shared[1, 1] - 2 * shared[0, 1]
    assert difference < 0.5 * (shared[0, 0] + shared[1, 1])
