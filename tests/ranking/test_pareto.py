"""The Pareto front: hand-worked, and checked against the definition."""

import numpy as np
import pandas as pd

from core.ranking.pareto import on_front


def test_hand_worked_case() -> None:
    front = on_front(pd.Series([1, 3, 7, 8, 7.0]), pd.Series([10, 9, 25, 24, 20.0]))
    assert front.tolist() == [True, False, True, False, False]


def test_unknown_sizes_and_scores_are_never_on_it() -> None:
    assert on_front(pd.Series([np.nan, 1, 2]), pd.Series([99, np.nan, 5.0])).tolist() == [False, False, True]


def test_keeps_the_index_and_allows_no_rows() -> None:
    assert on_front(pd.Series([], dtype=float), pd.Series([], dtype=float)).empty
    assert on_front(pd.Series([2.0, 1.0], ["b", "a"]), pd.Series([2.0, 1.0], ["b", "a"])).index.tolist() == [
        "b",
        "a",
    ]


def test_agrees_with_the_definition_on_random_rows() -> None:
    rng = np.random.default_rng(3)
    size, score = pd.Series(rng.integers(1, 20, 200) / 2), pd.Series(rng.normal(20, 5, 200))
    beaten = [any((size <= s) & (score > v)) for s, v in zip(size, score, strict=True)]
    assert [not b for b in beaten] == on_front(size, score).tolist()
