"""Which tokenizer a model has, each time with the evidence.

A rule speaks only for models under the name of the organisation that published them. What somebody else made
of a model takes its base's tokenizer as "inherited", which is probable and is said to be no more. A model no
rule speaks for is unknown; nothing is guessed from names or architectures.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final, Literal

Basis = Literal["publisher", "inherited"]
_FILE: Final = Path(__file__).parents[1] / "data" / "tokenizer_rules.toml"


@dataclass(frozen=True, slots=True)
class Rule:
    """``pattern`` matches whole model ids; ``family`` is None where the tokenizer is another one."""

    pattern: re.Pattern[str]
    family: str | None
    evidence: str


@dataclass(frozen=True, slots=True)
class Mapping:
    """``family`` None: not computed yet; ``evidence`` then says why, or is empty if nothing is known."""

    model_id: str
    family: str | None
    evidence: str
    basis: Basis


@lru_cache(maxsize=1)
def rules() -> tuple[Rule, ...]:
    """The rules of ``core/data/tokenizer_rules.toml``, in their order."""
    entries = tomllib.loads(_FILE.read_text(encoding="utf-8"))["rule"]
    return tuple(
        Rule(re.compile(entry["pattern"], re.IGNORECASE), entry.get("family"), entry["evidence"])
        for entry in entries
    )


def named_families() -> set[str]:
    """The families some rule names."""
    return {rule.family for rule in rules() if rule.family}


@lru_cache(maxsize=16_384)
def by_publisher(model_id: str) -> Mapping | None:
    """What the publisher's own documents say; None if no rule speaks for this model.

    >>> by_publisher("microsoft/phi-4").family
    'phi4_cl100k'
    """
    for rule in rules():
        if rule.pattern.fullmatch(model_id):
            return Mapping(model_id, rule.family, rule.evidence, "publisher")
    return None


def through_base(model_id: str, base_id: str) -> Mapping | None:
    """What a model takes from its base: probable, not certain, since a fine-tune may add tokens."""
    found = by_publisher(base_id)
    if found is None or found.family is None:
        return None
    return Mapping(
        model_id,
        found.family,
        f"Inherited from {base_id}, named as its base. A fine-tune usually keeps the tokenizer but may add "
        f"tokens; load its own file to be sure.",
        "inherited",
    )
