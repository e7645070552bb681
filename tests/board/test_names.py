"""Names: their parts, sizes and words."""

from __future__ import annotations

import pytest

from core.board import names


@pytest.mark.parametrize(
    ("model", "size"),
    [
        ("Qwen/Qwen2.5-7B-Instruct", 7.0),
        ("Qwen/Qwen2.5-72B", 72.0),
        ("internlm/internlm2-1_8b", 1.8),
        ("internlm/internlm2_5-20b-chat", 20.0),
        ("HuggingFaceTB/SmolLM2-360M", 0.36),
        ("upstage/SOLAR-10.7B-v1.0", 10.7),
        ("someone/orca_mini_v9_5_1B-Instruct", 1.0),  # version 9.5, not 5.1B
        ("someone/alpaca_data_2600_3B", 3.0),
        ("Qwen/Qwen2.5-7B-Instruct-1M", 7.0),
        ("someone/Q2.5-Instruct-1M_Harmony", None),  # a context of a million tokens
        ("mistralai/Mixtral-8x22B-v0.1", None),  # a mixture has no one size
        ("gpt2", None),
        ("someone/mystery-0B", None),
    ],
)
def test_size_in_name_reads_what_the_name_states(model: str, size: float | None) -> None:
    assert names.size_in_name(model) == size


def test_a_name_without_organisation_has_none() -> None:
    assert names.organisation("gpt2") is None
    assert names.organisation("google/gemma-2-9b") == "google"


def test_words_count_as_whole_parts_only() -> None:
    assert names.has_word("google/gemma-2-9b-it", names.TUNED_WORDS) == "it"
    assert names.has_word("someone/Italian-7B", names.TUNED_WORDS) is None
    assert names.has_word("someone/pruned40-llama-1b", names.CUT_WORDS) == "pruned40"


def test_a_word_grown_together_with_a_name_is_noticed() -> None:
    assert names.is_glued_chat("someone/CantoneseLLMChat-v0.5")
    assert not names.is_glued_chat("LLM360/K2")


@pytest.mark.parametrize(
    ("model", "size"),
    [
        ("Qwen/Qwen1.5-MoE-A2.7B", None),  # in use, not in all
        ("tencent/Hunyuan-A13B", None),
        ("google/gemma-4-E4B", None),
        ("meta-llama/Llama-4-Scout-17B-16E", None),
        ("allenai/OLMoE-1B-7B", None),
        ("Qwen/Qwen3-30B-A3B", 30.0),
        ("ibm-granite/granite-3.1-1b-a400m", 1.0),
        ("cerebras/plum-6p7b", 6.7),
        ("bigscience/bloom-1b7", 1.7),
        ("someone/llama7b", 7.0),
    ],
)
def test_parameters_in_use_are_not_taken_for_all(model: str, size: float | None) -> None:
    assert names.size_in_name(model) == size


@pytest.mark.parametrize(
    ("model", "word"),
    [
        ("mistralai/Mistral-Small-3.1-24B-Base-2503", "base"),
        ("lab/Plum-R1-7B-base", "base"),
        ("lab/Plum-7B-Pretrain", "pretrain"),
        ("lab/Plum-7B-CPT-v0.2", "cpt"),
        ("google/gemma-3-4b-pt", "pt"),
        ("lab/Plum-7B-PT", None),
        ("lab/Plum-Base-7B-SFT", None),
        ("lab/Plum-Base-7B-Instruct2", None),
        ("lab/Plum-7B", None),
    ],
)
def test_a_base_says_so_unless_a_word_for_tuning_follows(model: str, word: str | None) -> None:
    assert names.base_word(model) == word


def test_linear_before_the_size_is_no_merge() -> None:
    assert names.mixed_word("lab/Plum-Linear-48B-A3B-Instruct") is None
    assert names.mixed_word("lab/Plum-8B-LINEAR") == "linear"
