"""Shapes of today's bases from the catalogue's columns, for models whose layer sizes are not embedded.

A plain transformer whose columns add up to its parameters is taken as it stands. Of others (state space,
linear attention, mixtures) the columns don't say enough: they get an attention model of the same width, depth
and size, a wider range, and a caveat.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from core.catalogue import load_catalogue
from core.errors import InvalidInputError
from core.memory import architectures

if TYPE_CHECKING:
    from core.memory.architectures import Architecture

_PLAIN: Final = frozenset({"full attention", "sliding attention"})
_EXPERTS: Final = "mixture of experts"
_SIZES: Final = ("layers", "hidden", "heads", "kv_heads", "head_dim", "intermediate", "vocab")
# How far the columns may be from the published size: names are rounded, an encoder may stand beside.
_OFF: Final = 0.08
# An MLP narrower or wider than this beside its hidden size is none that was ever published.
_NARROW, _WIDE = 0.5, 14.0
_MOST_EXPERTS: Final = 1_024
# Smaller models mostly share one matrix for tokens and output.
_TIED_BELOW: Final = 4.0


@cache
def _rows() -> dict[str, dict[str, Any]]:
    columns = ["model_id", "params_b", "active_params_b", "tied_embeddings", "layer_kinds", *_SIZES]
    records = load_catalogue()[columns].to_dict("records")
    return {
        str(row["model_id"]).lower(): {
            str(key): None if pd.isna(value) else value for key, value in row.items()
        }
        for row in records
    }


@cache
def get(model_id: str) -> Architecture | None:
    """A catalogued base's architecture; None where the catalogue lacks it or its size.

    ``evidence`` is "catalogue" where the columns add up to the published size, else "size"; then ``caveat``
    says why.
    """
    row = _rows().get(model_id.strip().lower())
    if row is None or row["params_b"] is None:
        return None
    kinds = frozenset((row["layer_kinds"] or "").split("|")) - {""}
    size, name = float(row["params_b"]), str(row["model_id"])
    try:
        typical = architectures.from_size(size, name=name)
    except InvalidInputError:
        return None
    if kinds and kinds <= _PLAIN and (plain := _plain(row, typical, size)) is not None:
        return plain
    caveat = _caveat(kinds)
    if _EXPERTS in kinds:
        return replace(_mixture(row, typical, size) or typical, caveat=caveat)
    return replace(_same_size(row, typical, size) or typical, caveat=caveat)


def _plain(row: dict[str, Any], typical: Architecture, size: float) -> Architecture | None:
    if any(row[key] is None for key in ("layers", "hidden", "heads", "intermediate", "vocab")):
        return None
    shape = replace(_described(row, typical), intermediate=int(row["intermediate"]), evidence="catalogue")
    tied = (shape.tied,) if row["tied_embeddings"] is not None else (shape.tied, not shape.tied)
    fits = [replace(shape, mlp=mlp, tied=each) for mlp in ("gated", "plain") for each in tied]
    best = min(fits, key=lambda each: abs(each.parameters / 1e9 - size))
    return best if abs(best.parameters / 1e9 - size) <= _OFF * size else None


def _described(row: dict[str, Any], typical: Architecture) -> Architecture:
    """The typical shape with what the catalogue knows in its place."""
    hidden = int(row["hidden"] or typical.hidden)
    heads = int(row["heads"] or max(1, hidden // 128))
    tied = row["tied_embeddings"]
    return replace(
        typical,
        layers=int(row["layers"] or typical.layers),
        hidden=hidden,
        heads=heads,
        kv_heads=int(row["kv_heads"] or max(1, heads // 4)),
        head_dim=int(row["head_dim"] or max(1, hidden // heads)),
        vocabulary=int(row["vocab"] or typical.vocabulary),
        tied=float(row["params_b"]) < _TIED_BELOW if tied is None else bool(tied),
    )


def _same_size(row: dict[str, Any], typical: Architecture, size: float) -> Architecture | None:
    """The described shape with the MLP that makes it as large as published; None if no such MLP is sane."""
    shape = replace(_described(row, typical), intermediate=0)
    left = size * 1e9 - shape.parameters
    width = left / (3 * shape.hidden * shape.layers)
    if not _NARROW <= width / shape.hidden <= _WIDE:
        return None
    return replace(shape, intermediate=round(width))


def _mixture(row: dict[str, Any], typical: Architecture, size: float) -> Architecture | None:
    """Experts of the listed width that make up the size; as many at work as the active size says."""
    if row["intermediate"] is None or row["active_params_b"] is None or row["layers"] is None:
        return None
    shape = replace(_described(row, typical), intermediate=int(row["intermediate"]), experts=1)
    each = shape.expert_parameters
    rest = shape.parameters - each
    experts = round((size * 1e9 - rest) / each)
    if not 1 < experts <= _MOST_EXPERTS:
        return None
    active = round((float(row["active_params_b"]) * 1e9 - rest) / each)
    return replace(shape, experts=experts, experts_per_token=min(max(active, 1), experts))


def _caveat(kinds: frozenset[str]) -> str:
    others = sorted(kinds - _PLAIN - {_EXPERTS})
    if _EXPERTS in kinds:
        said = "It is a mixture of experts, which 4-bit loading may leave in 16 bits"
        return f"{said}; and it has {' and '.join(others)} layers." if others else f"{said}."
    if others:
        return (
            f"It has {' and '.join(others)} layers, whose memory nobody has compared with this estimate: "
            "it is that of an attention model of the same size."
        )
    return "The catalogue doesn't list all its layer sizes, or they don't add up to its published size."
