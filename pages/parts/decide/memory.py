"""Decide, memory in detail: what it is spent on, what else fits, time, cost, and the estimate's record."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pandas as pd
import streamlit as st

from core.charts import memory as charts
from core.errors import DataError
from core.memory import gpus
from core.memory.table import embedded_check, gpu_of, memory_table, shape_from_text, shapes_of
from core.memory.training_time import estimate_training_time
from pages.parts.decide import settings
from pages.parts.shell import board, contribute, figure
from pages.parts.shell.note import note
from pages.parts.shell.text import plain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.decision.tasks import Task
    from core.memory.architectures import Architecture

LIMIT: Final = 8


def show(model_ids: Sequence[str], task: Task) -> None:
    """The memory panel: the first eight of the ranking, and up to eight models added from the Hub."""
    try:
        gpu, capacity = gpu_of(task)
    except DataError as error:
        st.error(plain(str(error)))
        return
    # What the reader added from the Hub has no scores and so no place in the ranking; its memory is known.
    added = [name for name in board.added_models() if name not in model_ids][-LIMIT:]
    shapes, unknown = shapes_of([*list(model_ids)[:LIMIT], *added], _sizes(), board.configs())
    shapes += _other_model()
    own = board.configs()
    for shape in shapes:
        if shape.caveat and shape.name in own:
            st.warning(
                f"{plain(shape.name)} is estimated from its size, with a wider range. {plain(shape.caveat)}",
                icon=":material/info:",
            )
    if said := [
        f"{plain(shape.name)}: {plain(shape.caveat)}"
        for shape in shapes
        if shape.caveat and shape.name not in own
    ]:
        note(f"Estimated from the size, with a wider range. {' '.join(said)}")
    if unknown:
        note(f"Without a known size, and left out: {plain(', '.join(unknown))}.")
    if not shapes:
        st.markdown("There is no model to estimate. Loosen a constraint, or add a model below.")
    else:
        _estimates(shapes, task, gpu, capacity)
    _check()


def _sizes() -> dict[str, float]:
    frame = board.current().drop_duplicates("model_id")
    return dict(zip(frame["model_id"], frame["params_b"].astype(float), strict=True))


def _estimates(shapes: list[Architecture], task: Task, gpu: gpus.Gpu | None, capacity: float) -> None:
    card = gpu.label if gpu else f"{capacity:g} GB"
    table = memory_table(shapes, task, capacity_gb=capacity, gpu=gpu, examples=settings.examples())
    figure.show(
        charts.memory_terms(table, capacity_gb=capacity, card=card),
        key="decide_memory_terms",
        data=table,
        alt="Per model, memory at the peak of training split into weights, adapter and optimiser, "
        "activations, logits and reserve, with the range and the memory of the chosen card.",
    )
    st.dataframe(
        _for_people(table),
        hide_index=True,
        key="decide_memory_room",
        column_config=_columns(),
        placeholder="unknown",
    )
    _contribute(shapes[0].name, task, card)
    time = estimate_training_time(
        shapes[0],
        gpu or gpus.cheapest_that_holds(capacity) or gpus.GPUS[0],
        examples=settings.examples(),
        sequence_length=task.sequence_length,
        batch_size=task.batch_size,
        method=task.method,
    )
    note(
        f"{task.sequence_length:,} tokens per example, {task.batch_size} at a time. Time and cost assume: "
        + "; ".join(plain(line) for line in time.assumptions)
        + f". {plain(gpus.PRICES_NOTE)} {plain(gpus.SPEED_NOTE)}"
    )


def _contribute(model_id: str, task: Task, card: str) -> None:
    from core.contributions.exports import memory_to_fill  # noqa: PLC0415 - few readers contribute

    contribute.offer(
        memory_to_fill(task, model_id, card, created=contribute.today()),
        key="decide_memory_give",
        left=f"the peak you measured with {model_id.rpartition('/')[2]}, and your name",
        label="Contribute a measured run",
    )


def _for_people(table: pd.DataFrame) -> pd.DataFrame:
    def span(low: str, high: str, form: str) -> list[str]:
        pairs = zip(table[low], table[high], strict=True)
        return ["unknown" if pd.isna(a) else f"{a:{form}} to {b:{form}}" for a, b in pairs]

    return pd.DataFrame(
        {
            "model_id": table["model_id"],
            "verdict": table["verdict"],
            "total_gb": table["total_gb"],
            "range": span("low_gb", "high_gb", ".1f"),
            "longest": span("longest_safe", "longest_likely", ",d"),
            "batch": span("batch_safe", "batch_likely", ",d"),
            "cheapest": table["cheapest"],
            "hours": span("hours_low", "hours_high", ".2g"),
            "cost": span("cost_low", "cost_high", ".2f"),
            "evidence": table["evidence"],
        }
    )


def _columns() -> dict[str, Any]:
    text = st.column_config.TextColumn
    return {
        "model_id": text("Model", pinned=True),
        "verdict": text("On this card"),
        "total_gb": st.column_config.NumberColumn("Memory (GB)", format="%.1f"),
        "range": text("Range (GB)", help="Versions, kernels and the allocator leave this open."),
        "longest": text(
            "Longest example (tokens)",
            help="With your batch. First figure: fits by the top of the range; second: by its middle.",
        ),
        "batch": text("Largest batch", help="With your lengths. Safe to likely, as before."),
        "cheapest": text("Cheapest card", help="The cheapest listed card with memory for the whole range."),
        "hours": text("Hours per epoch"),
        "cost": text("US dollars per epoch"),
        "evidence": text("Known by", help="A model known only by its size gets a wider range."),
    }


def _other_model() -> list[Architecture]:
    with st.expander("Add a model that is not on the board"):
        text = st.text_area(
            "Its config.json, or its size in billions",
            key="decide_config",
            persist_state="session",
            max_chars=200_000,
            height=100,
            placeholder='{"model_type": "llama", ...}   or   7',
            help="The file config.json of the model's page on the Hub. With a size alone the range is wider.",
        )
        if not text or not text.strip():
            return []
        try:
            return [shape_from_text(text)]
        except DataError as error:
            st.error(plain(str(error)))
            return []


def _check() -> None:
    st.markdown("#### How well this estimate does")
    try:
        check = embedded_check()
    except DataError as error:
        st.error(plain(str(error)))
        return
    share, off = check["inside_share"], check["median_error"]
    figure.show(
        charts.memory_check(
            pd.DataFrame(check["rows"]),
            title=f"The range holds {share:.0%} of {check['comparable']} measured runs",
        ),
        key="decide_memory_check",
        data=pd.DataFrame(check["rows"]),
        alt="Estimated against measured memory of published QLoRA and LoRA runs, with the ranges.",
    )
    left_out = "; ".join(f"{reason} ({count})" for reason, count in check["left_out"].items())
    note(
        f"The middle of the range is off by {off:.0%} at the median. Weights as loaded agree within 1% in "
        f"{check['loads_within_1_percent']} of {check['loads']} measurements; of {check['out_of_memory']} "
        f"runs that ran out of memory the range allows {check['out_of_memory_possible']}. Sources: "
        f"{plain('; '.join(check['sources']))}. Not compared: {plain(left_out)}."
    )
