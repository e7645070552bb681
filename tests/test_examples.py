"""The worked examples in docstrings give what they say."""

from __future__ import annotations

import doctest
import importlib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
# Cells that a notebook runs; without one they are no module.
TEMPLATE = "core.handoff.template"
WITH_EXAMPLES = [
    name
    for path in sorted((ROOT / "core").rglob("*.py"))
    if ">>> " in path.read_text(encoding="utf-8")
    and (name := ".".join(path.relative_to(ROOT).with_suffix("").parts)) != TEMPLATE
]


@pytest.mark.parametrize("name", WITH_EXAMPLES)
def test_the_examples_of_a_module_come_out_as_written(name: str) -> None:
    assert doctest.testmod(importlib.import_module(name)).failed == 0
