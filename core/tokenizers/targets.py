"""A reader's own target values: how many tokens each costs, and how much the first of them decides."""

from __future__ import annotations

import re
import string
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from core.errors import InvalidInputError
from core.tokenizers.floor import floor_of_groups, median_error
from core.tokenizers.numbers import Cuts, cut_numbers, single

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from numpy.typing import ArrayLike, NDArray

    from core.tokenizers.tokenizer import Tokenizer

MAX_TARGETS: Final = 1_000_000
MAX_TEMPLATE: Final = 400
DEFAULT_TEMPLATE: Final = "Price is ${value:.2f}"
_SPEC: Final = re.compile(r"[+\- ]?0?\d{0,2}[,_]?(?:d|(?:\.\d)?[fFeEgG%]?)")
_LARGEST: Final = 1e15
_STEP: Final = 32_768


@dataclass(frozen=True, slots=True)
class Template:
    """Text before the value, how the value is written, text after it."""

    prefix: str
    spec: str
    suffix: str

    @classmethod
    def parse(cls, text: str) -> Template:
        """Read a template such as ``Price is ${value:.2f}``.

        It is taken apart, never run: one field called ``value`` (or empty), no attribute, index or
        conversion, and a format of sign, width, separator, decimals and type only. ``{{`` and ``}}`` stand
        for braces.

        >>> Template.parse("Price is ${value:.2f}")
        Template(prefix='Price is $', spec='.2f', suffix='')

        Raises:
            InvalidInputError: anything else.
        """
        if len(text) > MAX_TEMPLATE:
            raise _bad_template(f"it is longer than {MAX_TEMPLATE} characters")
        try:
            parts = list(string.Formatter().parse(text))
        except ValueError:
            raise _bad_template("its braces don't match") from None
        before: list[str] = []
        after: list[str] = []
        spec: str | None = None
        for literal, field, found, conversion in parts:
            (before if spec is None else after).append(literal)
            if field is None:
                continue
            if field not in {"value", ""} or conversion:
                raise _bad_template("only {value} can stand in it, with nothing after the name but a format")
            if spec is not None:
                raise _bad_template("the value stands in it more than once")
            if not _SPEC.fullmatch(found or ""):
                raise _bad_template(f"{(found or '')[:20]!r} is not a format such as .2f or ,.0f")
            spec = found or ""
        if spec is None:
            raise _bad_template("{value} is missing")
        return cls("".join(before), spec, "".join(after))

    def write(self, values: Sequence[float]) -> list[str]:
        """The values as text, without what stands before and after."""
        if self.spec.endswith("d"):
            if any(value != int(value) for value in values):
                raise _bad_template("the format d needs whole numbers; use .0f to round or .2f for decimals")
            return [format(int(value), self.spec) for value in values]
        if not self.spec:
            return [str(int(value)) if value == int(value) else str(value) for value in values]
        return [format(value, self.spec) for value in values]


@dataclass(frozen=True, slots=True)
class TargetComparison:
    """What :func:`compare_targets` found.

    ``table``: one row per tokenizer: tokenizer, share_single (0-1), mean_tokens, p95_tokens,
    first_token_floor and median_error (mean absolute errors in the targets' unit), held_by_first (0-1: the
    share of the median's error that the right first token removes). ``histogram``: tokenizer, n_tokens,
    share. ``example``: one target as the template writes it.
    """

    table: pd.DataFrame
    histogram: pd.DataFrame
    rows: int
    distinct: int
    example: str


def compare_targets(
    tokenizers: Mapping[str, Tokenizer],
    values: ArrayLike,
    template: Template,
    *,
    progress: Callable[[float], None] | None = None,
) -> TargetComparison:
    """Tokens per target and first-token floor for each tokenizer.

    Each distinct value is encoded once. A target's tokens are all tokens of the value as written, its sign
    and decimal point included. It is "one token" if that token holds nothing of the text around it.

    Args:
        tokenizers: label to tokenizer.
        values: finite numbers, at most ``MAX_TARGETS``.
        template: how a value stands in the text.
        progress: told the share of the work done, 0 to 1.

    Raises:
        InvalidInputError: no values, too many, or not finite.
    """
    array = np.asarray(values, dtype=np.float64)
    if not len(array):
        raise InvalidInputError("There are no target values.", remedy="Paste some, or choose another column.")
    if len(array) > MAX_TARGETS:
        raise InvalidInputError(
            f"There are more than {MAX_TARGETS:,} target values.", remedy="Give a sample of them."
        )
    if not np.isfinite(array).all():
        raise InvalidInputError("Some target values are not finite numbers.", remedy="Leave them out.")
    if np.abs(array).max() > _LARGEST:
        raise InvalidInputError(
            "Some target values are beyond a million billions.", remedy="Count in a larger unit."
        )
    distinct, which = np.unique(array, return_inverse=True)
    texts = template.write(distinct.tolist())
    negative = np.array([text.lstrip().startswith("-") for text in texts])
    always_median = median_error(array)
    parts = len(tokenizers)
    rows, histograms = [], []
    for at, (label, tokenizer) in enumerate(tokenizers.items()):
        cuts = _cut(tokenizer, texts, template, partial(_tell_part, progress, at, parts))
        n_tokens = _tokens_of_text(tokenizer, texts, cuts)
        spread = n_tokens[which]
        # The sign comes before the first number token, so it is known by then.
        first = np.unique(np.stack([cuts.first_id, negative]), axis=1, return_inverse=True)[1].ravel()
        floor = floor_of_groups(array, first[which])
        one_token = (single(cuts) & (n_tokens == 1))[which]
        rows.append(target_row(label, one_token, spread, floor, always_median))
        histograms.append(token_histogram(label, spread))
    _tell(progress, 1.0)
    example = f"{template.prefix}{texts[len(texts) // 2]}{template.suffix}"
    return TargetComparison(
        pd.DataFrame(rows),
        pd.concat(histograms, ignore_index=True) if histograms else pd.DataFrame(),
        len(array),
        len(distinct),
        example,
    )


def target_row(
    label: str,
    one_token: NDArray[np.bool_],
    n_tokens: NDArray[np.int64],
    floor: float,
    always_median: float,
) -> dict[str, object]:
    """One tokenizer's row of :class:`TargetComparison`; the arrays have one entry per target."""
    return {
        "tokenizer": label,
        "share_single": float(one_token.mean()),
        "mean_tokens": float(n_tokens.mean()),
        "p95_tokens": float(np.percentile(n_tokens, 95, method="inverted_cdf")),
        "first_token_floor": floor,
        "median_error": always_median,
        "held_by_first": 1 - floor / always_median if always_median else float("nan"),
    }


def token_histogram(label: str, n_tokens: NDArray[np.int64]) -> pd.DataFrame:
    """Which share of the targets takes how many tokens; counts that don't occur are left out."""
    counts = np.bincount(n_tokens)
    found = pd.DataFrame(
        {"tokenizer": label, "n_tokens": np.arange(len(counts)), "share": counts / len(n_tokens)}
    )
    return found[found["share"] > 0]


def _cut(tokenizer: Tokenizer, texts: list[str], template: Template, tell: Callable[[float], None]) -> Cuts:
    parts = []
    for start in range(0, len(texts), _STEP):
        parts.append(
            cut_numbers(
                tokenizer, texts[start : start + _STEP], prefix=template.prefix, suffix=template.suffix
            )
        )
        tell(min(1.0, (start + _STEP) / len(texts)))
    names = Cuts.__dataclass_fields__
    return Cuts(*(np.concatenate([getattr(part, name) for part in parts]) for name in names))


def _tokens_of_text(tokenizer: Tokenizer, texts: list[str], cuts: Cuts) -> NDArray[np.int64]:
    """Tokens from the first digit to the last, and one more for a sign or a per cent that stands alone."""
    count: NDArray[np.int64] = cuts.span.copy()
    for at, text in enumerate(texts):
        if not text[0].isdigit():
            first = int(cuts.first_id[at])
            spelled = tokenizer.table.spell(first).strip() if first >= 0 else b"-"
            count[at] += text.lstrip()[:1] in "+-" and not spelled.startswith((b"-", b"+"))
        count[at] += text.endswith("%")
    return count


def _tell_part(progress: Callable[[float], None] | None, at: int, parts: int, share: float) -> None:
    _tell(progress, (at + share) / parts)


def _tell(progress: Callable[[float], None] | None, share: float) -> None:
    if progress is not None:
        progress(min(share, 1.0))


def _bad_template(why: str) -> InvalidInputError:
    return InvalidInputError(
        f"This template can't be used: {why}.", source="template", remedy=f"For example: {DEFAULT_TEMPLATE}"
    )
