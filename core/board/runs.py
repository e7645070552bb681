"""Runs of a model: which one stands for it, and which cannot be compared with others."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from core.schema import SOURCE_NEWER

BASE_KINDS: Final = ("base", "continued")
_TUNED_KINDS: Final = ("instruct", "finetune", "merge")
NEWER_NOTE: Final = "scored by a later study: no chat template, older check of MATH answers"


def comparability(frame: pd.DataFrame) -> pd.Series:
    """What keeps a row's scores from being compared with others, in words; NA where nothing does."""
    notes = pd.Series(pd.NA, index=frame.index, dtype="string")
    template = frame["chat_template"].astype("boolean")
    with_template, without = (template.eq(told).fillna(value=False).astype(bool) for told in (True, False))
    tuned = frame["kind"].eq("instruct") & without & frame["source"].ne(SOURCE_NEWER)
    notes[tuned] = "run without its chat template"
    notes[frame["kind"].isin(BASE_KINDS) & with_template] = "a base run with a chat template"
    notes[frame["source"] == SOURCE_NEWER] = NEWER_NOTE
    return notes


def primary_rows(frame: pd.DataFrame) -> pd.Series:
    """True for the one row that stands for its model where no other is asked for.

    Of several runs of a model it is the one with the prompt the model is made for (no chat template for a
    base, its template for a tuned one); then the one submitted last; then bfloat16 before other precisions.
    """
    order = pd.DataFrame(
        {
            "model_id": frame["model_id"],
            "fits": (frame["chat_template"] == frame["kind"].isin(_TUNED_KINDS))
            .fillna(value=False)
            .astype(bool),
            "submitted": pd.to_datetime(frame["submitted"]).fillna(pd.Timestamp(0)),
            "bfloat16": frame["precision"].eq("bfloat16").fillna(value=False).astype(bool),
            "position": -np.arange(len(frame)),
        }
    )
    best = order.sort_values(["fits", "submitted", "bfloat16", "position"], ascending=False)
    chosen = best.drop_duplicates("model_id").index
    return pd.Series(frame.index.isin(chosen), index=frame.index)
