"""Which architectures load without running their publisher's code."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

PATH = Path(__file__).resolve().parent.parent / "data" / "native_architectures.json"


@cache
def source() -> str:
    """The library and version that loads them."""
    return str(_table()["source"])


def loads_natively(architecture: object) -> bool | None:
    """Whether transformers loads ``architecture`` as a causal language model; None if it isn't known.

    Case is ignored: repositories disagree on it (``MPTForCausalLM``, ``MptForCausalLM``).
    """
    if not isinstance(architecture, str) or not architecture or architecture.lower() in {"unknown", "?"}:
        return None
    return architecture.lower() in _names()


@cache
def _names() -> frozenset[str]:
    return frozenset(str(name).lower() for name in _table()["causal_lm"])


@cache
def _table() -> dict[str, Any]:
    return dict(json.loads(PATH.read_text(encoding="utf-8")))
