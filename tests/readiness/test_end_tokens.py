"""End tokens of bases nobody wrote more about: from their files or vocabularies, never from a name alone."""

from __future__ import annotations

import gzip
import re

import pytest

from core.readiness import assess_family
from core.readiness.end_tokens import end_token
from core.readiness.families import family_row
from core.readiness.tables import table
from core.tokenizers import facts
from tests.places import SHARED

ROWS = table("end_tokens")
_HEAD = 400_000  # characters: special tokens stand before the vocabulary


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["pattern"] or row["tokenizer"])
def test_every_row_says_what_where_and_when(row) -> None:
    assert bool(row["pattern"]) != bool(row["tokenizer"])
    assert row["token"]
    assert int(row["token_id"]) >= 0
    assert row["what"].endswith(".")
    assert row["source"]
    assert row["date"] >= "2026-11"


@pytest.mark.parametrize(
    ("model_id", "end"),
    [
        ("EleutherAI/pythia-160m", ("<|endoftext|>", 0)),
        ("openai-community/gpt2", ("<|endoftext|>", 50256)),
        ("facebook/opt-1.3b", ("</s>", 2)),  # GPT-2's cuts, another end
        ("ibm-granite/granite-3.3-8b-base", ("<|end_of_text|>", 0)),  # StarCoder's cuts, another end
        ("HuggingFaceTB/SmolLM2-1.7B", ("<|endoftext|>", 0)),
        ("deepseek-ai/DeepSeek-V3-Base", ("<｜end▁of▁sentence｜>", 1)),
        ("LiquidAI/LFM2.5-1.2B-Base", ("<|im_end|>", 7)),
    ],
)
def test_known_cases(model_id: str, end: tuple[str, int]) -> None:
    found = end_token(model_id)

    assert found is not None
    assert (found.token, found.token_id) == end


@pytest.mark.parametrize(
    "model_id",
    [
        "someone/granite-3.1-8b-base",
        "acme/opt-1.3b",
        "acme/gpt2-large",
        "ibm-granite/granite-3.1-8b-instruct",
    ],
)
def test_what_others_made_of_a_model_is_not_spoken_for(model_id: str) -> None:
    assert end_token(model_id) is None


def test_a_base_in_no_family_is_told_its_end_token_and_that_no_more_is_known() -> None:
    assert family_row("EleutherAI/gpt-j-6b") is None

    found = assess_family("EleutherAI/gpt-j-6b")

    assert found is not None
    assert (found.stops, found.end_token, found.end_token_id) == (
        "needs an end token",
        "<|endoftext|>",
        50256,
    )
    assert found.lora_targets == []
    assert found.end_trained is None
    assert "GPT-2 vocabulary" in found.why


def test_what_was_written_of_a_family_stands_before_its_vocabulary() -> None:
    found = assess_family("meta-llama/Meta-Llama-3-8B")

    assert found is not None
    assert (found.stops, found.end_token) == ("needs trained chat tokens", "<|end_of_text|>")


@pytest.mark.parametrize("row", [row for row in ROWS if row["tokenizer"]], ids=lambda row: row["tokenizer"])
def test_the_token_stands_at_that_id_in_the_vocabulary(row) -> None:
    assert row["tokenizer"] in set(facts.families()["family"])
    folder = SHARED / "tokenizers"
    places = [folder / part / f"{row['tokenizer']}.json.gz" for part in (".", "new")]
    path = next((place for place in places if place.is_file()), None)
    if path is None:
        pytest.skip("the reference folder is not beside the project")
    with gzip.open(path, "rt", encoding="utf-8") as file:
        head = file.read(_HEAD)
    listed = {
        text: int(number) for number, text in re.findall(r'"id":\s*(\d+),\s*"content":\s*"([^"]+)"', head)
    }
    assert listed[row["token"]] == int(row["token_id"])
