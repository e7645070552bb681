"""The committed placement: figures only, read once when first asked for."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Final

import pandas as pd

from core.errors import SourceUnavailableError

FOLDER: Final = Path(__file__).resolve().parent.parent / "data"
BASES_FILE: Final = "placement.parquet"
CELLS_FILE: Final = "placement_cells.parquet"
VALIDATION_FILE: Final = "placement_validation.parquet"
PARAMETERS_FILE: Final = "placement_parameters.npz"


def load_placement() -> pd.DataFrame:
    """Every base of the catalogue and the reports, placed on the board's scale without its own board rows.

    Returns:
        One row a base. Limits are 90% and widened by what refits without a base's rows call for.

        * model_id, family: str; params_b: float, billions, NA where unknown
        * placed_average, placed_low, placed_high: points, 0-100
        * ifeval, bbh, math_lvl_5, gpqa, musr, mmlu_pro, each with _low and _high: normalised points, 0-100
        * cov_<task>_<task>: covariance of the errors of two tasks, points squared (upper triangle with
          diagonal)
        * n_reports, n_scores: independent studies and scores behind it
        * measured: bool, the base also stands on the board
        * evidence: "placed", or "size only" where no score is known

    Raises:
        SourceUnavailableError: the file is missing or unreadable.
    """
    return _read(BASES_FILE).copy()


def load_cells() -> pd.DataFrame:
    """Each score that the placement uses, beside what the placement expects there.

    Returns:
        One row a score: model_id, study, benchmark, shots, cot, metric (``?`` where not printed): str; value,
        expected, low, high: in the benchmark's own unit, limits 90%; doubt: float, distance between
        printed and expected in standard deviations of such a cell.

    Raises:
        SourceUnavailableError: the file is missing or unreadable.
    """
    return _read(CELLS_FILE).copy()


def cross_validation() -> pd.DataFrame:
    """The result of refitting without the rows in question.

    Returns:
        One row a base and scheme: model_id, scheme ("model": without its own board rows; "family":
        without those of its whole line; "time": without all submitted since September 2024), fold,
        params_b, n_cells, true_average, placed_average, placed_low, placed_high (points, 90%), stretch
        (by which the limits were widened, estimated from other folds), by_size, by_ranks (what size alone
        and a plain mean of ranks give), and true_<task>, placed_<task>, placed_<task>_low,
        placed_<task>_high for the six.

    Raises:
        SourceUnavailableError: the file is missing or unreadable.
    """
    return _read(VALIDATION_FILE).copy()


@lru_cache(maxsize=3)
def _read(name: str) -> pd.DataFrame:
    try:
        return pd.read_parquet(FOLDER / name)
    except (OSError, ValueError) as error:
        raise SourceUnavailableError(
            f"{name} cannot be read ({type(error).__name__}).",
            source=name,
            remedy="Restore the file, or build it anew: python -m core.placement.build.",
        ) from error
