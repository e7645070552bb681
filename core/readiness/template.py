"""What a chat template prints, read as text. Nothing is rendered: it is a program from a stranger."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from core.readiness.files import LARGEST_TEMPLATE

if TYPE_CHECKING:
    from core.readiness.files import ModelFiles

# Every quantifier is bounded, so a hostile template costs time in proportion to its length.
_PIECE: Final = re.compile(
    r"<[^<>\s]{1,60}>|\[/?[A-Z_]{2,40}\]|\[\|[^\[\]|\s]{1,60}\|\]|\beos_token\b|\bbos_token\b|\bcontent\b|\bassistant\b|add_generation_prompt"
)
_STARTS: Final = re.compile(
    r"start|begin|bos|think|tool|header|function|image|system|assistant(?!_end)", re.IGNORECASE
)
# How far after the content of a message its end token is looked for, and how far before it the
# role, in pieces.
_AFTER: Final = 3
_BEFORE: Final = 6
_MOST_PIECES: Final = 5_000


@dataclass(frozen=True, slots=True)
class Template:
    """A chat template, read statically.

    Attributes:
        present: whether one was found.
        source: the file it stands in.
        end: the token its assistant turns end with, ``"eos_token"`` for the tokenizer's own, "" where the
            reading doesn't tell.
        tokens: special tokens it prints.
        prints_bos: whether it prints the beginning-of-text token itself.
        generation_prompt: whether it knows ``add_generation_prompt``.
    """

    present: bool = False
    source: str = ""
    end: str = ""
    tokens: tuple[str, ...] = ()
    prints_bos: bool = False
    generation_prompt: bool = False


def read_template(files: ModelFiles, known: dict[str, int], bos: str = "") -> Template:
    """The template of a model's files.

    Args:
        files: the model's files.
        known: the vocabulary's special tokens and their ids.
        bos: the beginning-of-text token, "" without one.
    """
    text, source = files.template, "chat_template.jinja"
    if not text:
        text, source = (
            _inline(files.get("tokenizer_config.json").get("chat_template")),
            "tokenizer_config.json",
        )
    if not text.strip() or len(text) > LARGEST_TEMPLATE:
        return Template()
    pieces = [match.group() for match in _PIECE.finditer(text)][:_MOST_PIECES]
    words = {"eos_token", "bos_token", "content", "assistant", "add_generation_prompt"}
    tokens = tuple(dict.fromkeys(piece for piece in pieces if piece not in words and _special(piece, known)))
    return Template(
        present=True,
        source=source,
        end=_end(pieces, set(tokens)),
        tokens=tokens,
        prints_bos="bos_token" in pieces or bool(bos and bos in tokens),
        generation_prompt="add_generation_prompt" in pieces,
    )


def _inline(value: object) -> str:
    if isinstance(value, list):
        named = [item for item in value[:50] if isinstance(item, dict)]
        chosen = next((item for item in named if item.get("name") == "default"), named[0] if named else {})
        value = chosen.get("template")
    return value if isinstance(value, str) else ""


def _special(piece: str, known: dict[str, int]) -> bool:
    return (
        piece in known
        or piece.startswith(("<|", "<｜", "[|"))
        or piece in {"<end_of_turn>", "<turn|>", "</s>"}
    )


def _end(pieces: list[str], tokens: set[str]) -> str:
    """The token most often printed after a message's content; those after an assistant's count for more."""
    scores: dict[str, int] = {}
    for at, piece in enumerate(pieces):
        if piece != "content":
            continue
        near = 3 if "assistant" in pieces[max(0, at - _BEFORE) : at] else 1
        for after in pieces[at + 1 : at + 1 + _AFTER]:
            if after == "content":
                break
            ends = after == "eos_token" or (after in tokens and not _STARTS.search(after))
            if ends and not after.startswith("[/"):
                scores[after] = scores.get(after, 0) + near
                break
    if scores:
        return max(scores, key=lambda token: scores[token])
    return "eos_token" if "eos_token" in pieces else ""
