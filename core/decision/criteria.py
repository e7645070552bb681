"""The criteria: what each measures, in which unit, and how a figure becomes a value between 0 and 1.

Values use fixed scales, not the range of the candidates at hand: adding or dropping a model never changes the
order of the others. A weight says what going from 0 to 1 on its scale is worth.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from core.decision import memory_figures, text_figures, unknowns

if TYPE_CHECKING:
    import numpy.typing as npt
    import pandas as pd

    from core.decision.tasks import Task

    Floats = npt.NDArray[np.float64]

# Above every base of up to 15 billion parameters under any preset.
TOP_POINTS: Final = 50.0
# Older than three years counts as old as three years.
OLD_MONTHS: Final = 36.0


@dataclass(frozen=True, slots=True)
class Criterion:
    """One column of the decision.

    Attributes:
        key: of ``core.decision.tasks.CRITERIA_KEYS``, and the column of the ranking that holds its figure.
        column: where the frame of candidates holds that figure.
        label: for people.
        unit: of the figure.
        better: "higher" or "lower" figure is better.
        scale: how the figure becomes a value of 0 to 1, in words.
        effect: what giving it weight does to the answer, in words.
        source: where the figure comes from.
    """

    key: str
    column: str
    label: str
    unit: str
    better: str
    scale: str
    effect: str
    source: str


CRITERIA: Final = (
    Criterion(
        "capability",
        "capability",
        "Capability",
        "points of 100",
        "higher",
        f"0 points (guessing) is 0, {TOP_POINTS:.0f} points is 1",
        "Favours bases that score well on the benchmarks chosen below.",
        "Benchmark scores of the base, with their standard errors",
    ),
    Criterion(
        "numbers",
        "one_token_share",
        "Number tokens",
        "share of your answers that are one token",
        "higher",
        "mean of two shares: answers that are one token, and how much of the spread of your answers the "
        "first token settles",
        "Favours tokenizers that write your answer as one token, so that the first token decides it.",
        "Computed from the model's own tokenizer",
    ),
    Criterion(
        "instruct",
        "instruct_average",
        "Instruct evidence",
        "points of 100",
        "higher",
        f"average of the publisher's instruct variant: 0 points is 0, {TOP_POINTS:.0f} points is 1",
        "Favours bases whose own publisher reached much by tuning them. Evidence that this says more than "
        "the base's own score is weak.",
        "Board average of the official instruct variant",
    ),
    Criterion(
        "text",
        "tokens_per_1000_chars",
        "Tokens per text",
        "tokens per 1,000 characters",
        "lower",
        "the fewest any known tokenizer needs for the same text is 1, twice as many 0.5",
        "Favours tokenizers that need fewer tokens for your texts: cheaper, and more fits into a prompt.",
        "Computed from the model's own tokenizer on a short sample text",
    ),
    Criterion(
        "memory",
        "memory_headroom_gb",
        "Memory headroom",
        "GB left on the GPU while training",
        "higher",
        "your lengths and batch surely fit: 1, and more room counts no further; surely too much: 0",
        "Favours models whose training surely fits your GPU at the lengths and batch you gave.",
        "Estimated from the architecture",
    ),
    Criterion(
        "licence",
        "licence_freedom",
        "Licence freedom",
        "0 to 1",
        "higher",
        "permissive 1, terms of use 0.7, share-alike 0.5, no commercial use 0: a judgement, not measured",
        "Favours licences with fewer conditions.",
        "Licence identifier on the board",
    ),
    Criterion(
        "age",
        "age_months",
        "Age",
        "months before the newest model here",
        "lower",
        f"new is 1, {OLD_MONTHS:.0f} months or more is 0",
        "Favours newer models.",
        "Month of release, or date of upload to the Hub",
    ),
    Criterion(
        "language",
        "language_score",
        "Your languages",
        "points of 100, mean of the languages it was tested in",
        "higher",
        "in each language the lowest base known there is 0, the highest 1; mean of your languages",
        "Favours bases that do well in the languages you chose. Without any it counts nothing.",
        "Boards that test bases in these languages, put on one scale for each (docs/languages.md)",
    ),
)
BY_KEY: Final = {criterion.key: criterion for criterion in CRITERIA}
KEYS: Final = tuple(BY_KEY)


def in_sentence(label: str) -> str:
    """A label as it stands inside a sentence: acronyms keep their capitals.

    >>> in_sentence("GPU memory"), in_sentence("Sale in the EU")
    ('GPU memory', 'sale in the EU')
    """
    return label if label[1:2].isupper() else label[:1].lower() + label[1:]


@dataclass(frozen=True, slots=True)
class Values:
    """Every candidate's value on every criterion, 0 to 1 (capability and instruct evidence may pass 1).

    Attributes:
        mean: n x k; NaN where unknown.
        sd: n x k standard deviations; 0 where exact or unknown.
        centre: n x k; what is typical at the candidate's capability.
        scatter: k arrays: how the known values lie around what is typical.
        expected: n x k; the mean of what is drawn, known or not.
        usable: k; False where the criterion doesn't apply or no candidate has a figure.
    """

    mean: Floats
    sd: Floats
    centre: Floats
    scatter: tuple[Floats, ...]
    expected: Floats
    usable: npt.NDArray[np.bool_]

    def pick(self, rows: npt.NDArray[np.int64]) -> Values:
        """The same of some candidates."""
        return Values(
            self.mean[rows],
            self.sd[rows],
            self.centre[rows],
            self.scatter,
            self.expected[rows],
            self.usable,
        )


def guesses(centre: Floats, scatter: Floats) -> Floats:
    """Values that may stand in for an unknown one: typical ones, none below 0 or above 1.

    Shapes broadcast against each other.
    """
    return np.clip(centre + scatter, 0, 1)


def figures(frame: pd.DataFrame) -> dict[str, Floats]:
    """The figure of each criterion, in its own unit, NaN where unknown."""
    return {each.key: _floats(frame, each.column) for each in CRITERIA}


def values(frame: pd.DataFrame, task: Task, kept: npt.NDArray[np.bool_] | None = None) -> Values:
    """Figures of the candidates on the criteria's scales.

    Args:
        frame: as :func:`core.decision.candidates.candidate_frame` makes it.
        task: says which criteria apply.
        kept: the rows that say what is typical and which criteria are usable; all if not given.
    """
    own = figures(frame)
    settled = _floats(frame, "first_token_settles")
    one_token = own["numbers"]
    scaled = {
        "capability": own["capability"] / TOP_POINTS,
        "numbers": np.where(np.isnan(settled), one_token, (one_token + settled) / 2),
        "instruct": own["instruct"] / TOP_POINTS,
        "text": text_figures.fewest_on_average(text_figures.texts_of(task)) / own["text"],
        "memory": memory_figures.fits(
            own["memory"],
            _floats(frame, "gpu_gb"),
            _floats(frame, "memory_low_gb"),
            _floats(frame, "memory_high_gb"),
        ),
        "licence": own["licence"],
        "age": 1 - np.clip(own["age"] / OLD_MONTHS, 0, 1),
        "language": _floats(frame, "language_value"),
    }
    mean = np.column_stack([scaled[key] for key in KEYS])
    sd = np.zeros_like(mean)
    sd[:, KEYS.index("capability")] = _floats(frame, "capability_se") / TOP_POINTS
    sd[:, KEYS.index("instruct")] = _floats(frame, "instruct_average_se") / TOP_POINTS
    sd[:, KEYS.index("language")] = _floats(frame, "language_value_se")
    counts = np.ones(len(frame), dtype=bool) if kept is None else kept
    usable = (~np.isnan(mean[counts])).any(axis=0)
    usable[KEYS.index("numbers")] &= task.output == "number"
    centre, scatter, expected = _neutral(mean, counts)
    return Values(mean, np.nan_to_num(sd), centre, scatter, expected, usable)


def _neutral(mean: Floats, counts: npt.NDArray[np.bool_]) -> tuple[Floats, tuple[Floats, ...], Floats]:
    """Centres, scatter and expected values once what is typical of the rows that count stands in."""
    centre, expected = np.zeros_like(mean), mean.copy()
    scatter = []
    capability = mean[:, KEYS.index("capability")]
    for k in range(len(KEYS)):
        known = counts & ~np.isnan(mean[:, k])
        centre[:, k], around = unknowns.typical(mean[known, k], capability[known], capability)
        scatter.append(around)
        unknown = np.isnan(mean[:, k])
        expected[unknown, k] = guesses(centre[unknown, k, None], around).mean(axis=1)
    return centre, tuple(scatter), expected


def shares(task: Task, usable: npt.NDArray[np.bool_]) -> Floats:
    """The task's weights as shares that add up to 1 over the usable criteria; all 0 if none has weight."""
    given = np.array([task.weights.get(key, 0.0) for key in KEYS], dtype=float)
    given = np.where(np.isfinite(given) & (given > 0) & usable, given, 0.0)
    total = given.sum()
    return given / total if total > 0 else given


def benchmark_shares(task: Task, keys: tuple[str, ...]) -> Floats:
    """The benchmarks' weights as shares; equal ones if none has weight."""
    given = np.array([task.benchmarks.get(key, 0.0) for key in keys], dtype=float)
    given = np.where(np.isfinite(given) & (given > 0), given, 0.0)
    total = given.sum()
    return given / total if total > 0 else np.full(len(keys), 1 / len(keys))


def _floats(frame: pd.DataFrame, column: str) -> Floats:
    if column not in frame:
        return np.full(len(frame), np.nan)
    return frame[column].to_numpy(dtype=float, na_value=np.nan)
