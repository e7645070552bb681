"""Questions about a table from outside, answered by a process with limits, two at a time."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from core.errors import InvalidTableError
from core.sandbox.child import Ended, busy, run_child
from core.sandbox.readers import Slots

if TYPE_CHECKING:
    from core.errors import DataError

_CHILDREN: Final = Path(__file__).parent / "children"
_FOOTER_BYTES: Final = 1_000_000
_MEMORY: Final = 2_000_000_000
_CPU_SECONDS: Final = 20
_SLOTS: Final = Slots(2)
# How the children end where a cell or the whole is more than asked for.
_TOO_LONG, _TOO_MUCH, _SIGKILL = 3, 4, -9
_SETTINGS: Final = {
    "ARROW_DEFAULT_MEMORY_POOL": "system",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
}


def ask(script: str, asked: dict[str, Any], body: bytes, *, name: str, most: int) -> bytes:
    """What ``script`` (of ``core/sandbox/children``) answers about a file, ``most`` bytes at most.

    Args:
        script: the name of its file.
        asked: the question, as JSON can say it.
        body: the file's content.
        name: the file's name, for messages.
        most: bytes of the answer.

    Raises:
        InvalidTableError: it can't be read within the limits.
        SourceUnavailableError: the machine is too busy.
    """
    with _SLOTS.one(name):
        done = run_child(
            _CHILDREN / script,
            [json.dumps(asked)],
            body,
            memory=_MEMORY,
            cpu_seconds=_CPU_SECONDS,
            max_answer=most,
            source=name,
            settings=_SETTINGS,
        )
    if (problem := _problem(done, asked, name)) is not None:
        raise problem
    return done.out


def check_parquet(body: bytes, name: str) -> None:
    """Raise :class:`InvalidTableError` where the first look shows that it is no Parquet file of a table."""
    if len(body) < 12 or body[:4] != b"PAR1" or body[-4:] != b"PAR1":
        raise InvalidTableError(
            "The file is not a whole Parquet file.", source=name, remedy="Export it again, or use CSV."
        )
    # A footer names every column: its size bounds what reading it can cost.
    if int.from_bytes(body[-8:-4], "little") > _FOOTER_BYTES:
        raise InvalidTableError(
            "The file describes far more columns or parts than a board has.",
            source=name,
            remedy="Export only the columns of the template, its rows in one group.",
        )


def too_much(name: str) -> InvalidTableError:
    """For a file that holds more than anything here needs."""
    return InvalidTableError(
        "The file unpacks to more than a board needs.",
        source=name,
        remedy="Export only the columns of the template.",
    )


def damaged(name: str) -> InvalidTableError:
    """For a file that can't be read, whatever the reason."""
    return InvalidTableError(
        "The file can't be read as a table: it is damaged, or unpacks to more than a board needs.",
        source=name,
        remedy="Export it again; CSV with a heading and Parquet are read.",
    )


def _problem(done: Ended, asked: dict[str, Any], name: str) -> DataError | None:
    if done.reason == "answer" or done.code == _TOO_MUCH:
        return too_much(name)
    if done.reason == "ended" and done.code == 0:
        return None
    if done.code == _SIGKILL:  # as the system does without memory: that says nothing of the file
        return busy(name)
    if done.code == _TOO_LONG:
        return InvalidTableError(
            f"A cell of the table holds a text of more than {asked['longest']:,} bytes.",
            source=name,
            remedy="Leave out columns that are not results.",
        )
    return damaged(name)
