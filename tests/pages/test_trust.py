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


@pytest.mark.parametrize("key", embedded().studies["key"])
def test_every_study_opens_with_every_measure(key):
    at = opened()

    at.selectbox(key="e_study").set_value(key).run()
    for statistic in ("kendall", "regret"):
        at.segmented_control(key="e_stat").set_value(statistic).run()
        assert not at.exception


def test_a_study_with_nothing_to_compare_says_so():
    at = opened(e_study="Price task, single runs")

    assert "Fewer than five models" in at.info[0].value


def test_default_weights_stand_beside_their_evidence():
    at = opened()
    table = next(frame.value for frame in at.dataframe if "spearman" in frame.value.columns)

    assert table["share"].sum() == pytest.approx(100)
    assert table["price"].sum() == pytest.approx(100)


def test_a_broken_link_is_said():
    assert "could not be used" in opened(e_study="Astrology").warning[0].value
