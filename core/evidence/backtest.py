"""How well each signal, and this tool, would have ordered published results of tuning.

Run: ``python -m core.evidence.backtest FILE...`` on tables of the schema of :mod:`core.evidence.outcomes`;
``--save`` embeds the result, which the page shows.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from core.errors import DataError
from core.evidence import statistics
from core.evidence.labels import SIGNALS
from core.evidence.result import Backtest
from core.evidence.studies import study_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

PATH: Final = Path(__file__).resolve().parent.parent / "data" / "backtest.json"
SCHEMA_VERSION: Final = 1
_RESULT_COLUMNS: Final = (
    "study", "signal", "models", "groups", "spearman", "spearman_low", "spearman_high", "kendall",
    "kendall_low", "kendall_high", "regret", "regret_low", "regret_high", "gain", "gain_low", "gain_high",
)  # fmt: skip


def backtest(outcomes: pd.DataFrame, board: pd.DataFrame, pairs: pd.DataFrame) -> Backtest:
    """Compare every signal with what came out.

    Args:
        outcomes: from :func:`core.evidence.outcomes.read`; several studies may be concatenated.
        board: the leaderboard.
        pairs: from :func:`core.variants.pairs.pair_variants`.
    """
    from core.evidence import outcomes as published  # noqa: PLC0415 - reading results needs none of this
    from core.evidence import signals  # noqa: PLC0415

    runs = signals.table(published.full_runs(outcomes), outcomes, board, pairs)
    studies, results = [], []
    for key, frame in runs.groupby("study", sort=False):
        per_group = frame.groupby("group")["base_model"].nunique()
        compared = frame[frame["group"].isin(per_group[per_group >= statistics.FEWEST].index)]
        described = study_of(str(key))
        outcome = _grid(compared, "outcome")
        studies.append(
            {
                "key": key,
                "title": described.title,
                "source": described.source,
                "link": described.link,
                "setting": described.setting,
                "caution": described.caution,
                "models": frame["base_model"].nunique(),
                "on_board": frame.loc[frame["on_board"], "base_model"].nunique(),
                "groups": len(per_group),
                "compared": compared["group"].nunique(),
                "random_regret": _random(outcome),
            }
        )
        results.extend(_of_study(str(key), compared, outcome, list(SIGNALS)))
    return Backtest(pd.DataFrame(studies), pd.DataFrame(results, columns=list(_RESULT_COLUMNS)))


def embedded() -> Backtest:
    """The results the product ships."""
    stored = json.loads(PATH.read_text(encoding="utf-8"))
    results = pd.DataFrame(stored["results"], columns=list(_RESULT_COLUMNS))
    numbers = [name for name in _RESULT_COLUMNS if name not in ("study", "signal")]
    results[numbers] = results[numbers].astype(float)
    return Backtest(pd.DataFrame(stored["studies"]), results, str(stored["board_date"]))


def to_document(result: Backtest, *, board_date: str) -> dict[str, Any]:
    """The result as JSON holds it, rounded to four places."""
    return {
        "schema_version": SCHEMA_VERSION,
        "board_date": board_date,
        "resamples": statistics.RESAMPLES,
        "fewest_models": statistics.FEWEST,
        "studies": _plain(result.studies),
        "results": _plain(result.results),
    }


def _of_study(key: str, frame: pd.DataFrame, outcome: pd.DataFrame, names: list[str]) -> list[dict[str, Any]]:
    found = []
    for name in names:
        signal = _grid(frame, name).reindex_like(outcome)
        models = signal.index[signal.notna().any(axis=1)]
        if len(models) < statistics.FEWEST:
            continue
        a, b = signal.loc[models].to_numpy(float), outcome.loc[models].to_numpy(float)
        taken = statistics.draws_of(len(models))
        measured = statistics.over_groups(a, b, taken)
        if math.isnan(measured["spearman"][0]):
            continue
        average = _grid(frame, "average").reindex_like(outcome).loc[models].to_numpy(float)
        row: dict[str, Any] = {"study": key, "signal": name, "models": len(models), "groups": _used(a, b)}
        for statistic in statistics.STATISTICS:
            low, high = statistics.interval(measured[statistic][1:])
            row |= {statistic: measured[statistic][0], f"{statistic}_low": low, f"{statistic}_high": high}
        row |= dict.fromkeys(("gain", "gain_low", "gain_high"), math.nan)
        if name != "average" and not np.isnan(average).any(axis=1).any():
            gain = measured["spearman"] - statistics.over_groups(average, b, taken)["spearman"]
            row["gain"], (row["gain_low"], row["gain_high"]) = gain[0], statistics.interval(gain[1:])
        found.append(row)
    return found


def _grid(frame: pd.DataFrame, column: str) -> pd.DataFrame:
    """Models x groups."""
    return frame.pivot_table(index="base_model", columns="group", values=column, sort=True, dropna=False)


def _used(signal: npt.NDArray[np.float64], outcome: npt.NDArray[np.float64]) -> int:
    known = (~np.isnan(signal) & ~np.isnan(outcome)).sum(axis=0)
    return int((known >= statistics.FEWEST).sum())


def _random(outcome: pd.DataFrame) -> float:
    each = [statistics.random_regret(column.dropna().to_numpy(float)) for _, column in outcome.items()]
    return float(np.nanmean(each)) if each else math.nan


def _plain(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows with whole numbers as such, others rounded, and None for NaN."""
    rows = []
    for row in table.to_dict("records"):
        plain: dict[str, Any] = {}
        for name, value in row.items():
            if isinstance(value, (float, np.floating)):
                plain[str(name)] = None if math.isnan(value) else round(float(value), 4)
            else:
                plain[str(name)] = int(value) if isinstance(value, np.integer) else value
        rows.append(plain)
    return rows


def _printed(result: Backtest) -> str:
    lines = []
    for study in result.studies.to_dict("records"):
        lines.append(
            f"{study['title']}: {study['models']} models, {study['on_board']} on the board; "
            f"{study['compared']} of {study['groups']} comparisons have at least {statistics.FEWEST} models"
        )
        own = result.results[result.results["study"] == study["key"]]
        lines.extend(
            f"  {row.signal:<12} n={row.models:>3}  Spearman {row.spearman:+.2f} [{row.spearman_low:+.2f}, "
            f"{row.spearman_high:+.2f}]  Kendall {row.kendall:+.2f} [{row.kendall_low:+.2f}, "
            f"{row.kendall_high:+.2f}]  regret {row.regret:.2f} [{row.regret_low:.2f}, {row.regret_high:.2f}]"
            for row in own.itertuples()
        )
        if not math.isnan(study["random_regret"]):
            lines.append(f"  {'random':<12} regret {study['random_regret']:.2f}")
        lines.extend([] if len(own) else ["  nothing can be compared"])
    return "\n".join(lines) + "\n"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run on files and print; 1 if one of them can't be used."""
    from core.board import snapshot  # noqa: PLC0415
    from core.evidence import outcomes as published  # noqa: PLC0415
    from core.leaderboard import load_leaderboard  # noqa: PLC0415
    from core.variants.pairs import pair_variants  # noqa: PLC0415

    parser = argparse.ArgumentParser(prog="python -m core.evidence.backtest", description=__doc__)
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
    parser.add_argument("--save", action="store_true", help=f"embed the result ({PATH.name})")
    options = parser.parse_args(arguments)
    board = load_leaderboard("snapshot")
    try:
        tables = [published.read(path) for path in options.files]
    except DataError as error:
        sys.stderr.write(f"{error.source}: {error}\n")
        return 1
    result = backtest(pd.concat(tables, ignore_index=True), board, pair_variants(board))
    sys.stdout.write(_printed(result))
    if options.save:
        document = to_document(result, board_date=str(snapshot.manifest()["board"]["date"]))
        PATH.write_text(json.dumps(document, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
