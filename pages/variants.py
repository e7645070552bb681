"""Variants: what instruction tuning made of each base."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from core.ranking import filters
from core.ranking.size_counts import SizeCounts, count_by_size
from core.variants import lift
from pages.parts.shell import board, gestures, links, live_count, pairs, per_board, pick_rows
from pages.parts.shell.frame import open_page
from pages.parts.variants import evidence, family, unpaired
from pages.parts.variants import filters as variants_filters
from pages.parts.variants import lift as variants_lift

if TYPE_CHECKING:
    from core.ranking.filters import BoardFilter
    from pages.parts.shell.board import Board

open_page("pages/variants.py")
links.report_dropped("pages/variants.py", variants_filters.checks())


@st.fragment
def explore() -> None:
    choices = variants_filters.show()
    bases = filters.apply(board.current(), choices.filter).rows
    every = pairs.lifts()
    paired = every[every["base_id"].isin(set(bases["model_id"]))]
    table = lift.in_order(
        paired[paired["caveat"] == ""] if choices.fair_only else paired,
        board.current(), pairs.current(), choices.by, choices.order,
    )  # fmt: skip
    medians = lift.median_lifts(paired)
    variants_lift.message(table, len(bases), medians)
    if choices.view == "Unpaired":
        unpaired.show(bases, choices)
    elif choices.view == "Evidence":
        evidence.show(paired, medians)
    elif choices.view == "Family":
        family.show(bases)
    elif table.empty:
        variants_lift.no_pairs(choices, len(bases))
    elif choices.view == "Order":
        variants_lift.order(table, choices)
    else:
        variants_lift.lifts(table, choices)
    live_count.show(_counts(board.in_use(), choices.filter), slider="v_size", what="bases")
    pick_rows.bar()


@per_board.cached(shared=10, own=2)
def _counts(rows: Board, chosen: BoardFilter) -> SizeCounts:
    return count_by_size(rows.frame, chosen)


explore()
gestures.listen()
