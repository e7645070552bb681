"""The estimate against published measurements: any table in the schema of the measured rows.

Columns read: model, params_b, method, quant, seq_len, seq_note, batch, grad_ckpt, lora_r, targets, gpu,
value, unit, measure, source.
"""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from core.errors import InvalidInputError, InvalidTableError
from core.memory import architectures
from core.memory import parts as memory_parts
from core.memory.estimate import MemoryEstimate, estimate_memory, merge

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

REQUIRED: Final = (
    "model", "params_b", "method", "quant", "seq_len", "seq_note", "batch", "grad_ckpt", "lora_r", "targets",
    "gpu", "value", "unit", "measure", "source",
)  # fmt: skip

# Bytes per unit. A card's nominal size is what it is sold as.
_UNITS: Final = {"gb": 1.0, "gib": 2**30 / 1e9, "mb": 1e-3, "mib": 2**20 / 1e9, "gb card capacity": 1.0}
# Where the source leaves them out: the program's own recipe.
_RECIPE_TARGETS: Final = {"torchtune": ("q,v,o,mlp",), "unsloth": ("all-linear",)}
_DEFAULT_RANK: Final = {"torchtune": 8}
_LOAD: Final = re.compile(r"load\b", re.IGNORECASE)

# Why a row is not compared with the range, or only in part.
_LOADED: Final = "loaded only: compared with the weights alone"
_RAN_OUT: Final = "ran out of memory: no figure, only a bound"
_NOT_ADAPTERS: Final = "not QLoRA or LoRA"
_SEVERAL_CARDS: Final = "spread over several cards, the estimate is for one"
_NO_FIGURE: Final = "no figure in the source"
_NO_LENGTH: Final = "the sequence length is not stated"
_EIGHT_BITS: Final = "8-bit weights, which are not estimated"


@dataclass(frozen=True, slots=True)
class MemoryCheck:
    """What ``evaluate_memory`` found.

    ``rows``: one row per measurement: model, method, framework, sequence_length, batch_size, measured_gb,
    estimate_gb, low_gb, high_gb, error (estimate / measured - 1), inside, comparable, reason, source.
    """

    rows: pd.DataFrame
    comparable: int
    inside_share: float
    median_error: float
    loads: int
    loads_within_1_percent: int
    out_of_memory: int
    out_of_memory_possible: int

    def summary(self) -> str:
        if not self.comparable:
            return "None of the measurements can be compared with the estimate."
        return (
            f"The range holds {self.inside_share:.0%} of {self.comparable} measured QLoRA and LoRA runs; "
            f"the middle is off by {self.median_error:.0%} at the median."
        )


def evaluate_memory(table: pd.DataFrame) -> MemoryCheck:
    """Estimate every comparable row and compare.

    Comparable are runs of QLoRA or LoRA on one card with a figure, a sequence length and a batch size. A
    "capacity bound" row (the longest context that fits a card) is a measurement at that length of that
    card's size. Measures that count only the allocator's bytes are compared with the estimate without the
    CUDA context. Where the source doesn't say whether activations were checkpointed, the range covers both.

    Raises:
        InvalidTableError: a column is missing.
    """
    import pandas as pd  # noqa: PLC0415 - only a check needs it

    missing = [name for name in REQUIRED if name not in table.columns]
    if missing:
        raise InvalidTableError(
            f"The table of measurements lacks the column {missing[0]}.",
            remedy=f"It needs: {', '.join(REQUIRED)}.",
        )
    records = [_check_row(row) for row in table.to_dict("records")]
    rows = pd.DataFrame(records)
    used = rows[rows["comparable"]] if len(rows) else rows
    loads = rows[rows["reason"] == _LOADED] if len(rows) else rows
    full_cards = rows[rows["reason"] == _RAN_OUT] if len(rows) else rows
    return MemoryCheck(
        rows=rows,
        comparable=len(used),
        inside_share=float(used["inside"].mean()) if len(used) else 0.0,
        median_error=float(used["error"].abs().median()) if len(used) else 0.0,
        loads=len(loads),
        loads_within_1_percent=int((loads["error"].abs() <= 0.01).sum()) if len(loads) else 0,
        out_of_memory=len(full_cards),
        out_of_memory_possible=int(full_cards["inside"].sum()) if len(full_cards) else 0,
    )


def _check_row(row: Mapping[Any, Any]) -> dict[str, Any]:
    method = str(row["method"])
    name = str(row["model"])
    program = framework_of(row)
    result: dict[str, Any] = {
        "model": name,
        "method": method,
        "framework": program,
        "sequence_length": _number(row["seq_len"]),
        "batch_size": _number(row["batch"]),
        "measured_gb": _measured(row),
        "estimate_gb": None,
        "low_gb": None,
        "high_gb": None,
        "error": None,
        "inside": None,
        "comparable": False,
        "reason": "",
        "source": str(row["source"]),
    }
    kind = _kind(method, str(row["quant"]))
    if _LOAD.match(method):
        return _check_load(row, result)
    if kind is None:
        return {**result, "reason": _NOT_ADAPTERS}
    if _cards(str(row["gpu"])) > 1 or "multi" in method.lower() or "per GPU" in str(row["seq_note"]):
        return {**result, "reason": _SEVERAL_CARDS}
    if re.search(r"int8|8-?bit|llm\.int8", str(row["quant"]).lower()):
        return {**result, "reason": _EIGHT_BITS}
    ran_out = "OOM" in {str(row["value"]).strip().upper(), str(row["seq_len"]).strip().upper()}
    if result["measured_gb"] is None and not ran_out:
        return {**result, "reason": _NO_FIGURE}
    if ran_out:
        return _check_oom(row, result, kind)
    if result["sequence_length"] is None or result["batch_size"] is None:
        return {**result, "reason": _NO_LENGTH}
    try:
        estimate = _estimate(row, kind, program, int(result["sequence_length"]))
    except InvalidInputError as error:
        return {**result, "reason": error.what}
    measured = result["measured_gb"]
    return {
        **result,
        "estimate_gb": estimate.total_gb,
        "low_gb": estimate.low_gb,
        "high_gb": estimate.high_gb,
        "error": estimate.total_gb / measured - 1,
        "inside": estimate.low_gb <= measured <= estimate.high_gb,
        "comparable": True,
    }


def _check_load(row: Mapping[Any, Any], result: dict[str, Any]) -> dict[str, Any]:
    """A loaded model's footprint against its weights (and adapter): exact where the loading is nf4."""
    shape = find_architecture(str(row["model"]), _number(row["params_b"]))
    quant = str(row["quant"]).lower()
    if shape is None or "nf4" not in quant or result["measured_gb"] is None:
        return {**result, "reason": "loaded only, in another precision than nf4"}
    weights = memory_parts.weight_bytes(shape, "qlora") / 1e9
    rank = _number(row["lora_r"])
    if "adapter" in str(row["method"]).lower() and rank:
        weights += 4 * memory_parts.adapter_parameters(shape, int(rank), memory_parts.ATTENTION) / 1e9
    error = weights / result["measured_gb"] - 1
    # Sources round to two digits at worst.
    return {**result, "estimate_gb": weights, "error": error, "inside": abs(error) < 0.01, "reason": _LOADED}


def _check_oom(row: Mapping[Any, Any], result: dict[str, Any], kind: str) -> dict[str, Any]:
    """A run that did not fit: the top of the range must exceed the card."""
    result = {**result, "reason": _RAN_OUT}
    length, batch = result["sequence_length"], result["batch_size"]
    capacity = result["measured_gb"] or _card_size(str(row["gpu"]))
    if batch is None or capacity is None:
        return result
    try:
        # "No context fits": even a short example is too long.
        estimate = _estimate(row, kind, str(result["framework"]), int(length or 512))
    except InvalidInputError:
        return result
    return {
        **result,
        "measured_gb": capacity,
        "estimate_gb": estimate.total_gb,
        "low_gb": estimate.low_gb,
        "high_gb": estimate.high_gb,
        "inside": estimate.high_gb >= capacity,
    }


def _estimate(row: Mapping[Any, Any], kind: str, program: str, length: int) -> MemoryEstimate:
    shape = find_architecture(str(row["model"]), _number(row["params_b"]))
    if shape is None:
        raise InvalidInputError("the model is not known and has no size")
    measure = str(row["measure"]).lower()
    allocated = any(word in measure for word in ("allocated", "active", "max gpu ram"))
    batch = _number(row["batch"])
    estimates = [
        estimate_memory(
            shape,
            method=kind,
            sequence_length=length,
            batch_size=int(batch or 1),
            lora_rank=int(_number(row["lora_r"]) or _DEFAULT_RANK.get(program, 16)),
            targets=targets,
            framework=program,
            checkpointing=_checkpointing(row, program),
            optimizer="adamw_8bit" if "8bit" in str(row.get("optimizer", "")).lower() else "",
            double_quantisation=not str(row["quant"]).lower().endswith("nf4"),
            device_memory=not allocated,
        )
        for targets in _targets(row, program)
    ]
    return functools.reduce(merge, estimates)


def find_architecture(label: str, params_b: float | None) -> architectures.Architecture | None:
    """The architecture a table's label means: by id, else by the words of the label and the nearest size."""
    if found := architectures.get(label):
        return found
    squeezed = _squeeze(label.rsplit("/", maxsplit=1)[-1])
    parts = re.split(r"[\s/_\-]+", label.lower())
    words = [_squeeze(part) for part in parts if part not in {"instruct", "chat"}]
    shapes = [(_squeeze(name), architectures.get(name)) for name in architectures.known()]
    fits = [shape for name, shape in shapes if shape and squeezed in name]
    fits = fits or [shape for name, shape in shapes if shape and all(word in name for word in words)]
    if params_b:
        fits = [shape for shape in fits if abs(shape.parameters / 1e9 / params_b - 1) < 0.3]
        if fits:
            size = params_b * 1e9
            return min(fits, key=lambda shape: abs(shape.parameters - size))
        return architectures.from_size(params_b, name=label)
    return fits[0] if len(fits) == 1 else None


def framework_of(row: Mapping[Any, Any]) -> str:
    """Which program made the measurement, by the words of its source and method."""
    words = f"{row['source']} {row['method']} {row.get('repo', '')}".lower()
    if "unsloth" in str(row["method"]).lower():
        return "unsloth"
    for key, marks in (("litgpt", ("litgpt", "lit-gpt")), ("torchtune", ("torchtune",))):
        if any(mark in words for mark in marks):
            return key
    return "huggingface"


def _squeeze(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", text.lower())


def _kind(method: str, quant: str) -> str | None:
    """QLoRA or LoRA, by the method's name; LoRA on 4-bit weights is QLoRA."""
    lowered = method.lower()
    if re.match(r"q-?lora(?![a-z])", lowered):
        return "qlora"
    if not re.match(r"lora(?![a-z])", lowered) or "emb" in lowered:
        return None
    return "qlora" if re.search(r"nf4|fp4|int4|4-?bit", quant.lower()) else "lora"


def _targets(row: Mapping[Any, Any], program: str) -> tuple[str, ...]:
    """The layers with adapters; where the source doesn't say, the least and the most that is usual."""
    stated = row["targets"]
    if isinstance(stated, str) and _understood(stated):
        return (stated,)
    if "qkvo" in str(row["method"]):
        return ("q,k,v,o",)
    return _RECIPE_TARGETS.get(program, ("q,v", "all-linear"))


def _understood(targets: str) -> bool:
    try:
        memory_parts.parse_targets(targets)
    except InvalidInputError:
        return False
    return True


def _checkpointing(row: Mapping[Any, Any], program: str) -> bool | str | None:
    stated = str(row["grad_ckpt"]).strip().lower()
    if stated in {"yes", "true", "unsloth", "1"}:
        return True
    if stated in {"no", "false", "0"}:
        return False
    if "cumulative" in str(row["seq_note"]) or program == "litgpt":
        return None
    return "unknown"


def _measured(row: Mapping[Any, Any]) -> float | None:
    value = _number(row["value"])
    factor = _UNITS.get(str(row["unit"]).strip().lower())
    return None if value is None or factor is None else value * factor


def _number(value: object) -> float | None:
    try:
        number = float(str(value))
    except ValueError:
        return None
    return number if number > 0 and number != float("inf") else None


def _cards(gpu: str) -> int:
    match = re.match(r"\s*(\d+)\s*x", gpu) or re.search(r"\bx\s*(\d+)\s*$", gpu)
    return int(match[1]) if match else 1


def _card_size(gpu: str) -> float | None:
    match = re.search(r"(\d+)\s*G", gpu)
    return float(match[1]) if match else None
