"""The verdict from a repository on a local Hub, through the real client."""

from __future__ import annotations

import json
import threading

import pytest

from core.errors import CancelledByReaderError, SourceUnavailableError
from core.hub.client import HubAccess
from core.readiness.from_hub import assess_from_hub
from tests.hub_server import HubServer
from tests.readiness.weights import CHAT, END, UNUSED, VOCABULARY, WIDTH, embedding, stored


@pytest.fixture
def hub():
    with HubServer() as server:
        yield server


def files(chat: str = "trained", **more: bytes) -> dict[str, bytes]:
    """A small Qwen-like base whose config ends texts with END, its chat template with CHAT."""
    config = {
        "model_type": "qwen2", "architectures": ["Qwen2ForCausalLM"], "num_hidden_layers": 2,
        "hidden_size": WIDTH, "num_attention_heads": 4, "vocab_size": VOCABULARY, "eos_token_id": END,
    }  # fmt: skip
    added = {
        str(CHAT): {"content": "<|im_end|>", "special": True},
        str(END): {"content": "<|endoftext|>", "special": True},
        **{str(i): {"content": f"<|reserved_{i}|>", "special": True} for i in UNUSED},
    }
    tokenizer = {
        "eos_token": "<|endoftext|>", "added_tokens_decoder": added,
        "chat_template": "{% for m in messages %}{{ m['content'] }}<|im_end|>{% endfor %}",
    }  # fmt: skip
    small = {"config.json": config, "tokenizer_config.json": tokenizer}
    weights = stored({"model.embed_tokens.weight": embedding(chat=chat)}, "BF16")
    return {name: json.dumps(body).encode() for name, body in small.items()} | {
        "model.safetensors": weights, "README.md": b"---\nlicense: mit\n---\n",
    } | more  # fmt: skip


@pytest.mark.parametrize(("chat", "severity"), [("trained", "note"), ("zero", "stop")])
def test_the_rows_of_the_weights_decide(hub: HubServer, chat: str, severity: str) -> None:
    hub.add_model("acme/tiny", files(chat))

    found = assess_from_hub("acme/tiny", HubAccess(hub.url))
    rows = [each for each in found.readiness.findings if each.key.startswith("row.")]

    assert found.readiness.basis == "files"
    assert found.readiness.chat_template
    assert found.readiness.licence == "mit"
    assert severity in {row.severity for row in rows}
    assert (found.readiness.stops == "needs trained chat tokens") == (chat == "zero")
    assert {"config.json", "tokenizer_config.json", "README.md"} <= set(found.files)
    assert {"config.json", "tokenizer_config.json", "README.md"} <= set(found.small)
    assert found.notes == ()
    whole = [r for r in hub.requests if "/cdn/" in r.path and "safetensors" in r.path]
    assert all("range" in r.headers for r in whole)


def test_without_weights_the_small_files_decide_and_it_is_said(hub: HubServer) -> None:
    body = files()
    del body["model.safetensors"]
    hub.add_model("acme/tiny", body)

    found = assess_from_hub("acme/tiny", HubAccess(hub.url))

    assert found.readiness.end_token == "<|endoftext|>"
    assert len(found.notes) == 1
    assert "embedding rows could not be read" in found.notes[0]


def test_hostile_files_get_a_sentence(hub: HubServer) -> None:
    deep = b'{"a":' * 100_000
    hub.add_model("acme/bad", {"config.json": deep, "tokenizer_config.json": b"[]", "README.md": b"\xff\xfe"})

    found = assess_from_hub("acme/bad", HubAccess(hub.url))

    assert found.readiness.stops == "unknown"
    assert any("config.json" in each.what for each in found.readiness.findings)


def test_a_missing_repository_and_a_reader_who_stops_are_said(hub: HubServer) -> None:
    with pytest.raises(SourceUnavailableError):
        assess_from_hub("acme/none", HubAccess(hub.url))
    stopped = threading.Event()
    stopped.set()
    with pytest.raises(CancelledByReaderError):
        assess_from_hub("acme/none", HubAccess(hub.url), cancel=stopped)
