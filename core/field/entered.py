"""A base that a reader enters by hand: its facts, its published scores, and where they place it."""

from __future__ import annotations

import re
from collections.abc import Mapping  # noqa: TC003 - msgspec reads the types of the fields
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from core import written_numbers
from core.errors import InvalidInputError
from core.field.own import ENTERED
from core.field.placed import COVARIANCES
from core.hub.repo_ids import check_repo_id
from core.placement.scale import TASKS
from core.ranking.ranks import INTERVAL_Z
from core.ranking.search import squash
from core.schema import SCORE_KEYS, SOURCE_PLACED

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.placement.predict import Prediction

MOST_SCORES: Final = 60
# A report of the reader's own, when the scores stand in none of the catalogue's.
OWN_REPORT: Final = "entered by hand"
_LONGEST: Final = 8_000
_LONGEST_LINE: Final = 200  # also bounds what the pattern may try
_SEPARATOR: Final = r"\s*[,;\t|]\s*"
# After a bare count of shots: a comma right before whole digits may be the decimal comma of a value.
_CLEAR_SEPARATOR: Final = r"(?:\s*[;\t|]\s*|\s*,\s+|\s*,(?=[-−+]?\d+[.,]\d))"
_LINE: Final = re.compile(
    rf"(?P<name>[^\s,;|][^,;\t|]{{0,59}}?)(?P<before>{_SEPARATOR})"
    rf"(?:(?P<shots>\d{{1,3}})(?:[ -]?shots?{_SEPARATOR}|(?P<bare>{_CLEAR_SEPARATOR})))?"
    r"(?P<value>[-−+]?\d{1,4}(?:[.,]\d{1,4})? ?%?)"
)
# Of reports that print a bare number: a larger one is likelier the start of a value.
_MOST_SHOTS: Final = 50


@dataclass(frozen=True, slots=True)
class Entered:
    """One base as entered. None is unknown.

    Attributes:
        model_id: repository on the Hub.
        params_b, active_params_b: billions; the second for a mixture of experts.
        released: YYYY-MM; license: id as the Hub writes it; link: where the scores stand.
        config: plain settings of ``config.json``.
        report: a key of the catalogue's reports, or OWN_REPORT.
        scores: benchmark, shots ("" unknown) and value in the benchmark's own unit.
    """

    model_id: str
    params_b: float | None = None
    active_params_b: float | None = None
    released: str | None = None
    license: str | None = None
    link: str | None = None
    config: Mapping[str, Any] = field(default_factory=dict)
    report: str = OWN_REPORT
    scores: tuple[tuple[str, str, float], ...] = ()


def check(entered: Entered) -> Prediction:
    """Where it is placed; a second at most.

    Raises:
        InvalidInputError: no repository's name, too many scores, or a figure that can't be.
    """
    check_repo_id(entered.model_id)
    if len(entered.scores) > MOST_SCORES:
        raise InvalidInputError(f"More than {MOST_SCORES} scores.", remedy="Enter the best known ones.")
    return _prediction(entered.report, entered.scores, _size(entered), entered.released)


def parse_scores(text: str) -> tuple[tuple[str, str, float], ...]:
    """Lines of ``benchmark, shots, value``; shots may be left out. Blank lines are passed over.

    A decimal comma is understood; where it may as well part shots from value, the line is refused.

    Args:
        text: at most 8,000 characters; parts separated by comma, semicolon, tab or bar.

    Raises:
        InvalidInputError: names the line and what is wrong with it.

    Example: "MMLU, 5, 72.3" gives (("MMLU", "5", 72.3),).
    """
    from core.placement.parameters import load_parameters  # noqa: PLC0415 - only where someone enters scores

    if len(text) > _LONGEST:
        raise InvalidInputError(f"The scores are longer than {_LONGEST:,} characters.", remedy="Enter fewer.")
    by_name = {squash(name): name for name in load_parameters().slopes}
    scores = []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        found = _LINE.fullmatch(line.strip()) if len(line) <= _LONGEST_LINE else None
        if found is None:
            raise InvalidInputError(
                f"Line {number} of the scores is not “benchmark, shots, value”.",
                remedy="Write it like: MMLU, 5, 72.3 (or MMLU, 72.3 where the shots are not printed).",
            )
        name = by_name.get(squash(found["name"]))
        if name is None:
            raise InvalidInputError(
                f"Line {number}: no report uses a benchmark called “{found['name'][:40]}”.",
                remedy="Leave the line out, for it places nothing; or write the name as the list below does.",
            )
        scores.append((name, found["shots"] or "", _value(number, found)))
    return tuple(scores)


def _value(line: int, found: re.Match[str]) -> float:
    """The value of a line.

    Raises:
        InvalidInputError: what stands before a comma may be shots or part of the value.
    """
    name, shots, text = found["name"], found["shots"], found["value"]
    whole, comma, rest = text.partition(",")
    if found["bare"] and int(shots) > _MOST_SHOTS:
        raise InvalidInputError(
            f"Line {line}: {shots} is too many for a number of shots.",
            remedy=f"If it is one, write “{name}; {shots}-shot; {text}”. If it begins the value, write "
            f"“{name}; {shots}.{text}”.",
        )
    may_be_shots = not shots and "," in found["before"] and whole.isdecimal()
    if comma and may_be_shots and int(whole) <= _MOST_SHOTS:
        raise InvalidInputError(
            f"Line {line}: “{text}” may be {whole} shots and a value, or one value.",
            remedy=f"Write “{name}; {whole}; {rest}” or “{name}; {whole}.{rest}”.",
        )
    signs = written_numbers.signs(text)
    if comma and len(signs) > 1:
        raise InvalidInputError(
            f"Line {line}: the comma of “{text}” may be for decimals or thousands.",
            remedy=f"Write {whole}.{rest} or {whole}{rest}.",
        )
    return written_numbers.number(text, signs[0])


def with_entered(frame: pd.DataFrame, entered: Sequence[Entered]) -> pd.DataFrame:
    """Today's field with these bases below it, marked as the reader's own.

    Args:
        frame: of :func:`core.field.joined.with_placed`; not changed.
        entered: those whose name the frame has already are left out.
    """
    known = set(frame["model_id"].str.lower())
    new = [each for each in entered if each.model_id.lower() not in known]
    if not new:
        return frame
    rows = pd.DataFrame([_row(each) for each in new]).reindex(columns=frame.columns)
    rows.index = pd.RangeIndex(len(rows)) + int(frame.index.max()) + 1
    for name in frame.columns:
        rows[name] = rows[name].astype(frame[name].dtype)
    joined: pd.DataFrame = pd.concat([frame, rows])
    return joined


def _row(entered: Entered) -> dict[str, object]:
    found = check(entered)
    count = len(entered.scores)
    low, high = dict(zip(TASKS, found.task_low, strict=True)), dict(zip(TASKS, found.task_high, strict=True))
    mean = dict(zip(TASKS, found.tasks, strict=True)) | {"average": found.average}
    limits = {key: (low[key], high[key]) for key in TASKS} | {"average": (found.low, found.high)}
    row: dict[str, object] = {
        "model_id": entered.model_id,
        "organization": entered.model_id.partition("/")[0],
        "publisher": entered.model_id.partition("/")[0],
        "kind": "base",
        "kind_evidence": "as you said",
        "base_state": "is_base",
        "params_b": entered.params_b,
        "size_class_b": entered.params_b,
        "active_params_b": entered.active_params_b,
        "params_evidence": "as you said",
        "license": entered.license,
        "released": entered.released,
        "uploaded": pd.Timestamp(f"{entered.released}-01") if entered.released else pd.NaT,
        "evidence": "placed" if count else "size only",
        "comparability": f"{ENTERED}: placed from {count} score{'s' if count != 1 else ''}",
        "n_reports": int(bool(count)),
        "n_scores": count,
        "primary": True,
        "moe": entered.active_params_b is not None,
        "source": SOURCE_PLACED,
    }
    row |= dict.fromkeys(("chat_template", "merged", "flagged", "official"), False)
    for key in SCORE_KEYS:
        bottom, top = limits[key]
        row[key], row[f"{key}_low"], row[f"{key}_high"] = mean[key], bottom, top
        row[f"{key}_se"] = (top - bottom) / (2 * INTERVAL_Z)
    for name in COVARIANCES:
        first, second = _pair(name)
        row[name] = float(found.cov[TASKS.index(first), TASKS.index(second)])
    return row


def _pair(name: str) -> tuple[str, str]:
    """The two tasks that a covariance's column names."""
    rest = name.removeprefix("cov_")
    first = next(key for key in TASKS if rest.startswith(f"{key}_"))
    return first, rest.removeprefix(f"{first}_")


def _size(entered: Entered) -> float | None:
    """What the placement takes for size: the geometric mean of total and active parameters of a mixture."""
    if entered.params_b is None or entered.active_params_b is None:
        return entered.params_b
    return float(np.sqrt(entered.params_b * entered.active_params_b))


@lru_cache(maxsize=256)
def _prediction(
    report: str, scores: tuple[tuple[str, str, float], ...], size_b: float | None, released: str | None
) -> Prediction:
    from core.placement.place import Score, place  # noqa: PLC0415 - brings scipy, which pages do without

    return place(
        [Score(report, name, value, shots or None) for name, shots, value in scores], size_b, released
    )
