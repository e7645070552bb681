"""Numbers are attributed to tokens exactly: hand-worked cases, properties, and the real tokenizers."""

from __future__ import annotations

import csv
import gzip

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers

from core.errors import InvalidInputError
from core.tokenizers import describe_tokenizer, profile_numbers
from core.tokenizers.numbers import split_texts
from core.tokenizers.pieces import Notation
from core.tokenizers.tokenizer import as_tokenizer
from tests.tokenizer_zoo import STYLES, style

REAL = (
    "deepseek_llm",
    "deepseek_v3",
    "falcon",
    "glm4_6",
    "gpt2",
    "gpt_neox",
    "gptoss_o200k",
    "internlm2",
    "llama2",
    "llama3",
    "llama4",
    "mistral_nemo",
    "mistral_v1",
    "mistral_v3",
    "olmo1",
    "olmo2",
    "phi2",
    "phi3",
    "phi4_cl100k",
    "qwen2_5",
    "qwen3",
    "smollm2",
    "starcoder",
    "t5_small",
    "yi",
)


def load(shared, name: str):
    raw = gzip.decompress((shared / "tokenizers" / f"{name}.json.gz").read_bytes())
    return as_tokenizer(Tokenizer.from_buffer(raw))


@pytest.fixture(scope="module", params=REAL)
def real(request, shared):
    """The name of a real tokenizer and the tokenizer, loaded once for all tests that ask it."""
    return request.param, load(shared, request.param)


def tiny(pieces: list[str], *, pre=None, normalizer=None, decoder=None) -> Tokenizer:
    """A unigram over the given pieces: the fewest pieces win."""
    vocab = [("<unk>", -100.0), *((piece, -1.0) for piece in pieces)]
    tokenizer = Tokenizer(models.Unigram(vocab, unk_id=0))
    tokenizer.pre_tokenizer = pre
    tokenizer.normalizer = normalizer
    tokenizer.decoder = decoder
    return tokenizer


def test_a_mark_before_the_number_is_not_counted():
    tokenizer = tiny(["▁", *"0123456789"], pre=pre_tokenizers.Metaspace(split=False))
    assert tokenizer.encode("7").tokens == ["▁", "7"]
    row = profile_numbers(tokenizer, [7, 42]).set_index("number")
    assert row.loc[7, "pieces"] == ["7"]
    assert row.loc[42, "pieces"] == ["4", "2"]
    assert row["single"].tolist() == [True, False]


def test_a_mark_within_the_first_token_is_the_tokenizers_own():
    tokenizer = tiny(["▁", "▁7", *"0123456789"], pre=pre_tokenizers.Metaspace(split=False))
    (row,) = profile_numbers(tokenizer, [7]).itertuples()
    assert (row.pieces, row.n_tokens, row.fused, row.single) == (["7"], 1, False, True)


def test_a_token_that_holds_the_currency_sign_is_fused():
    tokenizer = tiny(["▁", "$", "$10", ".", "0.", *"0123456789"], pre=pre_tokenizers.Metaspace(split=False))
    (row,) = profile_numbers(tokenizer, [10], prefix="$").itertuples()
    assert (row.pieces, row.n_tokens, row.fused, row.single) == (["10"], 1, True, False)
    (row,) = profile_numbers(tokenizer, [20], prefix="1 $", suffix=".5").itertuples()
    assert (row.pieces, row.fused) == (["2", "0"], True)  # "0." holds the point of the suffix


def test_digits_of_the_context_are_not_the_numbers():
    (row,) = profile_numbers(style("digits_split"), [57], prefix="In 2024, 3 x ", suffix=".00").itertuples()
    assert (row.pieces, row.n_tokens, row.fused) == (["5", "7"], 2, False)


def test_digits_the_normaliser_makes_of_the_context_are_not_the_numbers():
    tokenizer = tiny(["²", "x", *"0123456789"], normalizer=normalizers.NFKC())
    assert tokenizer.encode("x²7").tokens == ["x", "2", "7"]
    (row,) = profile_numbers(tokenizer, [7], prefix="x²").itertuples()
    assert row.pieces == ["7"]


def test_a_space_held_by_the_number_is_fused_only_where_it_is_the_texts_own():
    # GPT-2 keeps the space as a byte of the token; T5 throws it away and puts its own mark.
    gpt = profile_numbers(style("byte_level"), range(1, 100), prefix="cost ")
    assert gpt["fused"].all()
    assert not gpt["single"].any()
    t5 = profile_numbers(style("unigram_t5"), range(1, 100), prefix="cost ")
    assert not t5["fused"].any()
    kept = profile_numbers(style("metaspace_split"), range(1, 100), prefix="cost ")
    assert kept.loc[kept["single"] | kept["fused"], "fused"].any()


def test_truncation_and_padding_of_the_file_change_nothing():
    tokenizer = Tokenizer.from_str(style("digits_split").to_str())
    tokenizer.enable_truncation(2)
    tokenizer.enable_padding(length=9)
    assert profile_numbers(tokenizer, [123456]).pieces[0] == list("123456")
    assert tokenizer.truncation is not None  # the caller's object is as it was


def test_missing_digits_are_said_not_hidden():
    (row,) = profile_numbers(tiny(["1", "2"]), [129]).itertuples()
    assert not row.spelled
    assert not row.single
    assert "".join(row.pieces) == "129"


def test_byte_fallback_and_other_notations_are_read():
    fallback = Notation(False, True, True, "", "")
    assert fallback.spell("<0x37>", added=False) == b"7"
    assert fallback.spell("▁12", added=False) == b" 12"
    assert Notation(True, False, False, "", "").spell("Ġ12", added=False) == b" 12"
    assert Notation(False, False, False, "##", "").spell("##12", added=False) == b"12"
    assert Notation(False, False, False, "", "</w>").spell("12</w>", added=False) == b"12"


def test_masks_cut_texts():
    assert split_texts(["1234", "5", "123456"], np.array([0b10, 0, 0b1_0100])) == [
        ["12", "34"],
        ["5"],
        ["123", "45", "6"],
    ]


@pytest.mark.parametrize("numbers", [[-1], [1.5], [10**18], [True]])
def test_what_is_no_plain_number_is_refused(numbers):
    with pytest.raises(InvalidInputError):
        profile_numbers(style("byte_level"), numbers)


def test_an_empty_range_gives_an_empty_frame():
    assert len(profile_numbers(style("byte_level"), range(0))) == 0


@pytest.mark.parametrize("name", STYLES)
@given(
    numbers=st.lists(st.integers(0, 999_999), min_size=1, max_size=20),
    prefix=st.sampled_from(["", "$", " ", "Price is $", "Price is ", "USD ", "In 2024: ", "a1", "\n", "x² "]),
    suffix=st.sampled_from(["", ".00", "%", " USD", ",5", "9", "\n", " "]),
)
@settings(max_examples=60)
def test_the_pieces_of_a_number_spell_it(name, numbers, prefix, suffix):
    frame = profile_numbers(style(name), numbers, prefix=prefix, suffix=suffix)
    assert frame["number"].tolist() == numbers
    assert ["".join(pieces) for pieces in frame["pieces"]] == [str(number) for number in numbers]
    spelled = frame[frame["spelled"]]
    assert (spelled["n_tokens"] == spelled["pieces"].map(len)).all()
    assert not (frame["single"] & frame["fused"]).any()


@pytest.mark.parametrize("name", STYLES)
@given(numbers=st.lists(st.integers(0, 999_999), min_size=1, max_size=20))
@settings(max_examples=40)
def test_bare_numbers_match_a_slow_count_by_decoding(name, numbers):
    """The reference: decode the tokens one by one and count those with a digit in them."""
    tokenizer = style(name)
    expected = [
        sum(any(c in "0123456789" for c in token) for token in tokenizer.encode(str(n)).tokens)
        for n in numbers
    ]
    frame = profile_numbers(tokenizer, numbers)
    assert expected == frame["n_tokens"].where(frame["spelled"], expected).tolist()


@pytest.mark.parametrize(
    ("name", "grouping"),
    [
        ("digits_split", "per digit"),
        ("byte_level", "irregular"),
    ],
)
def test_grouping_is_named(name, grouping):
    assert describe_tokenizer(style(name)).grouping == grouping


@pytest.mark.parametrize(
    ("pattern", "grouping"),
    [
        (r"\d{1,3}", "threes from the left"),
        (r"\d{1,3}(?=(?:\d{3})*(?!\d))", "threes from the right"),
        (r"\d", "per digit"),
    ],
)
def test_rules_are_told_apart(pattern, grouping):
    from tokenizers import Regex

    every = [f"{n}" for n in range(1000)] + [f"{n:03d}" for n in range(100)] + [f"{n:02d}" for n in range(10)]
    tokenizer = tiny(list(dict.fromkeys(every)), pre=pre_tokenizers.Split(Regex(pattern), "isolated"))
    profile = describe_tokenizer(tokenizer)
    assert (profile.grouping, profile.grouping_share) == (grouping, 1.0)
    assert profile.longest_digit_token.isdigit()


def test_a_trailing_space_is_warned_of():
    (warning,) = describe_tokenizer(style("byte_level")).boundary
    assert "`Price is `" in warning
    assert describe_tokenizer(style("digits_split")).boundary == ()


def test_every_kind_of_context_is_described():
    contexts = describe_tokenizer(style("byte_level")).contexts
    kinds = {"1,000 and above", "decimals", "thousands separators", "leading zeros", "negative", "currency",
             "dates", "scientific"}  # fmt: skip
    assert kinds <= set(contexts["context"])
    plain = contexts[~contexts["text"].str.contains("€")]
    assert ["".join(pieces) for pieces in plain["pieces"]] == [
        text.replace(" ", "␣") for text in plain["text"]
    ]


# -- the real ones -------------------------------------------------------------------------------------------

CONTEXTS = {
    "bare_digit1": "", "space_digit1": " ", "dollar_digit1": "$", "price_digit1": "Price is $",
    "price_space_digit1": "Price is ",
}  # fmt: skip


@pytest.fixture(scope="module")
def labels(shared):
    """Counts by hand, by the name of the tokenizer."""
    with (shared / "data" / "number_truth_dev.csv").open() as stream:
        rows = {row["key"]: row for row in csv.DictReader(stream)}
    assert set(rows) <= set(REAL)
    return rows


def test_real_tokenizers_match_the_labelled_counts(real, labels):
    name, tokenizer = real
    if name not in labels:
        pytest.skip("nobody labelled this one")
    truth = labels[name]
    for column, prefix in CONTEXTS.items():
        frame = profile_numbers(tokenizer, prefix=prefix)
        # The labels leave out tokens that hold the currency sign, not those that hold a space.
        one = frame["n_tokens"] == 1
        joined = one & frame["fused"] & (prefix[-1:] == "$")
        assert int(truth[column]) == int((one & ~joined).sum()), column
    to_99999 = profile_numbers(tokenizer, range(100_000))["n_tokens"]
    assert float(truth["mean_digit_tokens_0_9999"]) == pytest.approx(to_99999[:10_000].mean(), abs=6e-5)
    assert float(truth["mean_digit_tokens_0_99999"]) == pytest.approx(to_99999.mean(), abs=6e-5)
    assert truth["split_1234"] == "+".join(profile_numbers(tokenizer, [1234]).pieces[0])
    assert int(truth["vocab_size"]) == describe_tokenizer(tokenizer).vocab_size


def test_real_tokenizers_agree_with_decoding_token_by_token(real):
    """A slow count by another way, in six contexts, for numbers of every length."""
    _, tokenizer = real
    numbers = [*range(0, 1000, 37), 999, 1000, 1234, 9999, 12345, 54321, 100_000, 123_456, 999_999]
    for prefix, suffix in (
        ("", ""),
        ("$", ""),
        ("Price is $", ".00"),
        ("Price is ", ""),
        ("1990: ", " 7"),
        ("(", ")"),
    ):
        frame = profile_numbers(tokenizer, numbers, prefix=prefix, suffix=suffix)
        assert frame["spelled"].all()
        for row in frame.itertuples():
            spelled = [tokenizer.table.spell(i) for i in tokenizer.encode(f"{prefix}{row.text}{suffix}").ids]
            digits = [sum(48 <= byte <= 57 for byte in piece) for piece in spelled]
            before, width = sum(c.isdigit() for c in prefix), len(row.text)
            ends = np.cumsum(digits)
            held = [
                (end - count, end)
                for end, count in zip(ends.tolist(), digits, strict=True)
                if count and end > before and end - count < before + width
            ]
            assert len(held) == row.n_tokens
            cuts = [max(a - before, 0) for a, _ in held]
            expected = [row.text[a : min(b - before, width)] for a, (_, b) in zip(cuts, held, strict=True)]
            assert expected == row.pieces


def test_spaces_fuse_in_the_family_of_gpt2_alone(real):
    name, tokenizer = real
    single = profile_numbers(tokenizer, prefix="Price is ")["single"]
    assert single.any() == (name not in {"gpt2", "phi2", "gpt_neox", "olmo1"})


def test_t5_joins_the_currency_sign(shared):
    frame = profile_numbers(load(shared, "t5_small"), prefix="Price is $")
    assert int(frame["single"].sum()) == 51
    assert frame.set_index("number").loc[10, "fused"]
