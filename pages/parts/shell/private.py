"""What pages take from Streamlit beyond its documented face: each behind one guard.

Where a new release lacks one of them, the app runs without what it was for, and the log says so once.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

import streamlit as st

if TYPE_CHECKING:
    from collections.abc import Callable

_log = logging.getLogger(__name__)
_told: set[str] = set()


def run_context() -> Any:
    """What Streamlit knows of the script that runs on this thread; None outside one."""
    try:
        from streamlit.runtime.scriptrunner import get_script_run_ctx  # noqa: PLC0415 - it may be gone

        return get_script_run_ctx(suppress_warning=True)
    except (ImportError, AttributeError, TypeError):
        _tell("the context of a script", "readers don't take turns, and Back resets pages")
        return None


def is_history_navigation() -> bool:
    """Whether Back or Forward started this run; False where Streamlit doesn't tell."""
    context = run_context()
    if context is None:
        return False
    try:
        return bool(context.is_history_navigation)
    except AttributeError:
        _tell("whether a run is one of the history", "Back resets pages")
        return False


def component(name: str, js: str) -> Callable[..., Any] | None:
    """A component without a face; None where Streamlit mounts none."""
    try:
        return st.components.v2.component(name, js=js)
    except (AttributeError, TypeError, ImportError):
        _tell(f"components ({name})", "zooms aren't kept, nor what a reader added over a reload")
        return None


def _tell(what: str, without: str) -> None:
    if what not in _told:
        _told.add(what)
        _log.warning("This Streamlit no longer gives %s: %s.", what, without)
