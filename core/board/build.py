"""Build the embedded snapshot.

    python -m core.board.build CONTENTS NEWER [--date YYYY-MM-DD]

CONTENTS is a file in the columns of the Hub dataset ``open-llm-leaderboard/contents`` (.parquet or .csv),
NEWER the later study's scores of newer bases (.csv). Everything is checked before anything is written; on a
fault the old snapshot stays. The same inputs give the same bytes.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from core.board import assemble, contents, runs, snapshot
from core.errors import DataError, InvalidTableError
from core.schema import SCHEMA_VERSION

if TYPE_CHECKING:
    from collections.abc import Sequence

BOARD_SOURCE: Final = "open-llm-leaderboard/contents"
NEWER_SOURCE: Final = "hlzhang109/prescriptive-scaling"
LICENCE_NOTE: Final = (
    "Scores as the two sources published them: facts, kept as figures in this project's own schema, without "
    "any file of theirs. The licence of each model is its own and stands in the column license."
)
COMMAND: Final = "python -m core.board.build CONTENTS NEWER"


def build(contents_path: Path, newer_path: Path, *, table: Path, manifest: Path, date: str | None) -> int:
    """Write the table and the manifest of the snapshot and return the number of rows.

    Raises:
        DataError: an input cannot be used; nothing was written.
    """
    raw = contents.read_table(contents_path)
    checked, messages = contents.drop_repeats(contents.check_hub_columns(raw, source=contents_path.name))
    messages += contents.missing_scores(checked)
    newer = assemble.from_newer(contents.read_table(newer_path), source=newer_path.name)
    clash = sorted(set(newer["model_id"]) & set(checked["fullname"]))
    if clash:
        raise InvalidTableError(
            f"{clash[0]} stands in both files.", source=newer_path.name, remedy="Keep it in one of them."
        )
    board = assemble.from_hub(checked)
    whole = assemble.complete(pd.concat([board, newer], ignore_index=True))
    for message in messages:
        print(message)
    added, kept = _added(table, manifest)
    if not kept.empty:
        whole = pd.concat([whole, kept[~kept["model_id"].isin(whole["model_id"])]], ignore_index=True)
    facts = {
        "schema_version": SCHEMA_VERSION,
        "board": {
            "source": BOARD_SOURCE,
            "date": date or _last_date(board),
            "rows": len(board),
            "sha256": _sha256(contents_path),
        },
        "newer": {
            "source": NEWER_SOURCE,
            "rows": len(newer),
            "sha256": _sha256(newer_path),
            "note": runs.NEWER_NOTE,
        },
        "licence": LICENCE_NOTE,
        "command": COMMAND,
    } | ({"added": added} if added else {})
    snapshot.write(whole, facts, table=table, manifest=manifest)
    return len(whole)


def _added(table: Path, manifest: Path) -> tuple[dict[str, Any], pd.DataFrame]:
    """What :mod:`core.importers.embed` added to the snapshot that is replaced: it stays."""
    added = json.loads(manifest.read_text(encoding="utf-8")).get("added", {}) if manifest.is_file() else {}
    if not added:
        return {}, pd.DataFrame()
    old = pd.read_parquet(table)
    return added, old[old["source"].isin(added)]


def _last_date(board: pd.DataFrame) -> str:
    return str(pd.to_datetime(board["submitted"]).max().date())


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m core.board.build", description="Build the embedded snapshot."
    )
    parser.add_argument("contents", type=Path, help="the leaderboard, in the Hub dataset's columns")
    parser.add_argument("newer", type=Path, help="the later study's scores of newer bases")
    parser.add_argument("--date", help="date of the board's state; default: its last submission")
    given = parser.parse_args(arguments)
    try:
        rows = build(
            given.contents,
            given.newer,
            table=snapshot.TABLE,
            manifest=snapshot.MANIFEST,
            date=given.date,
        )
    except DataError as error:
        print(f"{error.source}: {error}", file=sys.stderr)
        print("The old snapshot was left in place.", file=sys.stderr)
        return 1
    print(f"{rows:,} rows written to {snapshot.TABLE.name}.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
