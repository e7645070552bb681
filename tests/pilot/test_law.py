"""The scaling law: hand-worked values, recovery of a known curve, bands, and the rule it is compared with."""

from dataclasses import replace

import numpy as np
import pytest

from core.pilot import law
from core.pilot.accept_then_stop import accept_then_stop
from core.pilot.pooling import choose_by
from core.pilot.prior import load_prior

SIZES = np.array([200.0, 400.0, 800.0, 1600.0, 3200.0])


def test_the_curve_is_the_papers_law():
    # L0 = 1, D_t = 10,000, b = 0.5, e = 0.2, a = 2: B = 0.8 * 100, D_l = 100, E = 0.2.
    ours = law.curve(np.array([[0.0, 0.0, np.log(0.5), np.log(0.25), np.log(2.0)]]), SIZES)[0]
    theirs = (80 / (100 + SIZES**0.5) + 0.2) ** 2
    assert np.exp(ours) == pytest.approx(theirs)


def test_slopes_are_the_derivatives():
    at = np.array([[0.3, -1.0, -0.7, -1.2, 0.4]])
    _, slopes = law._curve_and_slopes(at, np.log(SIZES))
    for i in range(5):
        step = np.zeros((1, 5))
        step[0, i] = 1e-6
        by_hand = (law.curve(at + step, SIZES) - law.curve(at - step, SIZES)) / 2e-6
        assert slopes[0, :, i] == pytest.approx(by_hand[0], abs=1e-6)


def test_a_curve_that_follows_the_prior_is_found_again():
    prior = replace(load_prior(), straight=0.0)
    truth = np.exp(law.curve(prior.mean[None], np.array([*SIZES, 51_200.0])))
    found = law.extrapolate(SIZES, truth[:, :5], np.array([51_200.0]), prior)
    assert found.median[0, 0] == pytest.approx(truth[0, 5], rel=0.02)
    assert found.low[0, 0] < truth[0, 5] < found.high[0, 0]


def test_the_level_does_not_matter():
    """Bits per byte, dollars or an error rate: the same shape gives the same relative answer."""
    losses = 3 * SIZES[None] ** -0.1
    one = law.extrapolate(SIZES, losses, np.array([25_600.0]), load_prior())
    other = law.extrapolate(SIZES, losses / 3, np.array([25_600.0]), load_prior())
    assert other.median[0, 0] * 3 == pytest.approx(one.median[0, 0], rel=0.1)


def test_more_subsets_narrow_the_band_and_a_small_held_out_set_widens_it():
    losses, target, prior = 3 * SIZES[None] ** -0.1, np.array([51_200.0]), load_prior()
    narrow = law.extrapolate(SIZES, losses, target, prior).sd
    assert law.extrapolate(SIZES[:2], losses[:, :2], target, prior).sd > narrow
    assert law.extrapolate(SIZES, losses, target, prior, relative_error=np.full((1, 5), 0.1)).sd > narrow


def test_accept_then_stop_on_a_straight_line():
    losses = 5 * SIZES**-0.25
    assert accept_then_stop(SIZES, losses, np.array([204_800.0])) == pytest.approx([5 * 204_800**-0.25])


def test_accept_then_stop_leaves_out_what_comes_before_the_power_law():
    losses = 5 * SIZES**-0.25 * np.array([1.0, 1.0, 1.001, 1.0, 1.0])
    losses[0] *= 0.5
    assert accept_then_stop(SIZES, losses, np.array([204_800.0])) == pytest.approx(
        [5 * 204_800**-0.25], rel=0.02
    )


def test_the_line_joins_beyond_the_largest_run_and_never_with_fewer_than_three():
    bent = 3 * SIZES[None] ** -0.1 * np.array([1.0, 1.0, 0.99, 0.97, 0.93])
    targets = np.array([3200.0, 51_200.0])
    prior = load_prior()
    without = replace(prior, straight=0.0)
    line = accept_then_stop(SIZES, bent[0], targets)

    mixed, law_alone = (law.extrapolate(SIZES, bent, targets, each) for each in (prior, without))
    assert mixed.mean[0, 0] == pytest.approx(law_alone.mean[0, 0])
    expected = law_alone.mean[0, 1] + prior.straight * (np.log(line[1]) - law_alone.mean[0, 1])
    assert mixed.mean[0, 1] == pytest.approx(expected)
    assert mixed.sd[0, 1] > law_alone.sd[0, 1]
    two, alone = (law.extrapolate(SIZES[:2], bent[:, :2], targets, each) for each in (prior, without))
    assert two.mean == pytest.approx(alone.mean)


def test_a_doubtful_forecast_is_shrunk_by_hand():
    """Spread 0.1, forecasts 0, 0.1 and -0.12, the last with a deviation of 0.3: it isn't first any more.

    Variance: the forecasts lie no further apart than their doubt, so tau² = 0.1² = 0.01. Weights
    1 / (tau² + sd²): 100, 100, 10; weighted mean (10 - 1.2) / 210 = 0.0419. Shrunk: tau² x weight x distance
    from it: -0.0419, 0.0581, -0.0162.
    """
    found = choose_by(np.array([0.0, 0.1, -0.12]), np.array([1e-9, 1e-9, 0.3]), 0.1)
    assert found == pytest.approx([-0.0419, 0.0581, -0.0162], abs=1e-4)
