"""Where a figure comes from, and why a candidate stands where it does, in sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pandas as pd

from core.decision.constraints import LABELS
from core.decision.criteria import BY_KEY, KEYS, in_sentence
from core.schema import BENCHMARKS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.decision.rank import Decision

# Parts below a twentieth of a point (of 100) are not worth naming.
_WORTH: Final = 0.05
_FEW: Final = 5
_ASKED_FOR: Final = ("kind", "only")


def formula(decision: Decision, model_id: str) -> str:
    """How the points of a candidate come about: share of each weight times its value, and their sum.

    Example: ``Points = share of the weight x value (0 to 1) x 100: capability 40% x 0.41 = 16.4 + ...``
    """
    at = decision.points["model_id"].tolist().index(model_id)
    parts, moved = _parts(decision, at)
    shares = decision.criteria.set_index("key")["weight"]
    said = [
        f"{in_sentence(BY_KEY[key].label)} {shares[key]:.0%} x {parts[key] / shares[key] / 100:.2f} "
        f"= {parts[key]:.1f}"
        for key in KEYS
        if shares[key] > 0
    ]
    if moved:
        said.append(f"the pilot {moved:+.1f}")
    total = decision.ranking["score"].iloc[at]
    return f"Points = share of the weight x value (0 to 1) x 100: {' + '.join(said)} = {total:.1f}."


def capability_formula(decision: Decision) -> str:
    """How capability comes about from the six, and why it is not the Leaderboard's average."""
    given = decision.task.benchmarks
    total = sum(given.values())
    said = " + ".join(
        f"{given[each.key] / total:.0%} {each.label}" for each in BENCHMARKS if total and given.get(each.key)
    )
    return (
        f"Capability = {said or 'the mean of the six'}: weighted for this task, so it differs from the "
        "Leaderboard's average, which counts the six alike."
    )


def why_there(decision: Decision, model_ids: Sequence[str]) -> pd.DataFrame:
    """For each model why it is where it is, or out.

    Returns:
        model_id, rank (Int64, NA if out), score, p_first (NaN if out), why, way_back ("" if it is in): one
        row a model, in the order given.
    """
    ranked = {name: i for i, name in enumerate(decision.ranking["model_id"])}
    out = decision.excluded.set_index("model_id") if len(decision.excluded) else None
    rows: list[tuple[str, int | None, float, float, str, str]] = []
    for name in model_ids:
        if name in ranked:
            i = ranked[name]
            row = decision.ranking.iloc[i]
            rows.append((name, int(row["rank"]), row["score"], row["p_first"], _place(decision, i), ""))
        elif out is not None and name in out.index:
            ruled = out.loc[name]
            others = f" Also fails: {ruled['others']}." if ruled["others"] else ""
            why = f"Out, {in_sentence(str(ruled['constraint']))}: {ruled['why']}.{others}"
            rows.append(
                (name, None, float("nan"), float("nan"), why.replace("..", "."), str(ruled["way_back"]))
            )
        else:
            why = "It isn't among the bases here."
            rows.append((name, None, float("nan"), float("nan"), why, ""))
    table = pd.DataFrame(rows, columns=["model_id", "rank", "score", "p_first", "why", "way_back"])
    return table.astype({"rank": "Int64"})


def few_left(decision: Decision) -> str:
    """Where hardly a candidate is left: the one constraint that keeps most others out; "" elsewhere.

    The kind of model and the shortlist are what was asked for, and no surprise.
    """
    left = len(decision.ranking)
    if not 0 < left < _FEW or decision.excluded.empty:
        return ""
    out = decision.excluded
    alone = out.loc[out["n_constraints"] == 1, "constraint"]
    alone = alone[~alone.isin([LABELS[key] for key in _ASKED_FOR])].value_counts()
    if alone.empty or alone.iloc[0] < left:
        return ""
    are = "candidate is" if left == 1 else "candidates are"
    return (
        f"Only {left} {are} left. “{alone.index[0]}” alone keeps {alone.iloc[0]:,} others out: “Ruled out” "
        "says what would let each back in."
    )


def _place(decision: Decision, i: int) -> str:
    """What separates the i-th from the first, or the first from the second."""
    count = len(decision.ranking)
    if count == 1:
        return "It is the only one left."
    other = 0 if i else 1
    (mine, moved), (theirs, their_move) = _parts(decision, i), _parts(decision, other)
    gap = {key: mine[key] - theirs[key] for key in KEYS} | {"pilot": moved - their_move}
    total = float(decision.ranking["score"].iloc[i] - decision.ranking["score"].iloc[other])
    against = decision.names[decision.ranking["model_id"].iloc[other]]
    said = f"{abs(total):.1f} points {'behind' if i else 'ahead of'} {against}"
    gains = [key for key in sorted(gap, key=lambda key: -gap[key]) if gap[key] > _WORTH][:2]
    losses = [key for key in sorted(gap, key=lambda key: gap[key]) if gap[key] < -_WORTH][:2]
    named = [
        f"{word} {_listed(group, gap)}" for word, group in (("gains", gains), ("loses", losses)) if group
    ]
    return f"{said}: {', '.join(named)}." if named else f"{said}."


def _parts(decision: Decision, i: int) -> tuple[dict[str, float], float]:
    """What each criterion adds to the i-th one's points, and by how much a pilot has moved them."""
    row = decision.points.iloc[i]
    parts = {key: float(row[key]) for key in KEYS}
    moved = float(decision.ranking["score"].iloc[i]) - sum(parts.values())
    return parts, moved if abs(moved) > _WORTH else 0.0


def _listed(keys: list[str], gap: dict[str, float]) -> str:
    labels = {key: in_sentence(BY_KEY[key].label) if key in BY_KEY else "the pilot" for key in keys}
    return " and ".join(f"{abs(gap[key]):.1f} by {labels[key]}" for key in keys)
