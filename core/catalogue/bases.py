"""The catalogue of bases, and of families whose publishers offer none."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Final

import pandas as pd

from core.catalogue.tables import read_rows
from core.errors import InvalidTableError

FOLDER: Final = Path(__file__).resolve().parent.parent / "data" / "catalogue"
INTEGERS: Final = (
    "layers",
    "hidden",
    "intermediate",
    "heads",
    "kv_heads",
    "head_dim",
    "vocab",
    "context_length",
)
FLOATS: Final = ("params_b", "active_params_b", "pretrain_tokens_t")
FLAGS: Final = ("tied_embeddings", "gated")
LISTS: Final = ("modality", "layer_kinds", "instruct_variants")
TEXTS: Final = (
    "model_id",
    "publisher",
    "family",
    "released",
    "licence",
    "tokenizer",
    "continued_from",
    "note",
    "source",
)
BASE_COLUMNS: Final = (*TEXTS, *FLOATS, *INTEGERS, *FLAGS, *LISTS)
NO_BASE_COLUMNS: Final = (
    "model_id",
    "publisher",
    "family",
    "released",
    "params_b",
    "licence",
    "status",
    "nearest_base",
    "instruct_variants",
    "source",
)


def load_catalogue(path: Path = FOLDER / "bases.csv") -> pd.DataFrame:
    """Every base the catalogue knows, one row a model, in the order of the file.

    Returns:
        * model_id, publisher, family, source: str
        * released: str YYYY-MM; licence: str, an id as the Hub writes it; tokenizer: str, a family of
          ``tokenizer_facts.json``; continued_from: str, another publisher's model it was trained on from;
          note: str; all NA where unknown or none
        * params_b, active_params_b: float, billions, those of a vision encoder included where it is in the
          checkpoint; pretrain_tokens_t: float, trillions
        * layers, hidden, intermediate, heads, kv_heads, head_dim, vocab, context_length: Int64, of the text
          model; context_length in tokens
        * tied_embeddings, gated: boolean
        * modality, layer_kinds, instruct_variants: str, parts separated by ``|``

        NA is unknown throughout.

    Raises:
        SourceUnavailableError: the file is missing.
        InvalidTableError: it lacks a column, or a number is none. The full checks are
            :mod:`core.catalogue.check`.
    """
    return _catalogue(path).copy()


@lru_cache(maxsize=2)
def _catalogue(path: Path) -> pd.DataFrame:
    return _typed(path, BASE_COLUMNS)


def load_no_base(path: Path = FOLDER / "no_base.csv") -> pd.DataFrame:
    """Models and families of which no base was published, or of which it could not be established.

    Returns:
        model_id (the repository or the family's name), publisher, family, released (YYYY-MM), params_b
        (float), licence, status (``"none published"`` or ``"not established"``), nearest_base (the id of the
        base that was published and stands nearest: same family, else same publisher, else what it was built
        from), instruct_variants (``|``-separated), source. NA is unknown.

    Raises:
        SourceUnavailableError, InvalidTableError: as :func:`load_catalogue`.
    """
    return _no_base(path).copy()


@lru_cache(maxsize=2)
def _no_base(path: Path) -> pd.DataFrame:
    return _typed(path, NO_BASE_COLUMNS)


def _typed(path: Path, columns: tuple[str, ...]) -> pd.DataFrame:
    rows = read_rows(path, columns)
    frame = pd.DataFrame(rows, columns=list(columns), dtype="string").replace("", pd.NA)
    for name in columns:
        if name in FLAGS:
            frame[name] = frame[name].map({"1": True, "0": False}).astype("boolean")
        elif name in FLOATS or name in INTEGERS:
            frame[name] = _numbers(frame[name], path, integer=name in INTEGERS)
    return frame


def _numbers(cells: pd.Series, path: Path, *, integer: bool) -> pd.Series:
    numbers = pd.to_numeric(cells, errors="coerce").astype("Float64")
    wrong = cells.notna() & (numbers.isna() | ((numbers % 1 != 0) if integer else False))
    if wrong.any():
        row = int(wrong.to_numpy().argmax())
        raise InvalidTableError(
            f"{path.name}, line {row + 2}: {cells.name} is not {'a whole' if integer else 'a'} number: "
            f"{str(cells.iloc[row])[:40]!r}.",
            source=path.name,
            remedy="Correct the cell, or leave it empty if it isn't known.",
        )
    return numbers.astype("Int64") if integer else numbers.astype("float64")
