"""A results file of lm-evaluation-harness by its types.

Versions and forks of the harness write some parts otherwise. A part that isn't of the harness's type is as if
it weren't there: what rests on it stays unknown, and the rest of the file counts.
"""

from __future__ import annotations

from typing import Annotated, Any, TypeVar, get_args, get_origin

import msgspec
from msgspec import UNSET, Meta

_Part = TypeVar("_Part", bound=msgspec.Struct)
# Some forks write whole numbers with a point.
_Number = Annotated[float, Meta(ge=1, lt=10**7)]
_Shots = Annotated[int, Meta(ge=0, lt=10**4)]
_Line = Annotated[str, Meta(pattern=r"\S")]
# From 2014 to 2099, in seconds.
_Time = Annotated[float, Meta(gt=1.4e9, lt=4.1e9)]


class Config(msgspec.Struct, frozen=True):
    """How the harness was called, and what it saw of the model."""

    model_args: Any = None
    gen_kwargs: Any = None
    limit: Annotated[float, Meta(gt=0, lt=10**7)] | None = None
    model_num_parameters: Annotated[int, Meta(gt=0, lt=10**14)] | None = None
    model_dtype: _Line | None = None
    model_revision: _Line | None = None
    model_sha: _Line | None = None
    peft_sha: _Line | None = None
    delta_sha: _Line | None = None


class Questions(msgspec.Struct, frozen=True):
    """Of one task: questions it holds, and those that were asked."""

    original: _Number | None = None
    effective: _Number | None = None


class Entry(msgspec.Struct, frozen=True):
    """Of a task's results what is no figure."""

    sample_len: _Number | None = None


class TaskConfig(msgspec.Struct, frozen=True):
    num_fewshot: _Shots | None = None


class ResultsFile(msgspec.Struct, frozen=True):
    """The parts that are read, by the names they have in the file.

    What is UNSET isn't stated; None and "" say that there was none.
    """

    results: dict[str, dict[str, Any]] | None = None
    config: Config = Config()
    questions: dict[str, Questions] = msgspec.field(name="n-samples", default_factory=dict)
    configs: dict[str, TaskConfig] = {}
    shots: dict[str, _Shots] = msgspec.field(name="n-shot", default_factory=dict)
    date: _Time | None = None
    lm_eval_version: _Line | None = None
    model_name: _Line | None = None
    chat_template: Any = UNSET
    chat_template_sha: Any = UNSET
    system_instruction: Any = None
    system_instruction_sha: Any = None
    fewshot_as_multiturn: bool | None = None


def read_part(kind: type[_Part], document: Any) -> _Part:
    """``document`` as a ``kind``: each field that is of its type, the default of every other.

    >>> read_part(Questions, {"original": 541, "effective": "all"})
    Questions(original=541.0, effective=None)
    """
    if not isinstance(document, dict):
        return kind()
    found = {}
    for part in msgspec.structs.fields(kind):
        value = _of_type(document.get(part.encode_name, UNSET), part.type)
        if value is not UNSET:
            found[part.name] = value
    return kind(**found)


def _of_type(value: Any, kind: Any) -> Any:
    """``value`` as a ``kind``, of a dictionary those entries that are; UNSET if it is none."""
    if value is UNSET or kind is Any:
        return value
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        return read_part(kind, value)
    of_entries = next((one for one in (kind, *get_args(kind)) if get_origin(one) is dict), None)
    if of_entries is not None and isinstance(value, dict):
        _, entry = get_args(of_entries)
        read = {name: _of_type(one, entry) for name, one in value.items()}
        return {name: one for name, one in read.items() if one is not UNSET}
    try:
        return msgspec.convert(value, kind)
    except msgspec.ValidationError:
        return UNSET
