"""Which special tokens the files name, under which ids, and where they disagree."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from core.readiness.result import Finding

if TYPE_CHECKING:
    from core.readiness.files import ModelFiles

_LARGEST_ID: Final = 10_000_000
_LONGEST: Final = 200
# Tokens that end a turn of a chat in published templates, whatever the family.
CHAT_ENDS: Final = (
    "<|im_end|>",
    "<|eot_id|>",
    "<|eot|>",
    "<end_of_turn>",
    "<turn|>",
    "<|end|>",
    "<|return|>",
    "<|endofturn|>",
    "<|assistant_end|>",
    "<|END_OF_TURN_TOKEN|>",
    "[|endofturn|]",
    "[/ASSIST]",
    "<|user|>",
)
_PADS: Final = (
    "<|finetune_right_pad_id|>",
    "<|finetune_right_pad|>",
    "<|pad|>",
    "<pad>",
    "[PAD]",
    "<|vision_pad|>",
    "<|fim_pad|>",
)
_CONFIGS: Final = ("config.json", "generation_config.json")


@dataclass(slots=True)
class Tokens:
    """Special tokens as the files give them.

    Attributes:
        names: "eos", "pad", "bos", "unk" -> the token's text, from the tokenizer's files.
        ids: token text -> id, of every added token and every named one whose id could be found.
        stated: file -> role -> ids that it states.
        vocab_size: rows of the embedding, by the config; None where not stated.
        last_id: highest id of the vocabulary; -1 where ``tokenizer.json`` was not read.
    """

    names: dict[str, str] = field(default_factory=dict)
    ids: dict[str, int] = field(default_factory=dict)
    stated: dict[str, dict[str, list[int]]] = field(default_factory=dict)
    vocab_size: int | None = None
    last_id: int = -1

    def text(self, token_id: int) -> str | None:
        return next((text for text, known in self.ids.items() if known == token_id), None)

    def config_ids(self, role: str) -> list[int]:
        """Ids that config and generation_config state, in that order, without repeats."""
        every = [i for file in _CONFIGS for i in self.stated.get(file, {}).get(role, [])]
        return list(dict.fromkeys(every))

    def tokenizer_id(self, role: str) -> int | None:
        return self.ids.get(self.names.get(role, ""))

    @property
    def chat_ends(self) -> list[str]:
        """Turn-ending tokens the vocabulary holds."""
        return [token for token in CHAT_ENDS if token in self.ids]


def as_id(value: object) -> int | None:
    fits = isinstance(value, int) and not isinstance(value, bool) and 0 <= value < _LARGEST_ID
    return int(value) if fits else None  # type: ignore[call-overload]


def token_text(value: object) -> str | None:
    """Of a token written as text or as ``{"content": text}``."""
    if isinstance(value, dict):
        value = value.get("content")
    return value if isinstance(value, str) and 0 < len(value) <= _LONGEST else None


def read_tokens(files: ModelFiles) -> Tokens:
    found = Tokens()
    size = as_id(files.text_config.get("vocab_size"))
    found.vocab_size = size or None
    for source in (files.get("special_tokens_map.json"), files.get("tokenizer_config.json")):
        for role in ("eos", "pad", "bos", "unk"):
            if (text := token_text(source.get(f"{role}_token"))) is not None:
                found.names[role] = text
            elif f"{role}_token" in source:
                found.names.pop(role, None)
    found.ids = _added(files)
    vocabulary = _vocabulary(files)
    ids = [i for value in vocabulary.values() if (i := as_id(value)) is not None]
    found.last_id = max(ids, default=-1)
    for text in {*found.names.values(), *CHAT_ENDS, *_PADS} - found.ids.keys():
        if (token_id := as_id(vocabulary.get(text))) is not None:
            found.ids[text] = token_id
    for file in _CONFIGS:
        source = files.text_config if file == "config.json" else files.get(file)
        for role in ("eos", "pad", "bos"):
            value = source.get(f"{role}_token_id")
            every = value[:64] if isinstance(value, list) else [value]
            kept = [i for item in every if (i := as_id(item)) is not None]
            if kept:
                found.stated.setdefault(file, {})[role] = kept
    return found


def _added(files: ModelFiles) -> dict[str, int]:
    found: dict[str, int] = {}
    added = files.get("tokenizer.json").get("added_tokens")
    for item in added if isinstance(added, list) else []:
        if isinstance(item, dict) and (text := token_text(item)) and (i := as_id(item.get("id"))) is not None:
            found[text] = i
    decoder = files.get("tokenizer_config.json").get("added_tokens_decoder")
    for key, item in decoder.items() if isinstance(decoder, dict) else ():
        digits = isinstance(key, str) and key.isascii() and key.isdigit() and len(key) < 9
        if digits and (text := token_text(item)):
            found.setdefault(text, int(key))
    return found


def _vocabulary(files: ModelFiles) -> dict[str, Any]:
    model = files.get("tokenizer.json").get("model")
    vocabulary = model.get("vocab") if isinstance(model, dict) else None
    return vocabulary if isinstance(vocabulary, dict) else {}


def shown(tokens: Tokens, token_id: int) -> str:
    text = tokens.text(token_id)
    return f"{text} ({token_id})" if text else str(token_id)


def disagreements(tokens: Tokens) -> list[Finding]:
    """Where the files name different end tokens, and ids that lie beyond the vocabulary."""
    findings = []
    stated = {file: roles["eos"] for file, roles in tokens.stated.items() if "eos" in roles}
    own = tokens.tokenizer_id("eos")
    if own is not None:
        stated["tokenizer_config.json"] = [own]
    # A file may list several; they agree where one token is in every list.
    if stated and not set.intersection(*(set(ids) for ids in stated.values())):
        says = "; ".join(
            f"{file} says {', '.join(shown(tokens, i) for i in ids)}" for file, ids in stated.items()
        )
        findings.append(
            Finding(
                "eos.disagree",
                "warning",
                f"The files disagree on the end token: {says}.",
                "Set tokenizer.eos_token, model.config.eos_token_id and "
                "model.generation_config.eos_token_id to one token before training, and "
                "again before serving.",
                ", ".join(stated),
                why="Trained on one end token and stopped on another, the model runs on to the length limit.",
            )
        )
    if tokens.vocab_size is not None:
        named = {i for roles in tokens.stated.values() for ids in roles.values() for i in ids}
        named |= {i for role in tokens.names if (i := tokens.tokenizer_id(role)) is not None}
        beyond = sorted(i for i in named if i >= tokens.vocab_size)
        if beyond:
            findings.append(
                Finding(
                    "id.beyond",
                    "stop",
                    f"Special tokens have ids beyond the {tokens.vocab_size:,} rows of the embedding: "
                    f"{', '.join(shown(tokens, i) for i in beyond[:5])}.",
                    "Resize the embedding to the tokenizer's length and train the new rows, or use the "
                    "tokenizer the weights were trained with.",
                    "config.json",
                    why="Looking such a row up fails, or reads another token's row.",
                )
            )
    return findings


def pad(tokens: Tokens, end_token: str | None) -> tuple[str | None, Finding | None]:
    """A pad that is not the end token, and what is wrong with the one the files name."""
    named = tokens.names.get("pad")
    if named is None and (ids := tokens.config_ids("pad")):
        named = tokens.text(ids[0])
    if named is not None and named != end_token:
        return named, None
    other: str | None = next((p for p in _PADS if p in tokens.ids and p != end_token), None)
    reserved = next((t for t in sorted(tokens.ids) if "reserved" in t.lower() or "unused" in t.lower()), None)
    unk = tokens.names.get("unk")
    other = other or reserved or (unk if unk != end_token else None)
    what = f"The pad token is the end token ({named})." if named else "The files name no pad token."
    use = (
        f"Use {other} as pad."
        if other
        else "Use a collator that masks padding by its position, as TRL's does."
    )
    return other, Finding(
        "pad.is_end" if named else "pad.none",
        "warning" if named else "note",
        what,
        use,
        "https://github.com/huggingface/trl/issues/976",
        why="With transformers' language-model collator a pad that is also the end token is left out "
        "of the loss, so the model never learns to stop.",
        date="2024-05-06",
    )
