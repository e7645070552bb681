"""A SentencePiece model as a ``tokenizers`` object that follows the file's own settings."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers

if TYPE_CHECKING:
    from collections.abc import Iterator

_NORMAL, _CONTROL, _USER, _UNIGRAM = 1, 3, 4, 1
_MARK = "▁"


def attempts(raw: bytes) -> Iterator[tuple[Any, str]]:
    """Conversions to try, likelier ones first; each a backend and the name of what made it."""
    proto: Any = import_module("sentencepiece.sentencepiece_model_pb2")
    model = proto.ModelProto()
    model.ParseFromString(raw)
    backend = Tokenizer(_unigram(model) if model.trainer_spec.model_type == _UNIGRAM else _bpe(model))
    backend.decoder = decoders.Sequence(
        [decoders.Replace(_MARK, " "), decoders.ByteFallback(), decoders.Fuse()]
    )
    backend.add_tokens(
        [AddedToken(piece.piece, normalized=True) for piece in model.pieces if piece.type == _USER]
    )
    loader = "this app (from the SentencePiece file's own settings)"
    spec = model.normalizer_spec
    plain = [normalizers.Precompiled(spec.precompiled_charsmap)] if spec.precompiled_charsmap else []
    spaces = [normalizers.Strip(), normalizers.Replace(Regex(" {2,}"), " ")]
    first = [normalizers.Prepend(_MARK)] if spec.add_dummy_prefix else []
    for trimmed in (spaces, []) if spec.remove_extra_whitespaces else ([], spaces):
        backend.normalizer = normalizers.Sequence([*plain, *trimmed, *first, normalizers.Replace(" ", _MARK)])
        yield backend, loader


def _bpe(model: Any) -> models.BPE:
    """SentencePiece merges the pair whose piece has the best score; ids say nothing about the order."""
    vocabulary = {piece.piece: at for at, piece in enumerate(model.pieces)}
    normal = {piece.piece: piece.score for piece in model.pieces if piece.type == _NORMAL}
    merges: list[tuple[str, str]] = []
    for piece in sorted(normal, key=lambda piece: (-normal[piece], vocabulary[piece])):
        parts = ((piece[:at], piece[at:]) for at in range(1, len(piece)))
        merges += [(left, right) for left, right in parts if left in normal and right in normal]
    return models.BPE(
        vocab=vocabulary, merges=merges, unk_token=model.trainer_spec.unk_piece, fuse_unk=True,
        byte_fallback=model.trainer_spec.byte_fallback,
    )  # fmt: skip


def _unigram(model: Any) -> models.Unigram:
    vocabulary = [(piece.piece, piece.score) for piece in model.pieces]
    return models.Unigram(vocabulary, model.trainer_spec.unk_id, model.trainer_spec.byte_fallback)
