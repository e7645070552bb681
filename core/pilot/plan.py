"""Which candidates to try, on how much data, at what price, and whether that would settle anything.

A pilot pays when its result may change which candidate has the most points. How far it may move them is
known beforehand: the criteria leave a variance tau² of the final measure open, of which the pilot settles the
gain A (:mod:`core.pilot.update`), so the points of the tried move by a normal of covariance g² tau² A.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from core.decision import simulation
from core.decision.tasks import CERTAINTIES
from core.errors import InvalidInputError
from core.memory import gpus
from core.memory.resolve import resolve
from core.memory.training_time import estimate_training_time
from core.pilot import law
from core.pilot.answer import WORTH
from core.pilot.pooling import RELATION
from core.pilot.prior import load_prior
from core.pilot.update import exchange, gains

if TYPE_CHECKING:
    import numpy.typing as npt

    from core.decision.rank import Decision, Evaluated
    from core.decision.tasks import Task
    from core.pilot.law import Prior

    Floats = npt.NDArray[np.float64]

SMALLEST: Final = 100
HELD_OUT: Final = 200
# The largest subset is the least doubling of 100 that reaches this share of the data, and 800 at least.
_LARGEST_SHARE: Final = 1 / 32
_SUBSETS: Final = 4
_FEWEST_SUBSETS: Final = 2
# A candidate joins when it could end first this often; the first one always does.
_COULD: Final = 0.02
# Taken for the reader's measure: examples' losses scatter as much as their mean, half of it in common.
_OWN_SCATTER: Final = 0.5
# Scoring an example costs a forward pass of a training step's three.
_SCORING: Final = 1 / 3


@dataclass(frozen=True, slots=True)
class PilotPlan:
    """A proposal.

    Attributes:
        candidates: model_id, p_first (by the criteria alone), could_be_first (with what they leave open),
            hours_low, hours_high, cost_low and cost_high (US dollars; NaN where the card or the model's
            size isn't known). Empty if there is nothing to try.
        subsets: numbers of training examples, each part of the next.
        held_out: examples to score every run on.
        changes: chance that the result changes which candidate has the most points.
        gained: points of the score that choosing by the result is expected to bring.
        worth_it: whether ``changes`` reaches :data:`core.pilot.answer.WORTH`.
        verdict: the proposal in a sentence.
        assumptions: what time, price and chance rest on.
    """

    candidates: pd.DataFrame
    subsets: tuple[int, ...]
    held_out: int
    changes: float
    gained: float
    worth_it: bool
    verdict: str
    assumptions: tuple[str, ...]

    @property
    def hours(self) -> tuple[float, float]:
        """All runs one after the other, low and high; NaN if a candidate's isn't known."""
        return self._sum("hours_low"), self._sum("hours_high")

    @property
    def cost(self) -> tuple[float, float]:
        """US dollars, low and high; NaN if a candidate's isn't known."""
        return self._sum("cost_low"), self._sum("cost_high")

    def _sum(self, column: str) -> float:
        return float(self.candidates[column].sum(skipna=False))


def propose_pilot(
    decision: Decision, *, examples: int, most: int = 3, learning_rates: int = 1, prior: Prior | None = None
) -> PilotPlan:
    """Propose a pilot for a decision.

    Args:
        decision: from :func:`core.decision.rank_bases`, or one updated with an earlier pilot.
        examples: how many training examples the reader has.
        most: candidates at most, 2 or more.
        learning_rates: how many are tried in each run.
        prior: of the scaling law; the committed one if not given.

    Raises:
        InvalidInputError: a number is out of range.
    """
    if examples < 1 or most < 2 or learning_rates < 1:
        raise InvalidInputError("A pilot needs examples, two candidates or more and a learning rate.")
    subsets = nested_subsets(examples)
    seen = decision.evaluated
    if seen is None or len(decision.ranking) < 2:
        return _nothing("Nothing to try: there are fewer than two candidates.", subsets)
    if len(subsets) < _FEWEST_SUBSETS:
        why = f"A pilot needs {4 * SMALLEST:,} training examples: tune the candidates on all of yours."
        return _nothing(why, subsets)
    prior = prior or load_prior()
    worth, _ = exchange(seen, prior)
    open_sd = prior.spread * np.sqrt(1 - RELATION**2)
    could = _could_be_first(decision, seen, worth * open_sd)
    rows = _chosen(could, most)
    names = decision.ranking["model_id"].to_numpy()[rows]
    gain, _ = gains(
        np.zeros(len(rows)), _foreseen_covariance(len(rows), subsets, examples, prior), prior.spread
    )
    changes, gained = _changes(decision, rows, worth * open_sd, gain)
    table = pd.DataFrame(
        {
            "model_id": names,
            "p_first": decision.ranking["p_first"].to_numpy()[rows],
            "could_be_first": could[rows],
        }
    )
    priced = table.join(_prices(decision, rows, subsets, learning_rates))
    worth_it = changes >= WORTH
    tried = ", ".join(decision.names[name] for name in names)
    if worth_it:
        sizes = ", ".join(f"{size:,}" for size in subsets)
        verdict = (
            f"Try {tried} on {sizes} examples: the result changes the choice with a chance of {changes:.0%}."
        )
    else:
        verdict = (
            f"Not worth it: {decision.names[decision.first]} is clear. A pilot of {tried} would change the "
            f"choice with a chance of {changes:.0%}."
        )
    assumptions = (
        (
            f"Scores correlate at about {RELATION:g} with what tuning reaches, and bases end about "
            f"{prior.spread:.0%} apart."
        ),
        f"{HELD_OUT} held-out examples, whose losses scatter as much as their mean, half of it in common.",
        "One epoch a run; loading the models and reading the data are left out of time and price.",
    )
    return PilotPlan(priced, subsets, HELD_OUT, changes, gained, worth_it, verdict, assumptions)


def nested_subsets(examples: int) -> tuple[int, ...]:
    """Up to four doublings of 100 that end near a thirty-second of the data, never beyond half of it.

    >>> nested_subsets(20_000)
    (100, 200, 400, 800)
    >>> nested_subsets(200_000)
    (800, 1600, 3200, 6400)
    >>> nested_subsets(1_000)
    (100, 200, 400)
    """
    largest = SMALLEST
    while 2 * largest <= examples / 2 and (largest < examples * _LARGEST_SHARE or largest < 8 * SMALLEST):
        largest *= 2
    if largest > examples / 2:
        return ()
    found = [largest // 2**step for step in range(_SUBSETS)]
    return tuple(sorted(size for size in found if size >= SMALLEST))


def _could_be_first(decision: Decision, seen: Evaluated, scatter: float) -> Floats:
    """Share of the decision's draws each candidate wins once what the criteria leave open is drawn, too."""
    rng = np.random.default_rng(decision.task.seed)
    concentration = CERTAINTIES.get(decision.task.certainty, CERTAINTIES["fairly"])
    weights = simulation.draw_weights(rng, seen.shares, concentration, max(decision.task.draws, 1))
    totals = simulation.draw_totals(rng, seen.criteria_values, seen.scores, weights, concentration)
    if "shift" in decision.ranking:
        totals += (decision.ranking["shift"].to_numpy(float) / 100).astype(np.float32)
    totals += np.float32(scatter) * rng.standard_normal(totals.shape, np.float32)
    return simulation.first_shares(totals)


def _chosen(could: Floats, most: int) -> npt.NDArray[np.int64]:
    """The first, and the others most likely to overtake it: two at least."""
    others = np.argsort(-could[1:], kind="stable") + 1
    likely = [i for i in others.tolist() if could[i] >= _COULD][: most - 1]
    return np.array([0, *(likely or others[:1].tolist())])


def _foreseen_covariance(count: int, subsets: tuple[int, ...], examples: int, prior: Prior) -> Floats:
    sizes = np.array(subsets, dtype=float)
    typical = np.exp(law.curve(prior.mean[None], sizes))
    found = law.extrapolate(sizes, typical, np.array([float(examples)]), prior)
    return np.asarray((found.sd[0, 0] ** 2 + _OWN_SCATTER / HELD_OUT) * np.eye(count))


def _changes(
    decision: Decision, rows: npt.NDArray[np.int64], scatter: float, gain: Floats, *, draws: int = 4_000
) -> tuple[float, float]:
    values, vectors = np.linalg.eigh((gain + gain.T) / 2)
    root = vectors * np.sqrt(np.maximum(values, 0))
    rng = np.random.default_rng(decision.task.seed + 2)
    score = decision.ranking["score"].to_numpy(float) / 100
    totals = np.tile(score, (draws, 1))
    totals[:, rows] += scatter * rng.standard_normal((draws, len(rows))) @ root.T
    best = totals.argmax(axis=1)
    gained = totals[np.arange(draws), best] - totals[:, 0]
    return float((best != 0).mean()), float(gained.mean() * 100)


def _prices(
    decision: Decision, rows: npt.NDArray[np.int64], subsets: tuple[int, ...], learning_rates: int
) -> pd.DataFrame:
    task: Task = decision.task
    columns = ["hours_low", "hours_high", "cost_low", "cost_high"]
    examples = learning_rates * (sum(subsets) + int(len(subsets) * HELD_OUT * _SCORING))
    sizes = decision.ranking.get("params_b")
    found = []
    for row in rows.tolist():
        try:
            gpu = gpus.get(task.gpu)
            size = None if sizes is None or pd.isna(sizes.iloc[row]) else float(sizes.iloc[row])
            time = estimate_training_time(
                resolve(str(decision.ranking["model_id"].iloc[row]), size),
                gpu,
                examples=examples,
                sequence_length=task.sequence_length,
                batch_size=task.batch_size,
                method=task.method,
            )
        except InvalidInputError:
            found.append([np.nan] * 4)
        else:
            found.append([time.hours_low, time.hours_high, time.cost_low, time.cost_high])
    return pd.DataFrame(found, columns=columns)


def _nothing(why: str, subsets: tuple[int, ...]) -> PilotPlan:
    columns = [
        "model_id", "p_first", "could_be_first", "hours_low", "hours_high", "cost_low", "cost_high",
    ]  # fmt: skip
    return PilotPlan(
        pd.DataFrame(columns=columns),
        subsets,
        HELD_OUT,
        0.0,
        0.0,
        worth_it=False,
        verdict=why,
        assumptions=(),
    )
