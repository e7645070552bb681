"""How well each signal, and this tool, would have ordered published results of tuning.

Run: ``python -m core.evidence.backtest FILE...`` on tables of the schema of :mod:`core.evidence.outcomes`;
``--save`` embeds the result, which the page shows.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from core.errors import DataError
from core.evidence import statistics
from core.evidence.kinds import kind_of
from core.evidence.labels import SIGNALS
from core.evidence.result import Backtest
from core.evidence.studies import study_of
from core.schema import BENCHMARK_KEYS

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

PATH: Final = Path(__file__).resolve().parent.parent / "data" / "backtest.json"
SCHEMA_VERSION: Final = 2
_FIGURES: Final = (*statistics.STATISTICS, "gain")
_RESULT_COLUMNS: Final = (
    "study", "signal", "models", "groups", "spearman", "spearman_low", "spearman_high", "kendall",
    "kendall_low", "kendall_high", "regret", "regret_low", "regret_high", "gain", "gain_low", "gain_high",
)  # fmt: skip
# Signals that are looked at for each kind of task.
_BY_KIND: Final = ("size", "average", *BENCHMARK_KEYS)
_KIND_COLUMNS: Final = ("kind", "tasks", *_RESULT_COLUMNS)


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
    studies: list[dict[str, Any]] = []
    results: list[dict[str, Any]] = []
    kinds: list[dict[str, Any]] = []
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
                "publishers": _publishers(compared),
                "random_regret": _random(outcome),
            }
        )
        results.extend(_of_study(str(key), compared, outcome, list(SIGNALS)))
        kind = compared["task"].map(kind_of)
        for name in sorted(set(kind) - {""}):
            part = compared[kind == name]
            rows = _of_study(str(key), part, _grid(part, "outcome"), list(_BY_KIND))
            kinds.extend({"kind": name, "tasks": part["task"].nunique(), **row} for row in rows)
    return Backtest(
        pd.DataFrame(studies),
        pd.DataFrame(results, columns=list(_RESULT_COLUMNS)),
        pd.DataFrame(kinds, columns=list(_KIND_COLUMNS)),
    )


def embedded() -> Backtest:
    """The results the product ships."""
    stored = json.loads(PATH.read_text(encoding="utf-8"))
    tables = {}
    for key, columns in (("results", _RESULT_COLUMNS), ("kinds", _KIND_COLUMNS)):
        table = pd.DataFrame(stored[key], columns=list(columns))
        numbers = [name for name in columns if name not in ("study", "signal", "kind")]
        table[numbers] = table[numbers].astype(float)
        tables[key] = table
    return Backtest(
        pd.DataFrame(stored["studies"]), tables["results"], tables["kinds"], str(stored["board_date"])
    )


def to_document(result: Backtest, *, board_date: str) -> dict[str, Any]:
    """The result as JSON holds it, rounded to four places."""
    return {
        "schema_version": SCHEMA_VERSION,
        "board_date": board_date,
        "resamples": statistics.RESAMPLES,
        "fewest_models": statistics.FEWEST,
        "studies": _plain(result.studies),
        "results": _plain(result.results),
        "kinds": _plain(result.kinds),
    }


def _of_study(key: str, frame: pd.DataFrame, outcome: pd.DataFrame, names: list[str]) -> list[dict[str, Any]]:
    found = []
    for name in names:
        signal = _grid(frame, name).reindex_like(outcome)
        # A group with too few models that have the signal says nothing of any of them.
        both = signal.notna() & outcome.notna()
        both = both.loc[:, both.sum() >= statistics.FEWEST]
        models = both.index[both.any(axis=1)]
        if not len(models):
            continue
        a = signal.loc[models, both.columns].to_numpy(float)
        b = outcome.loc[models, both.columns].to_numpy(float)
        average = _grid(frame, "average").reindex_like(outcome).loc[models, both.columns].to_numpy(float)
        beside = name != "average" and not np.isnan(average).any(axis=1).any()
        measured, resampled = statistics.bootstrap(
            partial(_figures, a, b, average if beside else None), len(models)
        )
        if math.isnan(measured[0]):
            continue
        row: dict[str, Any] = {"study": key, "signal": name, "models": len(models), "groups": both.shape[1]}
        for statistic, value, others in zip(_FIGURES, measured.tolist(), resampled, strict=True):
            low, high = statistics.interval(others)
            row |= {statistic: value, f"{statistic}_low": low, f"{statistic}_high": high}
        found.append(row)
    return found


def _figures(signal: Floats, outcome: Floats, average: Floats | None, counts: Floats) -> Floats:
    """The statistics and the gain over the leaderboard average: 4 x r for r x n counts."""
    found = statistics.over_groups(signal, outcome, counts)
    gain = np.full(len(counts), np.nan)
    if average is not None:
        gain = found["spearman"] - statistics.over_groups(average, outcome, counts)["spearman"]
    return np.stack([*(found[name] for name in statistics.STATISTICS), gain])


def _grid(frame: pd.DataFrame, column: str) -> pd.DataFrame:
    """Models x groups."""
    return frame.pivot_table(index="base_model", columns="group", values=column, sort=True, dropna=False)


def _publishers(frame: pd.DataFrame) -> int:
    """How many publishers the models come from that are on the board and compared with enough others."""
    own = frame[frame["on_board"]]
    enough = own.groupby("group")["base_model"].transform("nunique") >= statistics.FEWEST
    return int(own.loc[enough, "base_model"].str.split("/").str[0].nunique())


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
    from core.evidence import sweep  # noqa: PLC0415
    from core.leaderboard import load_leaderboard  # noqa: PLC0415
    from core.variants.pairs import pair_variants  # noqa: PLC0415

    parser = argparse.ArgumentParser(prog="python -m core.evidence.backtest", description=__doc__)
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
    parser.add_argument("--save", action="store_true", help=f"embed the result ({PATH.name})")
    options = parser.parse_args(arguments)
    board = load_leaderboard("snapshot")
    try:
        tables = [published.read(path) for path in options.files]
        tables.append(published.from_table(sweep.as_outcomes(), study=sweep.STUDY))
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
