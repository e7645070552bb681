"""``basewise-pilot.json``: what the notebook's trial runs leave behind, and what makes a file unusable.

The file holds figures only, nothing of the reader's texts. Its checksum finds cut and edited figures; it is
no signature, and doesn't protect from someone who works it out anew.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal

import msgspec
import numpy as np
from msgspec import Meta

from core.errors import InvalidInputError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from core.decision.tasks import Task

FORMAT: Final = "basewise-pilot"
VERSION: Final = 1
NAME: Final = "basewise-pilot.json"
MAX_BYTES: Final = 20_000_000
MAX_MODELS: Final = 50
MAX_SUBSETS: Final = 12
MAX_EXAMPLES: Final = 5_000
FEWEST_EXAMPLES: Final = 20
# Means in the file are written with at least this relative precision.
_PRECISION: Final = 1e-6

Name = Annotated[str, Meta(min_length=1, max_length=200)]
Hash = Annotated[str, Meta(pattern="^[0-9a-f]{16,64}$", max_length=64)]
Count = Annotated[int, Meta(ge=1, le=1_000_000_000)]
Figure = Annotated[float, Meta(ge=0, le=1e12)]
Figures = Annotated[list[Figure], Meta(min_length=FEWEST_EXAMPLES, max_length=MAX_EXAMPLES)]


class _Part(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    pass


class TaskNamed(_Part, frozen=True, kw_only=True):
    """The question the pilot was run for. ``key`` is :func:`task_key` of it."""

    preset: Name
    output: Name
    key: Hash


class Measure(_Part, frozen=True, kw_only=True):
    """What ``scores`` are. ``top``: the best score there can be, where higher is better, such as 1."""

    name: Name
    unit: Annotated[str, Meta(max_length=60)]
    better: Literal["lower", "higher"]
    top: Annotated[float, Meta(gt=0, le=1e6)] | None = None


class Examples(_Part, frozen=True, kw_only=True):
    """``train``: all the reader has; ``held_out``: those every run is scored on; and a hash of the latter."""

    train: Count
    held_out: Annotated[int, Meta(ge=FEWEST_EXAMPLES, le=MAX_EXAMPLES)]
    held_out_sha256: Hash


class Model(_Part, frozen=True, kw_only=True):
    """One candidate. ``dropped_after``: the subset after which it could no longer win, if it was dropped."""

    model_id: Name
    revision: Annotated[str, Meta(max_length=64)]
    dropped_after: Count | None = None


class Run(_Part, frozen=True, kw_only=True):
    """One model tuned on one subset: a score for each held-out example, in their order, and the means."""

    model_id: Name
    subset: Count
    learning_rate: Annotated[float, Meta(gt=0, le=1)]
    scores: Figures
    mean_score: Figure
    bits_per_byte: Figures | None = None
    mean_bits_per_byte: Figure | None = None
    seconds: Annotated[float, Meta(gt=0, le=1e8)]
    peak_gb: Annotated[float, Meta(gt=0, le=1e4)] | None = None


class Settings(_Part, frozen=True, kw_only=True):
    """The recipe all runs share."""

    method: Name
    lora_rank: Count
    batch_size: Count
    epochs: Annotated[float, Meta(gt=0, le=1_000)]
    sequence_length: Count
    seed: Annotated[int, Meta(ge=0)]


class Hardware(_Part, frozen=True, kw_only=True):
    """The card and the libraries."""

    gpu: Name
    memory_gb: Annotated[float, Meta(ge=0, le=1e4)]
    versions: Annotated[dict[Name, Name], Meta(max_length=30)] = msgspec.field(default_factory=dict)


class Pilot(_Part, frozen=True, kw_only=True):
    """A whole file. Sizes are numbers of training examples, times are seconds, memory is GB of 1e9 bytes."""

    format: Literal["basewise-pilot"]
    version: Literal[1]
    created: Annotated[str, Meta(pattern=r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$", max_length=20)]
    task: TaskNamed
    measure: Measure
    examples: Examples
    models: Annotated[list[Model], Meta(min_length=1, max_length=MAX_MODELS)]
    subsets: Annotated[list[Count], Meta(min_length=1, max_length=MAX_SUBSETS)]
    runs: Annotated[list[Run], Meta(min_length=1, max_length=MAX_MODELS * MAX_SUBSETS * 5)]
    settings: Settings
    hardware: Hardware
    checksum: Annotated[str, Meta(pattern="^[0-9a-f]{64}$", max_length=64)]

    def best_runs(self, model_id: str) -> list[Run]:
        """The model's runs by growing subset, each at its best learning rate."""
        best: dict[int, Run] = {}
        sign = 1 if self.measure.better == "lower" else -1
        for run in self.runs:
            if run.model_id == model_id:
                other = best.get(run.subset)
                if other is None or sign * run.mean_score < sign * other.mean_score:
                    best[run.subset] = run
        return [best[size] for size in sorted(best)]


class _Head(msgspec.Struct):
    format: str = ""
    version: int = 0


def read_pilot(data: bytes) -> Pilot:
    """The pilot in a file the reader brings.

    Args:
        data: the file's bytes.

    Raises:
        InvalidInputError: it is too large, cut off, something else, of another version, lacks a field or
            holds what can't be, contradicts itself, or was changed after it was written. Says which, and
            that the answer stays as it is.
    """
    if len(data) > MAX_BYTES:
        raise _unusable(f"it is {len(data) / 1e6:.1f} MB, and at most {MAX_BYTES / 1e6:.0f} MB are read")
    head = _head(data)
    if head.format != FORMAT:
        raise _unusable("it is not the file of a pilot", f"Choose the {NAME} that the notebook wrote.")
    if head.version != VERSION:
        raise _unusable(
            f"it has version {head.version}, and this page reads version {VERSION}",
            "Run the pilot with the notebook this page offers today.",
        )
    try:
        pilot = msgspec.json.decode(data, type=Pilot)
    except (msgspec.ValidationError, RecursionError) as error:
        raise _unusable(f"a field is missing or wrong ({str(error)[:160]})") from None
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise _unusable("it is not whole JSON", "Download it again once the notebook has finished.") from None
    wrong = next(_contradictions(pilot), None)
    if wrong:
        raise _unusable(f"its figures contradict each other: {wrong}")
    if checksum(json.loads(data)) != pilot.checksum:
        raise _unusable("it was changed after the notebook wrote it: the checksum differs")
    return pilot


def checksum(document: Mapping[str, Any]) -> str:
    """SHA-256 of the document without its ``checksum``, as JSON with sorted keys and no blanks.

    >>> checksum({"b": 1, "a": [0.5], "checksum": "x"}) == hashlib.sha256(b'{"a":[0.5],"b":1}').hexdigest()
    True
    """
    rest = {key: value for key, value in document.items() if key != "checksum"}
    text = json.dumps(rest, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(text.encode("ascii")).hexdigest()


def task_key(task: Task) -> str:
    """What a pilot's figures hold for: the answers and the prompt, hashed, so that no text is in the file."""
    text = json.dumps([task.output, list(task.targets), task.template])
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def _head(data: bytes) -> _Head:
    try:
        return msgspec.json.decode(data, type=_Head)
    except msgspec.ValidationError:
        raise _unusable(
            "it is not the file of a pilot", f"Choose the {NAME} that the notebook wrote."
        ) from None
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise _unusable(
            "it is cut off, or not JSON", "Download it again once the notebook has finished."
        ) from None
    except RecursionError:
        raise _unusable("it is nested too deep to be a pilot") from None


def _contradictions(pilot: Pilot) -> Any:
    """Sentences on what can't be true, the gravest first."""
    names = [model.model_id for model in pilot.models]
    if len(set(names)) < len(names):
        yield "a model is listed twice"
    if any(larger <= smaller for smaller, larger in zip(pilot.subsets, pilot.subsets[1:], strict=False)):
        yield "the subsets don't grow"
    if pilot.subsets[-1] > pilot.examples.train:
        yield f"a subset has {pilot.subsets[-1]:,} examples, all the data {pilot.examples.train:,}"
    if (pilot.measure.better == "higher") != (pilot.measure.top is not None):
        yield "the best score there can be goes with measures where higher is better, and only with them"
    seen = set()
    for run in pilot.runs:
        where = f"{run.model_id} on {run.subset:,} examples"
        if run.model_id not in names or run.subset not in pilot.subsets:
            yield f"{where} is not in the plan"
        if (run.model_id, run.subset, run.learning_rate) in seen:
            yield f"{where} stands there twice"
        seen.add((run.model_id, run.subset, run.learning_rate))
        yield from _run_contradictions(run, pilot, where)
    for model in pilot.models:
        done = [run.subset for run in pilot.best_runs(model.model_id)]
        if done != pilot.subsets[: len(done)]:
            yield f"{model.model_id} lacks a subset before its largest"
        if model.dropped_after is not None and (not done or done[-1] != model.dropped_after):
            yield f"{model.model_id} was dropped after {model.dropped_after:,}, its runs say otherwise"


def _run_contradictions(run: Run, pilot: Pilot, where: str) -> Any:
    pairs = [(run.scores, run.mean_score, "scores")]
    if (run.bits_per_byte is None) != (run.mean_bits_per_byte is None):
        yield f"{where} has bits per byte without their mean, or the mean alone"
    elif run.bits_per_byte is not None and run.mean_bits_per_byte is not None:
        pairs.append((run.bits_per_byte, run.mean_bits_per_byte, "bits per byte"))
    for figures, mean, what in pairs:
        if len(figures) != pilot.examples.held_out:
            yield f"{where} has {len(figures):,} {what} for {pilot.examples.held_out:,} held-out examples"
        if abs(float(np.mean(figures)) - mean) > _PRECISION * max(1.0, abs(mean)):
            yield f"{where}: the mean of its {what} is {np.mean(figures):.6g}, not {mean:.6g}"
    if pilot.measure.top is not None and max(run.scores) > pilot.measure.top:
        yield f"{where} has a score above the best there can be, {pilot.measure.top:g}"


def _unusable(why: str, remedy: str = "") -> InvalidInputError:
    return InvalidInputError(
        f"The file can't be used to update the answer: {why}.",
        source=NAME,
        remedy=remedy or f"Choose the {NAME} as the notebook wrote it. The answer stays as it was.",
    )
