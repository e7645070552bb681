"""The committed figures: as the contract has them, and as good as the documentation says."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from core.errors import InvalidTableError, SourceUnavailableError
from core.placement import build, cross_validation, load_cells, load_placement, stored
from core.placement.predict import FEW
from core.placement.scale import TASKS
from core.placement.summary import ENOUGH_CELLS, summarise
from core.placement.validate import LEAST_STRETCH, LEVEL

ERROR = {"model": 2.1, "family": 2.4}
SPEARMAN = {"model": 0.92, "family": 0.90}


def judged(scheme):
    rows = cross_validation()
    return rows[(rows["scheme"] == scheme) & (rows["n_cells"] >= ENOUGH_CELLS)]


def inside(rows):
    return rows["true_average"].between(rows["placed_low"], rows["placed_high"])


@pytest.mark.parametrize("scheme", ["model", "family"])
def test_refits_meet_the_bars(scheme):
    rows = judged(scheme)
    error = (rows["placed_average"] - rows["true_average"]).abs().mean()
    middle = rows[rows["params_b"].between(1, 15)]
    assert error <= ERROR[scheme]
    assert error < (rows["by_size"] - rows["true_average"]).abs().mean()
    assert error < (rows["by_ranks"] - rows["true_average"]).abs().mean()
    assert 0.86 <= inside(rows).mean() <= 0.95
    assert middle["placed_average"].corr(middle["true_average"], method="spearman") >= SPEARMAN[scheme]


@pytest.mark.parametrize("scheme", ["model", "family"])
@pytest.mark.parametrize("group", ["up to 3B", "3-15B", "above 15B", "best ten"])
def test_limits_hold_in_each_group(scheme, group):
    row = summarise().set_index(["scheme", "group"]).loc[(scheme, group)]
    assert row["holds"] >= 0.8


def test_the_documentation_states_these_figures():
    text = (Path(__file__).parents[2] / "docs" / "placement.md").read_text(encoding="utf-8")
    for row in summarise().itertuples():
        if row.group != "1-15B":
            cells = (row.scheme, row.group, row.n, f"{row.error:.2f}", f"{row.bias:+.2f}", f"{row.holds:.0%}")
            assert "| " + " | ".join(str(cell) for cell in cells) + " |" in text


def test_the_past_places_the_future():
    rows = judged("time")
    assert inside(rows).mean() >= 0.8
    assert rows["model_id"].isin(["Qwen/Qwen3-8B-Base", "HuggingFaceTB/SmolLM3-3B-Base"]).sum() == 2


def test_each_row_was_widened_by_what_other_rows_call_for():
    rows = cross_validation()
    assert (rows["stretch"] >= LEAST_STRETCH).all()
    for _, part in rows.groupby(["scheme", "fold"]):
        assert len(part.groupby(part["n_studies"] <= FEW)["stretch"].first()) == len(set(part["stretch"]))
    family = rows[rows["scheme"] == "family"]
    assert len(set(family["stretch"])) > 2


def test_true_averages_are_the_boards():
    from core.leaderboard import load_leaderboard

    board = load_leaderboard("snapshot")
    board = board[board["primary"]].set_index("model_id")["average"]
    rows = cross_validation()
    np.testing.assert_allclose(rows["true_average"], board.loc[rows["model_id"]], atol=1e-3)


def test_placement_frame():
    frame = load_placement()
    assert frame["model_id"].is_unique
    assert frame["measured"].dtype == bool
    assert (frame["placed_low"] < frame["placed_average"]).all()
    assert (frame["placed_average"] < frame["placed_high"]).all()
    assert ((frame["evidence"] == "size only") == (frame["n_scores"] == 0)).all()
    numbers = frame.select_dtypes("number").drop(columns="params_b")
    assert numbers.notna().all(axis=None)
    assert (frame["placed_low"] >= 0).all()
    assert (frame["placed_high"] <= 100).all()


def test_errors_between_tasks_make_a_covariance():
    for _, row in load_placement().iterrows():
        cov = np.zeros((6, 6))
        for at, task in enumerate(TASKS):
            for other in range(at, 6):
                cov[at, other] = cov[other, at] = row[f"cov_{task}_{TASKS[other]}"]
        assert np.linalg.eigvalsh(cov).min() > 0


def test_a_measured_base_is_shown_as_placed_without_its_own_rows():
    frame = load_placement().set_index("model_id")
    rows = judged("model").set_index("model_id")
    np.testing.assert_allclose(frame.loc[rows.index, "placed_average"], rows["placed_average"], atol=1e-3)


def test_no_scores_say_less_than_scores():
    frame = load_placement()
    width = frame["placed_high"] - frame["placed_low"]
    assert width[frame["evidence"] == "size only"].median() > 1.5 * width[frame["n_reports"] >= 3].median()


def test_cells_show_what_is_doubtful():
    cells = load_cells()
    assert {"model_id", "study", "benchmark", "value", "expected", "low", "high", "doubt"} <= set(cells)
    assert (cells["low"] <= cells["high"]).all()
    assert cells["value"].between(cells["low"], cells["high"]).mean() > LEVEL


def test_a_missing_file_is_said(monkeypatch, tmp_path):
    monkeypatch.setattr(stored, "FOLDER", tmp_path)
    stored._read.cache_clear()
    with pytest.raises(SourceUnavailableError, match="python -m core"):
        load_placement()
    stored._read.cache_clear()


def test_a_wrong_cell_leaves_the_old_placement(monkeypatch, tmp_path):
    old = tmp_path / stored.BASES_FILE
    pd.DataFrame({"model_id": ["a/b"]}).to_parquet(old)
    before = old.read_bytes()
    monkeypatch.setattr(build, "check", lambda: ["olmo3-report.csv, line 7: value 640 is above 100"])
    with pytest.raises(InvalidTableError, match="line 7: value 640"):
        build.build(tmp_path)
    assert old.read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == [old.name]
