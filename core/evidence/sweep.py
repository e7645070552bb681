"""A published sweep: 35 models tuned on the same data over a grid of learning rates and adapter ranks.

Losses are comparable only within one way of averaging (it changed on 11 April 2026) and one tokenizer.
"""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from typing import Final

import pandas as pd

from core.errors import SourceUnavailableError

FILE: Final = Path(__file__).resolve().parent.parent / "data" / "tuning_sweep.csv"
COLUMNS: Final = (
    "model_id", "kind", "tokenizer", "averaging", "learning_rate", "lora_rank", "test_loss",
)  # fmt: skip
STUDY: Final = "tinker_sweep"
SOURCE: Final = (
    "https://github.com/thinking-machines-lab/tinker-cookbook/blob/"
    "9dfcc3a2cf44432d621a01005073dc6d76a1e87a/tinker_cookbook/recipes/chat_sl/results/sft_sweep.md"
)
LICENCE: Final = "Apache-2.0"
# What a publisher adds to the name of a base or of its instruct variant.
_ENDING: Final = re.compile(r"(-Base|-Instruct|-\d{4})+$")


@lru_cache(maxsize=1)
def load_sweep() -> pd.DataFrame:
    """One row a run; shared, not to be changed in place.

    Returns:
        model_id, kind ("base" or "instruct"), tokenizer, averaging ("token" or "example"), learning_rate,
        lora_rank, test_loss (nats).

    Raises:
        SourceUnavailableError: the file can't be read.
    """
    try:
        return pd.read_csv(FILE)
    except (OSError, ValueError) as error:
        raise SourceUnavailableError(f"{FILE.name} can't be read.", source=FILE.name) from error


def as_outcomes() -> pd.DataFrame:
    """The best run of each model, as a table :func:`core.evidence.outcomes.from_table` reads.

    Returns:
        base_model, task, metric (with the way of averaging), edition (the tokenizer), direction, value.
    """
    rows = load_sweep()
    best = rows.groupby(["model_id", "tokenizer", "averaging"], sort=True)["test_loss"].min().reset_index()
    return pd.DataFrame(
        {
            "base_model": best["model_id"],
            "task": "instructions (Tulu 3)",
            "metric": "test loss, mean by " + best["averaging"],
            "edition": best["tokenizer"],
            "direction": "lower",
            "value": best["test_loss"],
        }
    )


def siblings() -> pd.DataFrame:
    """Bases beside the instruct variants of the same release, setting by setting.

    Only settings both ran, under the same average and tokenizer, count.

    Returns:
        One row a pair: base_id, instruct_id, shared (settings), base_lower (in how many the base ends lower),
        difference (mean of instruct less base, nats), base_best and instruct_best (lowest loss over each
        one's own grid).
    """
    setting = ["stem", "tokenizer", "averaging", "learning_rate", "lora_rank"]
    rows = load_sweep().assign(stem=lambda table: table["model_id"].str.replace(_ENDING, "", regex=True))
    # Some settings were run twice.
    rows = rows.groupby(["model_id", "kind", *setting], sort=True)["test_loss"].mean().reset_index()
    both = rows[rows["kind"] == "base"].merge(
        rows[rows["kind"] == "instruct"], on=setting, suffixes=("_base", "_instruct")
    )
    best = load_sweep().groupby("model_id")["test_loss"].min().to_dict()
    found = []
    for (base, instruct), shared in both.groupby(["model_id_base", "model_id_instruct"], sort=True):
        gap = shared["test_loss_instruct"] - shared["test_loss_base"]
        found.append(
            (base, instruct, len(gap), int((gap > 0).sum()), float(gap.mean()), best[base], best[instruct])
        )
    columns = (
        "base_id", "instruct_id", "shared", "base_lower", "difference", "base_best", "instruct_best",
    )  # fmt: skip
    return pd.DataFrame(found, columns=list(columns))
