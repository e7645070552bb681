"""Add a table of scores to the embedded snapshot, or replace what was added under the same name.

    python -m core.importers.embed TABLE --source NAME --date 2026 --licence CC-BY-4.0

TABLE is any table the Data page takes; ``--limits`` and ``--link`` say more about it.
Everything is checked before anything is written.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from core.board import snapshot
from core.errors import DataError, InvalidInputError, InvalidTableError
from core.importers import tables
from core.importers.join_board import append_to_board
from core.schema import SOURCE_BOARD, SOURCE_NEWER

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from core.importers.lm_eval import Imported

FACTS: Final = ("date", "licence", "limits", "link")
_NOTHING_SAID: Final = {"limits": "None stated"}


def embed(path: Path, *, source: str, facts: Mapping[str, str]) -> Imported:
    """Put the rows of ``path`` below the snapshot and return them, with what was read otherwise than written.

    Args:
        path: a table in the Hub dataset's columns or in this project's own.
        source: what the rows carry in their column ``source``; rows added under it before are replaced.
        facts: of :data:`FACTS`, what the Data page says of the source.

    Raises:
        InvalidTableError: the table can't be used, or scores a model that another source scores.
        InvalidInputError: the name belongs to a source the snapshot is built from.
    """
    whole, told = snapshot.read(), snapshot.manifest()
    if source in (SOURCE_BOARD, SOURCE_NEWER):
        raise InvalidInputError(
            f"“{source}” is a source the snapshot is built from.", remedy="Choose another name."
        )
    body = path.read_bytes()
    imported = tables.import_table(body, name=path.name)
    board = whole[whole["source"] != source]
    twice = sorted(set(imported.frame["model_id"]) & set(board["model_id"]))
    if twice:
        raise InvalidTableError(
            f"{twice[0]} is in the snapshot already.", source=path.name, remedy="Leave its row out."
        )
    joined = append_to_board(board, imported.frame.assign(source=source))
    # As on the board, a flag that isn't stated is False.
    for name in board.select_dtypes("bool"):
        joined[name] = joined[name].fillna(value=False).astype(bool)
    told["added"] = told.get("added", {}) | {
        source: {name: facts.get(name, "") for name in FACTS}
        | {"rows": len(imported.frame), "sha256": hashlib.sha256(body).hexdigest()}
    }
    snapshot.write(joined, told, table=snapshot.TABLE, manifest=snapshot.MANIFEST)
    return imported


def main(arguments: Sequence[str] | None = None) -> int:
    """Run as a command; 0 if the snapshot was written, 1 if something was wrong with the table."""
    parser = argparse.ArgumentParser(prog="python -m core.importers.embed", description=__doc__)
    parser.add_argument("table", type=Path)
    parser.add_argument("--source", required=True)
    for name in FACTS:
        parser.add_argument(f"--{name}", required=name in FACTS[:2], default=_NOTHING_SAID.get(name, ""))
    given = parser.parse_args(arguments)
    try:
        added = embed(given.table, source=given.source, facts={name: getattr(given, name) for name in FACTS})
    except (DataError, OSError) as problem:
        sys.stderr.write(f"{problem}\nThe snapshot was left in place.\n")
        return 1
    for note in added.notes:
        sys.stdout.write(f"{note}\n")
    sys.stdout.write(f"{len(added.frame)} rows of {given.source} are in the snapshot.\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
