"""Configurations of other families: read by their own names, or said to describe something else."""

from __future__ import annotations

import pytest

from core.errors import InvalidInputError
from core.memory import architectures
from core.memory.resolve import resolve

GLM_4_9B = {
    "model_type": "chatglm", "num_layers": 40, "hidden_size": 4096, "num_attention_heads": 32,
    "multi_query_attention": True, "multi_query_group_num": 2, "kv_channels": 128, "ffn_hidden_size": 13696,
    "padded_vocab_size": 151552, "seq_length": 131072, "add_qkv_bias": True, "tie_word_embeddings": False,
}  # fmt: skip
DBRX = {
    "model_type": "dbrx", "n_layers": 40, "d_model": 6144, "n_heads": 48, "vocab_size": 100352,
    "max_seq_len": 32768, "attn_config": {"kv_n_heads": 8, "clip_qkv": 8},
    "ffn_config": {"ffn_hidden_size": 10752, "moe_num_experts": 16, "moe_top_k": 4},
}  # fmt: skip
PLAIN = {
    "model_type": "new", "num_hidden_layers": 32, "hidden_size": 4096, "num_attention_heads": 32,
    "intermediate_size": 14336, "vocab_size": 128256,
}  # fmt: skip


def test_glms_names_are_understood():
    made = architectures.from_config(GLM_4_9B)
    assert (made.kv_heads, made.context_length, made.vocabulary) == (2, 131072, 151552)
    assert made.parameters / 1e9 == pytest.approx(9.400, abs=0.001)  # 9,399,951,360 as published
    assert made.evidence == "config"


def test_sections_of_a_file_are_understood():
    made = architectures.from_config(DBRX)
    assert (made.kv_heads, made.experts, made.experts_per_token) == (8, 16, 4)
    assert made.parameters / 1e9 == pytest.approx(131.6, abs=0.2)
    assert made.active_parameters / 1e9 == pytest.approx(36.5, abs=0.5)  # 36 B as published


def test_shared_experts_given_by_number_are_counted():
    experts = {"n_routed_experts": 8, "num_experts_per_tok": 2, "moe_intermediate_size": 1024}
    without = architectures.from_config(PLAIN | experts)
    shared = architectures.from_config(PLAIN | experts | {"n_shared_experts": 2})
    assert shared.parameters - without.parameters == 32 * 3 * 4096 * 2 * 1024


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"kv_lora_rank": 512}, "MLA"),
        ({"hybrid_override_pattern": "M-M*-"}, "different layers"),
        ({"layer_types": ["linear_attention", "full_attention"]}, "other than attention"),
        ({"linear_attn_config": {"full_attn_layers": [4]}}, "linear attention"),
        ({"mamba_n_heads": 48}, "state space"),
        ({"text_config": {"linear_num_key_heads": 16}}, "linear attention"),
    ],
)
def test_another_structure_is_said_to_be_unknown(change, said):
    with pytest.raises(InvalidInputError, match=said):
        architectures.from_config(PLAIN | change)
    guessed = resolve("a/b", 8.0, PLAIN | change)
    assert guessed.evidence == "size"
    assert said in guessed.caveat


def test_kinds_of_attention_are_no_other_structure():
    kinds = {"layer_types": ["sliding_attention", "full_attention"], "kv_lora_rank": None}
    assert architectures.from_config(PLAIN | kinds).layers == 32
