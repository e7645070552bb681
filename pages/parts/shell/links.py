"""What a link may ask for: checked on the way in, and what was dropped is said.

Widgets are bound to the address by Streamlit (``bind="query-params"``), which ignores values it can't use,
silently. A page declares its parameters here, so that the reader is told.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

import streamlit as st

from pages.parts.shell import field, last_answer, private
from pages.parts.shell.text import plain

# Takes all values of one parameter; says whether they are usable.
Check: TypeAlias = Callable[[list[str]], bool]

_SEEN = "links_checked"
_PAGE = "links_page"
_NAMES = "links_names"
_LEFT = "links_left"
_ASKED = "links_asked"
_SHARED = {"pick", "board", "field", "embed", "embed_options"}


def enter(page: str) -> None:
    """Note which page this is, and what the page before it was left with.

    On a change of page Streamlit puts an address of the old page without its parameters into the history, and
    Back would lead to that page reset to its defaults. It gets back what it was left with instead.
    """
    before = st.session_state.get(_PAGE)
    st.session_state[_PAGE] = page
    st.session_state[_LEFT] = st.session_state.get(_LEFT, {})
    if before in {None, page}:
        return
    last_answer.forget()
    if not private.is_history_navigation():
        field.take_from_link()
    names = st.session_state.get(_NAMES, {}).get(before, ())
    left = {name: st.session_state[name] for name in names if name in st.session_state}
    st.session_state[_LEFT] = st.session_state[_LEFT] | {before: left}
    _give_back(page)


def _give_back(page: str) -> None:
    names = st.session_state.get(_NAMES, {}).get(page, ())
    if not private.is_history_navigation() or any(name in st.query_params for name in names):
        return
    if left := st.session_state[_LEFT].get(page):
        for name, value in left.items():
            st.session_state[name] = value
        # In a run that Back or Forward started, the address beats the session; in the next one it doesn't.
        st.rerun()


def _forget_others(names: frozenset[str]) -> None:
    """Take out of the address what only other pages of the session know: Back can bring it along."""
    known = frozenset().union(*st.session_state.get(_NAMES, {}).values())
    for name in (known - names - _SHARED).intersection(st.query_params):
        del st.query_params[name]


def left(page: str) -> Mapping[str, Any]:
    """What the controls of another page were left at in this session, by name; empty if it was never open."""
    found: Mapping[str, Any] = st.session_state.get(_LEFT, {}).get(page, {})
    return found


def current_page() -> str:
    """The page that is open, as in ``PAGES``."""
    return str(st.session_state.get(_PAGE, ""))


def report_dropped(page: str, checks: Mapping[str, Check]) -> None:
    """Warn once per page and session about parameters of the link that mean nothing here.

    Call it right after ``open_page``, before the page's widgets take their values from the address.
    """
    st.session_state[_NAMES] = st.session_state.get(_NAMES, {}) | {page: tuple(checks)}
    asked = st.session_state.pop(_ASKED, None)
    if asked is None:
        asked = {name: st.query_params.get_all(name) for name in st.query_params}
        if _take_out(checks):
            # Widgets take what the address held when the run began.
            st.session_state[_ASKED] = asked
            st.rerun()
    _forget_others(frozenset(checks))
    seen: set[str] = st.session_state.setdefault(_SEEN, set())
    # What is below keeps its place when nothing is said any more: by it Streamlit knows fragments.
    said_once = st.container()
    if page in seen:
        return
    seen.add(page)
    dropped = []
    for name, values in asked.items():
        if name in _SHARED:
            continue
        check = checks.get(name)
        if check is None or not check(values):
            dropped.append(f"{plain(name[:40])} = {plain(', '.join(values)[:60])}")
    if dropped:
        said_once.warning(
            "Part of this link could not be used: "
            + "; ".join(dropped[:6])
            # Of a list or range Streamlit keeps the values it knows.
            + ". The rest was applied, as the controls show."
        )


def _take_out(checks: Mapping[str, Check]) -> bool:
    """Take out of the address what Streamlit would not just ignore: its number inputs fail on an infinity.

    Returns:
        Whether anything was.
    """
    taken = False
    for name, check in checks.items():
        values = st.query_params.get_all(name)
        if isinstance(check, Each):
            good = [value for value in values if check.good(value)]
        elif any(_is_boundless(value) for value in values) and not check(values):
            good = []
        else:
            continue
        if good == values:
            continue
        taken = True
        if good:
            st.query_params[name] = good
        else:
            del st.query_params[name]
    return taken


def _is_boundless(text: str) -> bool:
    try:
        return not math.isfinite(float(text))
    except ValueError:
        return False


@dataclass(frozen=True, slots=True)
class Each:
    """At most ``most`` values, each of them ``good``; the widget never sees one that isn't."""

    good: Callable[[str], bool]
    most: int

    def __call__(self, values: list[str]) -> bool:
        return len(values) <= self.most and all(self.good(value) for value in values)


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
