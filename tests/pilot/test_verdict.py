"""What the page says of the pilot's proof follows from its figures."""

import pandas as pd
import pytest

from core.charts import pilot_proof as charts
from core.pilot import proof, proof_blend, verdict


@pytest.fixture(scope="module")
def summary():
    return proof.summary(proof.load_proof())


def made(ours, theirs):
    rows = [("updated", 8, ours), ("accept_then_stop", 8, theirs)]
    return pd.DataFrame(rows, columns=["rule", "budget", "regret"])


@pytest.mark.parametrize(
    ("ours", "says"), [(0.1, "less than accept-then-stop at 1/8"), (0.2, "as much at"), (0.3, "more at 1/8")]
)
def test_regret_is_told_as_it_is(ours, says):
    assert says in verdict.regrets(made(ours, 0.2))


def test_bands_name_the_set_they_fail_in(summary):
    means, each = summary[summary["set"] == "mean"], summary[summary["set"] != "mean"]

    assert "57% of WMT19 at 1/512" in verdict.bands(means, each)
    assert "at 7 of 7 budgets" in verdict.orders(means)


@pytest.mark.parametrize("statistic", charts.STATISTICS)
def test_the_chart_has_one_line_for_each_rule_that_has_figures(summary, statistic):
    means = summary[summary["set"] == "mean"]

    fig = charts.by_budget(means, statistic=statistic, title="t")

    assert len(fig.data) == (2 if statistic == "held" else len(charts.RULES))
    drawn = next(trace for trace in fig.data if trace.name == "Ours")
    rule = "pilot" if statistic == "held" else "updated"
    expected = means[means["rule"] == rule].set_index("budget")[statistic].loc[list(proof.BUDGETS)]
    assert list(drawn.y) == pytest.approx(expected.tolist())


def test_the_blend_with_scores_is_told_where_it_follows_wrong_ones():
    table = proof_blend.summary(proof_blend.load_blend())

    assert "At 1/512, 1/256, 1/128 of the data" in verdict.blend(table)
    level = table.assign(regret=0.1)
    assert "as well as the pilot alone at every budget" in verdict.blend(level)


def test_regret_of_the_blend_by_hand():
    rows = pd.DataFrame(
        {
            "set": "s", "base_model": ["a", "b", "c"], "budget": 8, "final": [1.0, 2.0, 3.0],
            "scores": [10, 30, 20], "pilot": [30, 20, 10], "both": [25, 26, 20],
        }
    )  # fmt: skip
    found = proof_blend.summary(rows).set_index("rule")

    assert found["regret"].to_dict() == {"scores": 0.5, "pilot": 0.0, "both": 0.5}
    assert found["spearman"].to_dict() == pytest.approx({"scores": -0.5, "pilot": 1.0, "both": 0.5})
