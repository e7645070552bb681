"""Tokenizers in the forms publishers ship: converted only where the original cuts all texts alike."""

from __future__ import annotations

import base64
import gzip
import json
import tomllib

import pytest
import tiktoken
from tokenizers import Regex

from core.errors import TokenizerError
from core.tokenizers import describe_tokenizer, load_tokenizer
from core.tokenizers.children import ranks
from core.tokenizers.files import from_files, wanted_files
from tests.hub_server import HubServer
from tests.places import SHARED
from tests.tokenizer_zoo import sentencepiece_model

PATTERN = r"\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"
SPACED = (
    " a",
    "  a",
    "a ",
    "a  ",
    "a  b",
    "   a   b   ",
    " ",
    "a\nb",
    "a\n\nb",
    "\na",
    "a\n",
    "a\tb",
    " 5",
    "5 ",
)


@pytest.mark.parametrize(
    "settings",
    [
        {"model_type": "bpe", "remove_extra_whitespaces": False, "normalization_rule_name": "identity"},
        {"model_type": "bpe", "add_dummy_prefix": False, "remove_extra_whitespaces": False},
        {"model_type": "bpe", "split_digits": True, "user_defined_symbols": ["<x>"]},
        {"model_type": "unigram"},
    ],
    ids=["as mistral", "no dummy prefix", "trims, own symbols", "unigram"],
)
def test_a_sentencepiece_model_alone_is_cut_as_sentencepiece_cuts_it(tmp_path, settings):
    path, reference = sentencepiece_model(tmp_path, byte_fallback=True, **settings)
    loaded = load_tokenizer(path.read_bytes())
    for text in (*SPACED, "Price is $123.00", "1234567"):
        expected = [reference.id_to_piece(index) for index in reference.encode(text)]
        assert expected == [loaded.backend.id_to_token(index) for index in loaded.encode(text).ids], text
    warned = any("does not give back" in warning for warning in loaded.warnings)
    lossy = any(reference.decode(reference.encode(text)) != text for text in ("two  spaces", "a\nb"))
    assert warned == lossy, "it warns exactly where the original loses something"
    breaks = [reference.id_to_piece(index) for index in reference.encode("a\r\nb")]
    same = breaks == [loaded.backend.id_to_token(index) for index in loaded.encode("a\r\nb").ids]
    assert same != any("Windows line breaks" in warning for warning in loaded.warnings)


def byte_ranks() -> dict[bytes, int]:
    extra = (b"12", b"123", b"  ", b"ab", b" a", b"\n\n", b"99")
    tokens = [*(bytes([byte]) for byte in range(256)), *extra]
    return {token: rank for rank, token in enumerate(tokens)}


def tekken(**changes) -> bytes:
    vocab = [
        {"rank": rank, "token_bytes": base64.b64encode(token).decode(), "token_str": None}
        for token, rank in byte_ranks().items()
    ]
    config = {
        "pattern": PATTERN, "num_vocab_tokens": len(vocab), "default_vocab_size": len(vocab) + 10,
        "default_num_special_tokens": 10, "version": "v3",
    }  # fmt: skip
    return json.dumps({"config": config | changes, "vocab": vocab}).encode()


def test_a_tekken_file_is_cut_as_tiktoken_cuts_it(tmp_path):
    (tmp_path / "tekken.json").write_bytes(tekken())
    loaded = load_tokenizer(tmp_path)
    reference = tiktoken.Encoding("x", pat_str=PATTERN, mergeable_ranks=byte_ranks(), special_tokens={})
    for text in (*SPACED, "12399 ab", "中"):
        assert loaded.encode(text).ids == [10 + rank for rank in reference.encode_ordinary(text)]
    assert loaded.vocab_size == len(byte_ranks()) + 10
    assert describe_tokenizer(loaded).single_token_count == 10 + len(("12", "99", "123"))
    assert not loaded.warnings
    assert load_tokenizer(tekken()).sha256 == loaded.sha256, "its bytes alone do as well"


def test_a_repository_with_nothing_else_loads_by_its_own_file(monkeypatch, tmp_path):
    monkeypatch.setenv("BASEWISE_CACHE", str(tmp_path))
    monkeypatch.delenv("HF_TOKEN", raising=False)
    with HubServer() as server:
        monkeypatch.setenv("HF_ENDPOINT", server.url)
        weights = {"consolidated.safetensors": b"x", "params.json": b"{}"}
        server.add_model("acme/tekken", {"tekken.json": tekken(), **weights})
        loaded = load_tokenizer("acme/tekken")
        fetched = {path.rpartition("/")[2] for path in server.paths() if "resolve" in path}
    assert fetched == {"tekken.json"}
    assert "compared with tiktoken" in loaded.loader
    assert loaded.revision


@pytest.mark.parametrize(
    "raw",
    [
        tekken(default_vocab_size=999_999_999),
        tekken(default_num_special_tokens=-1),
        tekken(default_num_special_tokens=10**9),
        tekken(pattern="(" * 10),
        tekken(default_vocab_size=100),
        b'{"config": {"pattern": "x"}, "vocab": [1, 2]}',
        tekken(default_num_special_tokens=77_777).replace(b"77777", b"1e999"),
        tekken()[:-1] + b', "special_tokens": [{"rank": [0], "token_str": "<s>"}]}',
    ],
    ids=["too short", "negative", "huge", "no pattern", "no bytes", "other entries", "infinite", "odd rank"],
)
def test_a_broken_tekken_file_is_refused_by_name(raw):
    with pytest.raises(TokenizerError) as refused:
        load_tokenizer(raw)
    assert "tekken.json" in refused.value.what
    assert "tokenizer.json" in refused.value.remedy


def lines(known: dict[bytes, int]) -> bytes:
    return b"".join(base64.b64encode(token) + b" %d\n" % rank for token, rank in known.items())


@pytest.mark.parametrize("name", ["my.tiktoken", "tokenizer.model", "tiktoken.model"])
def test_a_tiktoken_file_of_an_unknown_vocabulary_says_what_it_lacks(tmp_path, name):
    (tmp_path / name).write_bytes(lines(byte_ranks()))
    with pytest.raises(TokenizerError, match="not the pattern by which text is split"):
        load_tokenizer(tmp_path)
    with pytest.raises(TokenizerError, match="no complete vocabulary"):
        load_tokenizer(b"IQ== 0\nIQ== 1\n")


def test_a_known_vocabulary_gets_its_publishers_pattern(tmp_path, monkeypatch):
    """In this process, since the small vocabulary stands in no table of the project."""
    table = tmp_path / "patterns.toml"
    known = lines(byte_ranks())
    import hashlib

    table.write_text(
        f"[[vocabulary]]\nsha256 = \"{hashlib.sha256(known).hexdigest()}\"\npattern = '''{PATTERN}'''\n"
    )
    monkeypatch.setattr(ranks, "_PATTERNS", table)
    backend, reference, shift = ranks.from_tiktoken(known.replace(b"\n", b"\r\n"))
    assert shift == 0
    for text in SPACED:
        assert backend.encode(text).ids == reference.encode_ordinary(text)


def test_the_table_of_patterns_holds_patterns_that_both_libraries_read():
    table = tomllib.loads(ranks._PATTERNS.read_text(encoding="utf-8"))["vocabulary"]
    assert len({entry["sha256"] for entry in table}) == len(table) >= 10
    for entry in table:
        assert len(entry["sha256"]) == 64
        assert entry["source"]
        Regex(entry["pattern"])
        tiktoken.Encoding("x", pat_str=entry["pattern"], mergeable_ranks=byte_ranks(), special_tokens={})


def test_publishers_own_names_are_found_and_several_are_not_guessed_from():
    assert wanted_files({"qwen.tiktoken", "config.json"}) == ["qwen.tiktoken", "config.json"]
    assert wanted_files({"tokenizer.model.v3"}) == ["tokenizer.model.v3"]
    assert wanted_files({"tekken_240911.json"}) == ["tekken_240911.json"]
    assert wanted_files({"a.tiktoken", "b.tiktoken"}) == []
    assert wanted_files({"consolidated.model", "pytorch_model.bin"}) == []


OLD = {
    "version": "1.0", "truncation": None, "padding": None, "added_tokens": [], "normalizer": None,
    "pre_tokenizer": None, "post_processor": None, "decoder": {"type": "Fuse"},
    "model": {
        "type": "BPE", "dropout": None, "unk_token": None, "continuing_subword_prefix": None,
        "end_of_word_suffix": None, "fuse_unk": False, "byte_fallback": False, "ignore_merges": False,
        "vocab": {"a": 0, " ": 1, "b": 2, "a ": 3, " b": 4, "a b": 5}, "merges": ["a  ", "a  b"],
    },
}  # fmt: skip


def old(**model) -> bytes:
    return json.dumps(OLD | {"model": OLD["model"] | model}).encode()


def test_older_merges_with_spaces_are_split_by_the_vocabulary():
    vocabulary = {"a": 0, " ": 1, "b": 2, "a ": 3, "a b": 5}
    loaded = load_tokenizer(old(vocab=vocabulary, merges=["a  ", "a  b"]))
    assert loaded.encode("a b").ids == [5]
    with pytest.raises(TokenizerError, match="doesn't tell where to split them"):
        load_tokenizer(old())  # "a  b" is "a" and " b", or "a " and "b"


# -- the reference files, where they are ---------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize(
    ("native", "converted"),
    [
        ("hunyuan.tiktoken", "new/hunyuan"),
        ("tekken_240718.json", "mistral_nemo"),
        ("tokenizer.model.v1", "mistral_v1"),
        ("mistral_instruct_tokenizer_240323.model.v3", "mistral_v3"),
    ],
)
def test_what_publishers_ship_has_the_figures_of_their_tokenizer_json(native, converted):
    folder = SHARED / "tokenizers"
    if not folder.is_dir():
        pytest.skip("the reference files are not beside the project")
    raw = gzip.decompress((folder / "native" / f"{native}.gz").read_bytes())
    loaded = from_files({native: raw}, native)
    same = load_tokenizer(gzip.decompress((folder / f"{converted}.json.gz").read_bytes()))
    assert not loaded.warnings
    ours, theirs = describe_tokenizer(loaded), describe_tokenizer(same)
    for name in ("vocab_size", "single_token_count", "single_in_price", "grouping", "first_token_floor"):
        assert getattr(ours, name) == getattr(theirs, name), name
    for text in ("Price is $123.00", "Zürich, 2026-11-23", "1,234.56"):
        assert loaded.encode(text).ids == same.encode(text).ids


@pytest.mark.parametrize(
    ("case", "said"),
    [
        ("13a_tokenizer_config.json", "a tokenizer_config.json"),
        ("13b_tekken.json", "a tekken.json"),
        ("13c_vocab.json", "a vocab.json"),
        ("13d_config.json", "a config.json"),
        ("12c_no_merges_key.json", "merges"),
    ],
)
def test_wrong_files_of_the_cases_are_named(case, said):
    path = SHARED / "data" / "cases" / case
    if not path.is_file():
        pytest.skip("the reference files are not beside the project")
    with pytest.raises(TokenizerError, match=said):
        load_tokenizer(path)


def test_right_files_of_the_cases_load():
    folder = SHARED / "data" / "cases"
    if not folder.is_dir():
        pytest.skip("the reference files are not beside the project")
    lefts = describe_tokenizer(load_tokenizer(folder / "11b_left_to_right.json"))
    assert (lefts.single_token_count, lefts.grouping) == (1000, "threes from the left")
    pairs, strings = (
        load_tokenizer(folder / f"{name}_with_space.json")
        for name in ("12_merges_pairs", "12b_merges_strings")
    )
    for text in ("a 1", "a 12", "12 a 1"):
        assert pairs.encode(text).ids == strings.encode(text).ids
