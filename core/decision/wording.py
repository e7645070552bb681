"""Reasons in plain sentences, made from the figures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from core.decision import language_figures
from core.decision.criteria import BY_KEY, KEYS, guesses, in_sentence
from core.languages import NAMES
from core.schema import SOURCE_NEWER, Z90
from core.short_names import short_names

if TYPE_CHECKING:
    import numpy.typing as npt

    from core.decision.criteria import Values
    from core.decision.tasks import Task

    Floats = npt.NDArray[np.float64]

# A lead below a hundredth of a point (of 100) is no reason.
_WORTH: Final = 0.05
# So many candidates lead.
_LEADERS: Final = 5


def figure(key: str, row: pd.Series, task: Task) -> str:
    """The candidate's figure on a criterion, with its unit, for a sentence.

    Example: ``writes 10 of the 1,000 answers as one token``.
    """
    if key == "numbers":
        return _numbers(row, task)
    value = row[BY_KEY[key].column]
    if value != value:  # noqa: PLR0124 - NaN
        return {
            "instruct": "has no official instruct variant on the board",
            "licence": "has a licence whose terms aren't known",
            "age": "has no known date of release",
            "language": f"was tested in none of {listed(language_names(task))}",
        }.get(key, f"has no known figure for {in_sentence(BY_KEY[key].label)}")
    if key == "licence":
        degree = {1.0: "is permissive", 0.7: "carries terms of use", 0.5: "is share-alike"}
        return f"has a licence that {degree.get(float(value), 'rules out commercial use')}"
    return {
        "capability": _capability(row),
        "instruct": f"has an instruct variant with an average of {value:.1f} points",
        "text": f"needs {value:.0f} tokens per 1,000 characters",
        "memory": _memory(row),
        "age": f"is {value:.0f} months older than the newest model",
        "language": f"scores {value:.0f} points in {_tested(row, task)}",
    }.get(key, f"comes to {value:,.4g} {BY_KEY[key].unit} in {in_sentence(BY_KEY[key].label)}")


def reasons(
    task: Task,
    frame: pd.DataFrame,
    values: Values,
    shares: Floats,
    p_first: Floats,
    ahead: Floats,
    order: npt.NDArray[np.int64],
) -> list[str]:
    """Why the first is first, in sentences.

    Args:
        task: the question.
        frame: n candidates.
        values: of the n candidates; no sentence argues with an unknown one.
        shares: k weights.
        p_first: n shares of draws won.
        ahead: n shares of draws ahead of the first.
        order: rows, best first.
    """
    first = int(order[0])
    names = _names(frame)
    points = values.expected * shares * 100
    known = ~np.isnan(values.mean)
    found = [_opening(task, names, points.sum(axis=1), p_first, order)]
    if len(order) > 1:
        capability = frame["capability"].to_numpy(float)
        leader = int(np.nanargmax(capability)) if not np.isnan(capability).all() else first
        if shares[0] > 0:
            found.extend(_beside_leader(task, frame, points, shares, known, first, leader))
        found.append(_runner_up(task, frame, points, known, ahead, order))
        challenger = max((i for i in order[1:].tolist()), key=lambda i: ahead[i])
        if challenger != int(order[1]):
            found.append(
                f"The closest rival head to head is {names[challenger]}: ahead of {names[first]} in "
                f"{ahead[challenger]:.0%} of the draws."
            )
    second_source = [names[i] for i in order[:3].tolist() if frame["source"].iloc[i] == SOURCE_NEWER]
    if second_source:
        found.append(
            f"The scores of {listed(second_source)} come from another study, run without the board's own "
            "set-up: comparing them with the board's carries an error nobody has measured."
        )
    placed = [names[i] for i in order[:3].tolist() if frame["evidence"].iloc[i] != "measured"]
    if placed:
        found.append(
            f"{listed(placed)} {'was' if len(placed) == 1 else 'were'} never scored on the six benchmarks: "
            "placed on their scale from published tables, with the interval that leaves."
        )
    return found


def weakest(task: Task, frame: pd.DataFrame, values: Values, shares: Floats, first: int) -> str:
    """Where the winner gives away most against the best on that criterion, in a sentence."""
    value = np.where(np.isnan(values.mean), -np.inf, values.mean)
    known = ~np.isnan(values.mean[first])
    loss = np.zeros(len(KEYS))
    loss[known] = (value.max(axis=0)[known] - value[first, known]) * shares[known] * 100
    k = int(np.argmax(loss))
    if loss[k] < _WORTH:
        best_on = "that has weight" if known[shares > 0].all() else "that has weight and a figure for it"
        return f"It is the best of the candidates on every criterion {best_on}."
    best = int(np.argmax(value[:, k]))
    return (
        f"{BY_KEY[KEYS[k]].label}: it {figure(KEYS[k], frame.iloc[first], task)}, while "
        f"{_names(frame)[best]} {figure(KEYS[k], frame.iloc[best], task)}. That costs it "
        f"{loss[k]:.1f} of 100 points."
    )


def rests_on_unknown(frame: pd.DataFrame, values: Values, shares: Floats) -> str:
    """Whether figures nobody has could change the first place, in a sentence; "" if they could not.

    Args:
        frame: n candidates, best first.
        values: theirs.
        shares: k weights.
    """
    low, high = np.zeros(len(frame)), np.zeros(len(frame))
    open_to = [k for k in range(len(KEYS)) if values.usable[k] and shares[k] > 0]
    for k in open_to:
        unknown = np.isnan(values.mean[:, k])
        around = guesses(values.centre[unknown, k, None], values.scatter[k])
        ends = np.quantile(around, [0.05, 0.95], axis=1) - values.expected[unknown, k]
        low[unknown] += shares[k] * ends[0]
        high[unknown] += shares[k] * ends[1]
    score = values.expected @ shares
    rival = score + high - low[0]
    rival[0] = -np.inf
    other = int(np.argmax(rival))
    if len(frame) < 2 or rival[other] <= score[0] or not (low[0] or high[other]):
        return ""
    every = _names(frame)
    names = [every[0], every[other]]
    missing = []
    for k in open_to:
        of = [name for i, name in zip((0, other), names, strict=True) if np.isnan(values.mean[i, k])]
        if of:
            missing.append(f"{in_sentence(BY_KEY[KEYS[k]].label)} of {listed(of)}")
    return (
        f"The first place rests on what isn't known ({listed(missing)}): with figures at the other end of "
        f"what is typical {names[1]} would be first."
    )


def _beside_leader(
    task: Task,
    frame: pd.DataFrame,
    points: Floats,
    shares: Floats,
    known: npt.NDArray[np.bool_],
    first: int,
    leader: int,
) -> list[str]:
    """What makes up for better scores elsewhere, or that there are none."""
    names = _names(frame)
    name, best = names[first], names[leader]
    capability = frame["capability"].to_numpy(float)
    if leader == first:
        mine = figure("capability", frame.iloc[first], task)
        if _unknown_scores(frame.iloc[first]):
            return [f"Whether it is also the most capable is open: it {mine}."]
        return [f"It is also the most capable of all candidates: it {mine}."]
    gain = np.where(known[first] & known[leader], points[first] - points[leader], 0.0)
    k = int(np.argmax(gain))
    found = []
    if gain[k] > _WORTH:
        mine, theirs = (figure(KEYS[k], frame.iloc[i], task) for i in (first, leader))
        found.append(
            f"{BY_KEY[KEYS[k]].label} put it first: it {mine}. {best}, the most capable, {theirs}. "
            f"That is worth {gain[k]:.1f} of 100 points: {gain[k] / shares[k] / 100:.2f} of the scale at a "
            f"share of {shares[k]:.0%}."
        )
    better = [i for i in np.argsort(-np.nan_to_num(capability)).tolist() if capability[i] > capability[first]]
    named = ", ".join(f"{names[i]} {capability[i]:.1f}{_mark(frame.iloc[i])}" for i in better[:4])
    more = f" and {len(better) - 4} more" if len(better) > 4 else ""
    found.append(
        f"On capability alone it would not lead: {named}{more} stand above {name}'s "
        f"{capability[first]:.1f} points. Against the best that costs it {-gain[0]:.1f} points."
    )
    return found


def _runner_up(
    task: Task,
    frame: pd.DataFrame,
    points: Floats,
    known: npt.NDArray[np.bool_],
    ahead: Floats,
    order: npt.NDArray[np.int64],
) -> str:
    """How far behind the second is, by what, and how often it is ahead."""
    first, second = int(order[0]), int(order[1])
    behind = float((points[first] - points[second]).sum())
    gain = np.where(known[first] & known[second], points[first] - points[second], 0.0)
    best, worst = int(np.argmax(gain)), int(np.argmin(gain))
    name = _names(frame)[second]
    text = f"Runner-up is {name}, {behind:.1f} points behind and ahead in {ahead[second]:.0%} of the draws."
    for k, word in ((best, "It loses"), (worst, "It gains")):
        if (gain[k] > _WORTH) if k == best else (gain[k] < -_WORTH):
            mine, theirs = (figure(KEYS[k], frame.iloc[i], task) for i in (first, second))
            by = in_sentence(BY_KEY[KEYS[k]].label)
            text += f" {word} {abs(gain[k]):.1f} points by {by}: it {theirs}, the first {mine}."
    return text


def _opening(
    task: Task, names: list[str], score: Floats, p_first: Floats, order: npt.NDArray[np.int64]
) -> str:
    first = int(order[0])
    rivals = len(order) - 1
    if not rivals:
        return f"{names[first]} is the only model that meets the constraints: there is nothing to weigh."
    count = "the other" if rivals == 1 else f"each of the {rivals} others"
    return (
        f"{names[first]} has {score[first]:.1f} of 100 points at your weights and comes out ahead of {count} "
        f"in {p_first[first]:.0%} of {task.draws:,} draws of scores and weights."
    )


def _capability(row: pd.Series) -> str:
    """A measured score as one, a placed one as what it is; both with their 90% intervals."""
    value, half = row["capability"], Z90 * row["capability_se"]
    said = f"{value:.1f} points ({max(value - half, 0):.0f}–{value + half:.0f})"
    evidence = row.get("evidence", "measured")
    if evidence == "size only":
        return f"is placed at {said} by its size, date and family alone"
    if evidence == "placed":
        reports = row.get("n_reports")
        count = "" if reports is None or pd.isna(reports) else f" from {_reports(int(reports))}"
        return f"is placed at {said}{count}"
    unknown = _unknown_scores(row)
    return f"scores {said}" + (f", though {unknown}" if unknown else "")


def _mark(row: pd.Series) -> str:
    unknown = _unknown_scores(row)
    return "" if _is_measured(row) and not unknown else f" ({unknown or 'placed'})"


def _unknown_scores(row: pd.Series) -> str:
    """How many of the scores that count nobody has of it; "" where all are known."""
    count = row.get("scores_filled", 0)
    return f"{count:.0f} of its scores {'is' if count == 1 else 'are'} unknown" if count > 0 else ""


def _is_measured(row: pd.Series) -> bool:
    return bool(row.get("evidence", "measured") == "measured")


def _reports(count: int) -> str:
    return f"{count} report" if count == 1 else f"{count} reports"


def untested_languages(model_ids: list[str], task: Task) -> str:
    """Languages that count though none of the leading candidates has a figure there, in sentences; or "".

    Args:
        model_ids: the candidates, best first.
        task: the question.
    """
    if not task.weights.get("language", 0.0) > 0 or not model_ids:
        return ""
    names = short_names(model_ids)
    languages, firsts = [], []
    for code in dict.fromkeys(code for code in task.languages if code in NAMES):
        tested = np.flatnonzero(language_figures.known(model_ids, code))
        if len(tested) and tested[0] < _LEADERS:
            continue
        languages.append(NAMES[code])
        if len(tested):
            first = int(tested[0])
            firsts.append(
                f"The first with a {NAMES[code]} one is {names[model_ids[first]]}, at rank {first + 1}."
            )
    if not languages:
        return ""
    one = len(languages) == 1
    spoken = languages[0] if one else f"{', '.join(languages[:-1])} or {languages[-1]}"
    whom = f"the first {_LEADERS} candidates" if firsts else "any candidate"
    apart = f"{spoken} sets" if one else "these languages set"
    return " ".join([f"No {spoken} figure is known for {whom}, so {apart} none of them apart.", *firsts])


def language_names(task: Task) -> list[str]:
    """English names of the task's languages."""
    return [NAMES.get(code, code) for code in task.languages] or ["no language"]


def _tested(row: pd.Series, task: Task) -> str:
    """The languages a figure rests on, and those it doesn't."""
    tested = [code for code in task.languages if language_figures.known([row["model_id"]], code)[0]]
    missing = [NAMES.get(code, code) for code in task.languages if code not in tested]
    if not tested or not missing:
        return listed(language_names(task))
    return f"{listed([NAMES[code] for code in tested])}, with no figure in {listed(missing)}"


def _numbers(row: pd.Series, task: Task) -> str:
    share = row["one_token_share"]
    if share != share:  # noqa: PLR0124 - NaN
        return "has a tokenizer that isn't known here"
    count = len(task.numbers)
    text = f"writes {round(share * count):,} of the {count:,} answers as one token"
    floor = row["first_token_floor"]
    if floor == 0:
        return f"{text}, so that the first token settles the answer"
    if floor == floor:  # noqa: PLR0124 - not NaN
        return f"{text}, and a right first token still leaves an error of {floor:.3g} on average"
    return text


def _memory(row: pd.Series) -> str:
    if row["memory_high_gb"] > row["gpu_gb"]:
        return f"may need up to {row['memory_high_gb']:.1f} GB of the GPU's {row['gpu_gb']:.1f}"
    return "surely fits your lengths and batch"


def _names(frame: pd.DataFrame) -> list[str]:
    names = short_names(frame["model_id"])
    return [names[name] for name in frame["model_id"]]


def listed(names: list[str]) -> str:
    """Names in a row: ``a, b and c``."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
