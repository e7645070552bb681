"""What would change the first place: the smallest change of one weight, or of one constraint."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from core.decision import weight_setting
from core.decision.constraints import LABELS, SIZE_SLACK
from core.decision.criteria import BY_KEY, KEYS, in_sentence
from core.ranking.filters import SIZE_STOPS
from core.short_names import short_names

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from core.decision.constraints import Rulings
    from core.decision.tasks import Task

    Floats = npt.NDArray[np.float64]

_EDGE: Final = 1e-6
# Two candidates nearer than this, in points of 100, are level.
_LEVEL: Final = 0.05
COLUMNS: Final = [
    "by", "what", "now", "needed", "change", "new_first", "sentence", "smallest", "apply",
]  # fmt: skip


def weight_flips(
    names: Sequence[str],
    value: Floats,
    shares: Floats,
    labels: Sequence[str],
    weights: Sequence[float] | None = None,
) -> pd.DataFrame:
    """Nearest change of each weight, up and down, at which another candidate takes the first place.

    When one weight becomes t the others keep their proportions, so every candidate's score is a straight
    line: t u + (1 - t) r, with u its value on the criterion and r its score on the rest. The first line to
    cross the winner's on either side of the present weight is the flip.

    Args:
        names: n model ids.
        value: n x k expected values.
        shares: k weights that add up to 1.
        labels: k names of what is weighted.
        weights: k weights as the reader gave them; the shares if not given.

    Returns:
        Rows with the columns of :data:`COLUMNS`; shares as fractions of 1. ``needed`` is where the two are
        level, the sentence names the next whole per cent behind it. ``apply`` holds the k weights, whole
        numbers of 0 to 100, that bring it about; empty if none do.
    """
    score = value @ shares
    if len(names) < 2 or not shares.any():
        return pd.DataFrame(columns=COLUMNS)
    best = int(np.argmax(score))
    given = np.nan_to_num(np.asarray(shares * 100 if weights is None else weights, dtype=float), posinf=0.0)
    told_apart = short_names(names)
    rows = []
    for k in range(len(shares)):
        now = shares[k]
        if not value[:, k].any() or now >= 1:
            continue
        rest = (score - now * value[:, k]) / (1 - now)
        gap_rest, gap_own = rest[best] - rest, value[best, k] - value[:, k]
        # The lead of the winner at weight t is t * gap_own + (1 - t) * gap_rest.
        with np.errstate(divide="ignore", invalid="ignore"):
            crossing = gap_rest / (gap_rest - gap_own)
        crossing[best] = np.nan
        for side in (crossing > now, crossing < now):
            # At 0 and 1 themselves the two only tie.
            valid = side & (crossing > _EDGE) & (crossing < 1 - _EDGE)
            if not valid.any():
                continue
            distance = np.where(valid, np.abs(crossing - now), np.inf)
            other = int(np.argmin(distance))
            needed = float(crossing[other])
            said, lead = _beyond(needed, now, value[:, k], rest, other)
            applied = weight_setting.behind(given, shares > 0, k, said, value, other)
            outcome = f"{told_apart[names[other]]} {'is first' if lead >= _LEVEL else 'ties for first'}"
            rows.append(_weight_row(labels[k], now, needed, said, names[other], outcome, applied))
    table = pd.DataFrame(rows, columns=COLUMNS)
    if len(table):
        table = table.sort_values("change", key=np.abs, kind="stable", ignore_index=True)
        table.loc[0, "smallest"] = True
    return table


def _beyond(needed: float, now: float, own: Floats, rest: Floats, other: int) -> tuple[float, float]:
    """The weight to name, behind the crossing, and by how much (points of 100) the other then leads."""
    up = needed > now
    found = needed, 0.0
    # Whole per cents, then tenths: behind the crossing, and before a third candidate crosses both.
    for parts in (100, 1000):
        at = (np.ceil(needed * parts) if up else np.floor(needed * parts)) / parts
        score = at * own + (1 - at) * rest
        lead = float(score[other] - np.delete(score, other).max()) * 100
        if lead >= 0 and 0 <= at <= 1:
            return float(at), lead
    return found


def constraint_flips(
    frame: pd.DataFrame, kept: pd.DataFrame, task: Task, rulings: Rulings, score: Floats, best: int
) -> pd.DataFrame:
    """Single constraints whose change would put another model first; ``apply`` holds fields of the task.

    Args:
        frame: all candidates, kept or not.
        kept: the kept ones, best first.
        task: the question.
        rulings: the constraints on them.
        score: n expected scores of all of them (NaN where nothing is known).
        best: row of the winner in ``frame``.
    """
    names = frame["model_id"].tolist()
    ranked = kept["model_id"].tolist()
    rows = []
    for ruling in rulings.each:
        enters = rulings.only(ruling)
        better = np.flatnonzero(enters & (np.nan_to_num(score, nan=-1.0) > score[best]))
        better = np.array([i for i in better.tolist() if ruling.back(i)], dtype=np.int64)
        if not len(better):
            continue
        nearest = better[ruling.far[better] <= ruling.far[better].min() + 1e-9]
        change = ruling.change(int(nearest[np.argmax(score[nearest])]))
        # The same change lets others in, too.
        freed = np.array([i for i in better.tolist() if ruling.change(i) == change], dtype=np.int64)
        other = int(freed[np.argmax(score[freed])])
        said = short_names([*ranked, names[other]])[names[other]]
        rows.append(_constraint_row(ruling.key, ruling.back(other), names[other], said, change))
    rows.extend(_tightened(kept, task))
    return pd.DataFrame(rows, columns=COLUMNS)


def _tightened(kept: pd.DataFrame, task: Task) -> list[tuple[object, ...]]:
    """What would rule the winner out, and who would follow."""
    rows: list[tuple[object, ...]] = []
    winner = kept.iloc[0]
    size = float(winner["size_b"])
    told_apart = short_names(kept["model_id"])

    def add(key: str, change: str, stays: pd.Series[bool], fields: dict[str, Any] | None = None) -> None:
        left = kept.loc[stays.fillna(value=False).astype(bool).to_numpy(), "model_id"]
        follower = str(left.iloc[0]) if len(left) else ""
        rows.append(_constraint_row(key, change, follower, told_apart.get(follower, ""), fields or {}))

    below = max((stop for stop in SIZE_STOPS if stop + SIZE_SLACK < size), default=None)
    above = min((stop for stop in SIZE_STOPS if stop > size), default=None)
    if below is not None:
        stays = kept["size_b"] <= below + SIZE_SLACK
        add("size", f"set the upper size limit to {below:g}B", stays, {"size_max": float(below)})
    if above is not None and above <= task.size_max:
        add(
            "size",
            f"set the lower size limit to {above:g}B",
            kept["size_b"] >= above,
            {"size_min": float(above)},
        )
    if task.gated and winner["gated"] is not None and bool(pd.notna(winner["gated"]) and winner["gated"]):
        open_ones = ~kept["gated"].astype("boolean").fillna(value=False)
        add("gated", "rule out gated models", open_ones, {"gated": False})
    freedom = winner["licence_freedom"]
    if task.licence != "permissive" and freedom < 1:
        free = (kept["licence_freedom"] == 1) | (kept["licence_freedom"].isna() & task.unknown_licence)
        add("licence", "ask for a permissive licence", free, {"licence": "permissive"})
    needed = winner["memory_gb"]
    if needed == needed:  # noqa: PLR0124 - not NaN
        add("memory", f"take a GPU with less than {needed:.1f} GB", kept["memory_gb"] < needed)
    return rows


def _weight_row(
    label: str, now: float, needed: float, said: float, other: str, outcome: str, applied: list[int]
) -> tuple[object, ...]:
    verb = "Raise" if needed > now else "Lower"
    to = f"{said:.0%}" if abs(said * 100 - round(said * 100)) < _EDGE else f"{said:.1%}"
    sentence = f"{verb} the weight of {in_sentence(label)} from {now:.0%} to {to}: then {outcome}."
    return ("weight", label, now, needed, needed - now, other, sentence, False, applied)


def _constraint_row(
    key: str, change: str, other: str, said: str, fields: dict[str, Any]
) -> tuple[object, ...]:
    change = f"{change[:1].upper()}{change[1:]}"
    outcome = f"then {said} is first" if other else "then nothing is left"
    sentence = f"{change}: {outcome}."
    return ("constraint", LABELS[key], np.nan, np.nan, np.nan, other, sentence, False, fields)


def criterion_labels() -> list[str]:
    return [BY_KEY[key].label for key in KEYS]
