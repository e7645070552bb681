"""Which kind of task a published task is, and which benchmark one would take for it."""

from __future__ import annotations

import re
from typing import Final

KINDS: Final = {
    "classification": "Classification",
    "extraction": "Extraction",
    "questions": "Questions with one answer",
    "mathematics": "Mathematics",
    "code": "Code and SQL",
    "text": "Writing and translating",
    "instructions": "Instructions",
}
# "The column that matches your task": a judgement, made before the figures were looked at.
MATCHING: Final = {
    "classification": "bbh",
    "extraction": "ifeval",
    "questions": "mmlu_pro",
    "mathematics": "math_lvl_5",
    "code": "math_lvl_5",
    "text": "ifeval",
    "instructions": "ifeval",
}
_WORDS: Final = {
    "instructions": r"flan|instruct|alpaca|tulu|chat",
    "mathematics": r"gsm8k|math|arithmetic",
    "code": r"sql|code|humaneval|mbpp",
    "extraction": r"conll|bc5cdr|\bner\b|json|viggo|extract",
    "questions": r"arc|boolq|drop|hellaswag|mmlu|winogrande|squad|\bqa\b",
    "text": r"nlg|tldr|gigaword|wmt|summar|translat|headline",
    "classification": r"glue|dbpedia|covid|customer|jigsaw|legal|reuters|sentiment|classif",
}


def kind_of(task: str) -> str:
    """Key of :data:`KINDS`; "" for a task whose name tells nothing.

    >>> kind_of("glue_sst2"), kind_of("text-to-sql Spider dev (all)"), kind_of("price")
    ('classification', 'code', '')
    """
    name = task.lower()
    return next((kind for kind, words in _WORDS.items() if re.search(words, name)), "")
