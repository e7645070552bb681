"""Which of the session's models the reader added, so that every page can mark them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.field.own import own_rows
from core.schema import OWN_MARK
from pages.parts.shell import board, workspace

if TYPE_CHECKING:
    from collections.abc import Iterable


def names() -> frozenset[str]:
    """Ids of the models that only the reader's own rows hold; empty for most readers, and then free."""
    if not workspace.digest():
        return frozenset()
    frame = board.current()
    return frozenset(frame.loc[own_rows(frame), "model_id"])


def marked(model_id: str) -> str:
    """``acme/Nova-8B (yours)`` for the reader's own, else the name."""
    return f"{model_id} ({OWN_MARK})" if model_id in names() else model_id


def column(model_ids: Iterable[str]) -> list[str]:
    """``"yours"`` or ``""`` for each."""
    mine = names()
    return [OWN_MARK if name in mine else "" for name in model_ids]
