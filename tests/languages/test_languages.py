"""Scores by language: the shipped table, the fit on known truth, and intervals that hold."""

import numpy as np
import pandas as pd
import pytest

from core.catalogue import load_report_sources, load_reports
from core.languages import build, list_languages, load_languages
from core.languages.fit import Cells, sample


def test_the_contract():
    table = load_languages()
    assert list(table) == ["model_id", "language", "score", "low", "high", "n_scores", "source"]
    assert not table.duplicated(["model_id", "language"]).any()
    assert table["language"].str.fullmatch("[a-z]{2}").all()
    assert (table["low"] <= table["score"]).all()
    assert (table["score"] <= table["high"]).all()
    assert table["low"].min() >= 0
    assert table["high"].max() <= 100
    assert {part for cell in table["source"] for part in cell.split("|")} <= set(load_report_sources())


def test_languages_have_english_names():
    languages = list_languages()
    assert {"de", "ja", "ko", "da", "no"} <= set(languages["language"])
    assert languages["name"].notna().all()
    assert languages["name"].is_monotonic_increasing


def test_what_was_not_tested_is_not_there():
    table = load_languages()
    german = set(table.query("language == 'de'")["model_id"])
    assert "google/gemma-3-27b-pt" in german
    assert "Qwen/Qwen2.5-7B" not in german


def test_only_published_models_are_placed():
    scores = load_reports()
    never = set(scores.loc[scores["excluded"].eq("not a published base").fillna(False), "model_id"])
    assert never
    assert not never & set(load_languages()["model_id"])


def test_the_order_is_that_of_plain_means_where_all_tasks_are_known():
    cells = build.language_cells().query("language == 'ja' and study == 'swallow'")
    plain = cells.groupby("model_id")["value"].agg(["mean", "size"]).query("size == 10")["mean"]
    placed = load_languages().query("language == 'ja'").set_index("model_id")["score"]
    assert plain.corr(placed, method="spearman") > 0.95


def test_shipped_scores_are_what_the_builder_gives():
    cells = build.language_cells()
    fitted = build.fit_language(cells[cells["language"] == "bs"]).set_index("model_id")["score"].round(1)
    shipped = load_languages().query("language == 'bs'").set_index("model_id")["score"]
    assert np.allclose(fitted.loc[shipped.index], shipped, atol=0.11)


def test_a_lonely_score_has_the_wider_interval():
    table = load_languages().query("language == 'da'")
    width = table["high"] - table["low"]
    assert width[table["n_scores"] == 1].median() > 1.5 * width[table["n_scores"] >= 8].median()


def test_intervals_hold_when_most_scores_are_hidden():
    cells = build.language_cells()
    held = pd.concat(
        build.hold_out(cells[cells["language"] == language], keep=2, seed=1) for language in ("nl", "pt")
    )
    inside = held["full"].between(held["low"], held["high"]).mean()
    assert len(held) > 30
    assert 0.8 <= inside <= 1.0
    assert (held["full"] - held["score"]).abs().mean() < 6


@pytest.mark.parametrize("seed", [1, 2])
def test_known_truth_is_found_again(seed):
    rng = np.random.default_rng(seed)
    truth, level, spread = rng.standard_normal(60), rng.uniform(30, 70, 6), rng.uniform(4, 15, 6)
    model, task = (axis.ravel() for axis in np.meshgrid(np.arange(60), np.arange(6), indexing="ij"))
    value = level[task] + spread[task] * truth[model] + 4 * rng.standard_normal(360)
    kept = rng.random(360) < 0.6
    kept[task == 0] = True
    cells = Cells(model[kept], task[kept], np.full(kept.sum(), -1), value[kept], np.arange(6))
    low, middle, high = np.quantile(sample(cells, draws=800, warmup=400), [0.05, 0.5, 0.95], axis=0)
    score = level.mean() + spread.mean() * truth
    assert np.corrcoef(middle, score)[0, 1] > 0.93
    assert 0.75 <= ((low <= score) & (score <= high)).mean() <= 1.0


def test_one_wild_cell_moves_little():
    cells = build.language_cells()
    cells = cells[cells["language"] == "lt"].reset_index(drop=True)
    target = cells[cells["study"] == "euroeval-2026-04"].groupby("model_id").size().idxmax()
    before = build.fit_language(cells).set_index("model_id").loc[target, "score"]
    row = cells.index[cells["model_id"] == target][0]
    moved = cells["value"].mask(cells.index == row, 0.0)
    after = build.fit_language(cells.assign(value=moved)).set_index("model_id").loc[target, "score"]
    plain = cells.loc[row, "value"] / (cells["model_id"] == target).sum()
    assert abs(after - before) < plain
