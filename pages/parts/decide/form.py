"""The question: every control of the Decide page, all of them in the address."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import streamlit as st

from core.decision.tasks import PRESETS, Task, preset
from core.languages import list_languages
from core.ranking.filters import SIZE_STOPS
from pages.parts.decide import facts, settings, values, weights
from pages.parts.shell import field, fold, shortlist
from pages.parts.shell.text import plain

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd
    from streamlit.delta_generator import DeltaGenerator

_BIND: Final = "query-params"


class Form:
    """The controls of one run, in the order in which they are shown."""

    def __init__(self) -> None:
        self._fields: dict[str, Any] = {}
        self._shares: dict[str, DeltaGenerator] = {}
        self._why: DeltaGenerator | None = None

    def show_task(self) -> None:
        """Task, card, size and languages, and everything else behind two buttons."""
        with st.container(key="decide_question"):
            chosen, gpu, size, spoken = st.columns([2.6, 2.2, 2.4, 2.4], vertical_alignment="bottom")
        with chosen:
            key = st.selectbox(
                "Task",
                list(PRESETS),
                format_func=lambda name: PRESETS[name].label,
                key=values.PRESET,
                bind=_BIND,
                on_change=facts.take_preset,
                help="Sets answers, lengths and weights to what suits the task. Your card, licence, size and "
                "languages stay.",
            )
        facts.remember(key)
        start = values.widget_values(preset(key))
        self._fields |= {"preset": key}
        with gpu:
            self._fields |= _gpu(start)
        with size:
            self._fields |= _size()
        with spoken:
            self._fields |= _languages()
        with st.container(horizontal=True, gap="small", vertical_alignment="center", key="decide_more"):
            with st.popover("Answers and training", icon=":material/edit_note:"):
                self._fields |= settings.answers(start)
                self._fields |= settings.training(start)
            with st.popover("Limits", icon=":material/rule:"):
                self._fields |= settings.limits(start, today=field.is_today())
            self._fields |= _shortlist()
        self._why = st.container(key="decide_why")
        facts.report()

    def show_weights(self) -> None:
        """What counts, and how much; then what of the task's own settings was changed."""
        key = self._fields["preset"]
        start = values.widget_values(preset(key))
        with fold.on_phone("decide_weights", "What counts, and how much"):
            found, self._shares = weights.show(start, self._fields["languages"])
        self._fields |= found
        if self._why is not None:
            said = plain(PRESETS[key].why)
            if not field.is_today() and not self._fields["newer"]:
                said += " Only the board's own scores count, as the course looked at them."
            if changed := facts.changed_from_preset(key):
                said += f" **Changed:** {plain('; '.join(changed))}."
            self._why.markdown(f":small[:gray[{said}]]")

    def fill_shares(self, criteria: pd.DataFrame) -> None:
        """Once the answer is known: what each weight comes to."""
        weights.fill_shares(self._shares, criteria)

    def task(self) -> Task:
        return Task(**self._fields)


def _gpu(start: Mapping[str, Any]) -> dict[str, Any]:
    key = st.selectbox(
        "GPU",
        values.GPU_CHOICES,
        index=values.GPU_CHOICES.index(start["d_gpu"]),
        format_func=values.gpu_label,
        key="d_gpu",
        bind=_BIND,
        on_change=facts.follow_card,
        help="Models whose training is estimated not to fit are ruled out. Cards are sold by GB of 2^30 "
        "bytes; memory here is in GB of 1e9 bytes, less what the card keeps for itself. The size range "
        "follows the card until you set one.",
    )
    if key != values.OTHER_GPU:
        return {"gpu": key, "gpu_gb": None}
    gb = st.number_input(
        "GPU memory (GB)",
        1.0,
        10_000.0,
        start["d_gb"],
        key="d_gb",
        bind=_BIND,
        on_change=facts.follow_card,
        help="GB of 1e9 bytes: a card sold as 24 GB holds 25.8, less what the driver takes.",
    )
    return {"gpu": "t4", "gpu_gb": float(gb)}


def _size() -> dict[str, Any]:
    if values.SIZE_SET not in st.session_state:
        st.session_state[values.SIZE_SET] = "d_size" in st.query_params
    low, high = st.select_slider(
        "Size in billions of parameters",
        SIZE_STOPS,
        value=(0, values.size_for(facts.card_gb())),
        format_func=lambda stop: f"{stop:g}",
        key="d_size",
        bind=_BIND,
        on_change=facts.keep_size,
        help="Models outside this range are excluded. Up to 9 takes in what people call a 9B, such as "
        "Gemma-2-9B. Follows the card, 9 for a T4, until you set it.",
    )
    return {"size_min": low, "size_max": high}


def _languages() -> dict[str, Any]:
    known = list_languages().set_index("language")
    chosen = st.multiselect(
        "Languages",
        known.index.tolist(),
        format_func=lambda code: str(known["name"][code]),
        key="d_lang",
        select_all=False,
        bind=_BIND,
        placeholder="English tasks only",
        max_selections=12,
        help="The six benchmarks are English. Languages chosen here count by boards that test bases in them, "
        "and tokens per text are counted in them. A base nobody tested there is neither ahead nor behind.",
    )
    return {"languages": tuple(chosen)}


def _shortlist() -> dict[str, Any]:
    picks = shortlist.current()
    alone = st.toggle(
        "Rank only my shortlist",
        key=values.SHORTLIST,
        bind=_BIND,
        disabled=not picks,
        help="Rules out everything else. Add models to it on the Leaderboard, or from the answer below.",
    )
    return {"only": tuple(picks) if alone else ()}
