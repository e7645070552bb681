"""A pilot's file with made-up figures."""

import json

import numpy as np

from core.decision.tasks import Task
from core.pilot.file import checksum, task_key


def document(
    curves,
    *,
    task=None,
    subsets=(100, 200, 400, 800),
    train=20_000,
    held_out=200,
    noise=0.3,
    seed=1,
    top=None,
):
    """``curves``: model id -> mean score at each subset (fewer: the model was dropped)."""
    task = task or Task()
    rng = np.random.default_rng(seed)
    difficulty = rng.lognormal(0, noise, held_out)
    runs = []
    for name, means in curves.items():
        for size, mean in zip(subsets, means, strict=False):
            if top is None:
                scores = difficulty * rng.lognormal(0, noise / 3, held_out)
                scores *= mean / scores.mean()
            else:
                scores = (np.arange(held_out) < round(mean * held_out)).astype(float) * top
            runs.append(
                {
                    "model_id": name,
                    "subset": size,
                    "learning_rate": 1e-4,
                    "scores": scores.tolist(),
                    "mean_score": float(scores.mean()),
                    "seconds": 60.0,
                }
            )
    made = {
        "format": "basewise-pilot",
        "version": 1,
        "created": "2026-11-29T12:00:00Z",
        "task": {"preset": task.preset, "output": task.output, "key": task_key(task)},
        "measure": {"name": "error", "unit": "", "better": "higher" if top else "lower", "top": top},
        "examples": {"train": train, "held_out": held_out, "held_out_sha256": "0" * 64},
        "models": [
            {
                "model_id": name,
                "revision": "main",
                "dropped_after": None if len(means) == len(subsets) else subsets[len(means) - 1],
            }
            for name, means in curves.items()
        ],
        "subsets": list(subsets),
        "runs": runs,
        "settings": {
            "method": "qlora", "lora_rank": 32, "batch_size": 4, "epochs": 1, "sequence_length": 192,
            "seed": 0,
        },
        "hardware": {"gpu": "T4", "memory_gb": 15.8},
    }  # fmt: skip
    return sealed(made)


def sealed(made):
    return made | {"checksum": checksum(made)}


def as_bytes(made):
    return json.dumps(made).encode()
