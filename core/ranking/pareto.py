"""The models that no smaller model beats."""

from __future__ import annotations

import numpy as np
import pandas as pd


def on_front(size: pd.Series[float], score: pd.Series[float]) -> pd.Series[bool]:
    """True for rows that no row of the same or a smaller size equals or beats.

    Args:
        size: what it costs (billions of parameters); NA rows are never on the front.
        score: what it brings (points); NA rows are never on the front.

    Returns:
        A mask on the index of ``size``.

    Example: sizes 1, 3, 7, 8 with scores 10, 9, 25, 24 put 1 and 7 on the front.
    """
    known = pd.DataFrame({"size": size.to_numpy(float), "score": score.to_numpy(float)}).dropna()
    known = known.sort_values(["size", "score"], ascending=[True, False], kind="stable")
    best_before = known["score"].cummax().shift(fill_value=-np.inf)
    mask = pd.Series(data=False, index=range(len(size)))
    mask.loc[known.index[known["score"] > best_before]] = True
    return mask.set_axis(size.index)
