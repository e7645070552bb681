"""The published facts, and that the files of a base say the same or why not."""

from __future__ import annotations

import csv

import pytest

from core.readiness import assess, assess_family
from core.readiness.families import family_row
from core.readiness.tables import modules, table, threads
from tests.places import SHARED
from tests.readiness.bases import BASES

FAMILIES = table("families")
# Where published lists and the class's own projections part, and why.
APART = {
    "Mixtral 8x7B": "the list is PEFT's default; k_proj and o_proj are linear layers of the class, too",
    "StableLM 2": "the list is PEFT's default; the class has five more",
    "Pythia": "the list is PEFT's default; the class has three more",
    "LFM2 / LFM2.5": "the list is for the mixture; the dense class calls its own out_proj, w1, w2 and w3",
    "Qwen3.5 MoE": "the list names the fused gate_up_proj, which is no linear layer of the class",
}


@pytest.mark.parametrize("row", FAMILIES, ids=lambda row: row["family"])
def test_a_family_is_marked_as_such(row) -> None:
    for model_id in row["model_ids"].split():
        found = assess_family(model_id)

        assert found is not None
        assert found.basis == "family"
        assert found.date == row["read"]
        assert any(finding.key == "family" for finding in found.findings)


@pytest.mark.parametrize("row", FAMILIES, ids=lambda row: row["family"])
def test_every_family_names_its_sources(row) -> None:
    assert row["source"]
    assert ".csv" not in row["source"]  # a table of ours is no source


@pytest.mark.parametrize("row", FAMILIES, ids=lambda row: row["family"])
def test_published_targets_are_projections_of_the_class(row) -> None:
    parts = modules(row["model_type"])
    if not parts or not row["lora_targets"]:
        pytest.skip("no targets were published, or transformers has no such class")
    have = {name for linears, _ in parts.values() for name in linears}

    missing = set(row["lora_targets"].split()) - have

    assert not missing or row["family"] in APART


def test_an_unknown_model_has_no_family() -> None:
    assert assess_family("acme/unheard-of") is None


@pytest.mark.parametrize(
    ("model_id", "stops"),
    [
        ("meta-llama/Meta-Llama-3-8B", "needs trained chat tokens"),
        ("Qwen/Qwen3.5-4B-Base", "as it is"),
        ("Qwen/Qwen3-8B-Base", "needs an end token"),
        ("google/gemma-3-4b-pt", "needs an end token"),
        ("01-ai/Yi-1.5-9B", "needs an end token"),
        ("tencent/Hunyuan-7B-Pretrain", "unknown"),
    ],
)
def test_the_family_verdict(model_id: str, stops: str) -> None:
    found = assess_family(model_id)

    assert found is not None
    assert found.stops == stops


@pytest.mark.parametrize(
    ("model_id", "fused"),
    [
        ("kakaocorp/kanana-1.5-8b-base", False),
        ("llm-jp/llm-jp-3-7.2b", False),
        ("baidu/ERNIE-4.5-0.3B-Base-PT", False),
        ("kakaocorp/kanana-1.5-15.7b-a3b-base", True),
        ("nvidia/NVIDIA-Nemotron-3.5-Lightning-30B-A3B-Base-BF16", True),
        ("mistralai/Mixtral-8x7B-v0.1", True),
    ],
)
def test_a_dense_model_of_a_family_with_mixtures_is_not_warned_of_experts(model_id: str, fused: bool) -> None:
    found = assess_family(model_id)

    assert found is not None
    assert any(finding.key == "experts.4bit" for finding in found.findings) is fused


def test_a_name_adds_what_files_do_not_tell() -> None:
    found = assess({}, model_id="ByteDance-Seed/Seed-OSS-36B-Base")

    training = next(finding for finding in found.findings if finding.key == "training")
    assert "Seed-OSS-36B-Base-woSyn" in training.remedy


def test_our_families_are_those_of_the_reference() -> None:
    path = SHARED / "data" / "readiness" / "families.csv"
    if not path.is_file():
        pytest.skip("the reference folder is not beside the project")
    with path.open(encoding="utf-8", newline="") as file:
        reference = {row["family"]: row["model_ids"].split("|") for row in csv.DictReader(file)}

    assert {row["family"]: row["model_ids"].split() for row in FAMILIES} == reference


def test_a_finding_has_public_threads_behind_it() -> None:
    assert ("2026-07-02", "https://github.com/bitsandbytes-foundation/bitsandbytes/issues/1849") in threads(
        "experts.4bit"
    )
    assert threads("no such key") == []


NAMED = {
    "Llama 3 8B": "meta-llama/Meta-Llama-3-8B",
    "Llama 3.1 8B": "meta-llama/Llama-3.1-8B",
    "Llama 2 7B": "meta-llama/Llama-2-7b-hf",
    "Qwen2.5 7B": "Qwen/Qwen2.5-7B",
    "Qwen3 8B Base": "Qwen/Qwen3-8B-Base",
    "Qwen3 30B-A3B Base": "Qwen/Qwen3-30B-A3B-Base",
    "Qwen3.5 4B Base": "Qwen/Qwen3.5-4B-Base",
    "Mistral Nemo Base": "mistralai/Mistral-Nemo-Base-2407",
    "Mistral 7B v0.3": "mistralai/Mistral-7B-v0.3",
    "Gemma 2 9B": "google/gemma-2-9b",
    "Gemma 3 4B pt": "google/gemma-3-4b-pt",
    "Olmo 3 7B": "allenai/Olmo-3-1025-7B",
    "SmolLM3 3B Base": "HuggingFaceTB/SmolLM3-3B-Base",
    "Granite 3.3 8B base": "ibm-granite/granite-3.3-8b-base",
    "Granite 4.0 H micro base": "ibm-granite/granite-4.0-h-micro-base",
    "Apertus 8B": "swiss-ai/Apertus-8B-2509",
    "GLM-4-32B-Base-0414": "zai-org/GLM-4-32B-Base-0414",
    "DeepSeek V3 Base": "deepseek-ai/DeepSeek-V3-Base",
    "Nemotron Nano 9B v2 Base": "nvidia/NVIDIA-Nemotron-Nano-9B-v2-Base",
    "Falcon-H1 7B Base": "tiiuae/Falcon-H1-7B-Base",
}
SAYS_OTHERWISE = {
    "Falcon-H1 7B Base": "end with <|end_of_text|>",
    "DeepSeek V3 Base": "load without the publisher's code",
    "Nemotron Nano 9B v2 Base": "load without the publisher's code",
}


@pytest.mark.parametrize("name", NAMED)
def test_files_agree_with_their_family_or_the_card_says_where_not(name: str) -> None:
    base = next(base for base in BASES if base.name == name)
    assert family_row(NAMED[name]) is not None

    said = [f.what for f in assess(base.files(), model_id=NAMED[name]).findings if f.key == "family.differs"]

    expected = SAYS_OTHERWISE.get(name)
    assert [expected in what for what in said] == ([True] if expected else [])
