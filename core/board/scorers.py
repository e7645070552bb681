"""Models that give scores, labels or vectors instead of text: neither bases nor anybody's variants."""

from __future__ import annotations

import re
from typing import Final

from core.board import names

_ARCHITECTURES: Final = (
    (re.compile(r"Reward|ForCausalRM|ForSequenceRegression|ForScore|PRM"), "a reward model"),
    (re.compile(r"For\w*Classification|Classifier|ForMultipleChoice"), "a classifier or reward model"),
    (re.compile(r"Rerank|CrossEncoder"), "a re-ranker"),
    (re.compile(r"Embed|ForTextEncoding|TextEncoder|SentenceTransformer|BiEncoder"), "an embedding model"),
)
_WORDS: Final = {
    "a reward model": frozenset({
        "armorm", "grm", "orm", "prm", "qrm", "reward", "rewardmodel", "rewards", "rm", "ultrarm", "urm",
    }),
    "a classifier": frozenset({
        "classification", "classifier", "classifiers", "guard", "guardian", "moderation", "shieldgemma",
    }),
    "a re-ranker": frozenset({"rankllama", "rerank", "reranker", "rerankers", "reranking"}),
    "an embedding model": frozenset({
        "colbert", "embed", "embedder", "embedding", "embeddings", "llm2vec", "retriever", "splade",
    }),
}  # fmt: skip
# The same words grown together with a name: ArmoRM, RewardModel.
_GLUED: Final = (
    (re.compile(r"[a-z]RM(?![A-Za-z0-9])|(?<![A-Za-z])PRM(?=\d)|Reward(?![a-z])"), "a reward model"),
    (re.compile(r"[Rr]eranker(?![a-z])"), "a re-ranker"),
    (re.compile(r"[a-z]Embeddings?(?![a-z])|(?<![A-Za-z])[Ee]mbedding(?=[A-Za-z])"), "an embedding model"),
    (re.compile(r"[a-z]Classifier(?![a-z])|(?<=[A-Za-z0-9])Guard(?![a-z])"), "a classifier"),
    # In lower case, `vanguard` and `bodyguard` are words of their own.
    (re.compile(r"(?<![a-z])(?!van|body)[a-z0-9]+guard(?![a-z])"), "a classifier"),
)
# Series of embedding models, by the first part of a name.
_EMBEDDING_SERIES: Final = frozenset({"bge", "e5", "gte"})
_EMBEDDING_OWNERS: Final = frozenset({"sentence-transformers"})
# Beside these, a word for a reward model names what the model was trained against.
_POLICY_WORDS: Final = frozenset({
    "cpo", "dno", "dpo", "expo", "gpo", "grpo", "ipo", "kto", "orpo", "ppo", "raft", "rloo", "rlhf", "simpo",
    "spin", "sppo",
})  # fmt: skip


def scores_texts(model_id: str, architecture: str | None = None) -> str | None:
    """What kind of scorer a model is and how that is known, in words; None for one that writes text.

    >>> scores_texts("allenai/Llama-3.1-Tulu-3-8B-RM")
    'a reward model: “rm” in its name'
    >>> scores_texts("acme/Plum-8B", "LlamaForSequenceClassification")
    'a classifier or reward model: its architecture is LlamaForSequenceClassification'
    """
    for pattern, what in _ARCHITECTURES:
        if architecture and pattern.search(architecture):
            return f"{what}: its architecture is {architecture}"
    parts = names.parts(model_id)
    if (names.organisation(model_id) or "").lower() in _EMBEDDING_OWNERS:
        return "an embedding model, by its publisher"
    if parts and parts[0] in _EMBEDDING_SERIES:
        return f"an embedding model: “{parts[0]}” begins its name"
    found = [(what, part) for what, words in _WORDS.items() for part in parts if part in words]
    name = model_id.rpartition("/")[2]
    found += [(what, match[0]) for pattern, what in _GLUED if (match := pattern.search(name))]
    for what, word in found:
        if not (what == "a reward model" and _POLICY_WORDS & set(parts)):
            return f"{what}: “{word}” in its name"
    return None
