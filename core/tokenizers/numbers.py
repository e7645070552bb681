"""Which tokens a number becomes, bare or in context, exactly."""

from __future__ import annotations

import gc
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from core.errors import InvalidInputError
from core.tokenizers.tokenizer import Tokenizer, as_tokenizer

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from numpy.typing import NDArray

# Rows encoded at a time: bounds the memory of a million-row profile to some 100 MB.
_CHUNK: Final = 65_536
MAX_DIGITS: Final = 18
# Kept per tokenizer: at most 8 times 100,000 rows of 42 bytes.
_MAX_RECENT: Final = 8
_MAX_RECENT_ROWS: Final = 100_000
_NOT_DIGITS: Final = {code: None for code in range(128) if chr(code) not in "0123456789"}
# The weight of a cut after digit i+1 is bit i of the mask; no cut stands before the first digit.
_BITS: Final = np.concatenate([[0.0], 2.0 ** np.arange(MAX_DIGITS)])


@dataclass(frozen=True, slots=True)
class Cuts:
    """Where the tokens of each number end. All arrays have one entry per number.

    ``n_tokens``: digit-bearing tokens of the number; ``mask``: bit i set when a token ends after digit i+1
    and more digits follow (up to 18 digits); ``fused``: a token also holds characters of the context;
    ``first_id``: id of the first of those tokens (-1 if none); ``spelled``: the tokens spell the number (an
    unknown token does not); ``span``: all tokens from the first to the last of them, a decimal point between
    them included.
    """

    n_tokens: NDArray[np.int64]
    mask: NDArray[np.int64]
    fused: NDArray[np.bool_]
    first_id: NDArray[np.int64]
    spelled: NDArray[np.bool_]
    span: NDArray[np.int64]


def profile_numbers(
    tokenizer: Any, numbers: Iterable[int] = range(1000), *, prefix: str = "", suffix: str = ""
) -> pd.DataFrame:
    """One row per number: how ``prefix + number + suffix`` spells the number's own digits.

    Columns: number (int64), text (the number as written), n_tokens (digit-bearing tokens of the number
    itself), pieces (list[str]: the digits each of them holds; joined they are the number), fused (a token
    also holds characters of prefix or suffix; such a number is not a single token), single (one token, not
    fused), first_id (vocabulary id of the first of the tokens), spelled (False if the vocabulary lacks
    these digits and an unknown token stands in).

    Lone word marks (``▁``) and special tokens are not counted. Digits of the context are told apart by
    counting digits from the left, not by offsets, which tokenizers trim or let overlap.

    >>> profile_numbers(llama2, [999]).pieces[0]          # doctest: +SKIP
    ['9', '9', '9']

    Raises:
        InvalidInputError: a number is negative, not whole, or has more than 18 digits.
    """
    loaded = as_tokenizer(tokenizer)
    values, texts = _written(numbers)
    with _no_collection():
        cuts = _recent_cuts(loaded, numbers, texts, prefix, suffix)
        pieces = split_texts(texts, cuts.mask)
        return pd.DataFrame(
            {
                "number": values,
                "text": pd.array(texts, dtype="str"),
                "n_tokens": cuts.n_tokens,
                "pieces": pd.Series(pieces, dtype=object),
                "fused": cuts.fused,
                "single": single(cuts),
                "first_id": cuts.first_id,
                "spelled": cuts.spelled,
            },
        )


@contextmanager
def _no_collection() -> Iterator[None]:
    """Hold the garbage collector back: it would walk 100,000 fresh lists again and again, for nothing."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _recent_cuts(
    tokenizer: Tokenizer, numbers: Iterable[int], texts: list[str], prefix: str, suffix: str
) -> Cuts:
    """The cuts of a range, kept for the next rerun of a page: it asks for the same ones again and again."""
    if not isinstance(numbers, range) or len(numbers) > _MAX_RECENT_ROWS:
        return cut_numbers(tokenizer, texts, prefix=prefix, suffix=suffix)
    key = (numbers, prefix, suffix)
    recent = tokenizer.recent
    found = recent.get(key)
    if found is None:
        found = cut_numbers(tokenizer, texts, prefix=prefix, suffix=suffix)
        if len(recent) >= _MAX_RECENT:
            recent.clear()
        recent[key] = found
    return found


def single(cuts: Cuts) -> NDArray[np.bool_]:
    result: NDArray[np.bool_] = (cuts.n_tokens == 1) & ~cuts.fused & cuts.spelled
    return result


def cut_numbers(tokenizer: Tokenizer, texts: Sequence[str], *, prefix: str, suffix: str) -> Cuts:
    """:class:`Cuts` of numbers as written, in a context.

    Other characters within a number (``-1,234.56``) are allowed; only its digits are attributed to tokens.
    """
    chunks = [
        _cut_chunk(tokenizer, texts[start : start + _CHUNK], prefix, suffix)
        for start in range(0, max(len(texts), 1), _CHUNK)
    ]
    if len(chunks) == 1:
        return chunks[0]
    return Cuts(
        *(
            np.concatenate([getattr(chunk, name) for chunk in chunks])
            for name in ("n_tokens", "mask", "fused", "first_id", "spelled", "span")
        )
    )


def split_texts(texts: Sequence[str], masks: NDArray[np.int64]) -> list[list[str]]:
    """Each text cut where its mask says: ``"1234"`` with 0b10 gives ``["12", "34"]``.

    Texts that share a mask are cut together, which is several times faster than one by one.
    """
    whole = np.fromiter(map(len, texts), dtype=np.int64, count=len(texts))
    every_digit = masks == (1 << np.maximum(whole - 1, 0)) - 1
    if every_digit.all():
        return list(map(list, texts))
    result: list[list[str]] = [[text] for text in texts]
    for mask in np.unique(masks[masks != 0]).tolist():
        bounds = [0, *(bit + 1 for bit in range(MAX_DIGITS) if mask >> bit & 1)]
        spans = [slice(a, b) for a, b in zip(bounds, [*bounds[1:], None], strict=True)]
        rows = np.flatnonzero(masks == mask).tolist()
        if len(spans) == 2:
            head, tail = spans
            for row in rows:
                text = texts[row]
                result[row] = [text[head], text[tail]]
        else:
            for row in rows:
                text = texts[row]
                result[row] = [text[span] for span in spans]
    return result


def _written(numbers: Iterable[int]) -> tuple[NDArray[np.int64], list[str]]:
    if isinstance(numbers, range):
        values = np.arange(numbers.start, numbers.stop, numbers.step, dtype=np.int64)
    else:
        listed = list(numbers)
        if any(isinstance(value, bool) or value != int(value) for value in listed):
            raise InvalidInputError("Only whole numbers can be profiled.", remedy="Round the values first.")
        if any(abs(int(value)) >= 10**MAX_DIGITS for value in listed):
            raise InvalidInputError(
                f"A number has more than {MAX_DIGITS} digits.", remedy="Count in a larger unit."
            )
        values = np.array(listed, dtype=np.int64)
    if len(values) and int(values.min()) < 0:
        raise InvalidInputError(
            "Negative numbers can't be profiled as such.", remedy="Put the minus sign into the prefix."
        )
    return values, list(map(str, values.tolist()))


def _cut_chunk(tokenizer: Tokenizer, texts: Sequence[str], prefix: str, suffix: str) -> Cuts:
    full = [f"{prefix}{text}{suffix}" for text in texts] if prefix or suffix else list(texts)
    count = len(texts)
    ids, lengths = tokenizer.ids_of(full)
    row_ends = lengths.cumsum()
    table = tokenizer.table
    table.learn(ids)

    # How many digits each number has; all of it where they are plain, which one look tells.
    digits_only = texts if "".join(texts).isdigit() else [text.translate(_NOT_DIGITS) for text in texts]
    widths = np.fromiter(map(len, digits_only), dtype=np.int64, count=count)
    before, after = tokenizer.digits_in(prefix), tokenizer.digits_in(suffix)

    held = table.digits[ids]
    digits = np.zeros(len(ids) + 1, dtype=np.int64)  # digits[i]: how many stand before token i
    np.cumsum(held, out=digits[1:])
    row_first = digits[row_ends - lengths]
    spelled = digits[row_ends] - row_first == before + widths + after

    bearing = held.nonzero()[0]
    counted = np.zeros(len(ids) + 1, dtype=np.int64)
    np.cumsum(held > 0, out=counted[1:])
    row = np.repeat(np.arange(count), counted[row_ends] - counted[row_ends - lengths])
    start = digits[bearing] - row_first[row] - before  # counted from the number's first digit
    index = ids[bearing]
    end = start + held[bearing]
    width = widths[row]
    if before or after:
        inside = (end > 0) & (start < width)
        kept = (row, start, end, index, width, bearing)
        row, start, end, index, width, bearing = (array[inside] for array in kept)

    first, last = start <= 0, end >= width
    first_id = np.full(count, -1, dtype=np.int64)
    first_id[row[first]] = index[first]
    span = np.zeros(count, dtype=np.int64)
    span[row[last]] = bearing[last] + 1
    span[row[first]] -= bearing[first]
    # Each token of a row ends elsewhere, so that adding bits sets them; floats hold 18 bits exactly.
    cut = end < width
    mask = np.bincount(row[cut], weights=_BITS[np.minimum(end[cut], MAX_DIGITS)], minlength=count).astype(
        np.int64
    )

    fused = np.zeros(count, dtype=bool)
    if prefix:
        # A lone mark before the number is the tokenizer's own unless the context ends in white space.
        holds_space = prefix[-1].isspace() and not tokenizer.drops_spaces
        left = (start < 0) | (first & (table.lead[index] >= (1 if holds_space else 2)))
        fused[row[left]] = True
    if suffix:
        right = (end > width) | ((end == width) & (table.trail[index] > 0))
        fused[row[right]] = True

    cuts = Cuts(np.bincount(row, minlength=count), mask, fused, first_id, spelled, span)
    if not spelled.all():
        for at in np.flatnonzero(~spelled).tolist():
            place = (len(prefix), len(prefix) + len(texts[at]))
            _cut_by_offsets(tokenizer, full[at], place, cuts=cuts, at=at)
    return cuts


def _cut_by_offsets(tokenizer: Tokenizer, text: str, place: tuple[int, int], *, cuts: Cuts, at: int) -> None:
    """The way out where digits are missing from the vocabulary: whatever token covers them counts."""
    begin, finish = place
    encoding = tokenizer.encode(text)
    covering = [
        (index, start, end)
        for index, (start, end) in zip(encoding.ids, encoding.offsets, strict=True)
        if end > begin and start < finish and tokenizer.table.spell(index).strip()
    ]
    cuts.n_tokens[at] = cuts.span[at] = len(covering)
    cuts.first_id[at] = covering[0][0] if covering else -1
    cuts.fused[at] = any(start < begin or end > finish for _, start, end in covering)
    inner = {end - begin for _, _, end in covering if begin < end < finish}
    cuts.mask[at] = sum(1 << (end - 1) for end in inner)
