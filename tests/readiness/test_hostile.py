"""Broken and hostile files get a finding each, and nothing raises."""

from __future__ import annotations

import pytest

from core.readiness import assess

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
