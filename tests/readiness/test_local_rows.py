"""With the weights at hand, the verdict follows the embedding rows."""

from __future__ import annotations

import pytest

from core.readiness import assess
from tests.readiness.bases import CHATML
from tests.readiness.weights import CHAT, END, UNUSED, VOCABULARY, embedding, stored

INPUT, OUTPUT = "model.embed_tokens.weight", "lm_head.weight"


def files(**weights: bytes) -> dict[str, object]:
    added = {END: "<|endoftext|>", CHAT: "<|im_end|>"} | {i: f"<|unused_{i}|>" for i in UNUSED}
    return {
        "config.json": {
            "model_type": "qwen2",
            "num_hidden_layers": 1,
            "vocab_size": VOCABULARY,
            "eos_token_id": END,
        },
        "tokenizer_config.json": {
            "eos_token": "<|endoftext|>",
            "chat_template": CHATML,
            "added_tokens_decoder": {str(i): {"content": text} for i, text in added.items()},
        },
        **{name.replace("__", "."): body for name, body in weights.items()},
    }


def states(found) -> set[str]:
    return {finding.key for finding in found.findings if finding.key.startswith("row.")}


@pytest.mark.parametrize(
    ("chat", "stops", "end"),
    [
        ("trained", "as it is", "<|im_end|>"),
        ("noise", "needs trained chat tokens", "<|endoftext|>"),
        ("zero", "needs trained chat tokens", "<|endoftext|>"),
        ("mean", "needs trained chat tokens", "<|endoftext|>"),
    ],
)
def test_the_rows_decide(chat: str, stops: str, end: str) -> None:
    found = assess(files(model__safetensors=stored({INPUT: embedding(chat=chat)}, "BF16")))

    assert (found.stops, found.end_token) == (stops, end)
    assert ("row.untrained" in states(found)) == (chat != "trained")


def test_shards_need_no_index() -> None:
    body = {
        "model-1-of-2__safetensors": stored({INPUT: embedding()}),
        "model-2-of-2__safetensors": stored({OUTPUT: embedding(chat="zero", seed=4)}),
    }

    assert assess(files(**body)).stops == "needs trained chat tokens"


def test_rows_behind_the_vocabulary_are_known_to_be_unused() -> None:
    given = files(model__safetensors=stored({INPUT: embedding(chat="noise")}))
    decoder = given["tokenizer_config.json"]["added_tokens_decoder"]
    for i in UNUSED:
        del decoder[str(i)]
    given["tokenizer.json"] = {"model": {"vocab": {f"t{i}": i for i in range(CHAT)}}}
    decoder[str(UNUSED[0] - 1)] = {"content": "<|last|>"}

    assert assess(given).stops == "needs trained chat tokens"


@pytest.mark.parametrize("body", [b"", b"\xff" * 64, b"\x02" + bytes(7) + b"{}", bytes(1000)])
def test_weights_that_are_none_get_a_sentence(body: bytes) -> None:
    for name in ("model__safetensors", "other__safetensors"):
        found = assess(files(**{name: body}))

        assert "row.unread" in states(found)
        assert found.stops == "needs an end token"


def test_rows_that_are_given_are_not_read_again() -> None:
    given = files(model__safetensors=stored({INPUT: embedding(chat="zero")}))

    assert assess(given, rows={CHAT: "trained"}).stops == "as it is"
