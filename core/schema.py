"""Names, units and meanings of the data, declared once.

Labels for people live with the pages and charts; the keys here are what code uses.
"""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist
from typing import Final

SCHEMA_VERSION: Final = 1
# Half the width of a 90% interval in standard errors: 5% lie beyond either end.
Z90: Final = NormalDist().inv_cdf(0.95)


@dataclass(frozen=True, slots=True)
class Benchmark:
    """One of the leaderboard's six tasks.

    ``key`` names the normalised score (0-100); ``<key>_raw`` is the raw one (0-1) and ``<key>_se`` the
    standard error of the normalised score, in the same points.
    """

    key: str
    hub_column: str
    label: str
    measures: str
    link: str

    @property
    def raw(self) -> str:
        return f"{self.key}_raw"

    @property
    def se(self) -> str:
        return f"{self.key}_se"


BENCHMARKS: Final = (
    Benchmark("ifeval", "IFEval", "IFEval", "follows instructions that a program can check",
              "https://arxiv.org/abs/2311.07911"),
    Benchmark("bbh", "BBH", "BBH", "24 sets of hard reasoning puzzles, multiple choice",
              "https://arxiv.org/abs/2210.09261"),
    Benchmark("math_lvl_5", "MATH Lvl 5", "MATH 5", "competition mathematics, hardest level, exact answer",
              "https://arxiv.org/abs/2103.03874"),
    Benchmark("gpqa", "GPQA", "GPQA", "graduate-level science questions, four choices",
              "https://arxiv.org/abs/2311.12022"),
    Benchmark("musr", "MUSR", "MUSR", "reasoning over long stories",
              "https://arxiv.org/abs/2310.16049"),
    Benchmark("mmlu_pro", "MMLU-PRO", "MMLU-Pro", "professional knowledge, ten choices",
              "https://arxiv.org/abs/2406.01574"),
)  # fmt: skip

BENCHMARK_KEYS: Final = tuple(benchmark.key for benchmark in BENCHMARKS)
SCORE_KEYS: Final = ("average", *BENCHMARK_KEYS)

KINDS: Final = {
    "base": "pretrained by its publisher and offered to build on",
    "continued": "another publisher's base, pretrained further and offered to build on",
    "instruct": "tuned by the base's own publisher to follow instructions or chat",
    "finetune": "tuned by others",
    "merge": "weights of several models mixed",
    "multimodal": "takes images or sound as well",
    "other": "none of these, or not known",
}

# What every page and chart calls a row that the reader added.
OWN_MARK: Final = "yours"

# For people: every key of SCORE_KEYS.
SCORE_LABELS: Final = {"average": "Average", **{benchmark.key: benchmark.label for benchmark in BENCHMARKS}}

# Of a model's likes; a whole number this large is held exactly in every type of column.
MOST_LIKES: Final = 1e12

# The two sources of measured scores. They are never mixed without saying so.
SOURCE_BOARD: Final = "open-llm-leaderboard"
SOURCE_NEWER: Final = "prescriptive-scaling"
# Placed on the board's scale from published tables: expected, not measured.
SOURCE_PLACED: Final = "placement"
