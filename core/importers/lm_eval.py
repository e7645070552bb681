"""Results of lm-evaluation-harness (v0.4 layout, ``leaderboard`` tasks) as rows of the leaderboard.

Scores follow the board: subtasks of BBH and MUSR are normalised one by one and averaged; MATH and GPQA are
the mean over all their questions; IFEval's raw score is the mean of its two strict accuracies. Standard
errors follow from the number of questions the file says were asked.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from core.board import scoring
from core.errors import InvalidInputError, InvalidTableError, SourceUnavailableError
from core.importers.bounded_json import read_json
from core.importers.contract_frame import SOURCE_OWN_RUN, contract_frame
from core.importers.join_board import complete_rows
from core.schema import BENCHMARKS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import pandas as pd

MAX_FILE_BYTES: Final = 8_000_000
MAX_FILES: Final = 500
MAX_TOTAL_BYTES: Final = 100_000_000
LAYOUT: Final = "lm-evaluation-harness 0.4 with --tasks leaderboard"

# Questions of difficulty 5 in the test set of MATH; 1,324 in all.
MATH_SUBTASKS: Final[Mapping[str, int]] = {
    "algebra": 307,
    "counting_and_prob": 123,
    "geometry": 132,
    "intermediate_algebra": 280,
    "num_theory": 154,
    "prealgebra": 193,
    "precalculus": 135,
}
# Short name -> (benchmark, metric) of every task whose figure is read.
TASKS: Final[Mapping[str, tuple[str, str]]] = {
    **{f"leaderboard_bbh_{name}": ("bbh", "acc_norm") for name in scoring.BBH_SUBTASKS},
    **{f"leaderboard_musr_{name}": ("musr", "acc_norm") for name in scoring.MUSR_SUBTASKS},
    **{f"leaderboard_gpqa_{name}": ("gpqa", "acc_norm") for name in scoring.GPQA_QUESTIONS},
    **{f"leaderboard_math_{name}_hard": ("math_lvl_5", "exact_match") for name in MATH_SUBTASKS},
    "leaderboard_ifeval": ("ifeval", "prompt_level_strict_acc"),
    "leaderboard_mmlu_pro": ("mmlu_pro", "acc"),
}
_IFEVAL_SECOND: Final = "inst_level_strict_acc"
_FULL: Final[Mapping[str, int]] = {
    "ifeval": scoring.IFEVAL_PROMPTS,
    "mmlu_pro": scoring.MMLU_PRO_QUESTIONS,
    "math_lvl_5": scoring.MATH_QUESTIONS,
    "gpqa": sum(scoring.GPQA_QUESTIONS.values()),
    "bbh": sum(task.questions for task in scoring.BBH_SUBTASKS.values()),
    "musr": sum(task.questions for task in scoring.MUSR_SUBTASKS.values()),
}


@dataclass(frozen=True, slots=True)
class Figure:
    """One task's accuracy (0-1) and over how many questions; None where the file doesn't say."""

    value: float
    questions: int | None


@dataclass(frozen=True, slots=True)
class Run:
    """What one results file, or several about the same model and setting, hold."""

    model_id: str
    revision: str | None
    precision: str | None
    params_b: float | None
    chat_template: bool | None
    date: datetime | None
    harness: str | None
    figures: Mapping[str, Figure] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Imported:
    """Rows in the contract's columns, and in plain words what is missing or was left out."""

    frame: pd.DataFrame
    notes: tuple[str, ...] = ()


def read_results(path: str | Path) -> pd.DataFrame:
    """One results file, or all ``*.json`` results below a folder, in the columns of the board.

    Raises:
        SourceUnavailableError: nothing there.
        InvalidTableError, InvalidInputError: what is there can't be used; names file, task and figure.
    """
    return complete_rows(import_results(_files(Path(path))).frame)


def import_results(files: Iterable[tuple[str, bytes]]) -> Imported:
    """Rows from results files given as (name, content).

    Files about the same model, revision, precision and chat template become one row; where they hold the
    same task, the later file wins.
    """
    merged: dict[tuple[object, ...], Run] = {}
    notes: list[str] = []
    for name, body in files:
        run = parse_results(body, name=name)
        if not run.figures:
            notes.append(f"{name} holds no task of the leaderboard group and was left out.")
            continue
        key = (run.model_id, run.revision, run.precision, run.chat_template)
        before = merged.get(key)
        merged[key] = run if before is None else _merge(before, run)
    if not merged:
        raise InvalidInputError(
            "No results of the leaderboard tasks were found.",
            source=", ".join(notes)[:200],
            remedy=f"Upload the results_*.json of {LAYOUT}.",
        )
    records = []
    for run in merged.values():
        record, about = _record(run)
        records.append(record)
        notes += about
    return Imported(contract_frame(records), tuple(notes))


def parse_results(body: bytes, *, name: str) -> Run:
    """One results file.

    Raises:
        InvalidInputError: not JSON, too large, or not the harness's layout.
        InvalidTableError: a figure isn't a share between 0 and 1.
    """
    document = read_json(body, name=name, max_bytes=MAX_FILE_BYTES)
    results = document.get("results") if isinstance(document, dict) else None
    if not isinstance(results, dict):
        raise InvalidInputError(
            "The file holds no “results” as the harness writes them.",
            source=name,
            remedy=f"Upload the results_*.json of {LAYOUT}.",
        )
    config = _dict(document, "config")
    arguments = _arguments(config.get("model_args"))
    counts = _dict(document, "n-samples")
    figures = {}
    for task, (_, metric) in TASKS.items():
        entry = results.get(task)
        if isinstance(entry, dict) and (figure := _figure(entry, metric, task, counts, name)) is not None:
            figures[task] = figure
    ifeval = results.get("leaderboard_ifeval")
    if "leaderboard_ifeval" in figures and isinstance(ifeval, dict):
        second = _figure(ifeval, _IFEVAL_SECOND, "leaderboard_ifeval", counts, name)
        first = figures.pop("leaderboard_ifeval")
        if second is not None:
            figures["leaderboard_ifeval"] = replace(first, value=(first.value + second.value) / 2)
    quantised = any(str(arguments.get(key)).lower() == "true" for key in ("load_in_4bit", "load_in_8bit"))
    parameters = config.get("model_num_parameters")
    # A quantised or adapted model counts packed numbers or the adapter's too.
    countable = not quantised and not arguments.get("peft") and isinstance(parameters, int) and parameters > 0
    return Run(
        model_id=_model_id(document, arguments, name),
        revision=_text(config.get("model_sha")) or _text(arguments.get("revision")),
        precision=_precision(config, arguments),
        params_b=parameters / 1e9 if countable and isinstance(parameters, int) else None,
        chat_template=bool(document["chat_template"]) if "chat_template" in document else None,
        date=_date(document.get("date")),
        harness=_text(document.get("lm_eval_version")),
        figures=figures,
    )


def _files(path: Path) -> list[tuple[str, bytes]]:
    if path.is_file():
        found = [path]
    elif path.is_dir():
        found = sorted(file for file in path.rglob("*.json") if file.is_file() and not file.is_symlink())
    else:
        raise SourceUnavailableError(
            "There is nothing at this path.", source=path.name, remedy="Check the spelling of the path."
        )
    total = sum(file.stat().st_size for file in found)
    if len(found) > MAX_FILES or total > MAX_TOTAL_BYTES:
        raise InvalidInputError(
            f"The folder holds {len(found)} JSON files of {total / 1e6:.0f} MB together.",
            source=path.name,
            remedy=f"At most {MAX_FILES} of {MAX_TOTAL_BYTES / 1e6:.0f} MB are read: leave out samples.",
        )
    for file in found:
        if file.stat().st_size > MAX_FILE_BYTES:
            raise InvalidInputError(
                f"The file is larger than the {MAX_FILE_BYTES / 1e6:.0f} MB that results have at most.",
                source=file.name,
                remedy="Choose the results file, not the samples.",
            )
    return [(file.name, file.read_bytes()) for file in found]


def _dict(document: Mapping[str, Any], key: str) -> dict[str, Any]:
    value = document.get(key)
    return value if isinstance(value, dict) else {}


def _text(value: object) -> str | None:
    return value[:200] if isinstance(value, str) and value.strip() else None


def _arguments(value: object) -> dict[str, Any]:
    """``model_args``: a mapping in recent versions, ``key=value,key=value`` in earlier ones."""
    if isinstance(value, dict):
        return value
    if isinstance(value, str):
        pairs = (part.split("=", 1) for part in value.split(",") if "=" in part)
        return {key.strip(): text.strip() for key, text in pairs}
    return {}


def _model_id(document: Mapping[str, Any], arguments: Mapping[str, Any], name: str) -> str:
    given = (
        _text(arguments.get("peft"))
        or _text(arguments.get("pretrained"))
        or _text(arguments.get("model"))
        or _text(document.get("model_name"))
    )
    if given is None:
        raise InvalidInputError(
            "The file doesn't say which model it is about.",
            source=name,
            remedy="Run the harness with --model_args pretrained=publisher/name.",
        )
    # A local path says more about the machine than about the model: only its last part is kept.
    parts = given.replace("\\", "/").rstrip("/").split("/")
    is_path = given.startswith((".", "/", "~")) or len(parts) != 2 or ":" in given
    kept = parts[-1:] if is_path else parts
    clean = [re.sub(r"[^A-Za-z0-9._-]+", "-", part).strip("-._")[:90] for part in kept]
    return "/".join(part for part in clean if part) or "unnamed-model"


def _precision(config: Mapping[str, Any], arguments: Mapping[str, Any]) -> str | None:
    if str(arguments.get("load_in_4bit")).lower() == "true":
        return "4bit"
    if str(arguments.get("load_in_8bit")).lower() == "true":
        return "8bit"
    said = _text(config.get("model_dtype")) or _text(arguments.get("dtype"))
    return said.removeprefix("torch.") if said is not None and said != "auto" else None


def _date(value: object) -> datetime | None:
    if not isinstance(value, (int, float)) or not 1.4e9 < value < 4.1e9:
        return None
    return datetime.fromtimestamp(value, UTC).replace(tzinfo=None)


def _figure(
    entry: Mapping[str, Any], metric: str, task: str, counts: Mapping[str, Any], name: str
) -> Figure | None:
    keys = [key for key in entry if isinstance(key, str) and key.split(",")[0] == metric]
    if not keys:
        return None
    value = entry[f"{metric},none"] if f"{metric},none" in entry else entry[keys[0]]
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value <= 1:
        if value is None or value == "N/A":
            return None
        raise InvalidTableError(
            f"Task “{task}”, figure “{metric}”: a share between 0 and 1 was expected, "
            f"found {str(value)[:40]!r}.",
            source=name,
            remedy="Upload the file as the harness wrote it.",
        )
    asked = _dict(counts, task).get("effective") or entry.get("sample_len")
    whole = isinstance(asked, int) and not isinstance(asked, bool) and 0 < asked < 10**7
    return Figure(float(value), asked if whole and isinstance(asked, int) else None)


def _merge(one: Run, other: Run) -> Run:
    floor = datetime(1970, 1, 1)  # noqa: DTZ001 - dates here carry no zone
    early, late = sorted((one, other), key=lambda run: run.date or floor)
    return replace(late, params_b=late.params_b or early.params_b, figures={**early.figures, **late.figures})


def _record(run: Run) -> tuple[dict[str, object], list[str]]:
    record: dict[str, object] = {
        "model_id": run.model_id,
        "revision": run.revision,
        "precision": run.precision,
        "params_b": run.params_b,
        "reported_params_b": run.params_b,
        "params_evidence": "counted by lm-eval" if run.params_b is not None else None,
        "chat_template": run.chat_template,
        "submitted": run.date,
        "source": SOURCE_OWN_RUN,
    }
    notes = []
    for benchmark in BENCHMARKS:
        figures = {
            task: run.figures[task]
            for task, (key, _) in TASKS.items()
            if key == benchmark.key and task in run.figures
        }
        expected = sum(1 for key, _ in TASKS.values() if key == benchmark.key)
        if len(figures) < expected:
            had = f"{len(figures)} of {expected} subtasks" if figures else "no results"
            notes.append(f"{run.model_id}: {benchmark.label} is left unknown ({had}).")
            continue
        raw, points, error, asked = _score(benchmark.key, figures)
        record |= {benchmark.raw: raw, benchmark.key: points, benchmark.se: error}
        if asked is not None and asked < _FULL[benchmark.key]:
            notes.append(
                f"{run.model_id}: {benchmark.label} was run on {asked:,} of {_FULL[benchmark.key]:,} "
                "questions; its error is larger for it."
            )
    return record | scoring.average_of(record), notes


def _score(key: str, figures: Mapping[str, Figure]) -> tuple[float, float, float, int | None]:
    """Raw score, points, their standard error, and the number of questions where every file says it."""
    asked = [figure.questions for figure in figures.values()]
    total = sum(count for count in asked if count is not None) if None not in asked else None
    if key in ("bbh", "musr"):
        subtasks = scoring.BBH_SUBTASKS if key == "bbh" else scoring.MUSR_SUBTASKS
        by_name = {task.removeprefix(f"leaderboard_{key}_"): figure for task, figure in figures.items()}
        accuracies = {name: figure.value for name, figure in by_name.items()}
        counted = {
            name: replace(subtask, questions=by_name[name].questions or subtask.questions)
            for name, subtask in subtasks.items()
        }
        score = scoring.bbh_score if key == "bbh" else scoring.musr_score
        error = scoring.standard_error_of_subtasks(accuracies, counted)
        return math.fsum(accuracies.values()) / len(accuracies), score(accuracies), error, total
    weights = [_questions(task, figure) for task, figure in figures.items()]
    shares = [figure.value * weight for figure, weight in zip(figures.values(), weights, strict=True)]
    raw = math.fsum(shares) / sum(weights)
    points = float(scoring.normalise(raw, scoring.LOWER_BOUNDS[key]))
    full_error = float(scoring.standard_error(key, raw))
    return raw, points, full_error * math.sqrt(_FULL[key] / sum(weights)), total


def _questions(task: str, figure: Figure) -> int:
    """How often a subtask counts: its questions as run, else as the board ran it."""
    if figure.questions is not None:
        return figure.questions
    if task.startswith("leaderboard_gpqa_"):
        return scoring.GPQA_QUESTIONS[task.removeprefix("leaderboard_gpqa_")]
    if task.startswith("leaderboard_math_"):
        return MATH_SUBTASKS[task.removeprefix("leaderboard_math_").removesuffix("_hard")]
    return _FULL[TASKS[task][0]]
