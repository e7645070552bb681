"""Where a model comes from: fact, name, card, and the chain behind a card."""

from __future__ import annotations

import pytest

from core.board.lineage import UNKNOWN, declared_base, fits, origin


def test_the_publisher_s_own_name_is_the_surest_sign() -> None:
    found = origin("Qwen/Qwen2.5-7B-Instruct", 7.616, "Qwen/Qwen2.5-7B")

    assert (found.base_id, found.family, found.confidence) == ("Qwen/Qwen2.5-7B", "Qwen2.5", 0.98)


def test_a_card_that_names_the_plain_base_of_a_special_one_is_overruled() -> None:
    assert origin("Qwen/Qwen2.5-Math-7B-Instruct", 7, "Qwen/Qwen2.5-7B").base_id == "Qwen/Qwen2.5-Math-7B"


def test_an_instruct_model_on_a_card_is_followed_to_its_base() -> None:
    found = origin("someone/tuned", 3.95, "Qwen/Qwen1.5-4B-Chat")

    assert found.base_id == "Qwen/Qwen1.5-4B"
    assert "Qwen/Qwen1.5-4B-Chat" in found.evidence


def test_a_copy_in_four_bits_on_a_card_is_its_original() -> None:
    assert origin("someone/tuned", 9.242, "unsloth/gemma-2-9b-it-bnb-4bit").base_id == "google/gemma-2-9b"


def test_a_chain_of_cards_is_followed_to_the_root() -> None:
    cards = {"a/second": "a/first (Merge)", "a/first": "meta-llama/Meta-Llama-3.1-8B"}

    found = origin("a/third", 8.03, "a/second", cards)

    assert found.base_id == "meta-llama/Llama-3.1-8B"
    assert "through a/second" in found.evidence


def test_cards_that_lead_in_a_circle_lead_nowhere() -> None:
    assert origin("a/one", 7.0, "a/two", {"a/two": "a/one", "a/one": "a/two"}) == UNKNOWN


def test_a_base_that_continues_another_carries_its_root() -> None:
    assert origin("BramVanroy/fietje-2-chat", 2.775).chain == ("BramVanroy/fietje-2", "microsoft/phi-2")


def test_a_name_with_the_parameters_of_another_size_has_no_base() -> None:
    """12.2 billion in the name of an 8B model: stretched, not tuned."""
    found = origin("someone/Llama-3-Stheno-8B-stretched", 12.174)

    assert found.base_id is None
    assert found.family == "Llama 3"


def test_an_unknown_name_without_a_card_is_unknown() -> None:
    assert origin("someone/mystery", 7.0, None) == UNKNOWN


@pytest.mark.parametrize("declared", [None, "", "Removed", "a/x", "a/x (Merge)", "A/X", 3.0])
def test_itself_or_nothing_is_no_declared_base(declared: object) -> None:
    assert declared_base("a/x", declared) is None


@pytest.mark.parametrize(
    ("params", "expected", "can_be"),
    [
        (8.03, 8.03, True),
        (10.159, 9.242, True),  # Gemma with output embeddings of its own
        (0.63, 0.494, True),  # the same for the smallest Qwen2.5
        (4.65, 8.03, True),  # 4 bit
        (16.061, 8.03, True),  # counted with its adapters
        (9.0, 9.242, True),  # rounded
        (12.174, 8.03, False),  # stretched
        (5.195, 8.03, True),  # cannot be told from 4 bit by the figure alone
        (16.537, 8.03, False),
        (None, 8.03, True),
        (0.0, 8.03, True),
    ],
)
def test_sizes_that_can_be_those_of_a_tune(params: float | None, expected: float, can_be: bool) -> None:
    assert fits(params, expected) is can_be
