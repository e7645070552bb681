"""Refits that have not seen the rows they are judged by, and the widening that such refits call for."""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from core.board import snapshot
from core.placement.cells import BOARD
from core.placement.design import make_design
from core.placement.model import Settings, fit
from core.placement.predict import FEW, Prediction, predict
from core.placement.scale import TASKS
from core.placement.summary import ENOUGH_CELLS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from core.placement.cells import Cells

FOLDS: Final = 10
SPLIT: Final = pd.Timestamp("2024-09-01")
LEVEL: Final = 0.9
LEAST_STRETCH: Final = 1.0  # limits are never narrowed: thirty-odd bases are too few to say so
_SEED: Final = 16
_WORKERS: Final = 2


def board_truth(cells: Cells) -> pd.DataFrame:
    """The board's bases that also stand in reports.

    Returns:
        Index model_id; average, the six, params_b, second_source, n_cells and n_studies (used
        scores of reports, and how many studies they stand in), kin.
    """
    board = snapshot.read()
    board = board[(board["kind"] == "base") & board["primary"].fillna(value=True)].set_index("model_id")
    reports = cells.scores[cells.scores["study"] != BOARD].groupby("model_id")
    used, studies = reports.size(), reports["study"].nunique()
    both = [name for name in cells.bases.index if name in board.index and name in used.index]
    rows, bases = board.loc[both], cells.bases.loc[both]
    return pd.DataFrame(
        {
            "average": rows["average"],
            **{task: rows[task] for task in TASKS},
            "params_b": rows["params_b"],
            "second_source": rows["source"] != "open-llm-leaderboard",
            "n_cells": used.loc[both],
            "n_studies": studies.loc[both],
            "kin": bases["kin"],
        }
    )


def submitted_late(cells: Cells) -> set[str]:
    """Bases whose board rows came in from September 2024 on, the second source's among them."""
    board = snapshot.read()
    board = board[(board["kind"] == "base") & board["primary"].fillna(value=True)]
    when = pd.to_datetime(board["submitted"]).fillna(pd.to_datetime(board["uploaded"]))
    return set(board["model_id"][when >= SPLIT]) & set(cells.bases.index)


def make_folds(groups: pd.Series, folds: int = FOLDS) -> list[list[str]]:
    """Split an index into folds so that equal values of ``groups`` stay together; fixed by a seed."""
    names = np.array(sorted(set(groups)), dtype=object)
    order = np.random.default_rng(_SEED).permutation(len(names))
    of = {name: place % folds for place, name in enumerate(names[order])}
    number = groups.map(of)
    return [list(groups.index[number == fold]) for fold in range(folds) if (number == fold).any()]


def _refit(
    job: tuple[Cells, Sequence[str], frozenset[str], pd.Series, Settings],
) -> list[tuple[str, Prediction]]:
    cells, wanted, hidden, second_source, settings = job
    design = make_design(cells, hidden)
    state = fit(design.data, settings)
    return [(name, predict(state, design, name, second_source=bool(second_source[name]))) for name in wanted]


def refit_all(
    cells: Cells,
    jobs: Iterable[tuple[Sequence[str], frozenset[str]]],
    second_source: pd.Series,
    settings: Settings,
) -> list[list[tuple[str, Prediction]]]:
    """One refit a job: ``(bases to place, bases whose board rows are hidden)``."""
    full = [(cells, wanted, hidden, second_source, settings) for wanted, hidden in jobs]
    with ProcessPoolExecutor(_WORKERS) as pool:
        return list(pool.map(_refit, full))


def validate(cells: Cells, settings: Settings | None = None) -> tuple[pd.DataFrame, dict[str, Prediction]]:
    """Place each base that stands on the board and in reports by fits that have not seen it.

    Returns:
        Rows as :func:`core.placement.cross_validation` describes them (limits not yet widened), and the
        predictions of scheme "model" by base. Scheme "early" is the time scheme's own calibration: bases of
        before the split, placed by fits that see neither them nor anything later.
    """
    settings = settings or Settings()
    truth = board_truth(cells)
    late = submitted_late(cells)
    early = truth[~truth.index.isin(list(late))]
    lines = cells.bases["kin"]
    jobs: list[tuple[str, list[str], frozenset[str]]] = [
        ("model", names, frozenset(names)) for names in make_folds(pd.Series(truth.index, index=truth.index))
    ]
    jobs += [
        ("family", names, frozenset(lines.index[lines.isin(list(truth.loc[names, "kin"]))]))
        for names in make_folds(truth["kin"])
    ]
    jobs += [
        ("early", names, frozenset({*names, *late}))
        for names in make_folds(pd.Series(early.index, index=early.index), 5)
    ]
    jobs.append(("time", [name for name in truth.index if name in late], frozenset(late)))
    placed = refit_all(cells, [job[1:] for job in jobs], truth["second_source"], settings)
    rows, kept = [], {}
    for number, ((scheme, _, hidden), results) in enumerate(zip(jobs, placed, strict=True)):
        by_size = size_alone(cells, hidden, [name for name, _ in results])
        by_rank = mean_of_ranks(cells, hidden, [name for name, _ in results])
        for name, prediction in results:
            if scheme == "model":
                kept[name] = prediction
            rows.append(
                {
                    "model_id": name,
                    "scheme": scheme,
                    "fold": number,
                    "params_b": truth.loc[name, "params_b"],
                    "n_cells": truth.loc[name, "n_cells"],
                    "n_studies": truth.loc[name, "n_studies"],
                    "true_average": truth.loc[name, "average"],
                    "placed_average": prediction.average,
                    "placed_low": prediction.low,
                    "placed_high": prediction.high,
                    "by_size": by_size[name],
                    "by_ranks": by_rank[name],
                    **{f"true_{task}": truth.loc[name, task] for task in TASKS},
                    **{f"placed_{task}": prediction.tasks[at] for at, task in enumerate(TASKS)},
                    **{f"placed_{task}_low": prediction.task_low[at] for at, task in enumerate(TASKS)},
                    **{f"placed_{task}_high": prediction.task_high[at] for at, task in enumerate(TASKS)},
                }
            )
    return pd.DataFrame(rows), kept


def size_alone(cells: Cells, hidden: Iterable[str], wanted: Sequence[str]) -> dict[str, float]:
    """The average by a straight line in log parameters through the board's other bases."""
    board = cells.scores[cells.scores["study"] == BOARD].groupby("model_id")["value"].mean()
    seen = board[~board.index.isin(list(hidden))]
    size = cells.bases["size"].to_dict()
    slope, intercept = np.polyfit(np.log(cells.bases.loc[seen.index, "size"].to_numpy()), seen, 1)
    return {name: float(intercept + slope * np.log(size[name])) for name in wanted}


def mean_of_ranks(cells: Cells, hidden: Iterable[str], wanted: Sequence[str]) -> dict[str, float]:
    """The average by a straight line in a base's mean rank (0-1) over all columns of five bases and more."""
    reports = cells.scores[cells.scores["study"] != BOARD]
    large = reports.groupby("column")["model_id"].transform("size") >= 5
    ranks = reports[large].groupby("column")["y"].rank(pct=True)
    mean = ranks.groupby(reports.loc[ranks.index, "model_id"]).mean()
    board = cells.scores[cells.scores["study"] == BOARD].groupby("model_id")["value"].mean()
    both = [name for name in mean.index if name in board.index and name not in set(hidden)]
    slope, intercept = np.polyfit(mean[both], board[both], 1)
    return {name: float(intercept + slope * mean.get(name, 0.5)) for name in wanted}


def stretch(rows: pd.DataFrame) -> dict[bool, float]:
    """By how much limits must be pulled apart so that they hold as often as they say.

    Returns:
        For bases of few studies (True) and of more (False): the conformal quantile of the error, in units
        of the distance from the placed average to the limit on that side.
    """
    judged = rows[rows["n_cells"] >= ENOUGH_CELLS]
    return {few: _quantile(judged[(judged["n_studies"] <= FEW) == few]) for few in (False, True)}


def _quantile(rows: pd.DataFrame) -> float:
    error = (rows["true_average"] - rows["placed_average"]).to_numpy(dtype=np.float64)
    above = (rows["placed_high"] - rows["placed_average"]).to_numpy(dtype=np.float64)
    below = (rows["placed_average"] - rows["placed_low"]).to_numpy(dtype=np.float64)
    ratio = np.sort(np.abs(error) / np.where(error > 0, above, below))
    place = int(np.ceil((len(ratio) + 1) * LEVEL)) - 1
    return max(LEAST_STRETCH, float(ratio[min(place, len(ratio) - 1)]))


def widen(rows: pd.DataFrame) -> tuple[pd.DataFrame, dict[bool, float]]:
    """Widen each row's limits by what other folds call for.

    Returns:
        Rows of the schemes "model", "family" and "time" with widened limits and the factor in
        ``stretch``; and the factors for what the app ships (few studies: True), from all rows of "model"
        and "family".
    """
    done = []
    for scheme in ("model", "family", "time"):
        part = rows[rows["scheme"] == scheme]
        for number, fold in part.groupby("fold"):
            others = rows[rows["scheme"] == "early"] if scheme == "time" else part[part["fold"] != number]
            factors = stretch(others)
            done.append(_stretched(fold, (fold["n_studies"] <= FEW).map(factors)))
    both = [stretch(rows[rows["scheme"] == scheme]) for scheme in ("model", "family")]
    return pd.concat(done, ignore_index=True), {few: max(one[few] for one in both) for few in (False, True)}


def _stretched(rows: pd.DataFrame, factor: pd.Series) -> pd.DataFrame:
    result = rows.assign(stretch=factor)
    for middle in ("placed_average", *(f"placed_{task}" for task in TASKS)):
        stem = "placed" if middle == "placed_average" else middle
        for side in ("low", "high"):
            name = f"{stem}_{side}"
            result[name] = (rows[middle] + factor * (rows[name] - rows[middle])).clip(0, 100)
    return result
