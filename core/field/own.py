"""Which rows a reader added, whatever the way."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from core.importers.contract_frame import OWN_SOURCES

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    import pandas as pd

# What :mod:`core.field.entered` says of a base entered by hand, which is placed like others.
ENTERED: Final = "entered by you"


def own_rows(field: pd.DataFrame) -> pd.Series[bool]:
    """True for rows from the reader's runs, tables, looked-up models and bases entered by hand.

    Args:
        field: with ``source`` and ``comparability``.
    """
    by_hand = field["comparability"].astype("string").str.startswith(ENTERED).fillna(value=False)
    return (field["source"].isin(OWN_SOURCES) | by_hand).astype(bool)


def is_own(row: Mapping[Any, Any] | pd.Series) -> bool:
    """:func:`own_rows` of one row."""
    return row.get("source") in OWN_SOURCES or str(row.get("comparability")).startswith(ENTERED)
