"""What the placement is fitted to: scores of reports and board as cells, and what is known of each base."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from core.board import families, names, snapshot
from core.catalogue import load_catalogue, load_reports
from core.catalogue.benchmarks import load_benchmarks
from core.placement.scale import TASKS, logit_variance, score_to_share, to_logit

if TYPE_CHECKING:
    from collections.abc import Mapping

    from core.catalogue.benchmarks import Benchmark

BOARD: Final = "board"
EUROEVAL: Final = "euroeval"
# One metric a task: the others are the same answers counted differently.
_METRIC_ORDER: Final = ("MCC", "accuracy", "F1", "micro-F1 no misc")
# EuroEval has 200 tasks in 30 languages. English, and tasks that ask for knowledge or common sense in
# seven larger languages, say what there is to say about six English tasks; the rest would only count the
# same witness often.
_EUROEVAL_TASKS: Final = re.compile(
    r"EuroEval (squad|hellaswag|life_in_the_uk|conll_en|sst5|scala_(en|de|es)|mmlu_(de|fr|es|it|pt|nl|sv)"
    r"|hellaswag_(de|fr|es|it|nl|sv|da|fi)|goldenswag_pt|danish_citizen_tests)"
)
# Long context and pictures are asked of few bases and by nobody on the board.
_OTHER_SKILLS: Final = frozenset({"vision", "long context"})
_OTHER_NAMES: Final = re.compile(r"RULER|MRCR|LongBench")
_KEY: Final = ("study", "benchmark", "shots", "cot", "metric")
_UNKNOWN_SIZE_B: Final = 7.0
_UNKNOWN_YEAR: Final = 2024.2


@dataclass(frozen=True, slots=True)
class Cells:
    """What a fit is made of.

    Attributes:
        scores: one row a cell: model_id, study, benchmark (``board:`` before the board's tasks), column
            (the key of an intercept), value, y (logit), s2 (its known sampling variance, 0 where none is
            known).
        bases: one row a base, index model_id: params_b, size (billions that count: the geometric mean of
            total and active), year, family, kin (families that share weights or data count as one),
            size_known.
    """

    scores: pd.DataFrame
    bases: pd.DataFrame


def gather() -> Cells:
    """All usable cells of the catalogue's reports and of the board's bases.

    Raises:
        DataError: the catalogue or the board can't be read.
    """
    board = snapshot.read()
    board = board[(board["kind"] == "base") & board["primary"].fillna(value=True)]
    catalogue = load_catalogue()
    reports = load_reports()
    reports = reports[reports["excluded"].isna()]
    same = {name.lower(): name for name in (*reports["model_id"], *catalogue["model_id"], *board["model_id"])}
    reports = reports.assign(model_id=reports["model_id"].str.lower().map(same))
    scores = pd.concat([report_cells(reports), board_cells(board)], ignore_index=True)
    everyone = pd.Index(sorted({*scores["model_id"], *catalogue["model_id"].str.lower().map(same)}))
    return Cells(scores, describe_bases(everyone, board, catalogue))


def column_key(study: str, benchmark: str, shots: object, cot: object, metric: object) -> str:
    """The name of an intercept: a benchmark as one study runs it."""
    return "|".join("?" if pd.isna(part) else str(part) for part in (study, benchmark, shots, cot, metric))  # type: ignore[call-overload]


def report_cells(reports: pd.DataFrame) -> pd.DataFrame:
    """Cells of the reports' usable rows; a base twice in one column counts once, with the mean."""
    known = load_benchmarks()
    used = reports[reports["benchmark"].map(lambda name: name in known and _is_used(known[name]))]
    euroeval = used["report"].str.startswith(EUROEVAL)
    order = {metric: place for place, metric in enumerate(_METRIC_ORDER)}
    rank = used["metric"].map(order).fillna(len(order))
    first = rank.where(euroeval).groupby(used["benchmark"]).transform("min")
    english = used["benchmark"].map(lambda name: bool(_EUROEVAL_TASKS.fullmatch(name)))
    used = used[~euroeval | ((rank == first) & english)]
    key = used[list(_KEY)].astype("string").fillna("?")
    used = used.assign(column=key.agg("|".join, axis=1))
    cells = used.groupby(["model_id", "study", "benchmark", "column"], as_index=False)["value"].mean()
    share = score_to_share(cells["value"], *benchmark_ranges(cells["benchmark"], cells["column"], known))
    cells["y"], cells["s2"] = to_logit(share), 0.0
    return pd.DataFrame(cells)


def benchmark_ranges(
    benchmark: pd.Series, column: pd.Series, known: Mapping[str, Benchmark]
) -> tuple[pd.Series, pd.Series, pd.Series, pd.Series]:
    """low, high, chance, lower_is_better of each cell; MCC is 0 by chance whatever the choices."""
    low = benchmark.map(lambda name: known[name].low).astype("float64")
    chance = benchmark.map(lambda name: known[name].chance).astype("float64")
    return (
        low,
        benchmark.map(lambda name: known[name].high).astype("float64"),
        chance.where(chance.notna() & ~column.str.endswith("|MCC"), low),
        benchmark.map(lambda name: known[name].lower_is_better).astype("bool"),
    )


def _is_used(benchmark: Benchmark) -> bool:
    return benchmark.ability not in _OTHER_SKILLS and not _OTHER_NAMES.search(benchmark.name)


def board_cells(board: pd.DataFrame) -> pd.DataFrame:
    """The six normalised scores of the board's bases, with the standard errors of their questions."""
    parts = []
    for task in TASKS:
        value = board[task].to_numpy(dtype=np.float64)
        column = np.full(len(board), f"{BOARD}|{task}", dtype=object)
        if task == "math_lvl_5":  # the second source checks answers with an older parser
            column[(board["source"] != "open-llm-leaderboard").to_numpy()] = f"{BOARD}, second source|{task}"
        parts.append(
            pd.DataFrame(
                {
                    "model_id": board["model_id"].to_numpy(),
                    "study": BOARD,
                    "benchmark": f"{BOARD}:{task}",
                    "column": column,
                    "value": value,
                    "y": to_logit(value / 100),
                    "s2": logit_variance(value / 100, board[f"{task}_se"].to_numpy(dtype=np.float64) / 100),
                }
            )
        )
    cells: pd.DataFrame = pd.concat(parts, ignore_index=True).dropna(subset=["y"])
    return cells


def describe_bases(everyone: pd.Index, board: pd.DataFrame, catalogue: pd.DataFrame) -> pd.DataFrame:
    """Size, date and family of each base: catalogue, board, then what its name says."""
    rows, entries = board.set_index("model_id"), catalogue.set_index("model_id")

    def either(name: str, other: str) -> pd.Series:
        first = entries[name].reindex(everyone).astype(object)
        return first.where(first.notna(), rows[other].reindex(everyone).astype(object))

    params = either("params_b", "params_b").astype("float64")
    params = params.fillna(pd.Series({name: names.size_in_name(name) for name in everyone}, dtype="float64"))
    active = either("active_params_b", "active_params_b").astype("float64")
    released = pd.to_datetime(entries["released"].reindex(everyone).astype(object), format="%Y-%m")
    released = released.fillna(pd.to_datetime(rows["uploaded"].reindex(everyone)))
    family = pd.Series(
        {name: place.family.name if (place := families.place(name)) else None for name in everyone}
    ).astype(object)
    listed = either("family", "family")
    owner = pd.Series([names.organisation(name) or name for name in everyone], index=everyone)
    family = family.where(family.notna(), listed.where(listed.notna(), owner)).astype(str)
    whole = params.fillna(_UNKNOWN_SIZE_B)
    return pd.DataFrame(
        {
            "params_b": params,
            "size": np.sqrt(whole * active.fillna(whole)),
            "year": (released.dt.year + (released.dt.month - 1) / 12).fillna(_UNKNOWN_YEAR),
            "family": family,
            "kin": family.map(kin_of),
            "size_known": params.notna(),
        }
    )


def kin_of(family: str) -> str:
    """The line of a family: ``Qwen2.5-Coder`` and ``Qwen2.5`` are one, ``Llama 3.1`` and ``Llama 3.2`` too.

    >>> kin_of("Qwen2.5-Coder"), kin_of("Llama 3.1"), kin_of("Yi-1.5 32K"), kin_of("Granite 3.0")
    ('Qwen2.5', 'Llama 3', 'Yi-1.5', 'Granite 3')
    """
    plain = re.sub(r"[- ](Coder|Math|MoE|32K|200K)\b.*", "", family)
    spaced = re.fullmatch(r"(Llama|Granite|Gemma|Phi)[ -](\d+)(\..*)?", plain)
    return f"{spaced[1]} {spaced[2]}" if spaced else plain


def regressors(size: float | pd.Series, year: float | pd.Series) -> np.ndarray:
    """Columns of the prior mean: one, log size, date, log size squared; shape (bases, 4) or (4,)."""
    log_size = np.log(np.asarray(size, dtype=np.float64) / 7)
    when = np.asarray(year, dtype=np.float64).clip(2021) - 2024.5
    return np.stack([np.ones_like(log_size), log_size, when, log_size**2 / 3], axis=-1)
