"""The readiness card as the notebook's settings: tokens by the tokenizer's files, layers by the config."""

from __future__ import annotations

import json

import pytest

from core.handoff.plan import plan_for
from core.readiness.tables import table
from tests.readiness.bases import BASES

BY_NAME = {base.name: base for base in BASES}


def test_published_facts_where_no_file_is_at_hand() -> None:
    plan = plan_for("Qwen/Qwen3-8B-Base")

    assert plan["basis"] == "family"
    assert plan["end_token"] == "<|endoftext|>"
    assert plan["targets"][:2] == ["q_proj", "k_proj"]
    assert plan["blocks"] is None


def test_a_config_alone_gives_layers_and_the_family_the_tokens() -> None:
    plan = plan_for("Qwen/Qwen3-8B-Base", {"config.json": BY_NAME["Qwen3 8B Base"].config})

    assert plan["blocks"] == 36
    assert (plan["basis"], plan["end_token"]) == ("family", "<|endoftext|>")


@pytest.mark.parametrize("base", BASES, ids=lambda base: base.name)
def test_files_give_the_cards_own_settings(base) -> None:
    plan = plan_for("acme/any", base.files())

    assert (plan["basis"], plan["end_token"]) == ("files", base.end)
    assert sorted(plan["targets"]) == sorted(base.targets)
    assert plan["tied"] == base.tied
    assert plan["experts_16bit"] == ("experts.4bit" in base.keys)
    assert json.loads(json.dumps(plan)) == plan


def test_only_an_untrained_end_token_is_trained() -> None:
    ways = {name: plan_for("acme/any", BY_NAME[name].files())["train_end"] for name in BY_NAME}

    assert [name for name, train in ways.items() if train] == ["Mistral Nemo Base"]
    assert plan_for("mistralai/Mistral-Nemo-Base-2407")["train_end"] is True
    assert plan_for("meta-llama/Meta-Llama-3-8B")["train_end"] is False


def test_float32_where_fp16_fails() -> None:
    assert plan_for("google/gemma-3-1b-pt")["float32"] is True
    assert plan_for("meta-llama/Llama-3.1-8B")["float32"] is False


def test_nothing_known_is_no_plan() -> None:
    plan = plan_for("acme/unheard-of")

    assert plan["basis"] == ""
    assert plan["end_token"] is plan["pad_token"] is plan["blocks"] is None
    assert plan["targets"] == []


def test_every_family_has_a_plan() -> None:
    for row in table("families"):
        for model_id in row["model_ids"].split():
            assert plan_for(model_id)["basis"] == "family"
