"""Readers told apart by their session, so that they take turns with what is slow (core.sandbox.readers)."""

from __future__ import annotations

from core.sandbox import readers


def tell_apart() -> None:
    """Name each script's reader by its session. Safe to call often.

    Where Streamlit no longer says whose script runs, all are one reader, as in a script.
    """
    readers.name_by(_session)


def _session() -> str:
    try:
        from streamlit.runtime.scriptrunner import get_script_run_ctx  # noqa: PLC0415 - see tell_apart

        context = get_script_run_ctx(suppress_warning=True)
        return "" if context is None else str(context.session_id)
    except (ImportError, AttributeError, TypeError):
        return ""
