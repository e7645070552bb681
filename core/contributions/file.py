"""``basewise-contribution.json``: a page exports it, its author completes it, the project takes it or not.

One file holds rows of one kind. Sizes are numbers of training examples, lengths tokens, times seconds, memory
GB of 1e9 bytes. Nothing in it can hold a reader's text: every string is short and none is an example.
"""

from __future__ import annotations

from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta

from core.errors import InvalidInputError

FORMAT: Final = "basewise-contribution"
VERSION: Final = 1
NAME: Final = "basewise-contribution.json"
MAX_BYTES: Final = 1_000_000
MAX_ROWS: Final = 500

Name = Annotated[str, Meta(min_length=1, max_length=200)]
Short = Annotated[str, Meta(max_length=200)]
Count = Annotated[int, Meta(ge=1, le=1_000_000_000)]
Gb = Annotated[float, Meta(gt=0, le=1e4)]


class _Part(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    pass


class MemoryRow(_Part, frozen=True, kw_only=True):
    """The peak of one training run. ``peak_gb`` is None in a file that was exported to be filled in."""

    model_id: Name
    method: Literal["qlora", "lora"]
    sequence_length: Count
    batch_size: Count
    lora_rank: Count
    targets: Name
    gradient_checkpointing: bool
    gpu: Name
    measure: Literal["peak memory allocated", "peak memory reserved", "nvidia-smi"]
    peak_gb: Gb | None = None


class PilotRow(_Part, frozen=True, kw_only=True):
    """One model tuned on one subset: the mean score of the held-out examples."""

    model_id: Name
    revision: Short
    subset: Count
    learning_rate: Annotated[float, Meta(gt=0, le=1)]
    mean_score: Annotated[float, Meta(ge=0, le=1e12)]
    mean_bits_per_byte: Annotated[float, Meta(ge=0, le=1e3)] | None = None
    seconds: Annotated[float, Meta(gt=0, le=1e8)]
    peak_gb: Gb | None = None


class PilotSettings(_Part, frozen=True, kw_only=True):
    """What all runs of a pilot share. ``task`` is a preset's key, ``better`` the side that is better."""

    task: Name
    measure: Name
    better: Literal["lower", "higher"]
    examples: Count
    held_out: Count
    lora_rank: Count
    batch_size: Count
    epochs: Annotated[float, Meta(gt=0, le=1_000)]
    sequence_length: Count
    gpu: Name
    memory_gb: Annotated[float, Meta(ge=0, le=1e4)]


class ScoreRow(_Part, frozen=True, kw_only=True):
    """One published figure of a base, in the benchmark's own unit. ``shots`` is "" where it isn't stated."""

    benchmark: Name
    shots: Annotated[str, Meta(max_length=8)] = ""
    value: Annotated[float, Meta(ge=-1e6, le=1e6)]


class Base(_Part, frozen=True, kw_only=True):
    """The base the scores are of. "" and None are unknown; ``report`` is the title of the document."""

    model_id: Name
    publisher: Short = ""
    family: Short = ""
    released: Annotated[str, Meta(max_length=7)] = ""
    params_b: Annotated[float, Meta(gt=0, le=5_000)] | None = None
    active_params_b: Annotated[float, Meta(gt=0, le=5_000)] | None = None
    licence: Short = ""
    report: Short = ""


class _File(_Part, frozen=True, kw_only=True):
    """What all files share. ``source``: the https address where the figures stand, "" without one."""

    format: Literal["basewise-contribution"] = FORMAT
    version: Literal[1] = VERSION
    created: Annotated[str, Meta(pattern=r"^\d{4}-\d\d-\d\d$", max_length=10)]
    by: Annotated[str, Meta(max_length=80)] = ""
    source: Annotated[str, Meta(max_length=300)] = ""
    licence: Literal["CC0-1.0", "CC-BY-4.0"] = "CC0-1.0"
    note: Annotated[str, Meta(max_length=300)] = ""


class Memory(_File, frozen=True, kw_only=True, tag_field="kind", tag="memory"):
    rows: Annotated[list[MemoryRow], Meta(min_length=1, max_length=MAX_ROWS)]


class Pilot(_File, frozen=True, kw_only=True, tag_field="kind", tag="pilot"):
    settings: PilotSettings
    rows: Annotated[list[PilotRow], Meta(min_length=1, max_length=MAX_ROWS)]


class Scores(_File, frozen=True, kw_only=True, tag_field="kind", tag="scores"):
    base: Base
    rows: Annotated[list[ScoreRow], Meta(min_length=1, max_length=MAX_ROWS)]


Contribution = Memory | Pilot | Scores


class _Head(msgspec.Struct):
    format: str = ""
    version: int = 0


def read_contribution(body: bytes) -> Contribution:
    """The contribution in a file.

    Raises:
        InvalidInputError: too large, no JSON, something else, of another version, or a field is missing or
            wrong: names row and field. What the figures say is checked by :func:`core.contributions.faults`.
    """
    if len(body) > MAX_BYTES:
        raise _refused(f"it is {len(body) / 1e6:.1f} MB; at most {MAX_BYTES / 1e6:.0f} MB are read")
    try:
        head = msgspec.json.decode(body, type=_Head)
        if head.format != FORMAT:
            raise _refused("it is no contribution", f"Start from the {NAME} that a page of the app exports.")
        if head.version != VERSION:
            raise _refused(f"it has version {head.version}, and version {VERSION} is read", "Export it anew.")
        found: Contribution = msgspec.json.decode(body, type=Memory | Pilot | Scores)
    except msgspec.ValidationError as error:
        raise _refused(_in_words(str(error)[:300])) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise _refused("it is not whole JSON", "Save it as plain text in UTF-8.") from None
    return found


def to_json(contribution: Contribution) -> str:
    """The file's text, for people to read and complete."""
    return msgspec.json.format(msgspec.json.encode(contribution), indent=2).decode() + "\n"


def _in_words(error: str) -> str:
    """The library's "… - at `$.rows[1].value`" with rows counted from one."""
    what, _, where = error.partition(" - at `$.rows[")
    number, _, rest = where.partition("]")
    if not number.isdigit():
        return error.replace(" - at `$.", " in `")
    return f"row {int(number) + 1}: {what}" + (f" in {rest.strip('.`')}" if rest.strip(".`") else "")


def _refused(why: str, remedy: str = "") -> InvalidInputError:
    remedy = remedy or "CONTRIBUTING.md shows each kind of file."
    return InvalidInputError(f"The file can't be taken: {why}.", source=NAME, remedy=remedy)
