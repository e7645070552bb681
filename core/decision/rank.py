"""The answer: who is ruled out and why, who comes first, how firmly, and what would change it.

Contract: :func:`rank_bases`. Its parts live in :mod:`core.decision`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from core.decision import constraints, criteria, flips, language_figures, simulation, wording
from core.decision.candidates import benchmark_values, candidate_frame, covariances
from core.decision.tasks import CERTAINTIES, Task, as_task
from core.languages import NAMES
from core.schema import BENCHMARKS
from core.short_names import short_names

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

# A rival ahead of the first in at least this share of the draws, and first itself in at least this share of
# the first one's own, shares the first place.
TIE: Final = 1 / 3
# The first place is clear when no rival stands ahead more often than this.
CLEAR: Final = 0.1
# A first place in fewer draws than this is an open field, though no single rival is near.
OPEN: Final = 0.5

_BENCHMARK_KEYS: Final = tuple(each.key for each in BENCHMARKS)
_CARRIED: Final = (
    "organization", "kind", "size_b", "params_b", "license", "architecture", "revision", "average", "source",
    "capability_se", "first_token_floor", "first_token_settles", "instruct_id", "memory_gb", "memory_low_gb",
    "memory_high_gb", "gpu_gb", "gated", "scores_filled", "evidence", "n_reports", "released", "stops",
    "plain_end", "eu_commercial", "trained_embeddings_needed", "layer_kinds", "native", "languages_known",
)  # fmt: skip


@dataclass(frozen=True)
class Decision:
    """The answer to one task.

    Attributes:
        task: the question.
        firmness: "clear", "likely", "open" (first, but in less than half of the draws), "tie", "only" (one
            candidate), "unweighted" (no weight at all) or "none".
        verdict: the answer in a sentence.
        ranking: one row per candidate, best first: model_id, rank, score (0-100), p_first, rank_low and
            rank_high (90% of draws), beats_first (share of draws ahead of the first), one column per
            criterion with its figure in its own unit, and facts about the model.
        points: the same rows: model_id and what each criterion adds to the score.
        wins: model_id, p_first, and the mean weight of each criterion in the draws the model wins.
        acceptability: model_id, rank, share of draws: the ranks each of the leading models takes.
        reasons: sentences.
        weakest: the first one's weakest point, a sentence.
        flips: what would change the first place (columns of ``core.decision.flips.COLUMNS``).
        excluded: model_id, constraint, why, way_back, others, n_constraints.
        beyond: models that only the size range or the GPU's memory rules out: model_id, score (0-100),
            memory_gb, size_b, kind.
        notes: what the reader must know: contradictions, unknowns, criteria left out.
        criteria: key, label, unit, better, weight (share), scale, source, known (candidates with a figure).
        evaluated: what the simulation worked on, for :func:`sensitivity`.
    """

    task: Task
    firmness: str
    verdict: str
    ranking: pd.DataFrame
    points: pd.DataFrame
    wins: pd.DataFrame
    acceptability: pd.DataFrame
    reasons: list[str]
    weakest: str
    flips: pd.DataFrame
    excluded: pd.DataFrame
    beyond: pd.DataFrame
    notes: list[str]
    criteria: pd.DataFrame
    evaluated: Evaluated | None = field(default=None, repr=False, compare=False)

    @property
    def first(self) -> str:
        """Model id of the first place; "" if no candidate is left."""
        return "" if self.ranking.empty else str(self.ranking["model_id"].iloc[0])

    @property
    def names(self) -> dict[str, str]:
        """Of each ranked model id the shortest name that tells it apart from the others ranked."""
        return short_names(self.ranking["model_id"])


@dataclass(frozen=True, slots=True)
class Evaluated:
    """Values, benchmarks and weights of the ranked candidates, in the order of the ranking."""

    criteria_values: criteria.Values
    scores: simulation.Scores
    shares: Floats


def rank_bases(candidates: pd.DataFrame, task: Task | str | Mapping[str, Any]) -> Decision:
    """Rule out, rank, and say how firm the answer is.

    Args:
        candidates: rows in the contract's schema, with or without the columns of
            :func:`core.decision.candidates.candidate_frame`, which adds what is missing.
        task: a task, the key of a preset, or a dictionary of a task's fields.

    Returns:
        The decision. The same candidates and task give the same answer, to the last digit. Contradictory
        constraints or weights don't raise: ``notes`` and ``verdict`` explain them.

    Raises:
        InvalidTableError: the candidates have no ``model_id``.
        InvalidInputError: the task names an unknown preset or field.
    """
    asked = as_task(task)
    frame = candidate_frame(candidates, asked)
    rulings = constraints.judge(frame, asked)
    out = constraints.excluded(frame, rulings)
    notes = asked.problems()
    if not rulings.kept.any():
        return _nothing_left(asked, frame, rulings, out, notes)
    value, shares, score = _scored(frame, rulings.kept, asked)
    kept = np.flatnonzero(rulings.kept)
    own = value.pick(kept)
    # Taken out of the wide frame once: each time costs milliseconds.
    narrow = frame.iloc[kept].reset_index(drop=True)
    benchmarks = _benchmarks(narrow, asked)
    drawn = simulation.simulate(
        own,
        benchmarks,
        shares,
        concentration=CERTAINTIES.get(asked.certainty, CERTAINTIES["fairly"]),
        draws=max(int(asked.draws), 1),
        seed=asked.seed,
    )
    order = np.lexsort((-narrow["average"].to_numpy(float, na_value=np.nan), -drawn.score.round(9)))
    rows = kept[order]
    view = narrow.iloc[order].reset_index(drop=True)
    ranking = _ranking(view, drawn, order)
    firmness = _firmness(ranking, shares)
    ordered = own.pick(order)
    expected = ordered.expected
    ahead = drawn.ahead[order]
    sentences = wording.reasons(
        asked, view, ordered, shares, drawn.p_first[order], ahead, np.arange(len(rows))
    )
    return Decision(
        task=asked,
        firmness=firmness,
        verdict=_verdict(firmness, ranking),
        ranking=ranking,
        points=_by_criterion(view, expected * shares * 100),
        wins=_wins(view, drawn, order),
        acceptability=_acceptability(view, drawn, order),
        reasons=sentences if shares.any() else [],
        weakest=wording.weakest(asked, view, ordered, shares, 0) if shares.any() else "",
        flips=_flips(frame, view, asked, rulings, score, expected, shares, rows),
        excluded=out,
        beyond=_beyond(frame, rulings, score),
        notes=[*notes, *_notes(view, ordered, shares, asked)],
        criteria=_criteria(ordered, shares),
        evaluated=Evaluated(
            ordered,
            benchmarks.pick(order),
            shares,
        ),
    )


def sensitivity(decision: Decision, criterion: str, *, steps: int = 20, leaders: int = 30) -> pd.DataFrame:
    """Chance of the first place as the weight of one criterion goes from 0 to 95%.

    The other weights keep their proportions. Only the first ``leaders`` candidates and those best on the
    criterion take part, in 500 draws per step.

    Args:
        decision: from :func:`rank_bases`, with at least two candidates.
        criterion: key of the criterion.
        steps: how many weights.
        leaders: how many candidates.

    Returns:
        model_id, weight (0-0.95), p_first, score (0-100): one row per model and step.
    """
    seen = decision.evaluated
    k = criteria.KEYS.index(criterion)
    if seen is None or len(decision.ranking) < 2 or not seen.criteria_values.usable[k]:
        return pd.DataFrame(columns=["model_id", "weight", "p_first", "score"])
    best_on_it = np.argsort(-seen.criteria_values.expected[:, k], kind="stable")[:leaders]
    rows = np.union1d(np.arange(min(leaders, len(decision.ranking))), best_on_it)
    values, scores = seen.criteria_values.pick(rows), seen.scores.pick(rows)
    names = decision.ranking["model_id"].to_numpy()[rows]
    rest = seen.shares.copy()
    rest[k] = 0
    others = rest / rest.sum() if rest.sum() else rest
    frames = []
    for weight in np.linspace(0, 0.95, steps):
        shares = others * (1 - weight)
        shares[k] = weight
        rng = np.random.default_rng(decision.task.seed)
        concentration = CERTAINTIES.get(decision.task.certainty, CERTAINTIES["fairly"])
        weights = simulation.draw_weights(rng, shares, concentration, 500)
        totals = simulation.draw_totals(rng, values, scores, weights, concentration)
        step = {
            "model_id": names,
            "weight": weight,
            "p_first": simulation.first_shares(totals),
            "score": values.expected @ shares * 100,
        }
        frames.append(pd.DataFrame(step))
    return pd.concat(frames, ignore_index=True)


def _scored(
    frame: pd.DataFrame, kept: npt.NDArray[np.bool_], task: Task
) -> tuple[criteria.Values, Floats, Floats]:
    """Values of all rows (unknowns typical of the kept ones), the weights, everyone's expected score."""
    value = criteria.values(frame, task, kept)
    shares = criteria.shares(task, value.usable)
    score = simulation.expected(value, shares)
    return value, shares, np.where(frame["capability"].isna(), np.nan, score)


def _beyond(frame: pd.DataFrame, rulings: constraints.Rulings, score: Floats) -> pd.DataFrame:
    too_large = [ruling.bad for ruling in rulings.each if ruling.key in ("size", "memory")]
    alone = ~rulings.kept & (rulings.count == np.sum(too_large, axis=0))
    rows = frame.loc[alone, ["model_id", "memory_gb", "size_b", "kind"]]
    known: pd.DataFrame = rows.assign(score=score[alone] * 100).dropna(subset=["score", "memory_gb"])
    return known


def _benchmarks(frame: pd.DataFrame, task: Task) -> simulation.Scores:
    score, error, _ = benchmark_values(frame)
    shares = criteria.benchmark_shares(task, _BENCHMARK_KEYS)
    between = covariances(frame) / criteria.TOP_POINTS**2
    return simulation.Scores(
        score / criteria.TOP_POINTS, error / criteria.TOP_POINTS, shares, between if between.any() else None
    )


def _ranking(view: pd.DataFrame, drawn: simulation.Simulated, order: npt.NDArray[np.int64]) -> pd.DataFrame:
    score = drawn.score[order] * 100
    return pd.DataFrame(
        {
            "model_id": view["model_id"].to_numpy(),
            "rank": pd.Series(score).round(7).rank(method="min", ascending=False).astype(int),
            "score": score,
            "p_first": drawn.p_first[order],
            "rank_low": drawn.rank_low[order],
            "rank_high": drawn.rank_high[order],
            "beats_first": drawn.ahead[order],
            **criteria.figures(view),
            **{column: view[column].array for column in _CARRIED if column in view},
        }
    )


def tied(ranking: pd.DataFrame) -> pd.DataFrame:
    """The rows that share the first place, most often ahead of the first one first.

    A rival that is ahead of the first only where another is ahead of both does not share its place.
    """
    rivals = ranking.iloc[1:]
    near = (rivals["beats_first"] >= TIE) & (rivals["p_first"] >= TIE * ranking["p_first"].iloc[0])
    found: pd.DataFrame = rivals[near].sort_values("beats_first", ascending=False, kind="stable")
    return found


def tie_in_words(ranking: pd.DataFrame) -> str:
    """How often those that share the first place are ahead of the first, after "but" in a sentence."""
    names = short_names(ranking["model_id"])
    rivals = tied(ranking)
    said = [
        f"{names[row['model_id']]} {'in' if at else 'is ahead of it in'} {row['beats_first']:.0%}"
        for at, row in enumerate(rivals.head(3).to_dict("records"))
    ]
    more = [f"{len(rivals) - 3} more in at least a third"] if len(rivals) > 3 else []
    return wording.listed([*said, *more])


def _firmness(ranking: pd.DataFrame, shares: Floats) -> str:
    if not shares.any():
        return "unweighted"
    if len(ranking) == 1:
        return "only"
    if len(tied(ranking)):
        return "tie"
    if ranking["p_first"].iloc[0] < OPEN:
        return "open"
    return "clear" if ranking["beats_first"].iloc[1:].max() <= CLEAR else "likely"


def _verdict(firmness: str, ranking: pd.DataFrame) -> str:
    first = short_names(ranking["model_id"])[ranking["model_id"].iloc[0]]
    chance = f"first in {ranking['p_first'].iloc[0]:.0%} of the draws"
    if firmness == "unweighted":
        return "No weight is set, so every candidate ties: give at least one criterion weight."
    if firmness == "only":
        return f"{first} is the only candidate left."
    if firmness == "tie":
        return f"A tie: {first} has the most points ({chance}), but {tie_in_words(ranking)}."
    if firmness == "open":
        return (
            f"Open: {first} has the most points, but is {chance} only, since much isn't known of its rivals."
        )
    if firmness == "clear":
        return f"{first} comes first, clearly: {chance}."
    return f"{first} probably comes first: {chance}."


def _by_criterion(view: pd.DataFrame, numbers: Floats) -> pd.DataFrame:
    table = pd.DataFrame(numbers, columns=list(criteria.KEYS))
    table.insert(0, "model_id", view["model_id"].to_numpy())
    return table


def _wins(view: pd.DataFrame, drawn: simulation.Simulated, order: npt.NDArray[np.int64]) -> pd.DataFrame:
    table = _by_criterion(view, drawn.central[order])
    table.insert(1, "p_first", drawn.p_first[order])
    won = table[table["p_first"] > 0]
    return won.sort_values("p_first", ascending=False, kind="stable", ignore_index=True)


def _acceptability(
    view: pd.DataFrame, drawn: simulation.Simulated, order: npt.NDArray[np.int64], *, top: int = 12
) -> pd.DataFrame:
    names = view["model_id"].to_numpy()[:top]
    shares = drawn.acceptability[order[:top]]
    return pd.DataFrame(
        {
            "model_id": np.repeat(names, shares.shape[1]),
            "rank": np.tile(np.arange(1, shares.shape[1] + 1), len(names)),
            "share": shares.ravel(),
        }
    )


def _flips(
    frame: pd.DataFrame,
    view: pd.DataFrame,
    task: Task,
    rulings: constraints.Rulings,
    score: Floats,
    expected: Floats,
    shares: Floats,
    rows: npt.NDArray[np.int64],
) -> pd.DataFrame:
    if not shares.any():
        return pd.DataFrame(columns=flips.COLUMNS)
    names = view["model_id"].tolist()
    by_weight = flips.weight_flips(
        names,
        expected,
        shares,
        flips.criterion_labels(),
        [task.weights.get(key, 0.0) for key in criteria.KEYS],
    )
    by_constraint = flips.constraint_flips(frame, view, task, rulings, score, int(rows[0]))
    both = [table for table in (by_weight, by_constraint) if len(table)]
    return pd.concat(both, ignore_index=True) if both else by_weight


def _notes(view: pd.DataFrame, values: criteria.Values, shares: Floats, task: Task) -> list[str]:
    found, unknown = [], []
    for k, key in enumerate(criteria.KEYS):
        label, missing = criteria.BY_KEY[key].label, int(np.isnan(values.mean[:, k]).sum())
        if key == "language" and not task.languages:
            continue
        if task.weights.get(key, 0.0) > 0 and not values.usable[k]:
            reason = (
                "your answers are not numbers"
                if key == "numbers" and task.output != "number"
                else "no candidate has a figure"
            )
            found.append(f"{label} is left out: {reason}. The other weights share its part.")
        elif shares[k] > 0 and key == "language":
            unknown += _untested(view, task)
        elif shares[k] > 0 and missing:
            unknown.append(f"{criteria.in_sentence(label)} of {missing}")
    if unknown:
        found.append(
            f"Not known among the {len(view)} candidates: {', '.join(unknown)}. An unknown figure counts as "
            "what is typical of the others at the same capability, with all their scatter, so that it puts "
            "nobody ahead or behind."
        )
    if untested := wording.untested_languages(view["model_id"].tolist(), task):
        found.append(untested)
    if rests := wording.rests_on_unknown(view, values, shares):
        found.append(rests)
    names = short_names(view["model_id"])
    first = view.iloc[0]
    if first["memory_high_gb"] > first["gpu_gb"]:
        found.append(
            f"Whether {names[first['model_id']]} fits is not certain: its training may need up to "
            f"{first['memory_high_gb']:.1f} GB of the {first['gpu_gb']:.1f} GB there are."
        )
    near = view.head(5)
    unsure = [names[name] for name in near.loc[near["native"].isna().to_numpy(dtype=bool), "model_id"]]
    if unsure and not task.remote_code:
        found.append(
            f"Whether {', '.join(unsure)} loads without its publisher's code isn't known: the source states "
            "no architecture."
        )
    filled = view["scores_filled"] if "scores_filled" in view else pd.Series(dtype=int)
    if (count := int((filled > 0).sum())) > 0:
        found.append(
            f"{count} of the candidates lack a benchmark score: it is taken as what is typical of models "
            "with the same scores elsewhere, with all their scatter."
        )
    return found


def _untested(view: pd.DataFrame, task: Task) -> list[str]:
    """Each chosen language with how many lack a figure there."""
    names = view["model_id"].tolist()
    missing = {
        NAMES[code]: int((~language_figures.known(names, code)).sum())
        for code in dict.fromkeys(task.languages)
        if code in NAMES
    }
    return [f"{language} figures of {count}" for language, count in missing.items() if count]


def _criteria(values: criteria.Values, shares: Floats) -> pd.DataFrame:
    known = (~np.isnan(values.mean)).sum(axis=0)
    rows = [
        (each.key, each.label, each.unit, each.better, shares[k], each.scale, each.source, int(known[k]))
        for k, each in enumerate(criteria.CRITERIA)
    ]
    return pd.DataFrame(
        rows, columns=["key", "label", "unit", "better", "weight", "scale", "source", "known"]
    )


def _nothing_left(
    task: Task, frame: pd.DataFrame, rulings: constraints.Rulings, out: pd.DataFrame, notes: list[str]
) -> Decision:
    """A decision without candidates: says which single constraint, once dropped, brings most of them back."""
    empty = pd.DataFrame({"model_id": pd.Series(dtype="str")})
    columns = ["rank", "score", "p_first", "rank_low", "rank_high", "beats_first", *criteria.KEYS]
    ranking = empty.assign(**{name: pd.Series(dtype=float) for name in columns})
    returning = sorted(
        ((int(rulings.only(ruling).sum()), ruling) for ruling in rulings.each), key=lambda pair: -pair[0]
    )
    reasons = []
    for count, ruling in returning:
        backs = [ruling.back(i) for i in np.flatnonzero(rulings.only(ruling)).tolist()]
        if count and any(backs):
            nearest = next(back for back in backs if back)
            reasons.append(
                f"{constraints.LABELS[ruling.key]} alone keeps out {count}: to let the nearest back in, "
                f"{nearest}."
            )
    if len(frame) == 0:
        verdict = "There are no candidates: the table is empty."
    elif reasons:
        verdict = f"No model meets all constraints. {reasons[0]}"
    else:
        verdict = "No model meets all constraints, and no single change brings one back: loosen several."
        broken = sorted(((int(ruling.bad.sum()), ruling.key) for ruling in rulings.each), reverse=True)
        reasons = [f"{constraints.LABELS[key]} keeps out {count}." for count, key in broken if count][:4]
    nothing = pd.DataFrame(columns=flips.COLUMNS)
    values = criteria.values(frame, task)
    none = np.array([], dtype=np.int64)
    return Decision(
        task, "none", verdict, ranking, empty, empty, empty, reasons, "", nothing, out, empty, notes,
        _criteria(values.pick(none), criteria.shares(task, values.usable)),
    )  # fmt: skip
