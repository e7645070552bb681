"""The controls of the Variants page; all of them live in the address."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import streamlit as st

from core.ranking.filters import SIZE_STOPS, BoardFilter
from core.schema import BENCHMARKS
from core.variants.lift import ORDERS
from pages.parts.shell import board, links

if TYPE_CHECKING:
    from collections.abc import Mapping

# Labels are the options, because a bound widget writes what it shows into the address.
SCORES: Final = {"Average": "average", **{b.label: b.key for b in BENCHMARKS}}
_ORDERS: Final = {label: key for key, label in ORDERS.items()}
VIEWS: Final = ("Lift", "Order", "Family", "Unpaired", "Evidence")
_DEFAULTS: Final[Mapping[str, Any]] = {
    "v_size": (0, 9), "v_by": "Average", "v_order": ORDERS["own"], "v_q": "", "v_fair": False,
    "v_cont": False, "v_view": "Lift",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Choices:
    filter: BoardFilter
    by: str
    order: str
    fair_only: bool
    view: str
    label: str


def checks() -> dict[str, links.Check]:
    """What a link may ask of this page."""
    stops = {f"{stop:g}" for stop in SIZE_STOPS}
    in_order = links.number(SIZE_STOPS[0], SIZE_STOPS[-1], count=2)
    known = frozenset(board.current()["model_id"])
    return {
        "v_size": lambda values: in_order(values) and set(values) <= stops,
        "v_by": links.one_of(*SCORES),
        "v_order": links.one_of(*_ORDERS),
        "v_q": links.short_text(80),
        "v_fair": links.switch,
        "v_cont": links.switch,
        "v_view": links.one_of(*VIEWS),
        "v_base": lambda values: len(values) == 1 and values[0] in known,
    }


def reset() -> None:
    """Back to the opening view; a callback, because it sets widgets."""
    for key, value in _DEFAULTS.items():
        st.session_state[key] = value


def offer_reset() -> None:
    st.button("Back to the opening view", on_click=reset, key="v_reset_empty")


def show() -> Choices:
    size, by, order, search = st.columns([4, 2, 2.2, 2], vertical_alignment="bottom")
    with size:
        chosen_size = st.select_slider(
            "Size of the base in billions of parameters", SIZE_STOPS, value=_DEFAULTS["v_size"],
            format_func=lambda stop: f"{stop:g}", key="v_size", bind="query-params",
            help="Both ends count, by the size people mean. 150 means 150 and more.",
        )  # fmt: skip
    with by:
        chosen_by = st.selectbox("Score", list(SCORES), key="v_by", bind="query-params")
    with order:
        chosen_order = st.selectbox("Order bases by their", list(_ORDERS), key="v_order", bind="query-params")
    with search:
        query = st.text_input(
            "Search by name", key="v_q", bind="query-params", max_chars=80, placeholder="gemma"
        )
    with st.container(horizontal=True, gap="medium", vertical_alignment="center"):
        view = st.segmented_control(
            "View", VIEWS, default="Lift", required=True, key="v_view",
            bind="query-params", label_visibility="collapsed",
        )  # fmt: skip
        fair = st.toggle(
            "Comparable runs only", key="v_fair", bind="query-params",
            help="Leave out pairs whose two runs differ: chat template missing, or other precision.",
        )  # fmt: skip
        continued = st.toggle(
            "Continued bases too", key="v_cont", bind="query-params",
            help="Also bases that continue another publisher's base.",
        )  # fmt: skip
    return Choices(
        BoardFilter(size=tuple(chosen_size), search=query or "", continued=continued),
        SCORES[str(chosen_by)],
        _ORDERS[str(chosen_order)],
        fair,
        str(view),
        str(chosen_by),
    )
