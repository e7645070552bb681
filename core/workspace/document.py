"""The file of a workspace: read by its types, then cell by cell, whatever a stranger wrote into it."""

from __future__ import annotations

import json
from dataclasses import fields, replace
from typing import TYPE_CHECKING, Annotated, Any, Final

import msgspec
import pandas as pd

from core.board import contents
from core.errors import InvalidInputError
from core.field import entered
from core.field.entered import Entered  # noqa: TC001 - msgspec reads the types of the fields
from core.hub import evals as hub_evals
from core.hub.models import HubModel  # noqa: TC001 - as above
from core.hub.repo_ids import check_repo_id
from core.importers.checks import CellError, checked
from core.importers.contract_frame import OWN_SOURCES, contract_frame

if TYPE_CHECKING:
    from collections.abc import Iterator

FORMAT: Final = "basewise-workspace"
SCHEMA: Final = 1
MAX_BYTES: Final = 10_000_000
MAX_BATCHES: Final = 50
MAX_ROWS: Final = 5_000
MAX_MODELS: Final = 200
MAX_EVALS: Final = 5_000
MAX_ENTERED: Final = 50
MAX_CONFIG: Final = 50_000
MAX_LINE: Final = 500
MAX_NOTES: Final = 200
_MAX_CONTEXT: Final = 10**9


class _Head(msgspec.Struct):
    format: Any = None
    schema_version: Any = None


class BatchPart(msgspec.Struct, kw_only=True):
    """An upload; each row holds what is known of it."""

    name: str
    added: str
    notes: list[str] = []
    rows: Annotated[list[dict[str, Any]], msgspec.Meta(min_length=1, max_length=MAX_ROWS)]


class EvalPart(msgspec.Struct, kw_only=True):
    """A community eval, in the columns of :data:`core.hub.evals.COLUMNS`."""

    model_id: str
    value: float
    benchmark: str | None = None
    task: str | None = None
    ran_by: str | None = None
    verified: str | None = None
    date: str | None = None
    link: str | None = None
    notes: str | None = None
    read: str | None = None


class Document(msgspec.Struct):
    """All of the file; what a part left out is empty."""

    batches: Annotated[list[BatchPart], msgspec.Meta(max_length=MAX_BATCHES)] = []
    models: Annotated[list[HubModel], msgspec.Meta(max_length=MAX_MODELS)] = []
    kinds: Annotated[dict[str, str], msgspec.Meta(max_length=MAX_MODELS)] = {}
    evals: Annotated[list[EvalPart], msgspec.Meta(max_length=MAX_EVALS)] = []
    entered: Annotated[list[Entered], msgspec.Meta(max_length=MAX_ENTERED)] = []
    pilots: list[dict[str, Any]] = []


def decode(body: bytes, name: str) -> Document:
    """The file's parts in their types; texts are lines, models and bases have names that the Hub allows.

    Raises:
        InvalidInputError: too large, no workspace, of another version, or damaged.
        CellError: a text that is none.
    """
    if len(body) > MAX_BYTES:
        raise InvalidInputError(
            f"The file is {len(body) / 1e6:.1f} MB; at most {MAX_BYTES / 1e6:.0f} MB are read.",
            source=name,
            remedy="Use the file as it was downloaded.",
        )
    try:
        head = msgspec.json.decode(body, type=_Head)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        head = _Head()
    if head.format != FORMAT:
        raise InvalidInputError(
            "The file is not a workspace of this app.",
            source=name,
            remedy="Choose the file that “Download the workspace” gave; results go under “Results”.",
        )
    if head.schema_version != SCHEMA:
        raise InvalidInputError(
            "The workspace was saved by another version of this app.",
            source=name,
            remedy="Upload the original results again.",
        )
    try:
        document = msgspec.json.decode(body, type=Document)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise damaged(name, str(error)) from None
    for parts in (document.batches, document.models, document.evals, document.entered):
        for part in parts:
            for text in _texts(part):
                line(text)
    return document


def damaged(name: str, why: str = "") -> InvalidInputError:
    """For a file that was changed after it was downloaded."""
    said = "".join(letter for letter in why[:160] if letter.isprintable())
    return InvalidInputError(
        f"The workspace is damaged{f' ({said})' if said else ''}.",
        source=name,
        remedy="Use the file as it was downloaded.",
    )


def line(value: str) -> str:
    """``value``, which is shown in one line.

    Raises:
        CellError: it is too long, or holds what doesn't print.
    """
    if len(value) > MAX_LINE or not value.isprintable():
        raise CellError("a text", f"a line of at most {MAX_LINE} printable characters", value)
    return value


def rows_of(part: BatchPart) -> pd.DataFrame:
    """An upload's rows in the contract's columns.

    Raises:
        CellError, InvalidTableError: a cell or a name that can't be.
        ValueError, KeyError: a row that passes for somebody else's, or a column that is none.
    """
    records = [checked(record) for record in part.rows]
    if any(record.get("source") not in OWN_SOURCES for record in records):
        raise ValueError
    names = pd.Series([record.get("model_id") for record in records])
    contents.check_names(names, column="model_id", source="")
    return contract_frame(records)


def notes_of(part: BatchPart) -> tuple[str, ...]:
    return tuple(part.notes[:MAX_NOTES])


def model_of(model: HubModel) -> HubModel:
    """``model`` with figures that can be.

    Raises:
        CellError, InvalidInputError, ValueError: it has others.
    """
    check_repo_id(model.repo_id)
    checked({
        "model_id": model.repo_id, "params_b": model.params_b, "precision": model.precision,
        "license": model.license, "architecture": model.architecture, "likes": model.likes,
        "revision": model.revision, "uploaded": model.created,
    })  # fmt: skip
    if model.context_length is not None and not 0 < model.context_length < _MAX_CONTEXT:
        raise ValueError
    _check_config(model.config)
    return replace(
        model,
        base_models=tuple(check_repo_id(base) for base in model.base_models[:20]),
        notes=tuple(model.notes[:50]),
    )


def kinds_of(kinds: dict[str, str]) -> dict[str, str]:
    return {check_repo_id(name): str(checked({"kind": kind})["kind"]) for name, kind in kinds.items()}


def base_of(base: Entered) -> Entered:
    """``base``, which can be placed.

    Raises:
        InvalidInputError, ValueError: it has figures that can't be.
    """
    _check_config(base.config)
    entered.check(base)
    return base


def evals_of(parts: list[EvalPart]) -> pd.DataFrame:
    """Community evals as :mod:`core.hub.evals` holds them.

    Raises:
        InvalidInputError, ValueError: no repository's name, or a link that is no web address.
    """
    for part in parts:
        check_repo_id(part.model_id)
        if part.link is not None and not part.link.startswith(("https://", "http://")):
            raise ValueError
    rows = [msgspec.structs.asdict(part) for part in parts]
    return pd.DataFrame(rows, columns=list(hub_evals.COLUMNS)).astype(hub_evals.COLUMNS)


def _check_config(config: Any) -> None:
    if len(json.dumps(dict(config), ensure_ascii=False)) > MAX_CONFIG:
        raise CellError("a configuration", f"at most {MAX_CONFIG:,} characters", "…")


def _texts(part: Any) -> Iterator[str]:
    """Texts among a part's fields, also in lists; what a configuration holds is no line."""
    names = part.__struct_fields__ if isinstance(part, msgspec.Struct) else [f.name for f in fields(part)]
    for name in names:
        value = getattr(part, name)
        if isinstance(value, str):
            yield value
        elif isinstance(value, (list, tuple)):
            yield from (text for text in value if isinstance(text, str))
