"""The simulation on a handful of made-up draws, each summary worked by hand."""

from __future__ import annotations

import numpy as np
import pytest

from core.decision import simulation
from core.decision.criteria import KEYS, Values
from core.decision.simulation import Scores

K = len(KEYS)


def values(mean: list[list[float]], sd: list[list[float]] | None = None, **said: object) -> Values:
    """Candidates on the first criteria; the others are 0 and known."""
    table = np.zeros((len(mean), K))
    table[:, : len(mean[0])] = mean
    spread = np.zeros_like(table)
    if sd is not None:
        spread[:, : len(sd[0])] = sd
    fields: dict = {
        "mean": table, "sd": spread, "centre": np.zeros_like(table),
        "scatter": tuple(np.zeros(1) for _ in range(K)),
        "expected": np.nan_to_num(table), "usable": np.ones(K, dtype=bool),
    }  # fmt: skip
    return Values(**(fields | said))


def shares(*given: float) -> np.ndarray:
    return np.array([*given, *[0.0] * (K - len(given))])


def scores(*mean: float, sd: float = 0.0) -> Scores:
    """Two benchmarks of equal weight that agree."""
    table = np.array([[value, value] for value in mean])
    return Scores(table, np.full_like(table, sd), np.array([0.5, 0.5]))


def exact(found: Values, said: Scores, weights: np.ndarray, draws: int = 200) -> simulation.Simulated:
    return simulation.simulate(found, said, weights, concentration=np.inf, draws=draws, seed=1)


def test_without_any_error_the_order_is_certain() -> None:
    found = exact(values([[0.4], [0.6], [0.5]]), scores(0.4, 0.6, 0.5), shares(1))
    assert found.score.tolist() == [0.4, 0.6, 0.5]
    assert found.p_first.tolist() == [0, 1, 0]
    assert found.rank_low.tolist() == found.rank_high.tolist() == [3, 1, 2]
    assert found.acceptability.tolist() == [[0, 0, 1], [1, 0, 0], [0, 1, 0]]
    assert found.ahead.tolist() == [0, 0, 0], "none is ahead of the best, itself included"
    assert found.central[1, 0] == 1
    assert np.isnan(found.central[[0, 2]]).all()


def summary(*orders: str, score: str = "abc") -> simulation.Simulated:
    """A draw for each order given, such as "bca" (b first); ``score``: the order of the expected values."""
    names = sorted(orders[0])
    totals = np.array([[-order.index(name) for name in names] for order in orders], dtype=np.float32)
    expected = np.array([-score.index(name) for name in names], dtype=float)
    weights = np.arange(len(orders), dtype=float)[:, None].repeat(2, axis=1)
    return simulation._summary(totals, weights, expected)


def test_places_are_counted_draw_by_draw() -> None:
    found = summary("abc", "abc", "bac", "cab")
    assert found.p_first.tolist() == [0.5, 0.25, 0.25]
    assert found.acceptability.tolist() == [[0.5, 0.5, 0], [0.25, 0.5, 0.25], [0.25, 0, 0.75]]
    # Draws 0 and 1 are won by a, 2 by b, 3 by c; the weights are the numbers of the draws.
    assert found.central[:, 0].tolist() == [0.5, 2, 3]
    assert found.ahead.tolist() == [0, 0.25, 0.25]


@pytest.mark.parametrize(
    ("seconds", "low", "high"),
    [
        (0, 1, 1),
        (5, 1, 1),  # 95 of 100 draws are first: the interval leaves 5% on either side
        (6, 1, 2),
        (94, 1, 2),
        (95, 1, 2),
        (96, 2, 2),
    ],
)
def test_ninety_percent_of_the_draws_lie_between_the_ranks(seconds: int, low: int, high: int) -> None:
    found = summary(*["ab"] * (100 - seconds), *["ba"] * seconds)
    assert (found.rank_low[0], found.rank_high[0]) == (low, high)


def test_the_interval_spans_the_middle_of_many_ranks() -> None:
    """a is 1st to 20th in turn, five draws each: 5% lie at rank 1 alone, 95% up to rank 19."""
    names = "abcdefghijklmnopqrst"
    orders = [names[1 : place + 1] + "a" + names[place + 1 :] for place in range(20) for _ in range(5)]
    found = summary(*orders, score=names)
    assert (found.rank_low[0], found.rank_high[0]) == (1, 19)
    found = summary(*orders[5:], score=names)
    assert (found.rank_low[0], found.rank_high[0]) == (2, 20)


def test_candidates_that_tie_in_every_draw_share_everything() -> None:
    found = exact(values([[0.5], [0.5]]), scores(0.5, 0.5), shares(0.0))
    assert found.p_first.tolist() == [0.5, 0.5]
    assert found.acceptability.tolist() == [[0.5, 0.5], [0.5, 0.5]]
    assert (found.rank_low.tolist(), found.rank_high.tolist()) == ([1, 1], [2, 2])
    assert found.ahead.tolist() == [0.5, 0.5]
    assert np.isnan(found.central).all()
    assert found.central.shape == (2, K)


def test_first_shares_count_winners_and_split_ties() -> None:
    totals = np.array([[1, 2, 0], [3, 2, 1], [0, 5, 1], [0, 5, 9]], dtype=np.float32)
    assert simulation.first_shares(totals).tolist() == [0.25, 0.5, 0.25]
    assert simulation.first_shares(np.zeros((4, 2), np.float32)).tolist() == [0.5, 0.5]


def test_weights_by_hand() -> None:
    rng = np.random.default_rng(1)
    given = np.array([0.75, 0.0, 0.25])
    assert simulation.draw_weights(rng, given, np.inf, 2).tolist() == [[0.75, 0, 0.25]] * 2
    assert simulation.draw_weights(rng, np.zeros(3), 5, 2).tolist() == [[0, 0, 0]] * 2
    assert simulation.draw_weights(rng, np.array([0.0, 1.0]), 5, 2).tolist() == [[0, 1]] * 2, (
        "nothing to vary"
    )


@pytest.mark.parametrize("concentration", [4.0, 40.0])
def test_drawn_weights_lie_around_the_reader_s(concentration: float) -> None:
    given = np.array([0.75, 0.0, 0.25])
    drawn = simulation.draw_weights(np.random.default_rng(1), given, concentration, 20_000)
    assert drawn.sum(axis=1) == pytest.approx(1)
    assert not drawn[:, 1].any()
    assert drawn.mean(axis=0) == pytest.approx(given, abs=0.01)
    # Dirichlet: variance s (1 - s) / (concentration + 1).
    assert drawn.var(axis=0)[0] == pytest.approx(0.75 * 0.25 / (concentration + 1), rel=0.05)


def test_weights_of_which_nothing_is_known_are_uniform() -> None:
    drawn = simulation.draw_weights(np.random.default_rng(1), np.array([0.9, 0.1, 0.0]), 0, 20_000)
    assert drawn.mean(axis=0) == pytest.approx([0.5, 0.5, 0], abs=0.01)
    assert drawn.var(axis=0)[0] == pytest.approx(1 / 12, rel=0.05)


def totals(found: Values, said: Scores, weights: np.ndarray, draws: int = 20_000) -> np.ndarray:
    table = np.tile(weights, (draws, 1))
    return simulation.draw_totals(np.random.default_rng(2), found, said, table, np.inf)


def test_the_spread_of_a_weighted_sum_by_hand() -> None:
    # Capability: two benchmarks of equal weight with errors of 0.1: 0.1 / sqrt(2); half of it counts. The
    # second criterion has an error of 0.2 and the other half. Variance: 0.25 x 0.005 + 0.25 x 0.04 = 0.01125.
    drawn = totals(values([[0.0, 0.3]], [[9.0, 0.2]]), scores(0.5, sd=0.1), shares(0.5, 0.5))
    assert drawn.mean() == pytest.approx(0.5 * 0.5 + 0.5 * 0.3, abs=0.003)
    assert drawn.var() == pytest.approx(0.01125, rel=0.03)


def test_errors_that_go_together_widen_the_sum() -> None:
    said = Scores(np.array([[0.5, 0.5]]), np.array([[0.1, 0.1]]), np.array([0.5, 0.5]), np.array([[0.01]]))
    assert said.variance(np.array([[0.5, 0.5]])).tolist() == [[pytest.approx(0.01)]]  # as one error of 0.1
    against = Scores(said.mean, said.sd, said.shares, np.array([[-0.01]]))
    assert against.variance(np.array([[0.5, 0.5]])).tolist() == [[pytest.approx(0, abs=1e-12)]]
    beyond = Scores(said.mean, said.sd, said.shares, np.array([[-0.011]]))
    assert beyond.variance(np.array([[0.5, 0.5]])).tolist() == [[0.0]], "rounded, never below nothing"
    alone = Scores(said.mean, said.sd, said.shares)
    assert alone.variance(np.array([[0.5, 0.5], [1.0, 0.0]])).tolist() == [
        [pytest.approx(0.005)],
        [pytest.approx(0.01)],
    ]


def test_candidates_are_picked_with_their_covariances() -> None:
    said = Scores(np.eye(2), np.eye(2) * 2, np.array([0.4, 0.6]), np.array([[0.1], [0.2]]))
    picked = said.pick(np.array([1]))
    assert (picked.mean.tolist(), picked.sd.tolist()) == ([[0, 1]], [[0, 2]])
    assert picked.covariance is not None
    assert picked.covariance.tolist() == [[0.2]]
    assert scores(0.1, 0.2).pick(np.array([0])).covariance is None


def test_products_of_each_two_weights() -> None:
    assert simulation.pair_products(np.array([[2.0, 3.0, 5.0, 7.0]])).tolist() == [[6, 10, 14, 15, 21, 35]]


def test_an_unknown_value_is_drawn_from_what_is_typical() -> None:
    """Known: 0.5. Unknown: 0.5 + one of -0.2 and 0.2 in each draw, of which half counts."""
    found = values(
        [[0.0, 0.5], [0.0, np.nan]],
        centre=np.full((2, K), 0.5),
        scatter=tuple(np.array([-0.2, 0.2]) for _ in range(K)),
    )
    drawn = totals(found, scores(0.0, 0.0), shares(0.5, 0.5))
    assert np.allclose(drawn[:, 0], 0.25)
    assert sorted(np.unique(drawn[:, 1].round(4)).tolist()) == [pytest.approx(0.15), pytest.approx(0.35)]
    assert drawn[:, 1].mean() == pytest.approx(0.25, abs=0.003)


def test_an_unknown_capability_of_no_weight_or_an_unusable_criterion_adds_nothing() -> None:
    found = values([[0.0, np.nan]], centre=np.full((1, K), 0.5))
    assert not totals(found, scores(0.0), shares(1.0)).any()
    unusable = np.ones(K, dtype=bool)
    unusable[1] = False
    assert not totals(
        values([[0.0, np.nan]], centre=np.full((1, K), 0.5), usable=unusable), scores(0.0), shares(0.5, 0.5)
    ).any()


def test_expected_values_at_the_reader_s_weights() -> None:
    found = values([[0.2, 0.8], [0.6, 0.0]])
    assert simulation.expected(found, shares(0.25, 0.75)).tolist() == pytest.approx([0.65, 0.15])


def test_a_lead_of_one_error_is_won_as_often_as_the_normal_law_says() -> None:
    # Errors 0.1 / sqrt(2) each, so the difference has 0.1; a lead of 0.1 is one of them: Phi(1) = 0.841.
    found = exact(values([[0.6], [0.5]]), scores(0.6, 0.5, sd=0.1), shares(1), draws=40_000)
    assert found.p_first[0] == pytest.approx(0.8413, abs=0.006)
    assert found.ahead.tolist() == [0, pytest.approx(0.1587, abs=0.006)]
    assert (found.rank_low.tolist(), found.rank_high.tolist()) == ([1, 1], [2, 2])
    again = exact(values([[0.6], [0.5]]), scores(0.6, 0.5, sd=0.1), shares(1), draws=40_000)
    assert again.p_first.tolist() == found.p_first.tolist()


def test_one_covariance_among_independent_errors_counts() -> None:
    """Three benchmarks of which only the first two go together: 3 x 0.01 + 2 x 0.004, each weight a third."""
    third = np.full(3, 1 / 3)
    said = Scores(np.full((1, 3), 0.5), np.full((1, 3), 0.1), third, np.array([[0.004, 0.0, 0.0]]))
    assert said.variance(third[None, :])[0, 0] == pytest.approx((0.03 + 0.008) / 9)


def test_a_concentration_below_one_is_more_spread_than_uniform() -> None:
    drawn = simulation.draw_weights(np.random.default_rng(1), np.array([0.5, 0.5]), 0.5, 20_000)
    assert drawn.var(axis=0)[0] == pytest.approx(0.25 / 1.5, rel=0.05)


def test_an_unknown_counts_in_the_draws_that_give_it_weight() -> None:
    found = values([[0.0, np.nan]], centre=np.full((1, K), 0.5))
    weights = np.vstack([shares(1.0, 0.0), shares(0.5, 0.5)])
    drawn = simulation.draw_totals(np.random.default_rng(2), found, scores(0.0), weights, np.inf)
    assert drawn[:, 0].tolist() == [0, 0.25]
