"""Measured memory in the columns of the published measurements, and beside the estimate."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from core.errors import InvalidInputError

if TYPE_CHECKING:
    from core.contributions.file import Memory, MemoryRow

COLUMNS: Final = (
    "model", "params_b", "method", "quant", "seq_len", "seq_note", "batch", "grad_ckpt", "lora_r", "targets",
    "optimizer", "gpu", "value", "unit", "measure", "source", "repo", "commit", "path", "licence",
)  # fmt: skip
_QUANT: Final = {"qlora": "bnb.nf4-dq", "lora": "bf16"}
_METHOD: Final = {"qlora": "QLoRA", "lora": "LoRA"}


def as_rows(contribution: Memory) -> list[dict[str, str]]:
    """One row a run, keys as :data:`COLUMNS`, for ``python -m core.memory.build_check``."""
    source = contribution.source or f"measured by {contribution.by}, {contribution.created}"
    return [
        dict.fromkeys(COLUMNS, "")
        | {
            "model": row.model_id,
            "method": _METHOD[row.method],
            "quant": _QUANT[row.method],
            "seq_len": str(row.sequence_length),
            "batch": str(row.batch_size),
            "grad_ckpt": "yes" if row.gradient_checkpointing else "no",
            "lora_r": str(row.lora_rank),
            "targets": row.targets,
            "gpu": row.gpu,
            "value": "" if row.peak_gb is None else f"{row.peak_gb:g}",
            "unit": "GB",
            "measure": row.measure,
            "source": source,
            "licence": contribution.licence,
        }
        for row in contribution.rows
    ]


def estimated(row: MemoryRow) -> float | None:
    """What the estimate says, GB; None where the model's layer sizes aren't known."""
    from core.memory.estimate import estimate_memory  # noqa: PLC0415 - brings pandas

    try:
        found = estimate_memory(
            row.model_id,
            sequence_length=row.sequence_length,
            batch_size=row.batch_size,
            method=row.method,
            lora_rank=row.lora_rank,
            targets=row.targets,
            framework="huggingface",
        )
    except InvalidInputError:
        return None
    return float(found.total_gb)
