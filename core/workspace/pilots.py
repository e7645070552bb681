"""Pilots a reader brought back, as part of the workspace: their files' text, checked when read."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

    from core.pilot import Pilot

MAX_PILOTS: Final = 5


@lru_cache(maxsize=32)
def read(text: str) -> Pilot:
    """The pilot in a file's text.

    Raises:
        InvalidInputError: as :func:`core.pilot.read_pilot`.
    """
    from core.pilot import read_pilot  # noqa: PLC0415 - few readers have a pilot

    return read_pilot(text.encode())


def added(texts: Iterable[str], text: str) -> tuple[str, ...]:
    """``text`` as the newest; one of the same task goes, and of more than five the oldest.

    Raises:
        InvalidInputError: it is not the file of a pilot.
    """
    key = read(text).task.key
    return (*(each for each in texts if read(each).task.key != key), text)[-MAX_PILOTS:]


def of_task(texts: Iterable[str], key: str) -> Pilot | None:
    """The pilot run for a task (:func:`core.pilot.file.task_key`)."""
    return next((pilot for text in texts if (pilot := read(text)).task.key == key), None)


def documents(texts: Iterable[str]) -> list[dict[str, Any]]:
    """As they go into the workspace's file."""
    return [json.loads(text) for text in texts]


def from_documents(entries: object) -> tuple[str, ...]:
    """The texts again, each read and checked.

    Raises:
        TypeError: they are no list of at most five.
        InvalidInputError: one is not the file of a pilot.
    """
    if not isinstance(entries, list) or len(entries) > MAX_PILOTS:
        raise TypeError
    texts = tuple(json.dumps(entry, sort_keys=True) for entry in entries)
    for text in texts:
        read(text)
    return texts
