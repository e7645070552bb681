"""Kinds: every signal, each override in words, and the labels."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from core.board.kinds import Row, kind_of
from core.board.lineage import origin
from core.importers.contract_frame import contract_frame
from core.importers.join_board import complete_rows
from core.leaderboard import load_leaderboard
from core.schema import KINDS, SOURCE_NEWER
from tests.places import SHARED

PLAIN = Row(
    model_id="someone/mystery-7B",
    reported_kind="base",
    reported_base=True,
    architecture="LlamaForCausalLM",
    chat_template=False,
    merged=False,
    moe=False,
    official=False,
    ifeval=20.0,
    declared=None,
)
BOARD = load_leaderboard().drop_duplicates("model_id").set_index("model_id")


def kind(params: float | None = 7.0, own_base: str | None = None, **said: object) -> tuple[str, str]:
    row = replace(PLAIN, **said)  # type: ignore[arg-type]
    return kind_of(row, origin(row.model_id, params, row.declared), own_base=own_base)


def test_a_base_reported_as_fine_tuned_is_a_base_and_says_so() -> None:
    told, evidence = kind(
        8.03, model_id="meta-llama/Llama-3.1-8B", reported_kind="finetune", reported_base=False
    )

    assert told == "base"
    assert evidence == "reported fine-tuned; its publisher offers it as a base (Llama 3.1)"


def test_an_instruct_model_reported_as_pretrained_is_not_a_base() -> None:
    told, evidence = kind(8.03, model_id="meta-llama/Llama-3.1-8B-Instruct")

    assert told == "instruct"
    assert evidence == "reported pretrained; tuned by the publisher of meta-llama/Llama-3.1-8B"


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({}, "base"),
        ({"model_id": "someone/mystery-7B-chat"}, "finetune"),
        ({"model_id": "someone/MysteryChat-v1"}, "finetune"),
        ({"chat_template": True}, "finetune"),
        ({"ifeval": 60.0}, "finetune"),
        ({"merged": True}, "merge"),
        ({"reported_kind": "merge", "reported_base": False}, "merge"),
        ({"model_id": "someone/mystery-slerp-7B"}, "merge"),
        ({"model_id": "someone/mystery-2x7B"}, "merge"),
        ({"model_id": "someone/mystery-pruned-7B"}, "other"),
        ({"model_id": "someone/Qwen2.5-7B"}, "base"),  # a copy
        ({"model_id": "someone/Qwen2.5-7B-more"}, "other"),  # somebody's change of it
        ({"declared": "someone/mystery-7B (Merge)"}, "other"),
        ({"reported_kind": "continued", "reported_base": False}, "continued"),
        ({"reported_kind": "continued", "reported_base": False, "declared": "Qwen/Qwen2.5-7B"}, "continued"),
        (
            {"reported_kind": "continued", "reported_base": False, "declared": "Qwen/Qwen2.5-7B-Instruct"},
            "finetune",
        ),
        ({"architecture": "MllamaForConditionalGeneration"}, "multimodal"),
        ({"reported_kind": "finetune", "reported_base": False}, "finetune"),
        ({"reported_kind": None, "reported_base": False}, "finetune"),
        (
            {"model_id": "someone/mystery-7B-base", "reported_kind": "finetune", "reported_base": False},
            "base",
        ),
    ],
)
def test_each_signal_counts(said: dict[str, object], told: str) -> None:
    assert kind(**said)[0] == told


def test_an_own_base_makes_its_tune_an_instruct_model() -> None:
    told, evidence = kind(own_base="someone/mystery-7B", model_id="someone/mystery-7B-chat")

    assert told == "instruct"
    assert "someone/mystery-7B" in evidence


@pytest.mark.parametrize(
    ("model", "told"),
    [
        ("Qwen/Qwen2.5-7B", "base"),
        ("google/gemma-2-9b", "base"),
        ("mistralai/Mistral-7B-v0.1", "base"),
        ("mistralai/Mistral-7B-v0.3", "base"),
        ("microsoft/phi-2", "base"),
        ("meta-llama/Llama-3.1-8B", "base"),
        ("nvidia/Mistral-NeMo-Minitron-8B-Base", "base"),
        ("databricks/dbrx-base", "base"),
        ("Qwen/Qwen2.5-Math-7B", "base"),
        ("h2oai/h2o-danube3-4b-base", "base"),
        ("instruction-pretrain/InstructLM-500M", "base"),
        ("upstage/SOLAR-10.7B-v1.0", "base"),
        ("gpt2", "base"),
        ("BramVanroy/fietje-2", "continued"),
        ("dicta-il/dictalm2.0", "continued"),
        ("NousResearch/Yarn-Mistral-7b-128k", "continued"),
        ("microsoft/Phi-3-mini-4k-instruct", "instruct"),
        ("microsoft/phi-4", "instruct"),
        ("google/flan-t5-xl", "instruct"),
        ("meta-llama/Llama-2-7b-chat-hf", "instruct"),
        ("databricks/dolly-v1-6b", "finetune"),
        ("jebish7/gemma-2-9b-it", "finetune"),
        ("togethercomputer/GPT-NeoXT-Chat-Base-20B", "finetune"),
        ("nlpguy/Mistral-NeMo-Minitron-Upscale-v1", "merge"),
        ("oopere/pruned40-llama-3.2-1B", "other"),
        ("Qwen/Qwen2-VL-7B-Instruct", "multimodal"),
    ],
)
def test_well_known_models_are_told_right(model: str, told: str) -> None:
    assert BOARD.loc[model, "kind"] == told


def test_every_row_has_a_kind_and_a_reason() -> None:
    board = load_leaderboard()

    assert set(board["kind"]) <= set(KINDS)
    assert board["kind_evidence"].str.len().gt(3).all()
    assert (board.loc[board["source"] == SOURCE_NEWER, "kind"] == "base").all()


def test_every_override_says_what_was_reported() -> None:
    board = load_leaderboard()
    changed = board[board["reported_kind"].notna() & (board["kind"] != board["reported_kind"])]

    assert len(changed) > 100
    assert changed["kind_evidence"].str.startswith("reported ").all()


@pytest.mark.skipif(not SHARED.is_dir(), reason="the labels are not beside the project")
def test_kinds_agree_with_the_labels() -> None:
    labels = pd.read_csv(SHARED / "data" / "pairs_dev.csv")
    bases = set(labels["base"]) & set(BOARD.index)
    others = (set(labels["instruct"]) - bases) & set(BOARD.index)

    missed = [model for model in bases if BOARD.loc[model, "kind"] not in ("base", "continued")]
    taken = [model for model in others if BOARD.loc[model, "kind"] in ("base", "continued")]

    assert len(missed) / len(bases) <= 0.01, missed
    assert len(taken) / len(others) <= 0.01, taken


@pytest.mark.parametrize(
    ("model", "told"),
    [
        ("mistralai/Mistral-Small-4-24B-Base-2603", "base"),
        ("deepseek-ai/DeepSeek-Coder-V2-Lite-Base", "base"),
        ("EleutherAI/pythia-6.9b-deduped", "base"),
        ("codellama/CodeLlama-7b-Python-hf", "base"),
        ("allenai/OLMo-2-0425-1B-stage1-step1000", "base"),
        ("Qwen/Qwen2-Audio-7B", "base"),
        ("Qwen/Qwen3-8B", "instruct"),
        ("microsoft/phi-4", "instruct"),
        ("google/flan-t5-base", "instruct"),  # a size, not a base
        ("lab/Plum-Linear-48B-A3B-Base", "base"),
        ("lab/Plum-R1-950M-base", "base"),
        ("lab/Plum-7B-Pretrain", "base"),
        ("lab/Plum-8x7B-base", "base"),
        ("lab/Qwen3-Plum-8B-CPT-v0.2", "continued"),
        ("lab/Llama-3.1-Plum-8B-base", "continued"),
        ("lab/Llama-3.1-8B-Base-Medical", "finetune"),
        ("lab/Plum-7B-Thinking", "finetune"),
        ("unsloth/Qwen3-8B-Base-unsloth-bnb-4bit", "other"),
        ("google/gemma-3-4b-pt-qat-q4_0", "other"),
    ],
)
def test_a_name_alone_tells_a_base(model: str, told: str) -> None:
    assert kind(None, model_id=model, reported_kind=None, reported_base=False, ifeval=None)[0] == told


def test_a_name_that_says_nothing_is_told_so() -> None:
    _, evidence = kind(model_id="lab/Plum-7B", reported_kind=None, reported_base=False)

    assert evidence == "taken as tuned: nothing says that it is a base"


@pytest.mark.parametrize(
    ("model", "told"),
    [
        ("allenai/Olmo-3-1025-7B", "base"),
        ("google/gemma-4-26B-A4B", "base"),
        ("moonshotai/kimi-linear-48b-a3b-base", "base"),
        ("rinna/qwen2.5-bakeneko-32b", "continued"),
        ("llm-jp/llm-jp-3-8x13b-instruct3", "instruct"),
    ],
)
def test_the_catalogue_goes_before_the_name(model: str, told: str) -> None:
    assert kind(None, model_id=model, reported_kind=None, reported_base=False)[0] == told


def test_a_plain_name_beside_its_publisher_s_chat_model_is_the_base() -> None:
    models = ["lab/Plum-9B", "lab/Plum-9B-Instruct", "lab/Pear-9B", "lab/Pear-9B-Base", "lab/Fig-9B"]
    rows = complete_rows(contract_frame([{"model_id": name, "source": "your table"} for name in models]))

    assert rows["kind"].tolist() == ["base", "instruct", "instruct", "base", "finetune"]


@pytest.mark.parametrize(
    "model",
    ["allenai/OLMo-7B-0724-hf", "google/gemma-2b-pytorch", "tiiuae/falcon-mamba-7b-pre-decay"],
)
def test_other_forms_of_a_publisher_s_base_are_bases(model: str) -> None:
    assert kind(None, model_id=model, reported_kind=None, reported_base=False)[0] == "base"
