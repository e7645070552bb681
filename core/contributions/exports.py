"""Contributions as the pages export them: from a base entered by hand, a pilot, or the settings of a run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.catalogue import load_report_sources
from core.contributions.file import (
    Base,
    Memory,
    MemoryRow,
    Pilot,
    PilotRow,
    PilotSettings,
    ScoreRow,
    Scores,
)
from core.field.entered import OWN_REPORT

if TYPE_CHECKING:
    from core.decision.tasks import Task
    from core.field.entered import Entered
    from core.pilot import Pilot as Measured


def scores_of(entered: Entered, *, created: str) -> Scores | None:
    """The published scores of a base entered by hand; None where none were entered.

    Args:
        entered: the base; its config and its sizes beyond parameters stay where they are.
        created: today, YYYY-MM-DD.
    """
    rows = [ScoreRow(benchmark=name, shots=shots, value=value) for name, shots, value in entered.scores]
    if not rows:
        return None
    listed = {} if entered.report == OWN_REPORT else load_report_sources()
    base = Base(
        model_id=entered.model_id,
        publisher=entered.model_id.partition("/")[0],
        report=listed[entered.report].title if entered.report in listed else "",
        released=entered.released or "",
        params_b=entered.params_b,
        active_params_b=entered.active_params_b,
        licence=entered.license or "",
    )
    return Scores(created=created, source=(entered.link or "")[:300], base=base, rows=rows)


def pilot_of(measured: Measured, *, created: str) -> Pilot:
    """A pilot's mean scores; the scores of single examples, and the hashes of task and data, stay out."""
    revisions = {model.model_id: model.revision for model in measured.models}
    settings = PilotSettings(
        task=measured.task.preset,
        measure=measured.measure.name,
        better=measured.measure.better,
        examples=measured.examples.train,
        held_out=measured.examples.held_out,
        lora_rank=measured.settings.lora_rank,
        batch_size=measured.settings.batch_size,
        epochs=measured.settings.epochs,
        sequence_length=measured.settings.sequence_length,
        gpu=measured.hardware.gpu,
        memory_gb=measured.hardware.memory_gb,
    )
    rows = [
        PilotRow(
            model_id=run.model_id,
            revision=revisions.get(run.model_id, ""),
            subset=run.subset,
            learning_rate=run.learning_rate,
            mean_score=run.mean_score,
            mean_bits_per_byte=run.mean_bits_per_byte,
            seconds=run.seconds,
            peak_gb=run.peak_gb,
        )
        for run in measured.runs
    ]
    return Pilot(created=created, settings=settings, rows=rows)


def memory_to_fill(task: Task, model_id: str, card: str, *, created: str) -> Memory | None:
    """The settings of one run as chosen on the page, its peak left to be filled in; None for full tuning."""
    if task.method not in {"qlora", "lora"}:
        return None
    row = MemoryRow(
        model_id=model_id,
        method=task.method,  # type: ignore[arg-type]
        sequence_length=task.sequence_length,
        batch_size=task.batch_size,
        lora_rank=task.lora_rank,
        targets=task.adapter_targets,
        gradient_checkpointing=True,
        gpu=card,
        measure="peak memory allocated",
    )
    return Memory(created=created, rows=[row])
