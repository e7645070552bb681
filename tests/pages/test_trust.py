"""The Evidence page: what is shown, for every study and measure, and what it admits."""

import pytest

from core.evidence.backtest import embedded
from tests.page_driver import open_page

PAGE = "pages/trust.py"


def opened(**params):
    at = open_page(PAGE, **params)
    assert not at.exception
    return at


def text(at):
    return " ".join(element.value for element in at.markdown).replace("\\", "")


def test_the_answer_comes_first_and_admits_that_nothing_separates_the_signals():
    at = opened()

    assert "nothing separates the signals" in text(at)
    assert "trial run" in text(at)
    assert "no independent test" in text(at)


def test_every_study_opens_with_every_measure():
    at = opened()

    for key in embedded().studies["key"]:
        at.selectbox(key="e_study").set_value(key).run()
        assert not at.exception
    at.selectbox(key="e_study").set_value("loraland_310").run()
    for statistic in ("kendall", "regret"):
        at.segmented_control(key="e_stat").set_value(statistic).run()
        assert not at.exception


def test_placement_and_pilot_say_what_refits_and_trials_gave():
    at = opened(e_scheme="Past to future", e_pilot="Regret at one")

    said = text(at)
    assert "thresholds set beforehand" in said
    assert "38 bases lie 3.3 points" in said
    assert "The best come out low" in said
    assert "as much at 1/512" in said
    assert "weak evidence" in said
    assert "doesn't carry" in said
    groups = next(frame.value for frame in at.dataframe if "by_ranks" in frame.value.columns)
    assert groups["n"].iloc[0] == 38


def test_a_study_with_nothing_to_compare_says_so():
    at = opened(e_study="Price task, single runs")

    assert "Fewer than five models" in at.info[0].value


def test_default_weights_stand_beside_their_evidence():
    at = opened()
    table = next(frame.value for frame in at.dataframe if "share" in frame.value.columns)

    assert table["share"].sum() == pytest.approx(100)
    assert table["price"].sum() == pytest.approx(100)


def test_a_broken_link_is_said():
    assert "could not be used" in opened(e_study="Astrology").warning[0].value
