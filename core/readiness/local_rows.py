"""Embedding rows from safetensors files that are at hand as bytes, chained into the verdict."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from core.errors import InvalidInputError
from core.readiness.embedding_rows import RowReport, examine
from core.readiness.safetensors_header import read_header

if TYPE_CHECKING:
    from core.readiness.files import ModelFiles
    from core.readiness.template import Template
    from core.readiness.tokens import Tokens

_SINGLE: Final = "model.safetensors"
_SPARE: Final = ("reserved", "unused", "dummy", "extra_id", "<|vision_", "placeholder")
_MOST_SPARE: Final = 256


def examine_at_hand(files: ModelFiles, tokens: Tokens, template: Template) -> RowReport | None:
    """The rows of the tokens an answer may end with; None where no safetensors file is at hand.

    Args:
        files: the model's files, ``weights`` among them.
        tokens: its special tokens.
        template: its chat template: the tokens it prints are asked about, too.
    """
    if not files.weights:
        return None
    weights = files.weights
    return examine(
        lambda file, start, end: weights.get(file, b"")[start:end],
        asked_ids(tokens, template),
        unused_ids=spare_ids(tokens),
        special_ids=set(tokens.ids.values()),
        weight_map=None if set(weights) == {_SINGLE} else _weight_map(files),
        length_of=lambda file: len(weights.get(file, b"")),
    )


def asked_ids(tokens: Tokens, template: Template) -> list[int]:
    """Ids an answer may end with: those the files state, the tokenizer's own, chat ends, the template's."""
    own = tokens.tokenizer_id("eos")
    every = [
        *tokens.config_ids("eos"),
        *([own] if own is not None else []),
        *(tokens.ids[text] for text in tokens.chat_ends),
        *(tokens.ids[text] for text in template.tokens if text in tokens.ids),
    ]
    return list(dict.fromkeys(every))


def spare_ids(tokens: Tokens) -> list[int]:
    """Ids nobody uses: reserved tokens by their names, and rows behind the last token of the vocabulary."""
    named = [i for text, i in tokens.ids.items() if any(word in text.lower() for word in _SPARE)]
    last = max(tokens.last_id, max(tokens.ids.values(), default=-1))
    size = tokens.vocab_size or 0
    behind = range(last + 1, min(size, last + 1 + _MOST_SPARE)) if tokens.last_id >= 0 else ()
    asked = set(tokens.config_ids("eos"))
    return [i for i in dict.fromkeys([*named[:_MOST_SPARE], *behind]) if i not in asked]


def _weight_map(files: ModelFiles) -> dict[str, str]:
    """Weight -> the file at hand that holds it, by the files' own headers: no index is needed."""
    found: dict[str, str] = {}
    for file, body in files.weights.items():
        try:
            header = read_header(lambda _, start, end, body=body: body[start:end], file, len(body))  # type: ignore[misc]
        except InvalidInputError:
            continue
        found.update(dict.fromkeys(header, file))
    return found
