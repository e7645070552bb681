"""Own text: what is shown spells the text, lengths and overlap are counted, differences are named."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import InvalidInputError
from core.tokenizers.text import (
    MAX_TEXT,
    first_difference,
    sequence_lengths,
    special_tokens,
    text_figures,
    vocabulary_overlap,
)
from core.tokenizers.text_pieces import pieces_of, visible
from core.tokenizers.tokenizer import Tokenizer, as_tokenizer
from tests.tokenizer_zoo import style


@given(st.text(max_size=60).filter(lambda text: text.isprintable() or "\n" in text))
@settings(max_examples=100)
def test_byte_level_pieces_spell_any_text(text):
    pieces = pieces_of(as_tokenizer(style("byte_level")), text)
    assert b"".join(piece.bytes for piece in pieces) == text.encode()


@given(st.binary(max_size=30))
def test_nothing_invisible_is_left(raw):
    shown = visible(raw)
    assert shown.isprintable()
    assert " " not in shown


def test_signs_stand_for_what_is_not_seen():
    assert visible(b" a\n\t") == "␣a⏎⇥"
    assert visible("é".encode()[:1]) == "<C3>"
    assert visible("\u200b".encode()) == "[ZWSP]"
    assert visible(b"\x07") == "[U+0007]"


def test_figures_and_fidelity():
    loaded = {name: as_tokenizer(style(name)) for name in ("byte_level", "unigram_t5")}
    frame = text_figures(loaded, "two  spaces").set_index("tokenizer")
    assert frame["words"].tolist() == [2, 2]
    assert frame["bytes"].tolist() == [11, 11]
    assert frame["exact"].tolist() == [True, False]
    assert frame.loc["byte_level", "tokens_per_word"] == frame.loc["byte_level", "tokens"] / 2
    assert frame.loc["unigram_t5", "difference"].startswith("character ")
    with pytest.raises(InvalidInputError):
        text_figures(loaded, "x" * (MAX_TEXT + 1))
    assert np.isnan(text_figures(loaded, "").loc[0, "tokens_per_word"])


def test_the_first_difference_is_named():
    assert first_difference("same", "same") == ""
    assert first_difference("abc", "abX") == "character 3: 'c' became 'X'"
    assert first_difference("abc", "ab") == "character 3: 'c' became 'nothing'"


def test_lengths_propose_a_maximum_and_say_what_it_cuts():
    loaded = {"x": as_tokenizer(style("digits_split"))}
    found = sequence_lengths(loaded, ["1234"] * 99 + ["1" * 50])
    (row,) = found.table.itertuples()
    assert (row.p50, row.p99, row.longest, row.proposed) == (4, 4, 50, 8)
    assert row.share_cut == pytest.approx(0.01)
    with pytest.raises(InvalidInputError):
        sequence_lengths(loaded, [])


def test_overlap_compares_what_tokens_spell():
    a, b = as_tokenizer(style("byte_level")), as_tokenizer(style("digits_split"))
    same = vocabulary_overlap(a, a)
    assert same.of_first == same.of_second == 1.0
    other = vocabulary_overlap(a, b)
    assert 0 < other.shared <= other.second_size < other.first_size
    metaspace = vocabulary_overlap(a, as_tokenizer(style("metaspace_split")))
    assert metaspace.shared > 100  # " Price" is one token in both, written differently


def test_special_tokens_missing_and_unknown_are_different():
    backend = style("byte_level")
    config = {"bos_token": None, "eos_token": {"content": "</s>"}, "chat_template": "x"}
    found = special_tokens(Tokenizer(backend, config=config))
    assert found == {"bos": None, "eos": "</s>", "pad": None, "unk": None, "chat template": "present"}
    assert special_tokens(Tokenizer(backend)) == {}
