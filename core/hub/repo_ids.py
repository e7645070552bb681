"""Names of repositories as people type them."""

from __future__ import annotations

import re
from typing import Final

from core.errors import InvalidInputError

_PART: Final = r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,94}[A-Za-z0-9_])?"
_REPO_ID: Final = re.compile(rf"{_PART}(?:/{_PART})?", re.ASCII)


def check_repo_id(text: str) -> str:
    """The repository id in ``text``, surrounding spaces removed.

    Strict on purpose: it becomes part of an address and of a file name. Letters, digits, ``.``, ``_`` and
    ``-``, at most one slash, no ``..`` or ``--``, each part at most 96 characters.

    >>> check_repo_id(" Qwen/Qwen2.5-7B ")
    'Qwen/Qwen2.5-7B'

    Raises:
        InvalidInputError: it is something else.
    """
    name = text.strip(" ")
    # Length first: the pattern never sees a megabyte.
    if len(name) <= 193 and _REPO_ID.fullmatch(name) and ".." not in name and "--" not in name:
        return name
    raise InvalidInputError(
        "This is not the name of a repository on the Hub.",
        source=_shown(text),
        remedy="Write it as publisher/name, such as Qwen/Qwen2.5-7B, without an address before it.",
    )


def _shown(text: str) -> str:
    """The start of ``text`` without characters that don't print."""
    return "".join(character for character in text[:60] if character.isprintable())
