"""Published results of tuning many bases alike, read from any table of the outcome schema.

Needed: ``base_model`` and a result (``after``, ``value`` or ``avg_rank``). Used if there: ``task``,
``metric``, ``direction`` ("higher" or "lower" is better), ``before``, ``n_train``, ``params_b`` or
``params``, ``controlled``, ``quantity``, and what tells set-ups apart (``method``, ``recipe``, ``dataset``,
``edition``, ``category``). Other columns are ignored.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from core.errors import InvalidTableError, SourceUnavailableError
from core.evidence.statistics import FEWEST

if TYPE_CHECKING:
    from pathlib import Path

RESULT_COLUMNS: Final = ("after", "value", "avg_rank")
# Models tuned in different ways are not compared: these columns tell set-ups apart.
SETTING_COLUMNS: Final = ("edition", "dataset", "method", "n_train", "recipe")
# What stands for "no result" in published tables.
_BLANKS: Final = frozenset({"", "-", "–", "—", "na", "n/a", "nan", "none", "null", "oom"})
MAX_ROWS: Final = 200_000


def read(path: Path) -> pd.DataFrame:
    """Outcomes of one file, one row per tuned model.

    Returns:
        study (file name), base_model, task, metric, setting, group (task, metric and setting), outcome
        (higher is better, whatever the metric), value (as printed), before (higher is better), params_b.

    Raises:
        SourceUnavailableError: the file can't be read.
        InvalidTableError: it lacks a column, or a cell holds what it must not; names row and column.
    """
    try:
        table = pd.read_csv(path, nrows=MAX_ROWS)
    except (OSError, UnicodeDecodeError, pd.errors.ParserError, pd.errors.EmptyDataError) as error:
        raise SourceUnavailableError(
            f"The table {path.name} could not be read.", source=path.name, remedy="Give a CSV file."
        ) from error
    return from_table(table, study=path.stem.removeprefix("outcomes_"))


def from_table(table: pd.DataFrame, *, study: str) -> pd.DataFrame:
    """As :func:`read`, from a table."""
    table = table.reset_index(drop=True)
    result = next((name for name in RESULT_COLUMNS if name in table), None)
    if "base_model" not in table or result is None:
        missing = "base_model" if "base_model" not in table else " or ".join(RESULT_COLUMNS)
        raise InvalidTableError(
            f"Column {missing} not found.",
            source=study,
            remedy=f"Found: {', '.join(map(str, table.columns))}.",
        )
    if "quantity" in table:
        table = table[
            table["quantity"].astype("string").str.lower().isin(["finetuned", "fine-tuned", "after"])
        ]
    value = _numbers(table, result, study)
    lower_is_better = _lower(table, result)
    sign = np.where(lower_is_better, -1.0, 1.0)
    before = _soft_numbers(table, "before")
    metric = table["metric"].astype("string") if "metric" in table else pd.Series(result, index=table.index)
    task = table["task"].astype("string") if "task" in table else pd.Series(study, index=table.index)
    setting = _setting(table, task.fillna(study) + metric.fillna(""))
    frame = pd.DataFrame(
        {
            "study": study,
            "base_model": table["base_model"].astype("string").str.strip(),
            "task": task.fillna(study),
            "metric": metric.fillna("").str.strip(),
            "setting": setting,
            "outcome": sign * value,
            "value": value,
            "before": sign * before,
            "params_b": _params(table),
            "n_train": _soft_numbers(table, "n_train"),
        }
    )
    frame = frame[frame["base_model"].notna() & frame["outcome"].notna() & _controlled(table)]
    frame["group"] = frame["task"] + " | " + frame["metric"] + " | " + frame["setting"]
    # Several runs of one model in one set-up count as their mean.
    columns = ["study", "group", "task", "metric", "setting", "base_model"]
    numbers = ["outcome", "value", "before", "params_b", "n_train"]
    return frame.groupby(columns, sort=False, dropna=False)[numbers].mean().reset_index()


def full_runs(outcomes: pd.DataFrame) -> pd.DataFrame:
    """The runs to predict: of several data sizes only the largest of each task, which most models reached."""
    sized = outcomes["n_train"].notna()
    largest = outcomes.groupby(["study", "task"])["n_train"].transform("max")
    several = outcomes.groupby(["study", "task"])["n_train"].transform("nunique") > 1
    return outcomes[~(sized & several) | (outcomes["n_train"] == largest)]


def trial_runs(outcomes: pd.DataFrame, *, share: float = 0.05) -> pd.DataFrame:
    """The largest runs on at most ``share`` of the data of the full one: base_model, task, outcome."""
    largest = outcomes.groupby(["study", "task"])["n_train"].transform("max")
    small = outcomes[(outcomes["n_train"] <= share * largest) & (outcomes["n_train"] > 0)]
    last = small.groupby(["study", "task"])["n_train"].transform("max")
    return small.loc[small["n_train"] == last, ["study", "task", "base_model", "outcome"]]


def untuned(outcomes: pd.DataFrame) -> pd.DataFrame:
    """Results before tuning: the column ``before``, or the runs on no data: base_model, task, outcome."""
    none = outcomes.loc[outcomes["n_train"] == 0, ["study", "task", "base_model", "outcome"]]
    stated = outcomes.loc[outcomes["before"].notna(), ["study", "task", "base_model", "before"]]
    both = pd.concat([none, stated.rename(columns={"before": "outcome"})], ignore_index=True)
    return both.groupby(["study", "task", "base_model"], sort=False)["outcome"].mean().reset_index()


def _lower(table: pd.DataFrame, result: str) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    if "direction" in table:
        return (
            table["direction"]
            .astype("string")
            .str.lower()
            .str.startswith("low")
            .fillna(value=False)
            .to_numpy()
        )
    return np.full(len(table), result == "avg_rank")


def _numbers(table: pd.DataFrame, column: str, study: str) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    numbers = pd.to_numeric(table[column], errors="coerce").to_numpy(float)
    text = table[column].astype("string").str.strip()
    wrong = np.flatnonzero(np.isnan(numbers) & ~text.fillna("").str.lower().isin(_BLANKS).to_numpy())
    if len(wrong):
        row = int(table.index[wrong[0]])
        raise InvalidTableError(
            f"Row {row + 2}, column {column}: “{str(text.iloc[wrong[0]])[:40]}” is not a number.",
            source=study,
            remedy="Correct the cell or leave it empty.",
        )
    return numbers


def _soft_numbers(table: pd.DataFrame, column: str) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    if column not in table:
        return np.full(len(table), np.nan)
    return pd.to_numeric(table[column], errors="coerce").to_numpy(float)


def _params(table: pd.DataFrame) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Billions of parameters, as the table states them."""
    if "params_b" in table:
        return _soft_numbers(table, "params_b")
    return _soft_numbers(table, "params") / 1e9


def _controlled(table: pd.DataFrame) -> pd.Series[bool]:
    """False where the table itself says that a run wasn't made like the others."""
    if "controlled" not in table:
        return pd.Series(data=True, index=table.index)
    said = table["controlled"].astype("string").str.lower().fillna("")
    return ~said.str.startswith(("no", "false", "0"))


def _setting(table: pd.DataFrame, task: pd.Series[str]) -> pd.Series[str]:
    """What tells set-ups apart.

    A column that differs from model to model (a recipe with remarks) would leave nothing to compare: columns
    are dropped from the last until some task has enough models in one set-up.
    """
    columns = [name for name in SETTING_COLUMNS if name in table]
    for count in range(len(columns), 0, -1):
        joined = _joined(table, columns[:count])
        if table.groupby([task, joined])["base_model"].nunique().max() >= FEWEST:
            return joined
    return _joined(table, columns)


def _joined(table: pd.DataFrame, columns: list[str]) -> pd.Series[str]:
    if not columns:
        return pd.Series("", index=table.index)
    joined = table[columns[0]].astype("string").fillna("")
    for column in columns[1:]:
        joined = joined + " · " + table[column].astype("string").fillna("")
    return joined
