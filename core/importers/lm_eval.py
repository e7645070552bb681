"""Results of lm-evaluation-harness (v0.4 layout, ``leaderboard`` tasks) as rows of the leaderboard.

What a run was asked is compared with what the board asks: other questions leave a score unknown, other
settings are said in the row's ``comparability``.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from msgspec import UNSET

from core.board import scoring
from core.errors import InvalidInputError, InvalidTableError, SourceUnavailableError
from core.importers import run_identity
from core.importers.bounded_json import read_json
from core.importers.checks import MAX_TEXT
from core.importers.contract_frame import SOURCE_OWN_RUN, contract_frame
from core.importers.harness_tasks import (
    FULL,
    GENERATED,
    IFEVAL_SECOND,
    MATH_SUBTASKS,
    SHOTS,
    TASKS,
    Figure,
    board_questions,
    other_questions,
    other_shots,
    score,
)
from core.importers.join_board import complete_rows
from core.importers.results_file import Entry, Questions, ResultsFile, TaskConfig, read_part
from core.schema import BENCHMARKS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import pandas as pd

    from core.importers.run_identity import Identity
    from core.schema import Benchmark

__all__ = ["MATH_SUBTASKS", "TASKS", "Imported", "Run", "import_results", "parse_results", "read_results"]

MAX_FILE_BYTES: Final = 8_000_000
MAX_FILES: Final = 500
MAX_TOTAL_BYTES: Final = 100_000_000
LAYOUT: Final = "lm-evaluation-harness 0.4 with --tasks leaderboard"
_MAX_TEXT: Final = 200
_SHOWN: Final = 80


@dataclass(frozen=True, slots=True)
class Run:
    """What one results file, or several about the same model and setting, hold."""

    identity: Identity
    params_b: float | None
    chat_template: bool | None
    date: datetime | None
    harness: str | None
    settings: tuple[str, ...] = ()
    figures: Mapping[str, Figure] = field(default_factory=dict)

    @property
    def model_id(self) -> str:
        return self.identity.name.short

    @property
    def precision(self) -> str | None:
        return self.identity.precision

    @property
    def revision(self) -> str | None:
        return self.identity.revision


@dataclass(frozen=True, slots=True)
class Imported:
    """Rows in the contract's columns, and in plain words what is missing or was left out."""

    frame: pd.DataFrame
    notes: tuple[str, ...] = ()


def read_results(path: str | Path) -> pd.DataFrame:
    """One results file, or all ``*.json`` results below a folder, in the columns of the board.

    ``attrs["messages"]`` says what is missing or differs from the board's way.

    Raises:
        SourceUnavailableError: nothing there.
        InvalidTableError, InvalidInputError: what is there can't be used; names file, task and figure.
    """
    imported = import_results(_files(Path(path)))
    frame = complete_rows(imported.frame)
    frame.attrs["messages"] = list(imported.notes)
    return frame


def import_results(files: Iterable[tuple[str, bytes]], *, model_name: str | None = None) -> Imported:
    """Rows from results files given as (name, content).

    Files about the same model in the same setting become one row; where they hold the same task, the later
    run wins, and a note says so. Whatever makes another model of it (adapter, revision, quantisation, ...) or
    another test (system instruction, chat template, examples) makes a row of its own, under its own name.

    Args:
        files: name and content of each.
        model_name: what to call the model of files that don't name theirs.

    Raises:
        InvalidTableError, InvalidInputError: a file can't be used; names file, task and figure.
    """
    runs: list[Run] = []
    notes: list[str] = []
    for name, body in files:
        run = parse_results(body, name=name, model_name=model_name)
        if not run.figures:
            notes.append(f"{name} holds no task of the leaderboard group and was left out.")
            continue
        notes += _put_in(runs, run, name)
    if not runs:
        raise InvalidInputError(
            "No results of the leaderboard tasks were found.",
            source=", ".join(notes)[:_MAX_TEXT],
            remedy=f"Upload the results_*.json of {LAYOUT}.",
        )
    records = []
    for run, model_id in zip(runs, run_identity.tell_apart([run.identity for run in runs]), strict=True):
        record, about = _record(run, model_id)
        records.append(record)
        notes += about
    return Imported(contract_frame(records), tuple(notes))


def parse_results(body: bytes, *, name: str, model_name: str | None = None) -> Run:
    """One results file.

    Raises:
        InvalidInputError: not JSON, too large, not the harness's layout, or without a model's name.
        InvalidTableError: a figure isn't a share between 0 and 1.
    """
    document = read_json(body, name=name, max_bytes=MAX_FILE_BYTES)
    file = read_part(ResultsFile, document)
    if file.results is None:
        raise InvalidInputError(
            "The file holds no “results” as the harness writes them.",
            source=name,
            remedy=f"Upload the results_*.json of {LAYOUT}.",
        )
    identity = run_identity.identify(file, name=name, given_name=model_name)
    parameters = file.config.model_num_parameters
    # A quantised or adapted model counts packed numbers or the adapter's too.
    countable = not identity.quantised and identity.base is None
    return Run(
        identity=identity,
        params_b=parameters / 1e9 if countable and parameters is not None else None,
        chat_template=None if file.chat_template is UNSET else bool(file.chat_template),
        date=None if file.date is None else datetime.fromtimestamp(file.date, UTC).replace(tzinfo=None),
        harness=file.lm_eval_version and file.lm_eval_version[:_MAX_TEXT],
        settings=_settings(file),
        figures=_figures(file, name),
    )


def _settings(file: ResultsFile) -> tuple[str, ...]:
    """How the run was prompted otherwise than the board's, as far as it goes for every task."""
    told = []
    if run_identity.has_system_instruction(file):
        told.append("run with a system instruction, which the board gives to none")
    if file.chat_template and file.fewshot_as_multiturn is False:
        told.append("examples stood in one message, on the board in turns")
    return tuple(told)


def _figures(file: ResultsFile, name: str) -> dict[str, Figure]:
    figures = {}
    generated = run_identity.generated_with(file.config)
    results = file.results or {}
    for task, (benchmark, metric) in TASKS.items():
        entry = results.get(task, {})
        if (value := _share(entry, metric, task, name)) is not None:
            how = generated if benchmark in GENERATED else ""
            figures[task] = Figure(value, *_asked(file, entry, task), how)
    if "leaderboard_ifeval" in figures:
        second = _share(results["leaderboard_ifeval"], IFEVAL_SECOND, "leaderboard_ifeval", name)
        first = figures.pop("leaderboard_ifeval")
        if second is not None:
            figures["leaderboard_ifeval"] = replace(first, value=(first.value + second) / 2)
    return figures


def _asked(
    file: ResultsFile, entry: Mapping[str, Any], task: str
) -> tuple[int | None, int | None, int | None]:
    """Questions asked, questions the task holds, examples before each: None where the file doesn't say."""
    counts = file.questions.get(task, Questions())
    original = _whole(counts.original)
    questions = _whole(counts.effective) or _whole(read_part(Entry, entry).sample_len)
    if questions is None:
        questions = _limited(file.config.limit, original or board_questions(task))
    settings = file.configs.get(task, TaskConfig())
    return questions, original, file.shots.get(task, settings.num_fewshot)


def _limited(limit: float | None, questions: int) -> int | None:
    """Of so many questions those that ``--limit`` lets through: a number, or below 1 a share."""
    if limit is not None and limit < 1:
        return math.ceil(limit * questions)
    count = _whole(limit)
    return None if count is None else min(count, questions)


def _whole(number: float | None) -> int | None:
    return int(number) if number is not None and number == int(number) else None


def _put_in(runs: list[Run], run: Run, name: str) -> list[str]:
    """Join a run to one of the same model and setting, or add it; notes on what was replaced."""
    for place, other in enumerate(runs):
        if other.identity.key != run.identity.key or other.settings != run.settings:
            continue
        shared = [task for task in run.figures if task in other.figures]
        if any(_asked_otherwise(run.figures[task], other.figures[task]) for task in shared):
            continue
        runs[place] = _merge(other, run)
        differing = [task for task in shared if run.figures[task].value != other.figures[task].value]
        if differing:
            more = f" and {len(differing) - 1} more" if len(differing) > 1 else ""
            twice = f"{run.model_id} was run more than once on {differing[0]}{more} in the same setting"
            return [f"{name}: {twice}; the later run counts."]
        return []
    runs.append(run)
    return []


def _asked_otherwise(one: Figure, other: Figure) -> bool:
    return replace(one, value=0) != replace(other, value=0)


def _merge(one: Run, other: Run) -> Run:
    floor = datetime(1970, 1, 1)  # noqa: DTZ001 - dates here carry no zone
    early, late = sorted((one, other), key=lambda run: run.date or floor)
    return replace(late, params_b=late.params_b or early.params_b, figures={**early.figures, **late.figures})


def _record(run: Run, model_id: str) -> tuple[dict[str, object], list[str]]:
    identity = run.identity
    record: dict[str, object] = {
        "model_id": model_id,
        "weights_of": None if identity.base is not None else identity.weights_of,
        "revision": run.revision,
        "precision": run.precision,
        "params_b": run.params_b,
        "reported_params_b": run.params_b,
        "params_evidence": "counted by lm-eval" if run.params_b is not None else None,
        "chat_template": run.chat_template,
        "submitted": run.date,
        "source": SOURCE_OWN_RUN,
    }
    if identity.base is not None:
        record |= {
            "kind": "finetune",
            "kind_evidence": identity.put_on,
            "declared_base": identity.base.short,
        }
    notes, differs = [], list(run.settings)
    absent = []
    for benchmark in BENCHMARKS:
        if not any(TASKS[task][0] == benchmark.key for task in run.figures):
            absent.append(benchmark.label)
            continue
        about = _add_score(record, benchmark, run.figures, differs)
        notes += [f"{model_id}: {text}" for text in about]
    notes += [f"{model_id}: {text}." for text in run.settings]
    if absent:
        notes.append(f"{model_id}: no results for {', '.join(absent)}; left unknown.")
    if differs:
        record["comparability"] = _within("; ".join(differs), MAX_TEXT)
    return record | scoring.average_of(record), notes


def _add_score(
    record: dict[str, object], benchmark: Benchmark, all_figures: Mapping[str, Figure], differs: list[str]
) -> list[str]:
    """Put a benchmark's score into ``record`` and what forbids comparing it into ``differs``; notes."""
    tasks = [task for task, (key, _) in TASKS.items() if key == benchmark.key]
    figures = {task: all_figures[task] for task in tasks if task in all_figures}
    if len(figures) < len(tasks):
        return [f"{benchmark.label} is left unknown ({len(figures)} of {len(tasks)} subtasks)."]
    if other := other_questions(figures):
        task, held, of_board = other
        counts = f"{task} has {held:,} questions, the board's has {of_board:,}"
        return [f"{benchmark.label} is left unknown: {counts}, so it is another test."]
    raw, points, error, asked = score(benchmark.key, figures)
    record |= {benchmark.raw: raw, benchmark.key: points, benchmark.se: error}
    notes = []
    if shots := other_shots(benchmark.key, figures):
        told = f"{benchmark.label} with {_listed(shots)} shots, on the board with {SHOTS[benchmark.key]}"
        differs.append(told)
        notes.append(f"{told}: the scores do not compare.")
    if said := sorted({figure.generated for figure in figures.values() if figure.generated}):
        told = f"{benchmark.label} answered with {said[0][:_SHOWN]}, on the board as the task says"
        differs.append(told)
        notes.append(f"{told}: the scores may not compare.")
    full = FULL[benchmark.key]
    if asked is not None and asked < full:
        differs.append(f"{benchmark.label} on {asked:,} of {full:,} questions")
        notes.append(
            f"{benchmark.label} was run on {asked:,} of {full:,} questions; its error is larger for it."
        )
    return notes


def _listed(numbers: Sequence[int]) -> str:
    return " and ".join(str(number) for number in numbers[:4])


def _within(text: str, longest: int) -> str:
    return text if len(text) <= longest else f"{text[: longest - 2]} …"


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


def _share(entry: Mapping[str, Any], metric: str, task: str, name: str) -> float | None:
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
    return float(value)
