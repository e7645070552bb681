"""The embedded facts, the mapping to them, and the builder."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pandas as pd
import pytest

from core.catalogue import load_catalogue
from core.errors import InvalidInputError
from core.leaderboard import load_field, load_leaderboard
from core.tokenizers import facts, mapping

COMPUTED = 35


def test_the_facts_cover_the_real_tokenizers_and_mark_the_published():
    frame = facts.families().set_index("family")
    assert int((frame["status"] == "computed").sum()) == COMPUTED
    assert frame.loc[frame["status"] == "computed", "sha256"].str.fullmatch("[0-9a-f]{64}").all()
    assert frame.loc["gemma", "status"] == "computed"
    assert frame.loc["starcoder2", "status"] == "published"
    assert frame.loc["llama3", "single_in_price"] == 1000
    assert frame.loc["phi2", "single_token_count"] == 819
    assert frame.loc["phi2", "single_after_space"] == 0
    assert frame.loc["qwen2_5", "grouping"] == "per digit"


@pytest.mark.parametrize(
    ("family", "floor"), [("llama3", 0.0), ("qwen2_5", 71.676), ("phi2", 12.782), ("gemma", 71.676)]
)
def test_the_floor_of_uniform_prices(family, floor):
    assert floor == pytest.approx(facts.first_token_floor(range(1000), family), abs=5e-4)


def test_the_floor_of_own_targets_by_hand():
    # Per digit, 10 and 19 share the 1 and 25 stands alone: |10-14.5| + |19-14.5| over three.
    assert facts.first_token_floor([10, 19, 25], "qwen2_5") == pytest.approx(3.0)
    assert np.isnan(facts.first_token_floor([], "qwen2_5"))


@pytest.mark.parametrize("targets", [[1000], [-1], [1.5], [float("nan")]])
def test_the_facts_do_not_answer_for_other_targets(targets):
    with pytest.raises(InvalidInputError):
        facts.first_token_floor(targets, "llama3")


def test_numbers_come_with_their_pieces():
    frame = facts.numbers("phi2", "price")
    assert len(frame) == 1000
    assert ["".join(pieces) for pieces in frame["pieces"]] == [str(n) for n in range(1000)]
    assert (frame["n_tokens"] == frame["pieces"].map(len)).all()
    fused = facts.numbers("t5_small", "price")["fused"]
    assert fused.any()
    with pytest.raises(InvalidInputError, match="nobody"):
        facts.numbers("nobody")


def test_rules_extend_the_facts_to_longer_numbers_only_where_they_hold():
    assert facts.cut_by_rule("llama3", 1234567) == ["123", "456", "7"]
    assert facts.cut_by_rule("qwen2_5", 1234) == ["1", "2", "3", "4"]
    assert facts.cut_by_rule("falcon", 1234) == []
    assert facts.cut_by_rule("phi2", 1234) == []


@pytest.mark.parametrize(
    ("model", "family"),
    [
        ("microsoft/phi-2", "phi2"),
        ("microsoft/phi-1_5", "phi2"),
        ("microsoft/Phi-3-mini-4k-instruct", "phi3"),
        ("microsoft/Phi-3.5-mini-instruct", "phi3"),
        ("microsoft/Phi-3-small-8k-instruct", "phi4_cl100k"),
        ("microsoft/phi-4", "phi4_cl100k"),
        ("microsoft/Phi-4-mini-instruct", "gptoss_o200k"),
        ("deepseek-ai/deepseek-llm-7b-base", "deepseek_llm"),
        ("deepseek-ai/DeepSeek-V2-Lite", "deepseek_llm"),
        ("deepseek-ai/DeepSeek-V3", "deepseek_v3"),
        ("deepseek-ai/DeepSeek-R1", "deepseek_v3"),
        ("deepseek-ai/DeepSeek-R1-Distill-Qwen-7B", "qwen2_5"),
        ("deepseek-ai/DeepSeek-R1-Distill-Llama-8B", "llama3"),
        ("mistralai/Mistral-7B-v0.1", "mistral_v1"),
        ("mistralai/Mistral-7B-Instruct-v0.2", "mistral_v1"),
        ("mistralai/Mistral-7B-v0.3", "mistral_v3"),
        ("mistralai/Mistral-Nemo-Base-2407", "mistral_nemo"),
        ("mistralai/Ministral-8B-Instruct-2410", "mistral_nemo"),
        ("Qwen/Qwen1.5-7B", "qwen2_5"),
        ("Qwen/Qwen3-8B-Base", "qwen3"),
        ("google/gemma-2-9b", "gemma"),
        ("google/gemma-3-1b-pt", "gemma3"),
        ("allenai/OLMo-7B-hf", "olmo1"),
        ("allenai/OLMoE-1B-7B-0924", "olmo1"),
        ("allenai/OLMo-2-1124-7B", "olmo2"),
        ("tiiuae/falcon-7b", "falcon"),
        ("tiiuae/falcon-mamba-7b", "falcon"),
        ("EleutherAI/pythia-1.4b", "gpt_neox"),
        ("EleutherAI/gpt-neo-1.3B", "gpt2"),
        ("gpt2", "gpt2"),
        ("google/flan-t5-base", "t5_small"),
        ("01-ai/Yi-1.5-9B", "yi"),
        ("internlm/internlm2-1_8b", "internlm2"),
        ("bigcode/starcoder2-7b", "starcoder2"),
        ("meta-llama/Llama-2-7b-hf", "llama2"),
        ("meta-llama/Llama-3.1-8B", "llama3"),
        ("tiiuae/falcon-rw-1b", "gpt2"),
        ("THUDM/glm-4-9b", "glm4"),
        ("zai-org/GLM-4.5-Air-Base", "glm4_6"),
        ("deepseek-ai/DeepSeek-R1-0528-Qwen3-8B", "qwen3"),
        ("deepseek-ai/DeepSeek-V3.1-Base", "deepseek_v3"),
        ("deepseek-ai/DeepSeek-V4-Flash-Base", "deepseek_v4"),
        ("Qwen/Qwen3.5-9B-Base", "qwen3_6"),
        ("google/gemma-4-31B", "gemma3"),
        ("google/t5gemma-2b-2b-ul2", "gemma"),
        ("google/t5gemma-2-1b-1b", "gemma3"),
        ("mistralai/Ministral-3-8B-Base-2512", "mistral_nemo"),
        ("tencent/Hunyuan-A13B-Pretrain", "hunyuan"),
        ("OpenLLM-France/Lucie-7B", "lucie"),
        ("moonshotai/Kimi-K2-Base", "kimi_k2"),
    ],
)
def test_brands_with_several_tokenizers_are_told_apart(model, family):
    found = facts.for_model(model)
    assert found is not None
    assert family == found.family
    assert found.evidence
    assert found.basis == "publisher"


@pytest.mark.parametrize(
    "model",
    [
        "tiiuae/Falcon3-7B-Base",
        "bigscience/bloom-7b1",
        "nobody/nothing",
        "google/mt5-base",
        # The beginning of a name is no evidence: another tokenizer, or a model that isn't out yet.
        "Qwen/CodeQwen1.5-7B",
        "bigcode/gpt_bigcode-santacoder",
        "tencent/Hunyuan-4B-Pretrain",
        "llm-jp/llm-jp-3-7.2b",
        "allenai/Bolmo-7B",
        "google/gemma-5-8b",
        "meta-llama/Llama-3000-8B",
        "Qwen/Qwen3000-8B",
        "deepseek-ai/DeepSeek-V30-Base",
        "mistralai/Mistral-Small-3000",
    ],
)
def test_what_is_not_known_is_not_guessed(model):
    assert facts.for_model(model) is None
    (row,) = facts.for_models([model]).itertuples()
    assert row.status == "unknown"
    assert row.evidence
    assert pd.isna(row.single_token_count)


def test_a_name_in_somebody_elses_account_is_no_evidence():
    assert mapping.by_publisher("somebody/Llama-3.1-8B") is None


def test_a_fine_tune_is_marked_as_inherited():
    board = load_leaderboard("snapshot").drop_duplicates("model_id")
    named = board[board["declared_base"] == "Qwen/Qwen2.5-7B"]["model_id"]
    assert len(named)
    fine_tune = next(model for model in named if mapping.by_publisher(model) is None)
    found = facts.for_model(fine_tune)
    assert found is not None
    assert (found.family, found.basis) == ("qwen2_5", "inherited")
    assert "Qwen/Qwen2.5-7B" in found.evidence


def test_every_base_of_today_has_facts_or_says_that_they_are_unknown():
    field = load_field()
    known = facts.for_models(field["model_id"])
    assert len(known) == len(field)
    assert known["evidence"].notna().all()
    stated = known["family"].notna()
    assert (known.loc[~stated, "status"] == "unknown").all()
    assert known.loc[stated, "single_in_price"].between(0, 1000).all()


def test_the_catalogue_and_the_rules_agree():
    catalogue = load_catalogue().dropna(subset="tokenizer").set_index("model_id")["tokenizer"]
    ruled = facts.for_models(catalogue.index).set_index("model_id")["family"]
    assert len(catalogue) > 60
    assert ruled.to_dict() == catalogue.to_dict()


@pytest.mark.parametrize(
    ("model", "family", "base"),
    [
        ("manifestai/brumby-14b-base", "qwen3", "Qwen/Qwen3-14B-Base"),
        ("SakanaAI/TinySwallow-1.5B", "qwen2_5", "Qwen/Qwen2.5-1.5B"),
    ],
)
def test_what_the_catalogue_says_a_base_was_continued_from_gives_its_tokenizer(model, family, base):
    found = facts.for_model(model)
    assert found is not None
    assert (found.family, found.basis) == (family, "inherited")
    assert base in found.evidence


def test_four_fifths_of_the_known_publishers_bases_have_their_tokenizer():
    board = load_leaderboard("snapshot").drop_duplicates("model_id")
    bases = board[(board["kind"] == "base") & (board["params_b"] <= 15) & board["official"]]
    known = facts.for_models(bases["model_id"])
    stated = known["family"].notna() & (known["basis"] == "publisher")
    assert len(bases) > 80
    assert stated.mean() >= 0.8


def test_every_rule_names_a_family_and_its_evidence():
    families = set(facts.families()["family"])
    for rule in mapping.rules():
        assert rule.family is None or rule.family in families
        assert rule.evidence.endswith(".")


def test_facts_import_no_tokenizer_library():
    code = (
        "import sys; from core.tokenizers import facts as f; f.for_models(['gpt2']); f.numbers('llama3'); "
        "f.first_token_floor([1], 'llama3'); print([m for m in ('tokenizers', 'transformers', 'torch') "
        "if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
