"""The tables beside this package: what was published about families, classes, chat tokens and traps."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path
from typing import Final

FOLDER: Final = Path(__file__).resolve().parent.parent / "data" / "readiness"


@cache
def table(name: str) -> tuple[dict[str, str], ...]:
    """The rows of ``core/data/readiness/<name>.csv``, every cell as text."""
    with (FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


@cache
def modules(model_type: str) -> dict[str, tuple[list[str], list[str]]]:
    """Part of a block -> its linear layers and three-dimensional parameters, as transformers writes them."""
    return {
        row["part"]: (row["linears"].split(), row["parameters"].split())
        for row in table("architectures")
        if row["model_type"] == model_type
    }


def class_facts(model_type: str) -> dict[str, str]:
    """The row of a model type in ``classes.csv``; {} where nothing was published."""
    return next((row for row in table("classes") if row["model_type"] == model_type), {})


def threads(finding: str) -> list[tuple[str, str]]:
    """Public threads and pages behind a finding's key, as (date or dates as reported, link)."""
    return [(row["date"], row["source"]) for row in table("traps") if row["finding"] == finding]
