"""Results worked out once for each board, and not many at a time for boards that hold a reader's own rows.

Most readers stand on one of two boards, the embedded and the live one, and share what follows from it. A
board with own rows has one reader; many of them would fill the caches with what nobody else can use.
"""

from __future__ import annotations

from functools import wraps
from operator import attrgetter
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

import streamlit as st

from pages.parts.shell.board import Board

if TYPE_CHECKING:
    from collections.abc import Callable

Given = ParamSpec("Given")
Result = TypeVar("Result")
_LIFETIME = "30m"


def cached(
    *, shared: int, own: int = 1, show_spinner: bool | str = False
) -> Callable[[Callable[Given, Result]], Callable[Given, Result]]:
    """Like ``st.cache_resource`` for functions whose first argument is a Board, which counts by its key.

    Args:
        shared: how many results to keep for boards that readers share.
        own: how many for boards with a reader's own rows, all readers together.
        show_spinner: as in ``st.cache_resource``.
    """

    def decorate(work: Callable[Given, Result]) -> Callable[Given, Result]:
        caches = {
            is_own: st.cache_resource(
                _named(work, f"own={is_own}"),
                max_entries=most,
                ttl=_LIFETIME,
                show_spinner=show_spinner,
                hash_funcs={Board: attrgetter("key")},
            )
            for is_own, most in ((False, shared), (True, own))
        }

        @wraps(work)
        def call(*args: Given.args, **kwargs: Given.kwargs) -> Result:
            rows = args[0]
            if not isinstance(rows, Board):
                raise TypeError(rows)
            found: Result = caches[rows.is_own](*args, **kwargs)
            return found

        return call

    return decorate


def _named(work: Callable[..., Any], name: str) -> Callable[..., Any]:
    """``work`` under another name, which is what Streamlit tells caches apart by."""

    @wraps(work)
    def call(*args: Any, **kwargs: Any) -> Any:
        return work(*args, **kwargs)

    call.__qualname__ = f"{work.__qualname__}.{name}"
    return call
