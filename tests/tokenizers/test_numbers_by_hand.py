"""Numbers in tokens, worked by hand on vocabularies of a few pieces, and what a profile leaves as it was."""

from __future__ import annotations

import gc

import numpy as np
import pytest
from tokenizers import Tokenizer, models, pre_tokenizers

from core.errors import InvalidInputError
from core.tokenizers import numbers, profile_numbers
from core.tokenizers.tokenizer import as_tokenizer

DIGITS = list("0123456789")


def tiny(*pieces: str, pre: pre_tokenizers.PreTokenizer | None = None) -> Tokenizer:
    """A unigram over the pieces given: the fewest win."""
    tokenizer = Tokenizer(models.Unigram([("<unk>", -100.0), *((piece, -1.0) for piece in pieces)], unk_id=0))
    if pre is not None:
        tokenizer.pre_tokenizer = pre
    return tokenizer


def fail(*_: object) -> None:
    raise InvalidInputError("failed in the middle")


def cuts(tokenizer: Tokenizer, *texts: str, prefix: str = "", suffix: str = "") -> numbers.Cuts:
    return numbers.cut_numbers(as_tokenizer(tokenizer), list(texts), prefix=prefix, suffix=suffix)


@pytest.mark.parametrize("was_on", [True, False])
def test_the_garbage_collector_is_as_it_was(was_on: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    try:
        (gc.enable if was_on else gc.disable)()
        profile_numbers(tiny(*DIGITS), [1, 22])
        assert gc.isenabled() is was_on
        with numbers._no_collection():
            assert not gc.isenabled()
        monkeypatch.setattr(numbers, "_recent_cuts", fail)
        with pytest.raises(InvalidInputError):
            profile_numbers(tiny(*DIGITS), range(3))
        assert gc.isenabled() is was_on, "after a failure too"
    finally:
        gc.enable()


def test_every_field_of_one_number_by_hand() -> None:
    """1234 as 12, 3, 4: cuts after the second and the third digit."""
    tokenizer = tiny(*DIGITS, "12")
    found = cuts(tokenizer, "1234", "12", "7")
    assert found.n_tokens.tolist() == found.span.tolist() == [3, 1, 1]
    assert found.mask.tolist() == [0b110, 0, 0]
    assert found.first_id.tolist() == [tokenizer.token_to_id(piece) for piece in ("12", "12", "7")]
    assert found.fused.tolist() == [False] * 3
    assert found.spelled.tolist() == [True] * 3
    assert numbers.single(found).tolist() == [False, True, True]


def test_the_span_counts_a_point_between_the_digits() -> None:
    found = cuts(tiny(*DIGITS, ".", "-"), "1.5", "15", "-15")
    assert found.n_tokens.tolist() == [2, 2, 2]
    assert found.span.tolist() == [3, 2, 2]
    assert found.mask.tolist() == [1, 1, 1]


@pytest.mark.parametrize(
    ("piece", "prefix", "suffix", "fused"),
    [
        ("$10", "$", "", True),
        ("10", "$", "", False),
        ("10.", "", ".", True),
        ("10.", "", "", False),
        ("110", "1", "", True),  # a digit of the context in the same token
        ("101", "", "1", True),
        ("101", "", "", False),
    ],
)
def test_a_token_that_holds_the_context_is_fused(piece: str, prefix: str, suffix: str, fused: bool) -> None:
    found = cuts(tiny(*DIGITS, "$", ".", "10", piece), "10", prefix=prefix, suffix=suffix)
    assert found.fused.tolist() == [fused]
    assert found.n_tokens.tolist() == [1]
    assert numbers.single(found).tolist() == [not fused]


def test_digits_of_the_context_beside_the_number_are_not_counted() -> None:
    tokenizer = tiny(*DIGITS, "x")
    found = cuts(tokenizer, "57", prefix="12x", suffix="x3")
    assert (found.n_tokens.tolist(), found.mask.tolist(), found.fused.tolist()) == ([2], [1], [False])
    assert found.first_id.tolist() == [tokenizer.token_to_id("5")]
    assert found.span.tolist() == [2]


def test_a_space_before_the_number_is_the_context_s_where_it_ends_in_one() -> None:
    pre = pre_tokenizers.Metaspace(prepend_scheme="never", split=False)
    tokenizer = tiny(*DIGITS, "▁7", "▁", "x", pre=pre)
    assert cuts(tokenizer, "7", prefix="x ").fused.tolist() == [True]
    assert cuts(tokenizer, "7", prefix="x").fused.tolist() == [False]
    own = tiny(*DIGITS, "▁7", pre=pre_tokenizers.Metaspace(split=False))
    assert cuts(own, "7").fused.tolist() == [False], "a mark of the tokenizer's own"


def test_an_unknown_digit_is_covered_by_whatever_stands_there() -> None:
    found = cuts(tiny("1", "2", "x"), "192", "12", prefix="x")
    assert found.spelled.tolist() == [False, True]
    assert found.n_tokens.tolist() == [3, 2]
    assert found.mask.tolist() == [0b11, 0b1]
    assert found.first_id.tolist() == [1, 1]
    assert numbers.single(found).tolist() == [False, False]
    assert cuts(tiny("1"), "9").first_id.tolist() == [0], "the unknown token's"


def test_an_unknown_number_within_a_context_is_fused_where_the_unknown_token_reaches_over() -> None:
    found = cuts(tiny("x"), "9", prefix="?", suffix="x")  # "?9" is one unknown run
    assert (found.n_tokens.tolist(), found.fused.tolist(), found.mask.tolist()) == ([1], [True], [0])
    apart = cuts(tiny("x"), "9", prefix="x", suffix="x")
    assert (apart.n_tokens.tolist(), apart.fused.tolist()) == ([1], [False])


def test_eighteen_digits_are_cut_exactly() -> None:
    text = "123456789012345678"
    found = cuts(tiny(*DIGITS), text)
    assert found.mask.tolist() == [2**17 - 1]
    assert numbers.split_texts([text], found.mask) == [list(text)]
    assert profile_numbers(tiny(*DIGITS), [10**18 - 1])["n_tokens"].tolist() == [18]


@pytest.mark.parametrize("value", [10**18, -(10**18), 1.5, True, -1])
def test_numbers_that_cannot_be_profiled(value: float) -> None:
    with pytest.raises(InvalidInputError) as raised:
        profile_numbers(tiny(*DIGITS), [3, value])
    assert raised.value.remedy


def test_whole_floats_and_steps_are_numbers() -> None:
    assert profile_numbers(tiny(*DIGITS), [2.0, 0])["text"].tolist() == ["2", "0"]
    assert profile_numbers(tiny(*DIGITS), range(10, 40, 10))["number"].tolist() == [10, 20, 30]
    with pytest.raises(InvalidInputError):
        profile_numbers(tiny(*DIGITS), range(-2, 3))


@pytest.mark.parametrize(
    ("texts", "masks", "expected"),
    [
        (["12", "34"], [1, 1], [["1", "2"], ["3", "4"]]),
        (["12", "34"], [1, 0], [["1", "2"], ["34"]]),
        (["1234", "1234"], [0b1, 0b100], [["1", "234"], ["123", "4"]]),
        (["12345"], [0b1010], [["12", "34", "5"]]),
        (["12345"], [0b1111], [list("12345")]),
        (["1", "12345"], [0, 0b1011], [["1"], ["1", "2", "34", "5"]]),
        ([], [], []),
        (["", "12"], [0, 1], [[], ["1", "2"]]),
    ],
)
def test_masks_cut_texts(texts: list[str], masks: list[int], expected: list[list[str]]) -> None:
    assert numbers.split_texts(texts, np.array(masks, dtype=np.int64)) == expected


def test_long_lists_are_cut_in_pieces_that_fit_together(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = [str(number) for number in (5, 12, 123, 4, 77, 1234, 9)]
    whole = cuts(tiny(*DIGITS, "12"), *texts)
    monkeypatch.setattr(numbers, "_CHUNK", 3)
    pieces = cuts(tiny(*DIGITS, "12"), *texts)
    for name in ("n_tokens", "mask", "fused", "first_id", "spelled", "span"):
        assert getattr(pieces, name).tolist() == getattr(whole, name).tolist(), name
    assert cuts(tiny(*DIGITS)).n_tokens.tolist() == []


def test_ranges_are_kept_for_the_next_time_within_bounds(monkeypatch: pytest.MonkeyPatch) -> None:
    tokenizer = as_tokenizer(tiny(*DIGITS))
    monkeypatch.setattr(numbers, "_MAX_RECENT", 2)
    monkeypatch.setattr(numbers, "_MAX_RECENT_ROWS", 5)
    first = numbers._recent_cuts(tokenizer, range(5), list("01234"), "", "")
    assert numbers._recent_cuts(tokenizer, range(5), list("01234"), "", "") is first
    assert numbers._recent_cuts(tokenizer, range(5), list("01234"), "$", "") is not first
    assert len(tokenizer.recent) == 2
    numbers._recent_cuts(tokenizer, range(5), list("01234"), "", "$")
    assert len(tokenizer.recent) == 1, "the others made room"
    numbers._recent_cuts(tokenizer, range(6), list("012345"), "", "")
    numbers._recent_cuts(tokenizer, [1], ["1"], "", "")
    assert len(tokenizer.recent) == 1, "long ranges and lists are not kept"
