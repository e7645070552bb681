"""What counts, and how much: weights with the shares they come to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import streamlit as st

from core.decision.criteria import CRITERIA
from core.schema import BENCHMARKS
from pages.parts.decide import values
from pages.parts.decide.choice import choice

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd
    from streamlit.delta_generator import DeltaGenerator

_BIND: Final = "query-params"


def show(
    start: Mapping[str, Any], languages: tuple[str, ...]
) -> tuple[dict[str, Any], dict[str, DeltaGenerator]]:
    """The sliders. Returns fields of the task, and where :func:`fill_shares` puts each share."""
    st.markdown(
        "**What counts, and how much**",
        help="Only proportions matter; beside each weight stands the share it comes to. A weight says what "
        "going from 0 to 1 on that criterion's own scale is worth; the scales are listed under “Points”.",
    )
    weights, slots = {}, {}
    for each in CRITERIA:
        off = each.key == "language" and not languages
        text = f"{each.effect} Unit: {each.unit}."
        bar, share = st.columns([5, 1], vertical_alignment="center", gap="xsmall")
        with bar:
            weights[each.key] = _slider(each.label, start, values.weight(each.key), text, disabled=off)
        slots[each.key] = share
    sure = choice(
        "How sure are you of these weights?",
        values.CERTAINTY_LABELS,
        start,
        "d_sure",
        "The less sure, the wider the weights are drawn, and the less firm the answer. About: a weight of "
        "40% varies by 6 points; roughly: by 12; no idea: any split of what isn't 0.",
    )
    with st.popover("Benchmarks within capability", icon=":material/tune:", width="stretch"):
        st.markdown(
            ":small[Defaults: half equal, half by how well each ordered published outcomes of tuning; see "
            "the Evidence page. All six are English.]"
        )
        benchmarks = {
            each.key: _slider(each.label, start, values.benchmark(each.key), f"{each.measures.capitalize()}.")
            for each in BENCHMARKS
        }
    return {"weights": weights, "benchmarks": benchmarks, "certainty": sure}, slots


def fill_shares(slots: Mapping[str, DeltaGenerator], criteria: pd.DataFrame) -> None:
    """Beside each weight the share it comes to, rounded as in the sentences: equal weights look equal."""
    shown = dict(zip(criteria["key"], criteria["weight"], strict=True))
    for key, slot in slots.items():
        slot.markdown(f":small[:gray[{100 * shown.get(key, 0.0):.0f}%]]")


def _slider(label: str, start: Mapping[str, Any], key: str, text: str, *, disabled: bool = False) -> int:
    return int(st.slider(label, 0, 100, start[key], key=key, bind=_BIND, help=text, disabled=disabled))
