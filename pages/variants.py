"""Variants: what instruction tuning made of each base."""

import streamlit as st

from core.ranking import filters
from core.variants import lift
from pages.parts.shell import board, gestures, links, pairs, pick_rows
from pages.parts.shell.frame import open_page
from pages.parts.variants import evidence, family, unpaired
from pages.parts.variants import filters as variants_filters
from pages.parts.variants import lift as variants_lift

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
    pick_rows.bar()


explore()
gestures.listen()
