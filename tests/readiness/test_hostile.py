"""Broken and hostile files get a finding each, and nothing raises."""

from __future__ import annotations

import random

import pytest

from core.readiness import assess
from tests.readiness.bases import BASES

DEEP = b'{"a":' * 100_000


@pytest.mark.parametrize("name", ["config.json", "generation_config.json", "tokenizer_config.json"])
@pytest.mark.parametrize("body", [b"", b"\xff\xfe", b"[]", b"null", DEEP, b'{"a": 1' + b"0" * 5_000 + b"}"])
def test_a_file_that_is_no_json_object_is_named(name: str, body: bytes) -> None:
    said = [finding for finding in assess({name: body}).findings if finding.key == "files.unreadable"]

    assert [finding.source for finding in said] == [name]


def test_a_file_too_large_is_not_parsed() -> None:
    said = assess({"config.json": b" " * 5_000_000}).findings

    assert any("larger than any such file" in finding.what for finding in said)


@pytest.mark.parametrize("value", [True, -1, 1.5, "2", [], {}, [[1]], None, 10**30, float("nan")])
@pytest.mark.parametrize(
    "field", ["eos_token_id", "vocab_size", "num_hidden_layers", "layer_types", "model_type"]
)
def test_a_field_of_another_kind_does_not_raise(field: str, value: object) -> None:
    found = assess({"config.json": {"model_type": "llama", "eos_token_id": 1, field: value}})

    assert found.stops == "unknown"


def test_ids_beyond_the_vocabulary_stop_training() -> None:
    files = {
        "config.json": {"model_type": "llama", "vocab_size": 100, "eos_token_id": 2},
        "tokenizer_config.json": {
            "eos_token": "<|im_end|>",
            "added_tokens_decoder": {"100": {"content": "<|im_end|>"}},
        },
    }

    said = next(finding for finding in assess(files).findings if finding.key == "id.beyond")

    assert said.severity == "stop"
    assert "<|im_end|> (100)" in said.what


@pytest.mark.parametrize(
    "template",
    [
        "{% for i in range(10**12) %}x{% endfor %}",
        "{{ ''.__class__.__mro__ }}",
        "{{ content " * 50_000,
        "<" * 300_000,
        "[" + "A" * 300_000,
        "x" * 500_000,
    ],
)
def test_a_hostile_template_is_only_read(template: str) -> None:
    found = assess({"chat_template.jinja": template, "tokenizer_config.json": {"eos_token": "</s>"}})

    assert found.stops in {"unknown", "needs an end token"}


ODD = (
    None, True, -1, 2, 1.5, float("nan"), 10**30, "", "x", "\ud800", "y" * 1000, [], [[]], [None], {},
    {"a": 1}, {1: 2}, b"bytes", object(), {"content": None}, {"content": {"content": "x"}}, list(range(500)),
    (1, 2), {3}, [{"name": "default", "template": 5}], {"type": "x", "single": [{"SpecialToken": {"id": 5}}]},
    {"weight_map": {"a": 1}}, {"quant_method": [1]}, "qwen3_5", "<|im_end|>",
)  # fmt: skip
FIELDS = {
    "config.json": (
        "model_type eos_token_id pad_token_id vocab_size num_hidden_layers layer_types block_types "
        "text_config hybrid_override_pattern full_attention_interval attn_layer_indices num_experts "
        "attn_layer_period "
        "kv_lora_rank q_lora_rank n_shared_experts mlp_only_layers tie_word_embeddings auto_map "
        "vision_config quantization_config transformers_version mamba_d_ssm llm_config thinker_config "
        "intermediate_size"
    ),
    "generation_config.json": "eos_token_id pad_token_id bos_token_id",
    "tokenizer_config.json": "eos_token pad_token bos_token chat_template added_tokens_decoder add_bos_token",
    "tokenizer.json": "added_tokens model post_processor",
    "special_tokens_map.json": "eos_token pad_token",
    "model.safetensors.index.json": "weight_map metadata",
}


@pytest.mark.parametrize("seed", range(8))
def test_odd_values_anywhere_do_not_raise(seed: int) -> None:
    draw = random.Random(seed)
    for _ in range(100):
        files = dict(draw.choice(BASES).files())
        for name, fields in FIELDS.items():
            body = dict(files.get(name) or {})
            for _ in range(draw.randint(0, 3)):
                value = draw.choice(ODD)
                body[draw.choice(fields.split())] = draw.choice(
                    (value, [value, draw.choice(ODD)], {"x": value})
                )
            files[name] = body
        files[draw.choice((*FIELDS, "README.md", "chat_template.jinja", "model.safetensors"))] = draw.choice(
            ODD
        )

        found = assess(files, model_id=draw.choice(("", "Qwen/Qwen3-8B-Base", "x" * 500)))

        assert found.stops in {"as it is", "needs an end token", "needs trained chat tokens", "unknown"}
        assert all(isinstance(finding.what, str) and finding.what for finding in found.findings)


@pytest.mark.parametrize("files", [None, 5, "config.json", [], b"", {5: 5}, {None: None}])
def test_what_is_no_list_of_files_does_not_raise(files: object) -> None:
    assert assess(files).stops == "unknown"


def test_deep_nesting_already_parsed_does_not_raise() -> None:
    deep: dict = {}
    for _ in range(50_000):
        deep = {"text_config": deep}

    assert (
        assess({"config.json": deep, "tokenizer_config.json": {"chat_template": [deep]}}).stops == "unknown"
    )
