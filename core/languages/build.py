"""Fit each language and write ``core/data/languages.csv``: ``python -m core.languages.build``."""

from __future__ import annotations

import sys
import zlib
from typing import Final

import numpy as np
import pandas as pd

from core.catalogue import load_benchmarks, load_reports
from core.languages.fit import Cells, sample
from core.languages.scores import FILE

# Reports that ask the same tasks the same way. EuroEval's validation split asks them about other texts;
# Kakao's two tables agree within 1.5 points on the 32.5B model that seems to stand in both. That a model's
# scores in the second may be off together is what the effect of model and study is for.
_SAME_TASKS: Final = {
    "euroeval-2026-04-val": "euroeval-2026-04",
    "kanana-1.5-readme": "kanana",
    "kanana-2-readme": "kanana",
}
_UNPUBLISHED: Final = "not a published base"
_LEAST_MODELS: Final = 4
_LEAST_LANGUAGE: Final = 8
_EUROEVAL: Final = "EuroEval "


def language_cells(scores: pd.DataFrame | None = None) -> pd.DataFrame:
    """The published scores that say something about a language.

    English stands on EuroEval's English tasks alone, the one study that asks the same kinds of questions as
    in the other languages. Left out are tasks with fewer than 4 models, tasks that no model links to the
    language's main study, and languages with fewer than 8 models. Models never published stay as links.

    Returns:
        language, study, task, model_id, value (points), report, published (bool): one row a score.
    """
    known = load_benchmarks()
    frame = load_reports() if scores is None else scores
    frame = frame[frame["excluded"].fillna(_UNPUBLISHED).eq(_UNPUBLISHED).to_numpy()]
    language = frame["benchmark"].map({name: entry.language for name, entry in known.items()})
    kept = language.ne("en") | frame["benchmark"].str.startswith(_EUROEVAL)
    frame = frame.assign(language=language)[kept.to_numpy(dtype=bool)]
    where = frame["study"].replace(_SAME_TASKS)
    protocol = frame[["shots", "cot", "metric"]].astype("string").fillna("").agg("|".join, axis=1)
    frame["task"] = where + "|" + frame["benchmark"] + "|" + protocol.mask(where.eq("kanana"), "")
    frame["published"] = frame["excluded"].isna()
    frame = frame.groupby(["language", "study", "task", "model_id"], as_index=False).agg(
        value=("value", "mean"), report=("report", "first"), published=("published", "all")
    )
    frame = frame[frame.groupby(["language", "task"])["model_id"].transform("nunique") >= _LEAST_MODELS]
    frame = pd.concat([_linked(group) for _, group in frame.groupby("language")])
    models = frame.groupby("language")["model_id"].transform("nunique")
    return frame[models >= _LEAST_LANGUAGE].reset_index(drop=True)


def _reference(cells: pd.DataFrame) -> str:
    """The study with the most cells; of two, the first by name."""
    return str(cells["study"].value_counts().sort_index().idxmax())


def _linked(cells: pd.DataFrame) -> pd.DataFrame:
    """The cells that a chain of common models and tasks joins to the reference study."""
    tasks = set(cells.loc[cells["study"].eq(_reference(cells)), "task"])
    while True:
        models = set(cells.loc[cells["task"].isin(tasks), "model_id"])
        reached = set(cells.loc[cells["model_id"].isin(models), "task"])
        if reached == tasks:
            return cells[cells["task"].isin(tasks)]
        tasks = reached


def fit_language(cells: pd.DataFrame) -> pd.DataFrame:
    """Place one language's models: model_id, score, low, high (90%), n_scores, source.

    Args:
        cells: rows of :func:`language_cells` of one language.
    """
    models = pd.Index(sorted(cells["model_id"].unique()))
    tasks = pd.Index(sorted(cells["task"].unique()))
    reference = _reference(cells)
    away = cells["study"].ne(reference)
    effects = pd.Index(sorted((cells["model_id"] + "|" + cells["study"])[away].unique()))
    effect = effects.get_indexer(cells["model_id"] + "|" + cells["study"])
    data = Cells(
        model=models.get_indexer(cells["model_id"]),
        task=tasks.get_indexer(cells["task"]),
        effect=effect,
        value=cells["value"].to_numpy(dtype="float64"),
        reference=tasks.get_indexer(cells.loc[~away, "task"].unique()),
    )
    draws = sample(data, seed=zlib.crc32(str(cells["language"].iloc[0]).encode()))
    low, middle, high = np.clip(np.quantile(draws, [0.05, 0.5, 0.95], axis=0), 0, 100)
    counts = cells.groupby("model_id").agg(
        n_scores=("value", "size"), source=("report", lambda reports: "|".join(sorted(set(reports))))
    )
    placed = pd.DataFrame({"model_id": models, "score": middle, "low": low, "high": high})
    published = cells.loc[cells["published"], "model_id"]
    return placed[placed["model_id"].isin(published)].join(counts, on="model_id")


def hold_out(cells: pd.DataFrame, *, keep: int, seed: int = 0) -> pd.DataFrame:
    """How well a language's intervals hold for models of which little is known.

    Every fifth model keeps ``keep`` of its scores, drawn at random, and is placed by them; beside it stands
    the score that all of them give.

    Returns:
        score, low, high (from the few) and full (from all its scores), one row a model so treated.
    """
    rng = np.random.default_rng(seed)
    counts = cells[cells["published"]].groupby("model_id").size()
    able = counts.index[counts >= keep + 3].to_numpy()
    chosen = rng.permutation(able)[: max(len(able) // 5, 1)]
    order = pd.Series(rng.random(len(cells)), index=cells.index)
    rank = order.groupby(cells["model_id"]).rank()
    few = cells[~cells["model_id"].isin(chosen) | (rank <= keep)]
    placed = fit_language(few).set_index("model_id").loc[chosen, ["score", "low", "high"]]
    return placed.assign(full=fit_language(cells).set_index("model_id")["score"])


def build() -> pd.DataFrame:
    """The table that :func:`core.languages.load_languages` reads."""
    cells = language_cells()
    parts = [fit_language(group).assign(language=name) for name, group in cells.groupby("language")]
    frame = pd.concat(parts, ignore_index=True).sort_values(["language", "model_id"])
    columns = ["model_id", "language", "score", "low", "high", "n_scores", "source"]
    return frame[columns].round({"score": 1, "low": 1, "high": 1})


def main() -> int:
    table = build()
    table.to_csv(FILE, index=False, lineterminator="\n")
    models, languages = table["model_id"].nunique(), table["language"].nunique()
    print(f"{len(table):,} scores of {models} models in {languages} languages.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
