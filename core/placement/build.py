"""Fit the placement, judge it by refits, and write what the app ships: ``python -m core.placement.build``."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

for _name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_name, "1")  # two refits side by side are quicker than one on two threads

import numpy as np  # noqa: E402
import pandas as pd  # noqa: E402

from core.board import snapshot  # noqa: E402
from core.catalogue import load_report_sources  # noqa: E402
from core.catalogue.check import check  # noqa: E402
from core.errors import DataError, InvalidTableError  # noqa: E402
from core.placement import stored  # noqa: E402
from core.placement.cells import BOARD, Cells, gather  # noqa: E402
from core.placement.design import Design, make_design  # noqa: E402
from core.placement.expect import expected_cells  # noqa: E402
from core.placement.model import Fit, Settings, fit  # noqa: E402
from core.placement.parameters import pack  # noqa: E402
from core.placement.predict import FEW, Prediction, predict  # noqa: E402
from core.placement.scale import TASKS  # noqa: E402
from core.placement.validate import validate, widen  # noqa: E402


def build(folder: Path = stored.FOLDER) -> pd.DataFrame:
    """Fit, validate and replace the placement's files; the old ones stay unless everything went well.

    Returns:
        The validation rows.

    Raises:
        InvalidTableError: a report or the catalogue has a fault; nothing was written.
    """
    faults = check()
    if faults:
        raise InvalidTableError(
            f"{len(faults)} faults in the catalogue, the first: {faults[0]}.",
            source="catalogue",
            remedy="python -m core.catalogue.check lists them all. The placement was left as it is.",
        )
    cells = gather()
    settings = Settings()
    raw, without_own = validate(cells, settings)
    rows, factors = widen(raw)
    design = make_design(cells)
    state = fit(design.data, settings)
    written = {
        stored.VALIDATION_FILE: rows,
        stored.BASES_FILE: placed_bases(cells, design, state, without_own, factors),
        stored.CELLS_FILE: expected_cells(cells, design, state),
    }
    with tempfile.TemporaryDirectory(dir=folder) as scratch:
        for name, frame in written.items():
            _rounded(frame).to_parquet(Path(scratch) / name, index=False, compression="zstd")
        with (Path(scratch) / stored.PARAMETERS_FILE).open("wb") as file:
            np.savez_compressed(file, allow_pickle=False, **pack(design, state, factors))
        for name in (*written, stored.PARAMETERS_FILE):
            (Path(scratch) / name).replace(folder / name)
    return rows


def placed_bases(
    cells: Cells, design: Design, state: Fit, without_own: dict[str, Prediction], factors: dict[bool, float]
) -> pd.DataFrame:
    """One row a base; a base of the board is shown as placed by the refit that had not seen it there."""
    board = snapshot.read()
    on_board = set(board["model_id"][board["kind"] == "base"])
    reports = cells.scores[cells.scores["study"] != BOARD].groupby("model_id")
    studies, scores = reports["study"].nunique(), reports.size()
    witnesses = count_reports(cells.scores)
    rows = []
    for name in cells.bases.index:
        if name in on_board and name not in scores.index:
            continue  # measured, and no report says anything of it
        few = int(studies.get(name, 0)) <= FEW
        prediction = (without_own.get(name) or predict(state, design, name)).widened(factors[few])
        base = cells.bases.loc[name]
        row = {
            "model_id": name,
            "family": base["family"],
            "params_b": base["params_b"],
            "placed_average": prediction.average,
            "placed_low": prediction.low,
            "placed_high": prediction.high,
            "n_reports": int(witnesses.get(name, 0)),
            "n_scores": int(scores.get(name, 0)),
            "measured": name in on_board,
            "evidence": "placed" if name in scores.index else "size only",
        }
        for at, task in enumerate(TASKS):
            row[task] = prediction.tasks[at]
            row[f"{task}_low"], row[f"{task}_high"] = prediction.task_low[at], prediction.task_high[at]
        for at, task in enumerate(TASKS):
            for other in range(at, len(TASKS)):
                row[f"cov_{task}_{TASKS[other]}"] = prediction.cov[at, other]
        rows.append(row)
    return pd.DataFrame(rows)


def count_reports(scores: pd.DataFrame) -> pd.Series[int]:
    """Independent reports behind each model: what one measures apart from its study is no second.

    Args:
        scores: cells with model_id and study, those of the board included or not.
    """
    sources = load_report_sources()
    own = scores[scores["study"] != BOARD]
    witness = own["study"].map(lambda study: sources[study].study if study in sources else study)
    return witness.groupby(own["model_id"]).nunique()


def _rounded(frame: pd.DataFrame) -> pd.DataFrame:
    floats = frame.select_dtypes("float64").columns
    return frame.assign(**{name: frame[name].round(4) for name in floats})


def main() -> int:
    try:
        rows = build()
    except DataError as error:
        print(error, file=sys.stderr)
        return 1
    for scheme, part in rows.groupby("scheme"):
        gap = (part["placed_average"] - part["true_average"]).abs()
        inside = part["true_average"].between(part["placed_low"], part["placed_high"])
        print(f"{scheme}: {len(part)} bases, error {gap.mean():.2f}, 90% limits hold {inside.mean():.0%}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
