"""How tokenizers treat numbers and text: the names the contract promises.

:func:`load_tokenizer` reads one from the Hub, a folder, a tokenizer file or its bytes;
:func:`profile_numbers` and :func:`describe_tokenizer` say what it does. What is known without loading
anything stands in :mod:`core.tokenizers.facts`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.tokenizers.numbers import profile_numbers
from core.tokenizers.profile import NumberProfile, describe_tokenizer
from core.tokenizers.tokenizer import Tokenizer

if TYPE_CHECKING:
    from os import PathLike

__all__ = ["NumberProfile", "Tokenizer", "describe_tokenizer", "load_tokenizer", "profile_numbers"]


def load_tokenizer(source: str | PathLike[str] | bytes, *, revision: str | None = None) -> Tokenizer:
    """Load a tokenizer. See :mod:`core.tokenizers.loading`."""
    from core.tokenizers.loading import load  # noqa: PLC0415 - reading facts must not import the Hub client

    return load(source, revision=revision)
