"""Tokenizers of every pre-tokenizer style, trained here on text full of numbers."""

from __future__ import annotations

import random
from functools import cache
from typing import TYPE_CHECKING, Any

import sentencepiece
from tokenizers import (
    Regex,
    Tokenizer,
    decoders,
    models,
    normalizers,
    pre_tokenizers,
    processors,
    trainers,
)

if TYPE_CHECKING:
    from pathlib import Path


@cache
def corpus() -> tuple[str, ...]:
    rng = random.Random(7)
    lines = []
    for _ in range(1500):
        number = rng.choice(
            [rng.randrange(10), rng.randrange(100), rng.randrange(1000), rng.randrange(100_000)]
        )
        lines.append(
            f"Price is ${number}.{rng.randrange(100):02d} for {rng.randrange(1000)} items, USD {number:,}"
        )
        lines.append(
            f"In {rng.randrange(1900, 2030)} it cost {number}% more ({number} of {rng.randrange(999)})"
        )
    return tuple(lines)


def _bpe(pre, *, normalizer=None, decoder=None, initial=(), **model) -> Tokenizer:
    tokenizer = Tokenizer(models.BPE(**model))
    tokenizer.pre_tokenizer = pre
    if normalizer is not None:
        tokenizer.normalizer = normalizer
    if decoder is not None:
        tokenizer.decoder = decoder
    extra = {k: model[k] for k in ("continuing_subword_prefix", "end_of_word_suffix") if k in model}
    trainer = trainers.BpeTrainer(
        vocab_size=900, show_progress=False, initial_alphabet=list(initial), special_tokens=["<unk>"], **extra
    )
    tokenizer.train_from_iterator(corpus(), trainer)
    return tokenizer


def _unigram(pre, decoder) -> Tokenizer:
    tokenizer = Tokenizer(models.Unigram())
    tokenizer.pre_tokenizer = pre
    tokenizer.decoder = decoder
    trainer = trainers.UnigramTrainer(
        vocab_size=600, show_progress=False, unk_token="<unk>", special_tokens=["<unk>"]
    )
    tokenizer.train_from_iterator(corpus(), trainer)
    return tokenizer


_BYTES = pre_tokenizers.ByteLevel.alphabet()
_DIGITS = "0123456789"


def byte_level() -> Tokenizer:
    """GPT-2: a space joins the word after it."""
    return _bpe(
        pre_tokenizers.ByteLevel(add_prefix_space=False), decoder=decoders.ByteLevel(), initial=_BYTES
    )


def byte_level_trimmed() -> Tokenizer:
    """GPT-NeoX: the same with offsets trimmed by the post-processor."""
    tokenizer = byte_level()
    tokenizer.normalizer = normalizers.NFC()
    tokenizer.post_processor = processors.ByteLevel(trim_offsets=True)
    return tokenizer


def byte_level_prefix_space() -> Tokenizer:
    return _bpe(pre_tokenizers.ByteLevel(add_prefix_space=True), decoder=decoders.ByteLevel(), initial=_BYTES)


def digits_split() -> Tokenizer:
    """SmolLM: every digit apart."""
    pre = pre_tokenizers.Sequence(
        [pre_tokenizers.Digits(individual_digits=True), pre_tokenizers.ByteLevel(add_prefix_space=False)]
    )
    return _bpe(pre, decoder=decoders.ByteLevel(), initial=_BYTES)


def threes_left() -> Tokenizer:
    """Llama 3: up to three digits from the left."""
    pre = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(r"\p{N}{1,3}| ?[^\s\p{N}]+|\s+"), "isolated"),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    return _bpe(pre, decoder=decoders.ByteLevel(), initial=_BYTES)


def threes_right() -> Tokenizer:
    pre = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(
                Regex(r"\p{N}{1,3}(?=(?:\p{N}{3})*(?!\p{N}))| ?[^\s\p{N}]+|\s+"), "isolated"
            ),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    return _bpe(pre, decoder=decoders.ByteLevel(), initial=_BYTES)


def metaspace_first() -> Tokenizer:
    """Mistral: one mark before the text."""
    pre = pre_tokenizers.Metaspace(prepend_scheme="first", split=False)
    return _bpe(pre, decoder=decoders.Metaspace(), unk_token="<unk>")


def metaspace_split() -> Tokenizer:
    """Numbers after a space hold its mark."""
    pre = pre_tokenizers.Metaspace(prepend_scheme="always", split=True)
    return _bpe(pre, decoder=decoders.Metaspace(), unk_token="<unk>")


def prepended_byte_fallback() -> Tokenizer:
    """Llama 2: the mark comes from the normaliser; characters outside the vocabulary become bytes."""
    normalizer = normalizers.Sequence([normalizers.Prepend("▁"), normalizers.Replace(" ", "▁")])
    tokenizer = Tokenizer(models.BPE(unk_token="<unk>", byte_fallback=True, fuse_unk=True))
    tokenizer.normalizer = normalizer
    tokenizer.pre_tokenizer = pre_tokenizers.Split(Regex(r"\d|[^\d]+"), "isolated")
    trainer = trainers.BpeTrainer(
        vocab_size=700,
        show_progress=False,
        special_tokens=["<unk>", *(f"<0x{byte:02X}>" for byte in range(256))],
    )
    tokenizer.train_from_iterator(corpus(), trainer)
    # Trained byte tokens are added tokens here; in real files they are ordinary ones.
    state = tokenizer.to_str().replace('"special":true', '"special":false')
    return Tokenizer.from_str(state)


def unigram() -> Tokenizer:
    return _unigram(pre_tokenizers.Metaspace(), decoders.Metaspace())


def unigram_t5() -> Tokenizer:
    """T5: white space is dropped, every word gets a mark; `$1` may be one token."""
    pre = pre_tokenizers.Sequence([pre_tokenizers.WhitespaceSplit(), pre_tokenizers.Metaspace()])
    return _unigram(pre, decoders.Metaspace())


def wordpiece() -> Tokenizer:
    """BERT: ``12##34``."""
    tokenizer = Tokenizer(models.WordPiece(unk_token="<unk>", max_input_chars_per_word=200))
    tokenizer.normalizer = normalizers.BertNormalizer()
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.decoder = decoders.WordPiece()
    trainer = trainers.WordPieceTrainer(
        vocab_size=900, show_progress=False, special_tokens=["<unk>"], initial_alphabet=list(_DIGITS)
    )
    tokenizer.train_from_iterator([*corpus(), *_DIGITS, *(f"x{d}" for d in _DIGITS)], trainer)
    return tokenizer


def end_of_word() -> Tokenizer:
    """GPT-1 and CLIP: ``12</w>``."""
    return _bpe(
        pre_tokenizers.Whitespace(),
        decoder=decoders.BPEDecoder(suffix="</w>"),
        unk_token="<unk>",
        end_of_word_suffix="</w>",
    )


def whitespace_only() -> Tokenizer:
    """A number may join what touches it: `$12.50` is one word."""
    return _bpe(pre_tokenizers.WhitespaceSplit(), unk_token="<unk>")


STYLES = {
    make.__name__: make
    for make in (
        byte_level, byte_level_trimmed, byte_level_prefix_space, digits_split, threes_left, threes_right,
        metaspace_first, metaspace_split, prepended_byte_fallback, unigram, unigram_t5, wordpiece,
        end_of_word, whitespace_only,
    )
}  # fmt: skip


@cache
def style(name: str) -> Tokenizer:
    return STYLES[name]()


def sentencepiece_model(
    folder: Path, name: str = "tokenizer.model", **settings: Any
) -> tuple[Path, sentencepiece.SentencePieceProcessor]:
    """A small SentencePiece model trained here, and SentencePiece's own reading of it."""
    prefix = folder / "trained"
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(corpus()), model_prefix=str(prefix), vocab_size=300, minloglevel=2,
        character_coverage=1.0, hard_vocab_limit=False, **settings,
    )  # fmt: skip
    path = prefix.with_suffix(".model").rename(folder / name)
    prefix.with_suffix(".vocab").unlink()
    return path, sentencepiece.SentencePieceProcessor(model_file=str(path))
