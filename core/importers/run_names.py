"""What a run's model is called: a repository of the Hub, or a path on somebody's disk."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

_LONGEST_PART: Final = 90
_MOST_PARTS: Final = 8
_UNNAMED: Final = "unnamed-model"
_UNCLEAN: Final = re.compile(r"[^A-Za-z0-9._-]+")
_SEPARATORS: Final = re.compile(r"[-_.]+")
_HASH: Final = re.compile(r"[0-9a-f]{12,64}")
_CACHED: Final = re.compile(r"(?:^|/)models--([^/]+)(?:/snapshots/([^/]+))?(?:/(.+))?$")
_ADDRESS: Final = re.compile(
    r"(?:https?://)?(?:www\.)?(?:huggingface\.co|hf\.co)/([^/]+/[^/]+)(?:/tree/([^/]+))?$"
)
# Parts of a path that say nothing about which model it is.
_GENERIC: Final = frozenset({
    "adapter", "adapters", "base", "best", "bf16", "checkpoint", "checkpoints", "ckpt", "ckpts", "default",
    "epoch", "epochs", "export", "exported", "final", "fp16", "full", "global", "hf", "it", "iter",
    "iteration", "last", "latest", "lora", "main", "merged", "model", "models", "new", "old", "out",
    "output", "outputs", "peft", "qlora", "results", "run", "runs", "saved", "sft", "snapshot", "snapshots",
    "step", "steps", "test", "tmp", "train", "trained", "trainer", "training", "tuned", "v", "version",
    "weights",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Name:
    """Where a model was loaded from.

    Attributes:
        full: the repository or the whole path, as far as it tells one model from another; not for display.
        parts: cleaned parts of a path, or one: the repository id.
        revision: of a repository in the Hub's cache, the commit.
        is_path: whether it is a path on a disk.
    """

    full: str
    parts: tuple[str, ...]
    revision: str | None = None
    subfolder: str | None = None
    is_path: bool = False

    @property
    def short(self) -> str:
        """The id to show: of a path no more than tells the model, as paths say much about a machine."""
        return self.of_length(self.shortest)

    @property
    def shortest(self) -> int:
        """How many parts from the end it takes to hold one that is not ``checkpoint-500`` or its like."""
        for count, part in enumerate(reversed(self.parts), start=1):
            if not is_generic(part):
                return count
        return len(self.parts)

    def of_length(self, parts: int) -> str:
        return "-".join(self.parts[-parts:]) or _UNNAMED


def read_name(given: str) -> Name:
    """What ``pretrained`` and its like say.

    >>> read_name("/data/runs/plum-a/checkpoint-500").short
    'plum-a-checkpoint-500'
    >>> name = read_name("~/.cache/huggingface/hub/models--acme--Plum-8B/snapshots/0123456789abcdef")
    >>> name.short, name.revision
    ('acme/Plum-8B', '0123456789abcdef')
    """
    text = given.strip().replace("\\", "/").rstrip("/")
    cached = _CACHED.search(text)
    repo = "/".join(part for part in map(_clean, cached[1].split("--", 1)) if part) if cached else ""
    if cached and repo:
        return Name(repo, (repo,), cached[2], cached[3])
    address = _ADDRESS.match(text)
    repo = "/".join(part for part in map(_clean, address[1].split("/")) if part) if address else ""
    if address and repo:
        return Name(repo, (repo,), address[2])
    pieces = text.split("/")
    is_path = text.startswith((".", "/", "~")) or len(pieces) > 2 or ":" in text
    if not is_path:
        repo = "/".join(part for part in map(_clean, pieces) if part) or _UNNAMED
        return Name(repo, (repo,))
    cleaned = [_clean(piece) for piece in pieces if piece not in (".", "..", "~")]
    return Name(text, tuple([part for part in cleaned if part][-_MOST_PARTS:]) or (_UNNAMED,), is_path=True)


def is_generic(part: str) -> bool:
    """Whether a part of a path says nothing about which model it is.

    >>> [is_generic(part) for part in ("checkpoint-500", "final_merged", "step1000", "plum-prices-r16")]
    [True, True, True, False]
    """
    if "/" in part:
        return False
    lower = part.lower()
    tokens = (token.rstrip("0123456789") for token in _SEPARATORS.split(lower))
    return bool(_HASH.fullmatch(lower)) or all(token in _GENERIC or not token for token in tokens)


def slug(text: str) -> str:
    """``text`` as the end of a model's name: letters, digits, points and hyphens."""
    return _clean(text)[:40].strip("-._")


def _clean(part: str) -> str:
    return _UNCLEAN.sub("-", part).strip("-._")[:_LONGEST_PART].strip("-._")
