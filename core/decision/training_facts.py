"""What training a model takes: memory of a usual run, plain tools or not, how it ends its answers."""

from __future__ import annotations

import numpy as np
import pandas as pd

from core.decision import memory_figures
from core.decision.tasks import Task
from core.readiness.short import load_readiness

_TUNABLE = ("base", "continued", "instruct")


def training_facts(frame: pd.DataFrame) -> pd.DataFrame:
    """Facts of each row, on the frame's index.

    Args:
        frame: in the contract's schema.

    Returns:
        * memory_gb: float, GB of 1e9 bytes, the middle estimate of QLoRA with the defaults of
          :class:`core.decision.tasks.Task`; NA for other kinds and where nothing is known of the layers
        * plain_hf: boolean, stops: string, as in :func:`core.readiness.short.load_readiness`; NA unknown
    """
    asked = frame["kind"].isin(_TUNABLE).to_numpy()
    memory = memory_figures.columns(frame, asked, Task())["memory_gb"]
    known = load_readiness().set_index("model_id").reindex(frame["model_id"])
    return pd.DataFrame(
        {
            "memory_gb": np.asarray(memory, dtype=float),
            "plain_hf": known["plain_hf"].to_numpy(),
            "stops": known["stops"].to_numpy(),
        },
        index=frame.index,
    ).astype({"plain_hf": "boolean", "stops": "string"})
