"""The updated answer in full: what was tried, what it contradicts, when one more step pays, in sentences."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from math import erf
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from core.decision.rank import CLEAR, Decision, tie_in_words, tied
from core.pilot.final import back
from core.pilot.law import Z90
from core.short_names import short_names

if TYPE_CHECKING:
    import numpy.typing as npt

    from core.decision.rank import Evaluated
    from core.pilot.file import Pilot
    from core.pilot.final import Finals

# A pair that the pilot turns round with at least this chance is a contradiction.
_CONTRADICTED: Final = 0.9
# One more subset is worth its price when the first place would change at least this often.
WORTH: Final = 0.05


@dataclass(frozen=True)
class UpdatedDecision(Decision):
    """A decision with a pilot in it.

    Attributes:
        tried: one row per tried candidate, best final first: model_id, subsets (how many), largest,
            last (mean measure on the largest), final, final_low, final_high (90%, all in the pilot's own
            measure), p_before, p_after, shift (points of the score).
        contradictions: sentences.
        next_step_changes: chance that one more subset, twice the largest, would change the first place.
        next_step: that in a sentence.
        before: the first place without the pilot, a model id.
        p_before, p_after: chance of the first place of ``before`` and of the present first.
    """

    tried: pd.DataFrame = dataclasses.field(default_factory=pd.DataFrame)
    contradictions: tuple[str, ...] = ()
    next_step_changes: float = 0.0
    next_step: str = ""
    before: str = ""
    p_before: float = 0.0
    p_after: float = 0.0


def answer(
    before: Decision,
    pilot: Pilot,
    finals: Finals,
    ranking: pd.DataFrame,
    order: npt.NDArray[np.int64],
    acceptability: pd.DataFrame,
    changes: float,
) -> UpdatedDecision:
    """The whole answer around the new ranking.

    Args:
        before: the decision without the pilot.
        pilot: the file.
        finals: what its models reach.
        ranking: the new table, with p_before and shift.
        order: for each row of it, the row of ``before.ranking``.
        acceptability: as in a decision.
        changes: chance that one more subset would change the first place.
    """
    first, was = str(ranking["model_id"].iloc[0]), before.first
    tried = _tried(pilot, finals, ranking)
    same = first == was
    firmness = _firmness(ranking)
    kept = {field.name: getattr(before, field.name) for field in dataclasses.fields(Decision)}
    place = ranking.set_index("model_id")
    worth_it = changes >= WORTH
    more = (
        f"One more subset of {2 * max(pilot.subsets):,} examples would change the first place with a chance "
        f"of {changes:.0%}: {'it may pay' if worth_it else 'not worth it'}."
        if 2 * max(pilot.subsets) <= pilot.examples.train
        else "No larger subset is left: the next step is all the data."
    )
    seen = before.evaluated
    kept |= {
        "firmness": firmness,
        "verdict": _verdict(firmness, ranking, tried),
        "ranking": ranking,
        "points": _points(before.points, ranking),
        "acceptability": acceptability,
        "wins": before.wins.assign(
            p_first=before.wins["model_id"].map(place["p_first"]).astype(float)
        ).sort_values("p_first", ascending=False, kind="stable", ignore_index=True),
        "reasons": [*_reasons(tried, pilot, before.names), *(before.reasons if same else [])],
        "weakest": before.weakest if same else "",
        "flips": before.flips if same else before.flips.iloc[:0],
        "notes": [*before.notes, *_notes(pilot, finals, ranking)],
        "evaluated": None if seen is None else _reordered(seen, order),
    }
    return UpdatedDecision(
        **kept,
        tried=tried,
        contradictions=tuple(_contradictions(before, finals)),
        next_step_changes=changes,
        next_step=more,
        before=was,
        p_before=float(before.ranking["p_first"].iloc[0]),
        p_after=float(ranking["p_first"].iloc[0]),
    )


def _points(points: pd.DataFrame, ranking: pd.DataFrame) -> pd.DataFrame:
    moved = points.set_index("model_id").reindex(ranking["model_id"]).reset_index()
    # The score ends at 0 and 100, however far the pilot would move it.
    before = moved.drop(columns="model_id").sum(axis=1).to_numpy()
    return moved.assign(pilot=ranking["score"].to_numpy() - before)


def _reordered(seen: Evaluated, order: npt.NDArray[np.int64]) -> Evaluated:
    return dataclasses.replace(
        seen, criteria_values=seen.criteria_values.pick(order), scores=seen.scores.pick(order)
    )


def _tried(pilot: Pilot, finals: Finals, ranking: pd.DataFrame) -> pd.DataFrame:
    place = ranking.set_index("model_id").loc[list(finals.model_ids)]
    sd = np.sqrt(np.diag(finals.covariance))
    ends = np.sort([back(pilot, finals.mean - Z90 * sd), back(pilot, finals.mean + Z90 * sd)], axis=0)
    table = pd.DataFrame(
        {
            "model_id": finals.model_ids,
            "subsets": [len(runs) for runs in finals.runs],
            "largest": [runs[-1].subset for runs in finals.runs],
            "last": [runs[-1].mean_score for runs in finals.runs],
            "final": back(pilot, finals.mean),
            "final_low": ends[0],
            "final_high": ends[1],
            "p_before": place["p_before"].to_numpy(),
            "p_after": place["p_first"].to_numpy(),
            "shift": place["shift"].to_numpy(),
        }
    )
    return table.iloc[np.argsort(finals.mean, kind="stable")].reset_index(drop=True)


def _firmness(ranking: pd.DataFrame) -> str:
    if len(ranking) == 1:
        return "only"
    if len(tied(ranking)):
        return "tie"
    return "clear" if ranking["beats_first"].iloc[1:].max() <= CLEAR else "likely"


def _verdict(firmness: str, ranking: pd.DataFrame, tried: pd.DataFrame) -> str:
    first = ranking.iloc[0]
    name = short_names(ranking["model_id"])[first["model_id"]]
    chance = f"first in {first['p_first']:.0%} of the draws, {first['p_before']:.0%} before the pilot"
    untried = (
        ""
        if first["model_id"] in set(tried["model_id"]) or len(ranking) == 1
        else " The pilot didn't try it."
    )
    if firmness == "only":
        return f"{name} is the only candidate left."
    if firmness == "tie":
        tie = tie_in_words(ranking)
        return f"A tie, with the pilot too: {name} has the most points ({chance}), but {tie}.{untried}"
    how = "comes first, clearly" if firmness == "clear" else "probably comes first"
    return f"With the pilot {name} {how}: {chance}.{untried}"


def _reasons(tried: pd.DataFrame, pilot: Pilot, names: dict[str, str]) -> list[str]:
    if len(tried) < 2:
        return []
    best, second = tried.iloc[0], tried.iloc[1]
    unit = f" ({pilot.measure.unit})" if pilot.measure.unit else ""

    def course(row: pd.Series) -> str:
        return f"{row['final']:.4g} (90%: {row['final_low']:.4g} to {row['final_high']:.4g})"

    sentence = (
        f"With all {pilot.examples.train:,} examples {names[best['model_id']]} is on course for "
        f"{course(best)} in {pilot.measure.name}{unit}, "
        f"{names[second['model_id']]} for {course(second)}."
    )
    return [sentence]


def _notes(pilot: Pilot, finals: Finals, ranking: pd.DataFrame) -> list[str]:
    found = []
    others = sorted({run.model_id for run in pilot.runs} - set(finals.model_ids))
    if others:
        names = short_names([*ranking["model_id"], *others])
        told = ", ".join(names[each] for each in others[:5])
        found.append(f"The pilot also tried {told}: no candidates here.")
    if len(finals.model_ids) == 1 and len(ranking) > 1:
        found.append("The pilot tried one candidate: it compares with none, so nothing moves.")
    if max(len(runs) for runs in finals.runs) == 1:
        found.append("The pilot has one subset: how the curves go on is a guess, and it hardly counts.")
    return found


def _contradictions(before: Decision, finals: Finals) -> list[str]:
    """Pairs whose order by points the pilot turns round, the surest first."""
    score = before.ranking.set_index("model_id")["score"].loc[list(finals.model_ids)].to_numpy(float)
    found = []
    for i in range(len(score)):
        for j in range(len(score)):
            if score[i] <= score[j]:
                continue
            gap = finals.mean[i] - finals.mean[j]
            variance = finals.covariance[i, i] + finals.covariance[j, j] - 2 * finals.covariance[i, j]
            chance = 0.5 * (1 + erf(gap / np.sqrt(2 * max(variance, 1e-12))))
            if chance >= _CONTRADICTED:
                found.append((chance, i, j))
    names = [before.names[name] for name in finals.model_ids]
    return [
        f"{names[i]} has more points than {names[j]}, yet in the pilot {names[j]} is on course to end better "
        f"(chance {min(chance, 0.99):.0%}{' or more' if chance > 0.99 else ''})."
        for chance, i, j in sorted(found, reverse=True)[:5]
    ]
