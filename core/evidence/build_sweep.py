"""Carry a published sweep of tunings over into this project's schema.

Run: ``python -m core.evidence.build_sweep FILE`` on a table with model, is_base, lr, lora_rank, test_nll and
metric_version, one row a run.
"""

from __future__ import annotations

import argparse
import re
from pathlib import Path
from typing import Final

import pandas as pd

from core.errors import InvalidTableError
from core.evidence.sweep import COLUMNS, FILE

_NEEDED: Final = ("model", "is_base", "lr", "lora_rank", "test_nll", "metric_version")
# Which models' losses may be compared: same vocabulary, as far as their publishers say so.
_TOKENIZERS: Final = (
    (r"Qwen/Qwen3-.*", "Qwen3"),
    (r"Qwen/Qwen3\.5-.*", "Qwen3.5"),
    (r"Qwen/Qwen3\.6-.*", "Qwen3.6"),
    (r"meta-llama/Llama-3.*", "Llama 3"),
    (r"deepseek-ai/DeepSeek-V3.*", "DeepSeek V3"),
    (r"moonshotai/Kimi-K2.*", "Kimi K2"),
    (r"nvidia/NVIDIA-Nemotron-3-.*", "Nemotron 3"),
    (r"openai/gpt-oss-.*", "gpt-oss"),
)


def convert(table: pd.DataFrame) -> pd.DataFrame:
    """The runs in the columns of :data:`core.evidence.sweep.COLUMNS`.

    Raises:
        InvalidTableError: a column is missing, or a model's tokenizer or a run's averaging isn't known.
    """
    missing = [name for name in _NEEDED if name not in table]
    if missing:
        raise InvalidTableError(f"Column {missing[0]} not found.", source="sweep")
    averaging = table["metric_version"].str.extract(r"^(token|per-example) mean", expand=False)
    tokenizer = [_tokenizer(str(name)) for name in table["model"]]
    if averaging.isna().any():
        row = int(averaging.isna().to_numpy().argmax())
        raise InvalidTableError(f"Row {row + 2}: metric_version says neither token nor per-example mean.")
    rows = pd.DataFrame(
        {
            "model_id": table["model"],
            "kind": table["is_base"].astype(int).map({1: "base", 0: "instruct"}),
            "tokenizer": tokenizer,
            "averaging": averaging.map({"token": "token", "per-example": "example"}),
            "learning_rate": table["lr"].astype(float),
            "lora_rank": table["lora_rank"].astype(int),
            "test_loss": table["test_nll"].astype(float),
        }
    )
    return rows.sort_values(list(COLUMNS[:6]), ignore_index=True)[list(COLUMNS)]


def _tokenizer(model_id: str) -> str:
    for pattern, name in _TOKENIZERS:
        if re.fullmatch(pattern, model_id):
            return name
    raise InvalidTableError(
        f"The tokenizer of {model_id[:80]} isn't known.", source="sweep", remedy="Add it to the builder."
    )


def main() -> None:
    """Read the table named on the command line and write the embedded one."""
    parser = argparse.ArgumentParser(prog="python -m core.evidence.build_sweep", description=__doc__)
    parser.add_argument("table", type=Path)
    convert(pd.read_csv(parser.parse_args().table)).to_csv(FILE, index=False, lineterminator="\n")


if __name__ == "__main__":
    main()
