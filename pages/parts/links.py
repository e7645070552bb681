"""What a link may ask for: checked on the way in, and what was dropped is said.

Widgets are bound to the address by Streamlit (``bind="query-params"``), which ignores values it can't use,
silently. A page declares its parameters here, so that the reader is told.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias

import streamlit as st

from pages.parts.text import plain

# Takes all values of one parameter; says whether they are usable.
Check: TypeAlias = Callable[[list[str]], bool]

_SEEN = "links_checked"
_SHARED = {"pick", "embed", "embed_options"}


def report_dropped(page: str, checks: Mapping[str, Check]) -> None:
    """Warn once per page and session about parameters of the link that mean nothing here.

    Call it right after ``open_page``, before the page's widgets take their values from the address.
    """
    seen: set[str] = st.session_state.setdefault(_SEEN, set())
    if page in seen:
        return
    seen.add(page)
    dropped = []
    for name in st.query_params:
        if name in _SHARED:
            continue
        values = st.query_params.get_all(name)
        check = checks.get(name)
        if check is None or not check(values):
            dropped.append(f"{plain(name[:40])} = {plain(', '.join(values)[:60])}")
    if dropped:
        st.warning(
            "Part of this link could not be used and was left out: "
            + "; ".join(dropped[:6])
            + ". The rest of the link was applied."
        )


def one_of(*allowed: str) -> Check:
    return lambda values: len(values) == 1 and values[0] in allowed


def some_of(allowed: set[str] | frozenset[str]) -> Check:
    return lambda values: all(value in allowed for value in values)


def number(low: float, high: float, *, count: int = 1) -> Check:
    """``count`` numbers within [low, high], in rising order (a range slider sends two)."""

    def check(values: list[str]) -> bool:
        try:
            numbers = [float(value) for value in values]
        except ValueError:
            return False
        in_range = all(low <= value <= high for value in numbers)
        return len(numbers) == count and in_range and numbers == sorted(numbers)

    return check


def switch(values: list[str]) -> bool:
    return len(values) == 1 and values[0].lower() in {"true", "false"}


def short_text(limit: int) -> Check:
    return lambda values: len(values) == 1 and len(values[0]) <= limit
