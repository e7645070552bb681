"""The view of the pilot: what to try at what price, the way back in, curves, contradictions."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import streamlit as st

from core.memory.table import gpu_of
from pages.parts.decide import data, pilot, settings
from pages.parts.shell import board, contribute, figure, per_board, workspace
from pages.parts.shell.note import note
from pages.parts.shell.text import plain

if TYPE_CHECKING:
    from core.decision.rank import Decision
    from core.pilot import UpdatedDecision
    from core.pilot.plan import PilotPlan
    from pages.parts.shell.board import Board


def show(decision: Decision) -> None:
    """The plan, the upload, and what a pilot in use says."""
    if pilot.is_updated(decision):
        _result(decision)  # type: ignore[arg-type]
    _plan(decision)
    st.file_uploader(
        "Bring the result back (basewise-pilot.json)",
        type="json",
        key="decide_pilot_upload",
        on_change=pilot.take,
        args=(data.decision(decision.task),),
        max_upload_size=20,
        help="The notebook's last cell writes it. It holds scores, settings and times, nothing of your "
        "texts. It stays in your workspace on this server until you remove it.",
    )
    workspace.remember()


@per_board.cached(shared=4, own=2)
def _proposed(rows: Board, task_key: str, examples: int) -> PilotPlan:  # noqa: ARG001 - the cache's key
    from core.decision.tasks import Task  # noqa: PLC0415 - nothing else needs it
    from core.pilot.plan import propose_pilot  # noqa: PLC0415 - other views do without

    return propose_pilot(data.decision(Task.from_dict(json.loads(task_key))), examples=examples)


def _plan(decision: Decision) -> None:
    examples = settings.examples()
    if pilot.is_updated(decision):
        from core.pilot.plan import propose_pilot  # noqa: PLC0415 - other views do without

        plan = propose_pilot(decision, examples=examples)
    else:
        plan = _proposed(board.in_use(), data.key(decision.task), examples)
    st.markdown("**Before you decide: a pilot.** A small trial tells more than any benchmark.")
    st.markdown(plain(plan.verdict))
    if plan.candidates.empty:
        return
    unpriced = (
        ["hours_low", "hours_high", "cost_low", "cost_high"] if gpu_of(decision.task)[0] is None else []
    )
    st.dataframe(
        plan.candidates.drop(columns=unpriced).assign(
            p_first=plan.candidates["p_first"] * 100, could_be_first=plan.candidates["could_be_first"] * 100
        ),
        hide_index=True,
        key="decide_pilot_plan",
        placeholder="unknown",
        column_config=_columns(),
    )
    st.markdown(
        f"Subsets of {', '.join(f'{size:,}' for size in plan.subsets)} of your {examples:,} examples, each "
        f"part of the next; {plan.held_out:,} held out for scoring. {_price(plan, decision)}"
    )
    note(
        "Set the number of examples under “Answers and training”. What this rests on: "
        + plain(" ".join(plan.assumptions))
    )
    _notebook(plan, decision)


def _price(plan: PilotPlan, decision: Decision) -> str:
    gpu, _ = gpu_of(decision.task)
    (low, high), (cheap, dear) = plan.hours, plan.cost
    if gpu is None:
        return "Time and price aren't known for a card given by its memory alone."
    if low != low:  # noqa: PLR0124 - NaN
        return "Time and price aren't known for one of these models."
    spent = f"rented for ${cheap:.2f} to ${dear:.2f}"
    return f"All runs together: {low:.1f} to {high:.1f} hours on the {plain(gpu.label)}, {spent}."


def _notebook(plan: PilotPlan, decision: Decision) -> None:
    from pages.parts.decide import notebook  # noqa: PLC0415 - other views do without

    notebook.offer(
        decision,
        plan.candidates["model_id"].tolist(),
        label="Pilot's notebook (.ipynb)",
        file_name="basewise-pilot.ipynb",
        key="decide_pilot_notebook",
        help_text="In Colab: File > Upload notebook. A lost session is taken up where it stopped.",
        subsets=plan.subsets,
    )


def _result(decision: UpdatedDecision) -> None:
    from core.charts.pilot import learning_curves as draw  # noqa: PLC0415 - few readers have a pilot
    from core.pilot.curves import learning_curves  # noqa: PLC0415 - as above

    found = pilot.current(decision)
    if found is None:
        return
    unit = f" ({found.measure.unit})" if found.measure.unit else ""
    curves = learning_curves(found)
    figure.show(
        draw(curves, measure=f"{found.measure.name}{unit}, {found.measure.better} is better",
             all_data=found.examples.train),
        key="decide_pilot_curves",
        data=curves,
        alt="Learning curves of the models tried: measured points with their errors, and each curve with its "
        "90% band up to all the training data.",
    )  # fmt: skip
    for line in decision.contradictions:
        st.warning(plain(line), icon=":material/compare_arrows:")
    st.markdown(f"**One more step?** {plain(decision.next_step)}")
    was = data.decision(decision.task).ranking.set_index("model_id")["score"]
    now = decision.ranking.set_index("model_id")["score"]
    tried = decision.tried.set_index("model_id", drop=False)
    st.dataframe(
        tried.assign(p_before=tried["p_before"] * 100, p_after=tried["p_after"] * 100, shift=now - was),
        hide_index=True,
        key="decide_pilot_tried",
        column_config=_tried_columns(),
    )
    from core.contributions.exports import pilot_of  # noqa: PLC0415 - as above

    with st.container(horizontal=True):
        st.button(
            "Decide without this pilot",
            icon=":material/delete:",
            key="decide_pilot_remove",
            on_click=pilot.remove,
            args=(found.task.key,),
        )
        given = pilot_of(found, created=contribute.today())
        contribute.offer(given, key="decide_pilot_give", left="your name")


def _columns() -> dict[str, Any]:
    hours = {"format": "%.1f", "help": "All its runs, one after the other."}
    return {
        "model_id": st.column_config.TextColumn("Try", pinned=True),
        "p_first": st.column_config.NumberColumn("First in", format="%.0f%%", help="Share of draws."),
        "could_be_first": st.column_config.NumberColumn(
            "Could end first in",
            format="%.0f%%",
            help="Share of draws once what the criteria leave open is drawn as well.",
        ),
        "hours_low": st.column_config.NumberColumn("Hours from", **hours),
        "hours_high": st.column_config.NumberColumn("to", **hours),
        "cost_low": st.column_config.NumberColumn("USD from", format="%.2f"),
        "cost_high": st.column_config.NumberColumn("to ", format="%.2f"),
    }


def _tried_columns() -> dict[str, Any]:
    return {
        "model_id": st.column_config.TextColumn("Model", pinned=True),
        "subsets": "Subsets",
        "largest": "Largest",
        "last": st.column_config.NumberColumn("Measured there", format="%.4g"),
        "final": st.column_config.NumberColumn("With all data", format="%.4g"),
        "final_low": st.column_config.NumberColumn("from", format="%.4g", help="90% interval."),
        "final_high": st.column_config.NumberColumn("to", format="%.4g"),
        "p_before": st.column_config.NumberColumn("First before", format="%.0f%%"),
        "p_after": st.column_config.NumberColumn("First with it", format="%.0f%%"),
        "shift": st.column_config.NumberColumn("Points moved", format="%+.1f"),
    }
