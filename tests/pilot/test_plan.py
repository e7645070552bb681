"""The proposal: whom to try, on what, for how long, and whether it pays; and the curves to draw."""

import numpy as np
import pytest

from core.decision import rank_bases
from core.errors import InvalidInputError
from core.memory import gpus
from core.memory.resolve import resolve
from core.memory.training_time import estimate_training_time
from core.pilot import read_pilot, update
from core.pilot.curves import learning_curves
from core.pilot.plan import HELD_OUT, nested_subsets, propose_pilot
from tests.pilot.board import SURE, board_of
from tests.pilot.make_pilot import as_bytes, document

CLOSE = {"a/one": 40.0, "b/two": 38.0, "c/three": 36.0, "d/four": 5.0}


def decide(scores):
    return rank_bases(board_of(scores), SURE)


def test_a_close_race_is_worth_a_pilot_of_those_in_it():
    plan = propose_pilot(decide(CLOSE), examples=20_000)
    tried = plan.candidates["model_id"].tolist()
    assert tried[0] == "a/one"
    assert set(tried) == {"a/one", "b/two", "c/three"}
    assert plan.subsets == (100, 200, 400, 800)
    assert plan.worth_it
    assert 0.2 < plan.changes < 0.9
    assert plan.gained > 0
    assert "Try one, " in plan.verdict


def test_a_clear_first_is_not():
    far = {"a/one": 50.0, **{f"x/{i}": 1.0 for i in range(30)}}
    plan = propose_pilot(decide(far), examples=20_000)
    assert not plan.worth_it
    assert plan.verdict.startswith("Not worth it: one is clear")


def test_a_wider_lead_makes_a_change_less_likely():
    chances = [
        propose_pilot(decide(CLOSE | {"a/one": top}), examples=20_000, most=2).changes for top in (39, 43, 50)
    ]
    assert chances[0] > chances[1] > chances[2]


def test_time_and_price_by_hand():
    plan = propose_pilot(decide(CLOSE), examples=20_000, learning_rates=2)
    runs = 2 * (100 + 200 + 400 + 800 + int(4 * HELD_OUT / 3))
    alone = estimate_training_time(
        resolve("a/one", 7.0),
        gpus.get("a100-80"),
        examples=runs,
        sequence_length=SURE.sequence_length,
        batch_size=SURE.batch_size,
    )
    assert plan.hours[0] == pytest.approx(3 * alone.hours_low)
    assert plan.cost[1] == pytest.approx(3 * alone.cost_high)
    assert plan.hours[0] < plan.hours[1]


def test_too_little_data_or_one_candidate():
    assert nested_subsets(150) == ()
    assert "tune the candidates on all" in propose_pilot(decide(CLOSE), examples=300).verdict
    assert "fewer than two" in propose_pilot(decide({"a/one": 40.0}), examples=20_000).verdict


@pytest.mark.parametrize("wrong", [{"examples": 0}, {"examples": 9, "most": 1}])
def test_impossible_numbers(wrong):
    with pytest.raises(InvalidInputError):
        propose_pilot(decide(CLOSE), **wrong)


def test_after_a_pilot_the_next_plan_starts_from_its_result():
    decision = decide(CLOSE)
    data = as_bytes(document({"a/one": [6, 5.4, 4.9, 4.5], "c/three": [4, 3.6, 3.2, 2.9]}, task=SURE))
    updated = update(decision, read_pilot(data))
    assert updated.first == "c/three"
    again = propose_pilot(updated, examples=20_000, most=2)
    assert again.candidates["model_id"].iloc[0] == "c/three"
    assert again.changes < propose_pilot(decision, examples=20_000, most=2).changes


@pytest.mark.parametrize("top", [None, 10.0])
def test_curves_run_through_the_points_to_all_the_data(top):
    means = (
        {"a/one": [6.0, 5.4, 4.9, 4.5], "b/two": [5.0, 4.8]}
        if top is None
        else {"a/one": [0.4, 0.5, 0.6, 0.66]}
    )
    pilot = read_pilot(as_bytes(document(means, task=SURE, top=top)))
    table = learning_curves(pilot)
    runs, curve = (
        table[(table["model_id"] == "a/one") & (table["kind"] == kind)] for kind in ("run", "curve")
    )
    assert runs["n_train"].tolist() == [100, 200, 400, 800]
    assert runs["value"].iloc[-1] == pytest.approx(pilot.best_runs("a/one")[-1].mean_score)
    assert curve["n_train"].iloc[-1] == pytest.approx(20_000)
    assert (curve["low"] < curve["value"]).all()
    assert (curve["value"] < curve["high"]).all()
    at = np.interp(800, curve["n_train"], curve["value"])
    assert at == pytest.approx(runs["value"].iloc[-1], rel=0.03)
    width = (curve["high"] - curve["low"]).to_numpy()
    assert width[-1] > width[10] or top is not None
