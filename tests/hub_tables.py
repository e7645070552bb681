"""Small boards in the columns of the Hub's dataset, made up but consistent."""

from __future__ import annotations

import io

import numpy as np
import pandas as pd

_LOWER_BOUNDS = {"IFEval": 0.0, "BBH": 0.3, "MATH Lvl 5": 0.0, "GPQA": 0.25, "MUSR": 0.3, "MMLU-PRO": 0.1}


def hub_frame(rows: int = 40, *, seed: int = 0) -> pd.DataFrame:
    """``rows`` models of one publisher per ten; every value within what the board holds."""
    rng = np.random.default_rng(seed)
    names = [f"lab{index // 10}/Model-{index}-{1 + index % 9}B" for index in range(rows)]
    frame = pd.DataFrame({"eval_name": [f"{name.replace('/', '_')}_bfloat16" for name in names]})
    frame["Precision"] = "bfloat16"
    frame["Type"] = "🟢 pretrained"
    frame["T"] = "🟢"
    frame["Weight type"] = "Original"
    frame["Architecture"] = "LlamaForCausalLM"
    frame["Model"] = names
    frame["fullname"] = names
    frame["Model sha"] = [f"{index:040x}" for index in range(rows)]
    frame["Average ⬆️"] = 0.0
    frame["Hub License"] = "apache-2.0"
    frame["Hub ❤️"] = np.arange(rows)
    frame["#Params (B)"] = [float(1 + index % 9) for index in range(rows)]
    frame["Available on the hub"] = True
    frame["MoE"] = False
    frame["Flagged"] = False
    frame["Chat Template"] = False
    frame["CO₂ cost (kg)"] = 1.0
    points = []
    for name, bound in _LOWER_BOUNDS.items():
        raw = rng.uniform(bound, 0.9, rows)
        frame[f"{name} Raw"] = raw
        frame[name] = (raw - bound) / (1 - bound) * 100
        points.append(frame[name])
    frame["Average ⬆️"] = np.mean(points, axis=0)
    frame["Merged"] = False
    frame["Official Providers"] = True
    frame["Upload To Hub Date"] = "2024-06-01"
    frame["Submission Date"] = "2024-06-12"
    frame["Generation"] = 0
    frame["Base Model"] = names
    return frame


def hub_parquet(rows: int = 40, *, seed: int = 0) -> bytes:
    return to_parquet(hub_frame(rows, seed=seed))


def to_parquet(frame: pd.DataFrame) -> bytes:
    buffer = io.BytesIO()
    frame.to_parquet(buffer, index=False)
    return buffer.getvalue()
