"""Reward models, classifiers, embedding models and re-rankers: kind other, and nobody's variant."""

from __future__ import annotations

import pandas as pd
import pytest

from core.board.scorers import scores_texts
from core.importers.contract_frame import contract_frame
from core.importers.join_board import complete_rows
from core.leaderboard import load_leaderboard
from core.variants import pair_variants

SCORERS = [
    "Qwen/Qwen2.5-Math-RM-72B", "Qwen/Qwen2.5-Math-PRM-7B", "internlm/internlm2-7b-reward",
    "nvidia/Llama-3.1-Nemotron-70B-Reward-HF", "RLHFlow/ArmoRM-Llama3-8B-v0.1", "openbmb/UltraRM-13b",
    "sfairXC/FsfairX-LLaMA3-RM-v0.1", "TIGER-Lab/AceCodeRM-7B", "acme/Plum-8B-RewardModel",
    "meta-llama/Llama-Guard-3-8B", "google/shieldgemma-9b", "ibm-granite/granite-guardian-3.0-8b",
    "acme/Plum-8B-toxicity-classifier", "Qwen/Qwen3-Reranker-8B", "BAAI/bge-reranker-v2-gemma",
    "Qwen/Qwen3-Embedding-8B", "nvidia/NV-Embed-v2", "intfloat/e5-mistral-7b-instruct",
    "Qwen/Qwen3Guard-Gen-8B", "google/embeddinggemma-300m", "Qwen/Plum-7B-PRM800K",
    "nvidia/llama-3.1-nemoguard-8b",
    "openai/gpt-oss-safeguard-20b", "Alibaba-NLP/gte-Qwen2-7B-instruct",
    "sentence-transformers/all-MiniLM-L6-v2",
]  # fmt: skip
WRITERS = [
    "Qwen/Qwen2.5-7B", "meta-llama/Llama-3.1-8B-Instruct", "allenai/tulu-v2.5-ppo-13b-uf-mean-70b-uf-rm",
    "tinycompany/SigmaBoi-bge-m3", "jieliu/Storm-7B", "Triangle104/DS-R1-Llama-8B-Harmony",
    "LeroyDyer/SpydazWeb_AI_CyberTron_Ultra_7b", "distilbert/distilgpt2", "acme/Farm-7B",
    "acme/Rewarded-7B-chat", "UCLA-AGI/Mistral7B-PairRM-SPPO-Iter3",
    "acme/vanguard-7b", "akjindal53244/Llama-3.1-Storm-8B", "CohereForAI/c4ai-command-r-v01",
    "microsoft/phi-2", "gpt2",
]  # fmt: skip


@pytest.mark.parametrize("model", SCORERS)
def test_a_scorer_is_known_by_its_name(model: str) -> None:
    assert scores_texts(model)


@pytest.mark.parametrize("model", WRITERS)
def test_a_model_that_writes_is_none(model: str) -> None:
    assert scores_texts(model, "LlamaForCausalLM") is None


@pytest.mark.parametrize(
    "architecture",
    ["Qwen2ForSequenceClassification", "LlamaForRewardModelWithGating", "LLMForSequenceRegression",
     "Qwen2ForCausalRM", "XLMRobertaForTokenClassification", "BertForMultipleChoice", "Gemma3TextEncoder"],
)  # fmt: skip
def test_a_scorer_is_known_by_its_architecture(architecture: str) -> None:
    assert scores_texts("acme/Plum-8B", architecture)


@pytest.mark.parametrize("architecture", ["Qwen2ForCausalLM", "T5ForConditionalGeneration", "GPT2LMHeadModel",
                                          "Qwen2Model", "ChatGLMModel", "OpenLMModel", None])  # fmt: skip
def test_other_architectures_write(architecture: str | None) -> None:
    assert scores_texts("acme/Plum-8B", architecture) is None


def test_none_of_the_board_s_scorers_is_a_base_or_a_variant() -> None:
    board = load_leaderboard()
    scorers = {
        model
        for model, architecture in zip(board["model_id"], board["architecture"].fillna(""), strict=True)
        if scores_texts(model, architecture)
    }

    assert {"allenai/Llama-3.1-Tulu-3-8B-RM", "nvidia/AceMath-72B-RM", "kaist-ai/janus-rm-7b"} <= scorers
    assert set(board.loc[board["model_id"].isin(scorers), "kind"]) == {"other"}
    pairs = pair_variants(board)
    assert not scorers & (set(pairs["variant_id"]) | set(pairs["base_id"]))


@pytest.mark.parametrize("model", SCORERS)
def test_a_row_of_one_s_own_is_told_alike(model: str) -> None:
    row = complete_rows(
        contract_frame([{"model_id": model, "source": "your table", "reported_kind": "base"}])
    ).iloc[0]
    assert row["kind"] == "other"


def test_a_scorer_stated_as_tuned_is_still_nobody_s_variant() -> None:
    frame = pd.DataFrame({
        "model_id": ["Qwen/Qwen2.5-Math-7B", "Qwen/Qwen2.5-Math-7B-Instruct", "Qwen/Qwen2.5-Math-PRM-7B"],
        "kind": ["base", "instruct", "instruct"],
    })  # fmt: skip
    assert pair_variants(frame)["variant_id"].tolist() == ["Qwen/Qwen2.5-Math-7B-Instruct"]
