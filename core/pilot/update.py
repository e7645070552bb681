"""The answer after the pilot: the decision's own draws, moved by what the trial runs say.

A candidate's final measure is thought to follow the criteria that stand for what tuning reaches (capability,
number tokens, instruct evidence, age), with a correlation of only :data:`RELATION`; that is the prior. The
pilot says what the tried ones reach, with a covariance. Bayes' rule joins both, all of it normal and on the
logarithm of what is lost: where the pilot is sure, the prior no longer counts; where its bands are wide,
nothing moves. Criteria that are no forecast (memory, licence, tokens per text) keep their points.

With tau² the variance of what the criteria don't foresee, S the pilot's covariance of m finals y, and W =
(tau² I + S)^-1, the gain is A = tau² (W - W 1 1' W / 1' W 1): only differences between tried models count.
Their totals of a draw, T, become T + A (g y - Q) + g e, Q being the part of T that is a forecast, g what a
logarithm of the measure is worth in it, and e drawn with the covariance that is left, tau² (I - 1/m - A).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from core.decision import criteria, simulation
from core.decision.tasks import CERTAINTIES
from core.errors import InvalidInputError
from core.pilot.answer import UpdatedDecision, answer
from core.pilot.file import NAME, task_key
from core.pilot.final import reached
from core.pilot.pooling import RELATION, gain, unforeseen
from core.pilot.prior import load_prior
from core.short_names import short_names

if TYPE_CHECKING:
    import numpy.typing as npt

    from core.decision.rank import Decision, Evaluated
    from core.pilot.file import Pilot
    from core.pilot.final import Finals
    from core.pilot.law import Prior

    Floats = npt.NDArray[np.float64]
    Singles = npt.NDArray[np.float32]

FORECASTS: Final = ("capability", "numbers", "instruct", "age")
# Of what the criteria leave open a pilot must settle this share to count, and this to count in full: the
# decision's draws don't doubt the points themselves, and the doubts of a pilot that says nothing would
# drown them.
TOO_LITTLE: Final = 0.1
ENOUGH: Final = 0.3
# Candidates whose forecasts hardly differ (on the scale of 0 to 1) still leave a result this much worth.
_LEAST_SPREAD: Final = 0.03
_LEADERS: Final = 12


def update(decision: Decision, pilot: Pilot, *, prior: Prior | None = None) -> UpdatedDecision:
    """The same ranking with the pilot's evidence in it.

    Args:
        decision: from :func:`core.decision.rank_bases`, without a pilot.
        pilot: from :func:`core.pilot.file.read_pilot`.
        prior: of the scaling law; the committed one if not given.

    Returns:
        A decision. ``ranking`` has as further columns p_before and shift (points; 0 for what wasn't tried).
        Same decision and pilot, same answer. ``flips`` is empty if the first place changed: those are
        about the weights alone.

    Raises:
        InvalidInputError: the pilot is of another task, tried none of the candidates, or there are none.
    """
    seen = decision.evaluated
    names = decision.ranking["model_id"].tolist() if seen is not None else []
    wanted = _usable(decision, pilot, names)
    if seen is None:  # _usable has raised; for the type checker
        raise AssertionError
    prior = prior or load_prior()
    finals = reached(pilot, wanted, prior)
    rows = np.array([names.index(name) for name in wanted])
    worth, foreseen = exchange(seen, prior)
    follow, left = gains(finals.mean, finals.covariance, prior.spread)

    rng = np.random.default_rng(decision.task.seed)
    concentration = CERTAINTIES.get(decision.task.certainty, CERTAINTIES["fairly"])
    weights = simulation.draw_weights(rng, seen.shares, concentration, max(decision.task.draws, 1))
    totals = simulation.draw_totals(rng, seen.criteria_values, seen.scores, weights, concentration)
    forecast = weights[:, foreseen] @ seen.criteria_values.expected[np.ix_(rows, foreseen)].T
    noise = rng.standard_normal((len(weights), len(rows))) @ _root(left).T
    shifts = (-worth * finals.mean - forecast) @ follow.T + worth * noise
    totals[:, rows] += shifts.astype(np.float32)

    own = seen.criteria_values.expected[np.ix_(rows, foreseen)] @ seen.shares[foreseen]
    shift = np.zeros(len(names))
    pull = -worth * finals.mean - own
    shift[rows] = points_moved(follow, pull)
    ranking, order, acceptability = _ranking(decision.ranking, shift, totals)
    base = (decision.ranking["score"].to_numpy(float) + shift) / 100
    changes = _next_step(finals, base, rows, pull, follow, worth, prior, decision.task.seed)
    return answer(decision, pilot, finals, ranking, order, acceptability, changes)


def gains(mean: Floats, covariance: Floats, spread: float) -> tuple[Floats, Floats]:
    """How far the tried candidates follow the pilot, and how unsure they then still are.

    Args:
        mean: m finals on the logarithm.
        covariance: m x m, the pilot's.
        spread: between models, of finals on the logarithm.

    Returns:
        A (m x m, rows add up to 0, near I - 1/m when the pilot is sure) and the covariance (m x m) of the
        differences that remains; both 0 when the pilot says too little.

    >>> gain, left = gains(np.array([0.0, 0.0]), np.eye(2) * 0.0091, spread=0.1)  # tau² = 0.0091, too
    >>> gain.round(4).tolist(), left.round(6).tolist()
    ([[0.25, -0.25], [-0.25, 0.25]], [[0.002275, -0.002275], [-0.002275, 0.002275]])
    """
    m = len(mean)
    centred = np.eye(m) - 1 / m
    if m == 1:
        return np.zeros((1, 1)), np.zeros((1, 1))
    open_variance = unforeseen(mean, covariance, spread, RELATION)
    followed = gain(covariance, open_variance)
    settled = float(np.trace(followed)) / (m - 1)
    counts = float(np.clip((settled - TOO_LITTLE) / (ENOUGH - TOO_LITTLE), 0.0, 1.0))
    left = open_variance * (centred - followed)
    return np.asarray(counts * followed), np.asarray(counts**2 * (left + left.T) / 2)


def points_moved(follow: Floats, pull: Floats) -> Floats:
    """How many points (m) each tried candidate moves.

    Args:
        follow: m x m, from :func:`gains`.
        pull: m; what each result is worth less what was foreseen, on the total's scale (0 to 1).

    >>> points_moved(np.array([[0.25, -0.25], [-0.25, 0.25]]), np.array([0.1, -0.1]))
    array([ 5., -5.])
    """
    return np.asarray(follow @ pull * 100)


def exchange(seen: Evaluated, prior: Prior) -> tuple[float, npt.NDArray[np.int64]]:
    """What 1 on the logarithm of the final measure is worth on the total's scale; columns of the forecasts.

    A candidate one standard deviation better in its forecasts is expected to end RELATION standard
    deviations better; turned round, that is the price of a result.
    """
    foreseen = np.array([criteria.KEYS.index(key) for key in FORECASTS])
    forecast = seen.criteria_values.expected[:, foreseen] @ seen.shares[foreseen]
    spread = max(float(forecast.std()), _LEAST_SPREAD)
    return spread / (RELATION * prior.spread), foreseen


def _usable(decision: Decision, pilot: Pilot, names: list[str]) -> list[str]:
    if not names:
        raise InvalidInputError("No candidate is left that a pilot could say something about.", source=NAME)
    if pilot.task.key != task_key(decision.task):
        raise InvalidInputError(
            f"The pilot can't be used to update this answer: it was run for another task "
            f"({pilot.task.preset[:60]}, answers: {pilot.task.output[:40]}).",
            source=NAME,
            remedy="Set the answers and the prompt it was run with, or run a pilot for this task.",
        )
    tried = {run.model_id for run in pilot.runs}
    wanted = [name for name in names if name in tried]
    if not wanted:
        raise InvalidInputError(
            f"The pilot can't be used to update this answer: none of the models it tried "
            f"({', '.join(sorted(short_names(tried).values())[:3])}) is a candidate here.",
            source=NAME,
            remedy="Loosen the constraint that rules them out, or run a pilot with these candidates.",
        )
    return wanted


def _root(covariance: Floats) -> Floats:
    """A square root of a covariance that may be singular."""
    values, vectors = np.linalg.eigh(covariance)
    return np.asarray(vectors * np.sqrt(np.maximum(values, 0.0)))


def _ranking(
    before: pd.DataFrame, shift: Floats, totals: Singles
) -> tuple[pd.DataFrame, npt.NDArray[np.int64], pd.DataFrame]:
    """The table anew, the old rows in their new order, and the leaders' shares of the ranks."""
    draws, n = totals.shape
    total = before["score"].to_numpy(float) + shift
    order = np.argsort(-total.round(7), kind="stable")
    # Results beyond all expectation decide the order, but points end at 0 and 100.
    score = np.clip(total, 0.0, 100.0)
    moved = totals[:, order]
    places = np.argsort(-moved, axis=1)
    counts = np.bincount((places * n + np.arange(n)).ravel(), minlength=n * n).reshape(n, n) / draws
    cumulated = np.cumsum(counts, axis=1)
    table = before.iloc[order].reset_index(drop=True)
    table = table.assign(
        rank=pd.Series(total[order]).round(7).rank(method="min", ascending=False).astype(int),
        score=score[order],
        p_before=table["p_first"].to_numpy(),
        p_first=counts[:, 0],
        rank_low=(cumulated < 0.05).sum(axis=1) + 1,
        rank_high=np.minimum((cumulated < 0.95 - 1e-9).sum(axis=1) + 1, n),
        beats_first=(moved > moved[:, [0]]).mean(axis=0),
        shift=shift[order],
    )
    top = min(_LEADERS, n)
    acceptability = pd.DataFrame(
        {
            "model_id": np.repeat(table["model_id"].to_numpy()[:top], n),
            "rank": np.tile(np.arange(1, n + 1), top),
            "share": counts[:top].ravel(),
        }
    )
    return table, order, acceptability


def _next_step(
    finals: Finals,
    base: Floats,
    rows: npt.NDArray[np.int64],
    pull: Floats,
    follow: Floats,
    worth: float,
    prior: Prior,
    seed: int,
    *,
    draws: int = 2_000,
) -> float:
    """Chance that one more subset of each tried model changes which one has the most points.

    What it will show isn't known, but how far it may move each final is: by the part of the variance it
    takes away.
    """
    rng = np.random.default_rng(seed + 1)
    moves = np.sqrt(np.maximum(finals.sd**2 - finals.next_sd**2, 0.0))
    then, _ = gains(finals.mean, np.diag(finals.next_sd**2) + finals.shared, prior.spread)
    totals = np.tile(base, (draws, 1))
    # The gain rises a little too: what the pilot says now counts for more then.
    settled = (then - follow) @ pull
    totals[:, rows] += settled - worth * (rng.standard_normal((draws, len(rows))) * moves) @ then.T
    return float((totals.argmax(axis=1) != int(base.argmax())).mean())
