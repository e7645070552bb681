"""Search by name as people type it."""

from __future__ import annotations

import pytest

from core.ranking.search import close_to, find

NAMES = [
    "microsoft/Phi-3-mini-4k-instruct", "microsoft/Phi-3.5-mini-instruct", "google/gemma-2-9b",
    "google/gemma-2b",
    "meta-llama/Llama-3.1-8B", "meta-llama/Llama-3.2-1B", "allenai/Olmo-3-1025-7B", "Qwen/Qwen1.5-1.8B",
    "Qwen/Qwen2.5-7B", "internlm/internlm2_5-1_8b",
]  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("phi3", ["microsoft/Phi-3-mini-4k-instruct", "microsoft/Phi-3.5-mini-instruct"]),
        ("gemma2", ["google/gemma-2-9b", "google/gemma-2b"]),
        ("llama3.1 8b", ["meta-llama/Llama-3.1-8B"]),
        ("LLAMA 3.1", ["meta-llama/Llama-3.1-8B"]),
        ("Olmo-3", ["allenai/Olmo-3-1025-7B"]),
        ("olmo3 7b", ["allenai/Olmo-3-1025-7B"]),
        ("qwen 8b", []),
        ("qwen2.5", ["Qwen/Qwen2.5-7B"]),
        ("qwen25 7b", ["Qwen/Qwen2.5-7B"]),
        ("internlm2.5", ["internlm/internlm2_5-1_8b"]),
        ("meta-llama/Llama-3.1-8B", ["meta-llama/Llama-3.1-8B"]),
        ("(*[", []),
        ("   ", NAMES),
    ],
)
def test_words_are_found_whatever_separates_them(typed, found):
    assert find(NAMES, typed) == found


def test_a_very_long_query_is_cut_and_ends():
    assert find(NAMES, "a-" * 100_000) == []


def test_a_misspelt_name_gets_its_neighbours():
    assert close_to(NAMES, "lama-3.1-8b")[0] == "meta-llama/Llama-3.1-8B"
    assert close_to(NAMES, "zzzz") == []
