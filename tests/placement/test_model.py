"""The fit recovers abilities that made up the scores, and is honest about those it cannot know."""

from dataclasses import replace

import numpy as np
import pytest

from core.placement.model import Data, Settings, fit

SETTINGS = Settings(rounds=12)


def world(seed, bases=90, studies=9, per_study=6, report_sd=0.25):
    """Scores drawn from the model itself: one ability, studies of six columns."""
    rng = np.random.default_rng(seed)
    size = rng.normal(size=bases)
    theta = 0.8 * size + rng.normal(scale=0.6, size=bases)
    rows = []
    column_benchmark = []
    for study in range(studies):
        chosen = np.flatnonzero(rng.random(bases) < (0.8 if study == 0 else 0.35))
        luck = rng.normal(scale=report_sd, size=bases)
        for place in range(per_study):
            column_benchmark.append(place)
            shift = rng.normal(scale=0.4)
            for i in chosen:
                y = shift + (1 + 0.1 * place) * (theta[i] + luck[i]) + rng.normal(scale=0.15)
                rows.append((y, i, study * per_study + place, study))
    y, model, column, study = map(np.array, zip(*rows, strict=True))
    data = Data(
        y=y.astype(float),
        s2=np.zeros(len(y)),
        model=model,
        column=column,
        study=study,
        column_benchmark=np.array(column_benchmark),
        study_kind=np.array([1] + [0] * (studies - 1)),
        x=np.column_stack([np.ones(bases), size]),
        family=np.arange(bases),
        slope_guess=np.ones((per_study, 1)),
    )
    return data, theta


def kept(data, keep):
    """The data with only the cells of a mask."""
    cells = {name: getattr(data, name)[keep] for name in ("y", "s2", "model", "column", "study")}
    return replace(data, **cells)


def without_own_rows(data, hidden):
    return kept(data, ~((data.study == 0) & np.isin(data.model, hidden)))


@pytest.fixture(scope="module")
def fitted():
    data, theta = world(3)
    return data, theta, fit(data, SETTINGS)


def test_abilities_are_recovered_in_order(fitted):
    _, theta, state = fitted
    assert np.corrcoef(theta, state.theta[:, 0])[0, 1] > 0.95


def test_report_luck_is_not_shrunk_away(fitted):
    _, _, state = fitted
    slope = state.slopes[:, 0].mean() / 1.25  # abilities are known up to scale
    assert 0.17 < np.sqrt(state.report_cov[0, 0, 0]) * slope < 0.35


def test_hidden_scores_fall_within_their_limits_as_often_as_stated():
    inside = []
    for seed in range(4):
        data, _ = world(seed, bases=70)
        on_board = np.unique(data.model[data.study == 0])
        hidden = on_board[::4]
        state = fit(without_own_rows(data, hidden), SETTINGS)
        for i in hidden:
            at = np.flatnonzero((data.study == 0) & (data.model == i))[0]
            column = data.column[at]
            a = state.slopes[data.column_benchmark[column]]
            where, gain, _ = state.links[i]
            variance = a @ (state.theta_cov[i] + state.report_cov[1]) @ a
            variance += state.sigma2[data.column_benchmark[column]] + state.cov[column, column]
            variance -= 2 * a @ gain @ state.cov[where, column]
            inside.append(
                abs(data.y[at] - state.mean[column] - a @ state.theta[i]) < 1.645 * np.sqrt(variance)
            )
    assert len(inside) > 40
    assert 0.82 <= np.mean(inside) <= 0.98


def test_a_lonely_score_leaves_a_wide_interval(fitted):
    data, _, _ = fitted
    lonely = int(data.model[data.study == 1][0])
    keep = (data.model != lonely) | (data.column == 6)
    few = kept(data, keep)
    state = fit(few, SETTINGS)
    sd = np.sqrt(state.theta_cov[:, 0, 0])
    others = np.unique(data.model[data.study == 0])
    assert sd[lonely] > 1.3 * np.median(sd[others])


def test_one_wild_score_moves_its_base_little():
    data, _ = world(5)
    calm = fit(data, SETTINGS)
    y = data.y.copy()
    y[0] += 6
    wild = fit(replace(data, y=y), SETTINGS)
    base = data.model[0]
    assert abs(wild.theta[base, 0] - calm.theta[base, 0]) < 0.25


def test_the_same_data_give_the_same_figures(fitted):
    data, _, state = fitted
    np.testing.assert_allclose(fit(data, SETTINGS).theta, state.theta, rtol=0, atol=1e-9)
