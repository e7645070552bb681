"""How much of the answer the first number token holds: the first-token floor."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray


def median_error(values: ArrayLike) -> float:
    """Mean absolute error of always guessing the median, in the unit of ``values``; NaN if there are none.

    >>> median_error([0, 1, 2])
    0.6666666666666666
    """
    array = np.asarray(values, dtype=np.float64)
    return floor_of_groups(array, np.zeros(len(array), dtype=np.int64))


def floor_of_groups(values: ArrayLike, first_tokens: ArrayLike) -> float:
    """Mean absolute error left when the first number token is right and nothing else is known.

    Among the values that share a first token the best constant guess is their median, so the floor is the
    mean over all values of ``|value - median of its group|``. It says what the first step decides, not how
    well a tuned model will do.

    >>> floor_of_groups([10, 19, 20], [1, 1, 2])
    3.0
    """
    array = np.asarray(values, dtype=np.float64)
    if not len(array):
        return float("nan")
    _, group = np.unique(np.asarray(first_tokens), return_inverse=True)
    order = np.lexsort((array, group))
    array, group = array[order], group[order]
    sizes = np.bincount(group)
    starts = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    low = array[starts + (sizes - 1) // 2]
    high = array[starts + sizes // 2]
    medians: NDArray[np.float64] = (low + high) / 2
    return float(np.abs(array - medians[group]).mean())
