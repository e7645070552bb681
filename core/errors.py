"""The errors a page may show. Anything else is a bug and must surface as one."""

from __future__ import annotations


class DataError(Exception):
    """Something outside the code is wrong: a file, an address, an answer.

    Args:
        what: what happened, in one plain sentence.
        source: where it happened (a file name, a repo id); never holds a token.
        remedy: what the reader can do next.
    """

    def __init__(self, what: str, *, source: str = "", remedy: str = "") -> None:
        self.what = what
        self.source = source
        self.remedy = remedy
        super().__init__(" ".join(part for part in (what, remedy) if part))


class InvalidTableError(DataError):
    """A table lacks a column, or a cell holds what it must not. Names row and column."""


class SourceUnavailableError(DataError):
    """A source could not be reached or refused to answer."""


class TokenizerError(DataError):
    """A tokenizer could not be loaded, or would answer wrongly."""


class InvalidInputError(DataError):
    """What the reader entered cannot be used as it stands."""


class CancelledByReaderError(DataError):
    """The reader stopped it."""
