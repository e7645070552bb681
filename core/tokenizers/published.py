"""Tokenizers whose file could not be read, but whose publishers say how they cut numbers.

All of them split digits, so that the figures follow from the rule: a number has as many tokens as digits.
They are shown as published, never as computed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class PublishedFamily:
    key: str
    label: str
    vocab_size: int
    source: str


PUBLISHED: Final = (
    PublishedFamily("starcoder2", "StarCoder2", 49_152,
                    "StarCoder2 paper, arXiv 2402.19173: digits are split before BPE"),
    PublishedFamily("arcade100k", "StableLM 2 (Arcade100k)", 100_289,
                    "StableLM 2 report, arXiv 2402.17834: cl100k extended, with digits split"),
    PublishedFamily("nemotron4", "Nemotron-4 and Minitron", 256_000,
                    "Nemotron-4 15B report, arXiv 2402.16819: numbers are split into digits"),
)  # fmt: skip
