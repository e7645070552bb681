"""The leaderboard as one frame, whatever it comes from, and today's field.

Contract: :func:`load_leaderboard`, :func:`load_field`.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

from core.board import snapshot
from core.errors import InvalidInputError, SourceUnavailableError
from core.schema import SOURCE_BOARD

if TYPE_CHECKING:
    import pandas as pd

_TABLES: Final = (".parquet", ".csv")


def load_leaderboard(source: str | Path = "snapshot") -> pd.DataFrame:
    """One row per evaluated model and precision, in the schema of :mod:`core.schema`.

    Args:
        source: ``"snapshot"`` (embedded, no network), ``"hub"`` (the live dataset), the path of a .parquet
            or .csv table in the Hub dataset's columns or in this project's own, or the path of an lm-eval
            results file (.json) or of a folder with such files.

    Returns:
        Columns as in :data:`core.board.assemble.COLUMNS`: scores in points (0-100), ``*_raw`` 0-1, ``*_se``
        in points, parameters in billions, NA for unknown. ``attrs["messages"]`` of a table read from a file
        says what was repaired.

    Raises:
        InvalidTableError: the table cannot be used; names row and column.
        SourceUnavailableError: no such file, or the Hub could not be reached.
        InvalidInputError: the source is none of these.
    """
    if source == "snapshot":
        return snapshot.read()
    if source == "hub":
        from core.hub import live_board  # noqa: PLC0415 - brings the Hub's client, which nothing else needs

        return live_board.load()
    path = Path(source)
    if path.suffix.lower() in _TABLES:
        from core.importers import tables  # noqa: PLC0415 - brings the checks, which the snapshot does without

        return tables.load_table(path)
    if path.suffix.lower() == ".json" or path.is_dir():
        from core.importers import lm_eval  # noqa: PLC0415 - needed for this source alone

        return lm_eval.read_results(path)
    if not path.exists():
        raise SourceUnavailableError(
            "There is no such file or folder.",
            source=path.name,
            remedy='Give "snapshot", "hub", or the path of a table or of lm-eval results.',
        )
    raise InvalidInputError(
        f"A file of the kind “{path.suffix or path.name}” cannot be read as a leaderboard.",
        source=path.name,
        remedy="Give a .parquet or .csv table, or lm-eval results (.json).",
    )


def load_field(when: Literal["today", "board"] = "today") -> pd.DataFrame:
    """Every base a reader can choose from, one row a model.

    Args:
        when: ``"today"``: all bases, measured or placed; ``"board"``: the board as it was in March 2025,
            without the later study's bases.

    Returns:
        The leaderboard's columns with those of :func:`core.field.joined.with_placed`: evidence ("measured",
        "placed" or "size only"), released (YYYY-MM), average_low and average_high (points, 90%), the same of
        the six, and more. Kinds base and continued only.

    Raises:
        InvalidInputError: ``when`` is neither of the two.
        SourceUnavailableError: the placement or the catalogue is missing.
    """
    from core.field import joined  # noqa: PLC0415 - brings catalogue and placement, which the board does without

    if when == "today":
        return joined.bases(joined.with_placed(load_leaderboard("snapshot")))
    if when == "board":
        board = load_leaderboard("snapshot")
        return joined.bases(joined.as_it_was(board[board["source"] == SOURCE_BOARD]))
    raise InvalidInputError(f"There is no field of “{when}”.", remedy='Give "today" or "board".')
