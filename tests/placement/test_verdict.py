"""The thresholds set beforehand, and what is said where one is missed."""

import pytest

from core.charts.placement import true_against_placed
from core.placement import cross_validation
from core.placement.summary import summarise
from core.placement.verdict import THRESHOLDS, against_thresholds, beside, verdict


@pytest.fixture(scope="module")
def summary():
    return summarise()


def test_every_threshold_has_a_figure_and_the_committed_refits_meet_them(summary):
    thresholds = against_thresholds(summary)

    assert len(thresholds) == len(THRESHOLDS)
    assert thresholds["value"].notna().all()
    assert thresholds["met"].all()


def test_a_missed_threshold_is_named_with_both_figures(summary):
    worse = summary.copy()
    worse.loc[(worse["scheme"] == "family") & (worse["group"] == "all"), "error"] = 2.45

    said = verdict(against_thresholds(worse))

    assert "14 of 15" in said
    assert "without its whole family's board rows (all): 2.45, asked was at most 2.4" in said


def test_the_error_stands_beside_what_is_simpler(summary):
    assert "size alone gives 5.6, a plain mean of ranks 4.7" in beside(summary, "model")


def test_the_chart_draws_every_base_once_and_names_it():
    rows = cross_validation().query("scheme == 'time' and n_cells >= 4")

    fig = true_against_placed(rows, title="t")

    drawn = [name for trace in fig.data[1:] for name in trace.customdata[:, 0]]
    assert sorted(drawn) == sorted(rows["model_id"])
    missed = next(trace for trace in fig.data if trace.name == "interval misses")
    outside = rows[~rows["true_average"].between(rows["placed_low"], rows["placed_high"])]
    assert set(missed.customdata[:, 0]) == set(outside["model_id"])
