"""What the refits say in a few figures: errors, ranks and how often the limits hold."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pandas as pd

from core.placement.stored import cross_validation

if TYPE_CHECKING:
    from collections.abc import Iterator

ENOUGH_CELLS: Final = 4  # fewer say too little about the model to judge it by
SCHEMES: Final = ("model", "family", "time")
BEST: Final = 10


def summarise(rows: pd.DataFrame | None = None) -> pd.DataFrame:
    """The refits' results by scheme and group.

    Args:
        rows: as :func:`core.placement.cross_validation` gives them, the committed ones if left out. Bases
            with fewer than four used scores are left out.

    Returns:
        One row a scheme and group: scheme, group ("all", "up to 3B", "3-15B", "above 15B", "best ten",
        "1-15B"), n, error and bias (mean absolute and mean, points), holds (share of 90% limits that hold),
        width (mean, points),
        spearman, by_size and by_ranks (mean absolute error of size alone and of a mean of ranks).
    """
    rows = cross_validation() if rows is None else rows
    rows = rows[rows["n_cells"] >= ENOUGH_CELLS]
    return pd.DataFrame(
        [
            {"scheme": scheme, "group": group, **_figures(part)}
            for scheme in SCHEMES
            for group, part in _groups(rows[rows["scheme"] == scheme])
        ]
    )


def _groups(rows: pd.DataFrame) -> Iterator[tuple[str, pd.DataFrame]]:
    size = rows["params_b"]
    yield "all", rows
    yield "up to 3B", rows[size <= 3]
    yield "3-15B", rows[(size > 3) & (size <= 15)]
    yield "above 15B", rows[size > 15]
    yield "best ten", rows.nlargest(BEST, "true_average")
    yield "1-15B", rows[size.between(1, 15)]


def _figures(rows: pd.DataFrame) -> dict[str, float]:
    gap = rows["placed_average"] - rows["true_average"]
    return {
        "n": len(rows),
        "error": gap.abs().mean(),
        "bias": gap.mean(),
        "holds": rows["true_average"].between(rows["placed_low"], rows["placed_high"]).mean(),
        "width": (rows["placed_high"] - rows["placed_low"]).mean(),
        "spearman": rows["placed_average"].rank().corr(rows["true_average"].rank()),
        "by_size": (rows["by_size"] - rows["true_average"]).abs().mean(),
        "by_ranks": (rows["by_ranks"] - rows["true_average"]).abs().mean(),
    }
