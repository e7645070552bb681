"""The table of families: names find their family, size and base."""

from __future__ import annotations

import re

import pytest

from core.board import families, names


@pytest.mark.parametrize(
    ("model", "base"),
    [
        ("Qwen/Qwen2.5-7B-Instruct", "Qwen/Qwen2.5-7B"),
        ("Qwen/Qwen2.5-72B-Instruct", "Qwen/Qwen2.5-72B"),
        ("Qwen/Qwen2-7B-Instruct", "Qwen/Qwen2-7B"),
        ("Qwen/Qwen2.5-Coder-7B-Instruct", "Qwen/Qwen2.5-Coder-7B"),
        ("Qwen/Qwen2.5-Math-7B-Instruct", "Qwen/Qwen2.5-Math-7B"),
        ("Qwen/QwQ-32B-Preview", "Qwen/Qwen2.5-32B"),
        ("someone/Meta-Llama-3.1-8B-tuned", "meta-llama/Llama-3.1-8B"),
        ("someone/llama3_1-8B", "meta-llama/Llama-3.1-8B"),
        ("someone/L3.1-70B-Mix", "meta-llama/Llama-3.1-70B"),
        ("someone/llama31-8b", "meta-llama/Llama-3.1-8B"),
        ("someone/llama-3-8b", "meta-llama/Meta-Llama-3-8B"),
        ("princeton-nlp/Llama-3-Base-8B-SFT", "meta-llama/Meta-Llama-3-8B"),
        ("meta-llama/Llama-3.3-70B-Instruct", "meta-llama/Llama-3.1-70B"),
        ("google/gemma-2-2b-it", "google/gemma-2-2b"),
        ("google/gemma-2b-it", "google/gemma-2b"),
        ("google/gemma-1.1-7b-it", "google/gemma-7b"),
        ("google/recurrentgemma-9b-it", "google/recurrentgemma-9b"),
        ("mistralai/Mistral-7B-Instruct-v0.2", "mistral-community/Mistral-7B-v0.2"),
        ("mistralai/Mistral-Nemo-Instruct-2407", "mistralai/Mistral-Nemo-Base-2407"),
        ("nvidia/Mistral-NeMo-Minitron-8B-Instruct", "nvidia/Mistral-NeMo-Minitron-8B-Base"),
        ("ibm-granite/granite-3.2-8b-instruct", "ibm-granite/granite-3.1-8b-base"),
        ("CYFRAGOVPL/PLLuM-12B-chat", "CYFRAGOVPL/PLLuM-12B-base"),
        ("CYFRAGOVPL/PLLuM-12B-nc-chat", "CYFRAGOVPL/PLLuM-12B-nc-base"),
        ("tiiuae/Falcon3-Mamba-7B-Instruct", "tiiuae/Falcon3-Mamba-7B-Base"),
        ("internlm/internlm2-chat-1_8b", "internlm/internlm2-1_8b"),
        ("01-ai/Yi-1.5-9B-Chat", "01-ai/Yi-1.5-9B"),
        ("01-ai/Yi-6B-Chat", "01-ai/Yi-6B"),
        ("microsoft/Phi-3-mini-4k-instruct", None),
        ("mistralai/Ministral-8B-Instruct-2410", None),
    ],
)
def test_a_name_finds_its_base(model: str, base: str | None) -> None:
    place = families.place(model)

    assert place is not None
    assert place.base_id == base


@pytest.mark.parametrize("model", ["someone/Qwarkstar-4B", "gpt-unknown", "LeroyDyer/LCARS_AI_001"])
def test_an_unknown_name_finds_no_family(model: str) -> None:
    assert families.place(model) is None


def test_a_family_without_a_base_says_why() -> None:
    silent = [family.name for family in families.families() if family.base is None and not family.special]

    assert [name for name in silent if not family_named(name).why] == []


def family_named(name: str) -> families.Family:
    return next(family for family in families.families() if family.name == name)


def test_every_base_lies_in_a_family_that_leads_back_to_it() -> None:
    lost = {
        base: place.base_id
        for base, place in families.bases().items()
        if base not in {mirror.lower() for mirror in families.mirrors()}
        and (place.base_id or "").lower() != base
    }

    assert lost == {}


def test_a_base_belongs_to_the_family_of_its_name() -> None:
    place = families.known_base("Qwen/Qwen2.5-32B")

    assert place is not None
    assert place.family.name == "Qwen2.5"  # not QwQ, which starts from it


def test_every_tune_fact_leads_to_a_hub_id() -> None:
    assert all(re.fullmatch(r"[\w.-]+/[\w.{}-]+", tune.base) for tune in families.tunes())


def test_a_tune_fact_fills_in_the_size() -> None:
    fact = families.tune_fact("nvidia/AceInstruct-1.5B")

    assert fact is not None
    assert fact[0] == "Qwen/Qwen2.5-1.5B"


def test_no_fact_is_a_list_of_single_board_rows() -> None:
    """Patterns are rules about families; ids of other people's models may not be spelled out one by one."""
    anchored = [tune.pattern.pattern for tune in families.tunes() if tune.pattern.pattern.startswith("^")]

    assert anchored == []


def test_sizes_are_billions_and_active_ones_smaller() -> None:
    for family in families.families():
        assert all(0 < size < 2000 for size in family.sizes.values())
        assert all(active < family.sizes[size] for size, active in family.active.items())
        assert all(names.bare(f"x/{size}") is not None for size in family.sizes)
