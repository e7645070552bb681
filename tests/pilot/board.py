"""A board of made-up candidates."""

import pandas as pd

from core.decision.tasks import Task

SURE = Task(weights={"capability": 1.0, "memory": 0.2}, certainty="exact", size_max=20, gpu="a100-80")


def board_of(scores):
    """``scores``: model id -> every benchmark's points."""
    points = list(scores.values())
    keys = ("average", "ifeval", "bbh", "math_lvl_5", "gpqa", "musr", "mmlu_pro")
    return pd.DataFrame(
        {
            "model_id": list(scores),
            "kind": "base",
            "params_b": 7.0,
            "license": "apache-2.0",
            **dict.fromkeys(keys, points),
            "memory_gb": 10.0,
            "memory_low_gb": 9.0,
            "memory_high_gb": 11.0,
            "native": True,
        }
    )
