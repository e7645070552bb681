"""How the candidates' tokenizers write the reader's answers and texts, from the embedded facts."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from core.decision import text_figures
from core.tokenizers import facts as tokenizer_facts
from core.tokenizers.floor import floor_of_groups, median_error

if TYPE_CHECKING:
    import numpy.typing as npt
    import pandas as pd

    from core.decision.tasks import Task
    from core.tokenizers.contexts import Context

    Floats = npt.NDArray[np.float64]
    Answers = tuple[int | float, ...]

# The embedded grids hold 0 to 999; longer numbers follow the tokenizer's rule, where it has one.
_GRID: Final = 1000
_THREES: Final = ("threes from the left", "threes from the right")


def columns(model_ids: pd.Series[str], asked: npt.NDArray[np.bool_], task: Task) -> dict[str, Any]:
    """Figures of the rows asked for, NaN where the tokenizer isn't known.

    Returns:
        tokenizer (family), one_token_share (of the task's answers), first_token_floor (mean absolute error
        left once the first token is right, in the answer's unit), first_token_settles (share of the error
        of always guessing the median that the first token removes), tokens_per_1000_chars.
    """
    families = [
        (facts.family if (facts := tokenizer_facts.for_model(name)) else None) if wanted else None
        for name, wanted in zip(model_ids, asked.tolist(), strict=True)
    ]
    answers = task.numbers
    by_family = {
        family: _figures(family, answers, context(task), text_figures.texts_of(task))
        for family in {*families} - {None}
    }
    unknown = (math.nan,) * 4
    table = np.array([by_family.get(family, unknown) for family in families], dtype=float).reshape(-1, 4)
    return {
        "tokenizer": np.array(families, dtype=object),
        "one_token_share": table[:, 0],
        "first_token_floor": table[:, 1],
        "first_token_settles": table[:, 2],
        "tokens_per_1000_chars": table[:, 3],
    }


def context(task: Task) -> Context:
    """Which of the embedded contexts is nearest to the task's template.

    Nothing before the answer: bare. A space right before it: after a space. Anything else: as in a price.
    """
    before = task.template.partition("{target}")[0] if "{target}" in task.template else ""
    if not before:
        return "bare"
    return "space" if before[-1].isspace() else "price"


@lru_cache(maxsize=512)
def _figures(
    family: str | None, answers: Answers, where: Context, texts: tuple[str, ...]
) -> tuple[float, float, float, float]:
    if family is None:
        return (math.nan,) * 4
    tokens = text_figures.mean_per_1000_chars(family, texts)
    if not answers:
        return (math.nan, math.nan, math.nan, tokens)
    first, single = _first_tokens(family, answers, where)
    if first is None:
        return (math.nan, math.nan, math.nan, tokens)
    floor, guess = floor_of_groups(answers, first), median_error(answers)
    settles = 1 - floor / guess if guess > 0 else 1.0
    return (float(single.mean()), floor, settles, tokens)


def _first_tokens(
    family: str, answers: Answers, where: Context
) -> tuple[npt.NDArray[np.str_] | None, npt.NDArray[np.bool_]]:
    """The first number token of each answer, and whether it is the whole answer; None if it can't be told."""
    pieces, alone = _grid(family, where)
    rule = _rule(family)
    first, single = [], []
    for answer in answers:
        whole, exact = int(abs(answer)), float(answer).is_integer() and answer >= 0
        if whole < _GRID:
            first.append(pieces[whole])
            single.append(exact and alone[whole])
            continue
        digits = str(whole)
        if rule == "per digit":
            first.append(digits[0])
        elif rule in _THREES:
            width = 3 if rule == _THREES[0] else len(digits) % 3 or 3
            first.append(digits[:width])
        else:
            return None, np.zeros(len(answers), dtype=bool)
        single.append(False)
    signed = [f"-{piece}" if answer < 0 else piece for piece, answer in zip(first, answers, strict=True)]
    return np.array(signed), np.array(single, dtype=bool)


@lru_cache(maxsize=128)
def _grid(family: str, where: Context) -> tuple[list[str], list[bool]]:
    table = tokenizer_facts.numbers(family, where)
    return [pieces[0] for pieces in table["pieces"]], table["single"].tolist()


@lru_cache(maxsize=64)
def _rule(family: str) -> str:
    known = tokenizer_facts.families().set_index("family")["grouping"]
    return str(known[family])
