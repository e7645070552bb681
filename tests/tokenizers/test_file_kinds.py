"""A file is known by its content, and a wrong one is named for what it is."""

from __future__ import annotations

import pytest

from core.errors import TokenizerError
from core.tokenizers.file_kinds import canonical_name
from tests.places import SHARED
from tests.tokenizer_zoo import style


@pytest.mark.parametrize(
    ("raw", "name"),
    [
        (style("byte_level").to_str().encode(), "tokenizer.json"),
        (b'{"config": {"pattern": "x"}, "vocab": [{"rank": 0}]}', "tekken.json"),
        (b"\n\x0e\n\x05<unk>\x15\x00\x00\x00\x00\x18\x02", "tokenizer.model"),
        (b"IQ== 0\nIg== 1\n", "tokenizer.tiktoken"),
        (b"{}", "tokenizer.json"),
        (b'{"a":' + b"[" * 100_000, "tokenizer.json"),
    ],
    ids=["tokenizer.json", "tekken", "sentencepiece", "tiktoken", "empty", "deep"],
)
def test_each_form_is_known_by_its_content(raw, name):
    assert canonical_name(raw, "x") == name


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b'{"tokenizer_class": "X", "model_max_length": 4096}', "a tokenizer_config.json"),
        (b'{"added_tokens_decoder": {}, "bos_token": "<s>"}', "a tokenizer_config.json"),
        (b'{"hidden_size": 4096, "model_type": "llama"}', "a config.json"),
        (b'{"architectures": ["LlamaForCausalLM"]}', "a config.json"),
        (b'{"r": 16, "peft_type": "LORA"}', "an adapter_config.json"),
        (b'{"metadata": {}, "weight_map": {}}', "a model.safetensors.index.json"),
        (b'{"bos_token": {"content": "<s>"}}', "a special_tokens_map.json"),
        (b'{"a": 0, "\\"": 1}', "a vocab.json"),
        # A vocabulary has a number for any word, those of the other files too.
        (b'{"model": 5, "config": 6, "vocab": 7, "architectures": 8}', "a vocab.json"),
        (b"#version: 0.2\na b\n", "a merges.txt"),
        (b"\x1f\x8b\x08", "a gzip file"),
        (b"GGUF\x03", "a GGUF file"),
        (b"version https://git-lfs.github.com/spec/v1", "a Git LFS pointer"),
        (b"\n<!DOCTYPE html>", "a web page"),
    ],
)
def test_a_wrong_file_is_named(raw, said):
    with pytest.raises(TokenizerError, match=f"This is {said}, not a tokenizer.json") as refused:
        canonical_name(raw, "x")
    assert "tokenizer.json" in refused.value.remedy


def test_real_vocabularies_are_taken_for_what_they_are():
    folder = SHARED / "tokenizers" / "native"
    if not folder.is_dir():
        pytest.skip("the reference files are not beside the project")
    import gzip

    found = {
        path.name: canonical_name(gzip.decompress(path.read_bytes()), path.name) for path in folder.iterdir()
    }
    assert len(found) >= 7
    assert {name for name, kind in found.items() if kind == "tekken.json"} == {
        name for name in found if name.startswith("tekken")
    }
    assert {name for name, kind in found.items() if kind == "tokenizer.tiktoken"} == {"hunyuan.tiktoken.gz"}
