"""Readers told apart by their session, so that they take turns with what is slow (core.sandbox.readers)."""

from __future__ import annotations

from core.sandbox import readers
from pages.parts.shell import private


def tell_apart() -> None:
    """Name each script's reader by its session. Safe to call often."""
    readers.name_by(_session)


def _session() -> str:
    return str(getattr(private.run_context(), "session_id", ""))
