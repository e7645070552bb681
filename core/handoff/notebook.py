"""The hand-off: a notebook for Colab that tests the choice on the reader's own data.

The cells stand in ``cells/``; here they get their settings. Whatever the
reader entered goes in as one JSON literal that the notebook parses, never as code.
"""

from __future__ import annotations

import json
import math
import re
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from core.decision.number_figures import context
from core.errors import InvalidInputError
from core.handoff.plan import plan_for
from core.memory.estimate import estimate_memory
from core.memory.fit import longest_sequence
from core.memory.parts import parse_targets
from core.memory.resolve import resolve
from core.pilot.file import MAX_SUBSETS, task_key
from core.tokenizers import facts as tokenizer_facts

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from core.decision.tasks import Task
    from core.memory.architectures import Architecture

_CELLS: Final = Path(__file__).with_name("cells")
# In the order in which the notebook shows them.
_PARTS: Final = (
    "setup",
    "access",
    "data",
    "numbers",
    "loading",
    "baselines",
    "answers",
    "training",
    "pilot",
    "final",
)
# Run together by tests/handoff/test_notebook_run.py.
PINS: Final = (
    "transformers==5.23.0",
    "tokenizers==0.23.3",
    "huggingface_hub==2.4.0",
    "peft==0.21.2",
    "accelerate==1.15.0",
    "bitsandbytes==0.50.2",
)
# What Colab calls those of the listed cards that it offers.
_COLAB_CARDS: Final = {"t4": "T4", "l4": "L4", "a100-40": "A100"}
MAX_MODELS: Final = 3
MAX_EXAMPLES: Final = 5_000
_MAX_CHARS: Final = 20_000
SUBSETS: Final = (100, 200, 400, 800)
# QLoRA's own rates (https://arxiv.org/abs/2305.14314, table 9): up to 13B, and above.
_RATE_SMALL: Final = 2e-4
_RATE_LARGE: Final = 1e-4
_LARGE_B: Final = 13.5
_MODEL_ID: Final = re.compile(r"[\w.\-]{1,96}(/[\w.\-]{1,96})?", re.ASCII)
_REVISION: Final = re.compile(r"[0-9a-f]{7,40}")


@dataclass(frozen=True, slots=True)
class NotebookModel:
    """What the notebook must know of one candidate. Sizes in GB of 1e9 bytes."""

    id: str
    revision: str
    license: str
    weights_gb: float
    total_gb: float
    low_gb: float
    high_gb: float
    single_tokens: int | None
    learning_rate: float
    plan: dict[str, Any]


def build_notebook(
    task: Task,
    model_ids: Sequence[str],
    board: pd.DataFrame,
    *,
    gpu_gb: float | None = None,
    single_tokens: Mapping[str, int] | None = None,
    examples: Sequence[tuple[str, str]] = (),
    configs: Mapping[str, Mapping[str, Any]] | None = None,
    files: Mapping[str, Mapping[str, object]] | None = None,
    subsets: Sequence[int] = SUBSETS,
) -> str:
    """The notebook as nbformat JSON text.

    Args:
        task: what the model must do; lengths, batch, rank and targets are taken from it.
        model_ids: the candidates, best first; the first three are used.
        board: the leaderboard's frame: ``model_id``, ``params_b``, ``revision``, ``license``.
        gpu_gb: the card's memory; examples are cut to what fits it. None: not cut.
        single_tokens: model id -> how many of 0..999 are one token; by default as the embedded facts say
            for the context nearest to the task's.
        examples: (prompt, target) pairs to use where no data.csv is uploaded.
        configs: model id -> ``config.json``, for the memory of models whose layer sizes are not embedded.
        files: model id -> its small files, as :func:`core.readiness.assess` takes them; what trips up
            training is read from them, else from what was published about the family.
        subsets: numbers of examples the pilot trains on, growing.

    Raises:
        InvalidInputError: no model, an unusable model id, examples or subsets out of bounds.
    """
    if not model_ids:
        raise InvalidInputError(
            "There is no candidate to hand off.", remedy="Loosen a constraint until one model is left."
        )
    rows = board.drop_duplicates("model_id").set_index("model_id")
    names = list(model_ids)[:MAX_MODELS]
    shapes = [_shape(name, rows, configs or {}) for name in names]
    known = {name: _files(name, configs or {}, files or {}) for name in names}
    models = [
        _model(
            task,
            shape,
            name,
            rows,
            _noted(task, name) if single_tokens is None else single_tokens.get(name),
            known[name],
        )
        for name, shape in zip(names, shapes, strict=True)
    ]
    config = {
        "seed": int(task.seed) % 2**31,
        "task": _task_settings(task),
        "models": [asdict(model) for model in models],
        "longest_sequence": _longest(task, shapes[0], gpu_gb),
        "pilot": {"subsets": _checked_subsets(subsets)},
        "examples": _checked_examples(examples),
    }
    card = _COLAB_CARDS.get(task.gpu) if task.gpu_gb is None else None
    return _render(config, models, card)


def _shape(name: str, rows: pd.DataFrame, configs: Mapping[str, Mapping[str, Any]]) -> Architecture:
    if not _MODEL_ID.fullmatch(name):
        raise InvalidInputError(
            f"{name[:80]!r} is not a model id of the Hub.", remedy="Write it as org/name."
        )
    size = rows["params_b"].get(name) if "params_b" in rows else None
    return resolve(name, _number(size), configs.get(name))


def _files(
    name: str, configs: Mapping[str, Mapping[str, Any]], files: Mapping[str, Mapping[str, object]]
) -> Mapping[str, object]:
    if name in files:
        return files[name]
    return {"config.json": dict(configs[name])} if name in configs else {}


def _checked_subsets(subsets: Sequence[int]) -> list[int]:
    sizes = sorted({int(size) for size in subsets})
    if not sizes or sizes[0] < 1 or len(sizes) > MAX_SUBSETS:
        raise InvalidInputError(
            f"A pilot takes 1 to {MAX_SUBSETS} subsets of at least one example.",
            remedy="Give for example 100, 200, 400, 800.",
        )
    return sizes


def _model(
    task: Task,
    shape: Architecture,
    name: str,
    rows: pd.DataFrame,
    single: int | None,
    files: Mapping[str, object],
) -> NotebookModel:
    row: Mapping[Any, Any] = rows.loc[name].to_dict() if name in rows.index else {}
    revision = str(row.get("revision") or "")
    licence = row.get("license")
    estimate = estimate_memory(shape, **_setting(task), sequence_length=task.sequence_length)
    return NotebookModel(
        id=name,
        revision=revision if _REVISION.fullmatch(revision) else "",
        license=licence[:80] if isinstance(licence, str) else "not stated",
        weights_gb=estimate.weights_gb,
        total_gb=estimate.total_gb,
        low_gb=estimate.low_gb,
        high_gb=estimate.high_gb,
        single_tokens=int(single) if single is not None else None,
        learning_rate=_RATE_SMALL if shape.parameters / 1e9 <= _LARGE_B else _RATE_LARGE,
        plan=plan_for(name, files),
    )


def _noted(task: Task, name: str) -> int | None:
    facts = tokenizer_facts.for_model(name)
    if facts is None:
        return None
    counts = {
        "bare": facts.single_token_count,
        "price": facts.single_in_price,
        "space": facts.single_after_space,
    }
    return counts[context(task)]


def _setting(task: Task) -> dict[str, Any]:
    """What the notebook does, as arguments of the estimate: QLoRA in a plain Hugging Face loop."""
    return {
        "method": "qlora",
        "batch_size": task.batch_size,
        "lora_rank": task.lora_rank,
        "targets": task.adapter_targets,
        "framework": "huggingface",
        "checkpointing": True,
        "optimizer": "paged_adamw_8bit",
        "upcast_embeddings": False,
    }


def _longest(task: Task, shape: Architecture, gpu_gb: float | None) -> int | None:
    if gpu_gb is None:
        return None
    fit = longest_sequence(shape, gpu_gb, **_setting(task))
    return fit.likely or None


def _task_settings(task: Task) -> dict[str, Any]:
    try:
        before, after = task.around()
    except InvalidInputError:
        # A template without a place for the answer: the answer simply follows the prompt.
        before, after = "", ""
    targets = parse_targets(task.adapter_targets)
    attention_only = all(name in ("q", "k", "v", "o") for name in targets)
    return {
        "preset": task.preset,
        "output": task.output,
        "key": task_key(task),
        "before": before,
        "after": after,
        "batch_size": task.batch_size,
        "lora_rank": task.lora_rank,
        "targets": ",".join(targets) if attention_only else "all-linear",
    }


def _checked_examples(examples: Sequence[tuple[str, str]]) -> list[list[str]]:
    if len(examples) > MAX_EXAMPLES:
        raise InvalidInputError(
            f"At most {MAX_EXAMPLES:,} examples fit into a notebook.",
            remedy="Upload them as data.csv beside the notebook instead.",
        )
    return [[str(prompt)[:_MAX_CHARS], str(target)[:_MAX_CHARS]] for prompt, target in examples]


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) and not math.isnan(value) else None


def _render(config: Mapping[str, Any], models: Sequence[NotebookModel], card: str | None) -> str:
    import nbformat  # noqa: PLC0415 - only the hand-off needs it

    listed = ", ".join(f"`{model.id}`" for model in models)
    summary = f"Candidates, first choice first: {listed}."
    notebook = nbformat.v4.new_notebook()
    for number, (kind, source) in enumerate(_cells()):
        text = source.replace("{{summary}}", summary).replace("{{pins}}", " ".join(PINS))
        text = text.replace("{{card}}", f"{card} GPU" if card else "a GPU")
        text = text.replace('CONFIG_JSON = "{}"', f"CONFIG_JSON = {_literal(config)}")
        make = nbformat.v4.new_markdown_cell if kind == "markdown" else nbformat.v4.new_code_cell
        cell = make(text)
        # Fixed ids, so that the same task gives the same file.
        cell["id"] = f"basewise-{number:02d}"
        notebook["cells"].append(cell)
    notebook["metadata"] = {
        "kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"},
        "language_info": {"name": "python"},
        "accelerator": "GPU",
        "colab": ({"gpuType": card} if card else {}) | {"provenance": []},
    }
    nbformat.validate(notebook)
    return str(nbformat.writes(notebook))


def _literal(config: Mapping[str, Any]) -> str:
    r"""A Python string literal that holds ``config`` as JSON.

    Encoding twice keeps quotes, line ends and escapes of the reader's text inside the string, whatever
    they are; pure ASCII leaves no room for characters that look like something else.

    >>> print(_literal({"a": "'); import os #"}))
    (
        '{\n'
        ' "a": "\'); import os #"\n'
        '}'
    )
    """
    lines = json.dumps(config, ensure_ascii=True, indent=1, allow_nan=False).splitlines(keepends=True)
    if len(lines) == 1:
        return repr(lines[0])
    return "(\n" + "\n".join(f"    {line!r}" for line in lines) + "\n)"


def _cells() -> list[tuple[str, str]]:
    """(kind, source) of each cell."""
    text = "".join((_CELLS / f"{name}.py").read_text(encoding="utf-8") for name in _PARTS)
    text = text.replace("# mypy: ignore-errors\n", "")
    parts = re.split(r"^# %%(.*)\n", text, flags=re.MULTILINE)[1:]
    cells = []
    for header, body in zip(parts[::2], parts[1::2], strict=True):
        if "[markdown]" in header:
            lines = [line.removeprefix("#").removeprefix(" ") for line in body.strip().splitlines()]
            cells.append(("markdown", "\n".join(lines)))
        else:
            cells.append(("code", body.strip()))
    return cells
