"""What a reader added: own results and models of the Hub, as one value that can be saved and loaded.

The file is JSON, without code in any form. What comes back in is checked like any upload.
"""

from __future__ import annotations

import hashlib
import json
import math
from dataclasses import asdict, dataclass, field, fields, replace
from typing import TYPE_CHECKING, Any, Final

import msgspec
import pandas as pd

from core.board import contents
from core.errors import DataError, InvalidInputError
from core.field import entered
from core.field.entered import Entered
from core.hub import evals as hub_evals
from core.hub.cache import now
from core.hub.models import HubModel, to_rows
from core.hub.repo_ids import check_repo_id
from core.importers.bounded_json import read_json
from core.importers.checks import CellError, checked, printable
from core.importers.contract_frame import OWN_SOURCES, contract_frame
from core.workspace import pilots

if TYPE_CHECKING:
    from collections.abc import Mapping

FORMAT: Final = "basewise-workspace"
SCHEMA: Final = 1
MAX_BYTES: Final = 10_000_000
MAX_BATCHES: Final = 50
MAX_ROWS: Final = 5_000
MAX_MODELS: Final = 200
MAX_EVALS: Final = 5_000
MAX_ENTERED: Final = 50
MAX_CONFIG: Final = 50_000


@dataclass(frozen=True, slots=True)
class Batch:
    """Rows that came in together, in the contract's columns. ``added`` is ISO 8601 in UTC."""

    name: str
    rows: pd.DataFrame
    notes: tuple[str, ...] = ()
    added: str = ""


@dataclass(frozen=True, slots=True)
class Workspace:
    """Everything of one reader; changes make a new one."""

    batches: tuple[Batch, ...] = ()
    models: tuple[HubModel, ...] = ()
    kinds: Mapping[str, str] = field(default_factory=dict)
    evals: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(hub_evals.COLUMNS)))
    pilots: tuple[str, ...] = ()
    entered: tuple[Entered, ...] = ()

    @property
    def is_empty(self) -> bool:
        return self.adds_nothing and not self.pilots

    @property
    def adds_nothing(self) -> bool:
        """Whether board and field are the same without it."""
        return not self.batches and not self.models and self.evals.empty and not self.entered

    def with_entered(self, base: Entered) -> Workspace:
        """``base`` added; one of the same name is replaced.

        Raises:
            InvalidInputError: it can't be placed, or there are more than a workspace holds.
        """
        entered.check(base)
        kept = self.without_entered(base.model_id).entered
        return bounded(replace(self, entered=(*kept, base)))

    def without_entered(self, model_id: str) -> Workspace:
        return replace(self, entered=tuple(each for each in self.entered if each.model_id != model_id))

    def with_pilot(self, text: str) -> Workspace:
        """The file of a pilot added; an earlier one of the same task goes.

        Raises:
            InvalidInputError: it is none, or more than a workspace holds.
        """
        return bounded(replace(self, pilots=pilots.added(self.pilots, text)))

    def without_pilot(self, task_key: str) -> Workspace:
        kept = tuple(text for text in self.pilots if pilots.read(text).task.key != task_key)
        return replace(self, pilots=kept)

    def with_batch(self, batch: Batch) -> Workspace:
        """``batch`` added; one of the same name is replaced.

        Raises:
            InvalidInputError: more than a workspace holds.
        """
        others = tuple(other for other in self.batches if other.name != batch.name)
        added = replace(self, batches=(*others, replace(batch, added=batch.added or now()[:19])))
        return bounded(added)

    def without_batch(self, name: str) -> Workspace:
        return replace(self, batches=tuple(batch for batch in self.batches if batch.name != name))

    def with_model(self, model: HubModel, kind: str | None, evals: pd.DataFrame | None = None) -> Workspace:
        """``model`` added or renewed, with what the reader says it is and its community evals.

        Raises:
            InvalidInputError: more than a workspace holds.
        """
        kept = self.without_model(model.repo_id)
        kinds = {**kept.kinds, **({model.repo_id: kind} if kind else {})}
        found = kept.evals if evals is None else _stacked(kept.evals, evals)
        return bounded(replace(kept, models=(*kept.models, model), kinds=kinds, evals=found))

    def without_model(self, repo_id: str) -> Workspace:
        return replace(
            self,
            models=tuple(model for model in self.models if model.repo_id != repo_id),
            kinds={name: kind for name, kind in self.kinds.items() if name != repo_id},
            evals=self.evals[self.evals["model_id"] != repo_id].reset_index(drop=True),
        )

    def with_benchmark(self, evals: pd.DataFrame) -> Workspace:
        """What the leaderboard of one benchmark says, at least one row; what it said before goes.

        Raises:
            InvalidInputError: more than a workspace holds.
        """
        kept = self.without_benchmark(str(evals["benchmark"].iloc[0]))
        return bounded(replace(kept, evals=_stacked(kept.evals, evals.reset_index(drop=True))))

    def without_benchmark(self, name: str) -> Workspace:
        said = hub_evals.from_leaderboards(self.evals) & (self.evals["benchmark"] == name)
        return replace(self, evals=self.evals[~said].reset_index(drop=True))

    def rows(self, on_board: frozenset[str] = frozenset()) -> pd.DataFrame:
        """All rows to stand below the board. A model that is ``on_board`` adds no row of its own."""
        new = [model for model in self.models if model.repo_id not in on_board]
        frames = [batch.rows for batch in self.batches]
        if new:
            frames.append(to_rows(new, self.kinds))
        return pd.concat(frames, ignore_index=True) if frames else contract_frame([])

    def model(self, repo_id: str) -> HubModel | None:
        return next((model for model in self.models if model.repo_id == repo_id), None)

    def to_bytes(self) -> bytes:
        """The file to download; the same workspace gives the same bytes."""
        document = {
            "format": FORMAT,
            "schema_version": SCHEMA,
            "batches": [
                {"name": b.name, "added": b.added, "notes": list(b.notes), "rows": _records(b.rows)}
                for b in self.batches
            ],
            "models": [model.to_dict() for model in self.models],
            "kinds": dict(self.kinds),
            "evals": _records(self.evals),
            **({"entered": [asdict(base) for base in self.entered]} if self.entered else {}),
            **({"pilots": pilots.documents(self.pilots)} if self.pilots else {}),
        }
        return json.dumps(document, ensure_ascii=False, indent=1, allow_nan=False).encode("utf-8")

    def digest(self) -> str:
        """Tells one workspace from another by what it adds to the board; a pilot adds nothing there."""
        return hashlib.sha256(replace(self, pilots=()).to_bytes()).hexdigest()


def from_bytes(body: bytes, *, name: str = "workspace") -> Workspace:
    """A downloaded workspace, checked cell by cell.

    Raises:
        InvalidInputError: no workspace, of a newer version, or with something in it that can't be.
    """
    document = read_json(body, name=name, max_bytes=MAX_BYTES)
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise InvalidInputError(
            "The file is not a workspace of this app.",
            source=name,
            remedy="Choose the file that “Download the workspace” gave; results go under “Results”.",
        )
    if document.get("schema_version") != SCHEMA:
        raise InvalidInputError(
            "The workspace was saved by another version of this app.",
            source=name,
            remedy="Upload the original results again.",
        )
    try:
        workspace = Workspace(
            batches=tuple(_batch(entry) for entry in _list(document, "batches", MAX_BATCHES)),
            models=tuple(_model(entry) for entry in _list(document, "models", MAX_MODELS)),
            kinds=_kinds(document.get("kinds")),
            evals=_evals(_list(document, "evals", MAX_EVALS)),
            entered=tuple(_entered(entry) for entry in _list(document, "entered", MAX_ENTERED)),
            pilots=pilots.from_documents(document.get("pilots", [])),
        )
    except CellError as cell:
        raise InvalidInputError(
            f"The workspace holds “{cell.found}” as {printable(cell.column)}; expected {cell}.",
            source=name,
            remedy="Use the file as it was downloaded.",
        ) from None
    except (TypeError, ValueError, KeyError, AttributeError, OverflowError):
        raise InvalidInputError(
            "The workspace is damaged.", source=name, remedy="Use the file as it was downloaded."
        ) from None
    except DataError as error:
        raise InvalidInputError(error.what, source=name, remedy=error.remedy) from None
    return bounded(workspace)


def bounded(workspace: Workspace) -> Workspace:
    """``workspace`` itself.

    Raises:
        InvalidInputError: it is more than a workspace holds.
    """
    counts = (
        (len(workspace.batches), MAX_BATCHES, "uploads"),
        (sum(len(batch.rows) for batch in workspace.batches), MAX_ROWS, "rows"),
        (len(workspace.models), MAX_MODELS, "models from the Hub"),
        (len(workspace.evals), MAX_EVALS, "community evals"),
        (len(workspace.entered), MAX_ENTERED, "bases entered by hand"),
    )
    for count, most, what in counts:
        if count > most:
            raise InvalidInputError(
                f"A workspace holds at most {most:,} {what}; this would make {count:,}.",
                remedy="Remove some first, or download this workspace and begin another.",
            )
    if len(workspace.to_bytes()) > MAX_BYTES:
        raise InvalidInputError(
            f"A workspace holds at most {MAX_BYTES / 1e6:.0f} MB.", remedy="Remove some uploads first."
        )
    return workspace


def _records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows without what is unknown."""
    return [
        {str(key): _plain(value) for key, value in record.items() if not _is_unknown(value)}
        for record in frame.to_dict("records")
    ]


def _plain(value: Any) -> Any:
    if isinstance(value, pd.Timestamp):
        return value.isoformat()
    return value.item() if hasattr(value, "item") else value


def _is_unknown(value: Any) -> bool:
    if value is None or value is pd.NA or value is pd.NaT:
        return True
    return isinstance(value, float) and math.isnan(value)


def _list(document: Mapping[str, Any], key: str, most: int) -> list[dict[str, Any]]:
    entries = document.get(key, [])
    if not isinstance(entries, list) or len(entries) > most:
        raise TypeError
    if not all(isinstance(entry, dict) for entry in entries):
        raise TypeError
    return entries


def _batch(entry: Mapping[str, Any]) -> Batch:
    records = [checked(record) for record in _list(entry, "rows", MAX_ROWS)]
    if any(record.get("source") not in OWN_SOURCES for record in records) or not records:
        raise ValueError
    contents.check_names(
        pd.Series([record.get("model_id") for record in records]), column="model_id", source=""
    )
    notes = entry.get("notes", [])
    return Batch(
        name=_line(entry["name"]),
        rows=contract_frame(records),
        notes=tuple(_line(note) for note in notes[:200]),
        added=_line(entry["added"]),
    )


def _model(entry: Mapping[str, Any]) -> HubModel:
    values = {name.name: entry[name.name] for name in fields(HubModel)}
    check_repo_id(values["repo_id"])
    row = checked(
        {
            "model_id": values["repo_id"],
            "params_b": values["params_b"],
            "precision": values["precision"],
            "license": values["license"],
            "architecture": values["architecture"],
            "likes": values["likes"],
            "revision": values["revision"],
            "uploaded": values["created"],
        }
    )
    for key in ("params_note", "base_relation", "tokenizer", "modified", "read"):
        if values[key] is not None:
            _line(values[key])
    context = values["context_length"]
    if context is not None and (not isinstance(context, int) or not 0 < context < 10**9):
        raise TypeError
    config = values["config"]
    if not isinstance(config, dict) or len(json.dumps(config)) > MAX_CONFIG:
        raise TypeError
    return HubModel(
        **{
            **values,
            "params_b": row.get("params_b"),
            "gated": None if values["gated"] is None else bool(values["gated"]),
            "base_models": tuple(check_repo_id(_line(name)) for name in values["base_models"][:20]),
            "notes": tuple(_line(note) for note in values["notes"][:50]),
        }
    )


def _kinds(entry: object) -> dict[str, str]:
    if not isinstance(entry, dict) or len(entry) > MAX_MODELS:
        raise TypeError
    return {check_repo_id(name): str(checked({"kind": kind})["kind"]) for name, kind in entry.items()}


def _entered(entry: Mapping[str, Any]) -> Entered:
    """Typed by msgspec, then placed: figures that can't be are refused there."""
    base = msgspec.convert(entry, Entered, strict=True)
    for text in (base.released, base.license, base.link, base.report):
        if text is not None:
            _line(text)
    if len(json.dumps(dict(base.config))) > MAX_CONFIG:
        raise TypeError
    entered.check(base)
    return base


def _evals(entries: list[dict[str, Any]]) -> pd.DataFrame:
    rows = []
    for entry in entries:
        row = {key: entry.get(key) for key in hub_evals.COLUMNS}
        check_repo_id(_line(row["model_id"]))
        if not isinstance(row["value"], (int, float)) or not math.isfinite(row["value"]):
            raise TypeError
        for key, value in row.items():
            if key != "value" and value is not None:
                _line(value)
        if row["link"] is not None and not str(row["link"]).startswith(("https://", "http://")):
            raise ValueError
        rows.append(row)
    return pd.DataFrame(rows, columns=list(hub_evals.COLUMNS)).astype(hub_evals.COLUMNS)


def _stacked(one: pd.DataFrame, other: pd.DataFrame) -> pd.DataFrame:
    return other if one.empty else pd.concat([one, other], ignore_index=True)


def _line(value: object) -> str:
    if not isinstance(value, str) or len(value) > 500 or not value.isprintable():
        raise CellError("a text", "a line of at most 500 printable characters", value)
    return value
