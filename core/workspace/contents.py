"""What a reader added: own results and models of the Hub, as one value that can be saved and loaded.

The file is JSON, without code in any form. What comes back in is checked like any upload.
"""

from __future__ import annotations

import hashlib
import json
import math
from dataclasses import asdict, dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Any

import pandas as pd

from core.errors import DataError, InvalidInputError
from core.field import entered
from core.hub import evals as hub_evals
from core.hub.cache import now
from core.hub.models import HubModel, to_rows
from core.importers.checks import CellError, printable
from core.importers.contract_frame import TEXTS, contract_frame
from core.workspace import document, pilots
from core.workspace.document import (
    FORMAT,
    MAX_BATCHES,
    MAX_BYTES,
    MAX_ENTERED,
    MAX_EVALS,
    MAX_LINE,
    MAX_MODELS,
    MAX_NOTES,
    MAX_ROWS,
    SCHEMA,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from core.field.entered import Entered


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
        """:meth:`with_batches` for one."""
        return self.with_batches((batch,))

    def with_batches(self, batches: Iterable[Batch]) -> Workspace:
        """``batches`` added, their texts as lines that print; one of the same name is replaced.

        Raises:
            InvalidInputError: more than a workspace holds, or what its file could not hold.
        """
        kept = {batch.name: batch for batch in self.batches}
        for batch in map(_clean, batches):
            kept.pop(batch.name, None)
            kept[batch.name] = batch
        return bounded(replace(self, batches=tuple(kept.values())))

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
        whole = {
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
        return json.dumps(whole, ensure_ascii=False, indent=1, allow_nan=False).encode("utf-8")

    def digest(self) -> str:
        """Tells one workspace from another by what it adds to the board; a pilot adds nothing there."""
        return hashlib.sha256(replace(self, pilots=()).to_bytes()).hexdigest()


def from_bytes(body: bytes, *, name: str = "workspace") -> Workspace:
    """A downloaded workspace, checked cell by cell.

    Raises:
        InvalidInputError: no workspace, of a newer version, or with something in it that can't be.
    """
    try:
        read = document.decode(body, name)
        workspace = Workspace(
            batches=tuple(
                Batch(part.name, document.rows_of(part), document.notes_of(part), part.added)
                for part in read.batches
            ),
            models=tuple(document.model_of(model) for model in read.models),
            kinds=document.kinds_of(read.kinds),
            evals=document.evals_of(read.evals),
            entered=tuple(document.base_of(base) for base in read.entered),
            pilots=pilots.from_documents(read.pilots),
        )
    except CellError as cell:
        raise InvalidInputError(
            f"The workspace holds “{cell.found}” as {printable(cell.column)}; expected {cell}.",
            source=name,
            remedy="Use the file as it was downloaded.",
        ) from None
    except (TypeError, ValueError, KeyError, OverflowError, RecursionError):
        raise document.damaged(name) from None
    except DataError as error:
        raise InvalidInputError(error.what, source=name, remedy=error.remedy) from None
    _check_counts(workspace)
    return workspace


def bounded(workspace: Workspace) -> Workspace:
    """``workspace`` itself, which can be saved and loaded again.

    Raises:
        InvalidInputError: it is more than a workspace holds, or its file could not be read again.
    """
    _check_counts(workspace)
    body = workspace.to_bytes()
    if len(body) > MAX_BYTES:
        raise InvalidInputError(
            f"A workspace holds at most {MAX_BYTES / 1e6:.0f} MB.", remedy="Remove some uploads first."
        )
    try:
        from_bytes(body)
    except InvalidInputError as error:
        # What can't be read again would keep everything else of the workspace from its owner.
        raise InvalidInputError(
            f"It can't be kept: {error.what}", remedy="Change it where it comes from, and add it again."
        ) from None
    return workspace


def _check_counts(workspace: Workspace) -> None:
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


def _clean(batch: Batch) -> Batch:
    """``batch`` with its time and with texts that a file holds as lines."""
    return Batch(
        name=printable(batch.name, most=MAX_LINE).strip() or "upload",
        rows=_in_lines(batch.rows, TEXTS),
        notes=tuple(printable(note, most=MAX_LINE) for note in batch.notes[:MAX_NOTES]),
        added=batch.added or now()[:19],
    )


def _in_lines(rows: pd.DataFrame, columns: Collection[str]) -> pd.DataFrame:
    """``rows`` with the texts of ``columns`` as lines that print."""
    return rows.assign(**{
        name: rows[name].map(partial(printable, most=MAX_LINE), na_action="ignore").astype(rows[name].dtype)
        for name in rows.columns.intersection(list(columns))
    })  # fmt: skip


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


def _stacked(one: pd.DataFrame, other: pd.DataFrame) -> pd.DataFrame:
    return other if one.empty else pd.concat([one, other], ignore_index=True)
