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
        (8.03, None, True),
        (0.0, 8.03, True),
        (-1.0, 8.03, True),
        # 10% too few is a rounded or a cut report, more is another model.
        (9.0, 10.0, True),
        (8.99, 10.0, False),
        (9.05, 10.0, True),
        # 20% more for output embeddings of its own from 4 billion on, 30% below.
        (11.99, 10.0, True),
        (12.01, 10.0, False),
        (4.79, 4.0, True),
        (4.81, 4.0, False),
        (4.81, 3.99, True),
        (5.18, 3.99, True),
        (5.19, 3.99, False),
        (2.59, 2.0, True),
        (2.61, 2.0, False),
        # 4 bit: a share of 0.48 to 0.66.
        (4.79, 10.0, False),
        (4.81, 10.0, True),
        (6.59, 10.0, True),
        (6.61, 10.0, False),
        # Twice, within a quarter of a percent.
        (19.94, 10.0, False),
        (19.96, 10.0, True),
        (20.04, 10.0, True),
        (20.06, 10.0, False),
        # Off by more than three times: a mistake of the report.
        (2.99, 10.0, True),
        (3.01, 10.0, False),
        (29.99, 10.0, False),
        (30.01, 10.0, True),
        # A whole number is rounded, up or down, by less than one.
        (8.0, 7.1, True),
        (8.0, 7.0, True),
        (7.0, 7.9, True),
        (7.0, 8.0, False),
        (9.0, 7.0, False),
        (9.0, 8.03, True),
        (7.5, 8.45, False),
    ],
)
def test_sizes_that_can_be_those_of_a_tune(params: float | None, expected: float, can_be: bool) -> None:
    assert fits(params, expected) is can_be


@pytest.mark.parametrize(
    ("model", "params", "base", "confidence"),
    [
        ("Qwen/Qwen2.5-7B-Instruct", 7.616, "Qwen/Qwen2.5-7B", 0.98),  # its publisher's own
        ("Qwen/Qwen2.5-7B-Instruct", 99.0, "Qwen/Qwen2.5-7B", 0.98),  # whatever size was reported
        ("someone/Qwen2.5-7B-tuned", 7.616, "Qwen/Qwen2.5-7B", 0.85),  # by the name alone
        ("someone/Qwen2.5-7B-tuned", None, "Qwen/Qwen2.5-7B", 0.85),
        ("someone/Qwen2.5-7B-tuned", 12.0, None, 0.0),  # a size that can't be
    ],
)
def test_how_sure_a_name_is(model: str, params: float | None, base: str | None, confidence: float) -> None:
    found = origin(model, params)

    assert (found.base_id, found.confidence) == (base, confidence)


@pytest.mark.parametrize(
    ("model", "declared", "base", "confidence", "words"),
    [
        ("someone/mystery", "Qwen/Qwen2.5-7B", "Qwen/Qwen2.5-7B", 0.9,
         "its card names Qwen/Qwen2.5-7B as its base"),
        ("someone/mystery", "other/riddle-7B", "other/riddle-7B", 0.85, "its card names other/riddle-7B"),
        ("someone/Qwen2.5-7B-tuned", "Qwen/Qwen2.5-7B", "Qwen/Qwen2.5-7B", 0.97,
         "its name says Qwen2.5 and its card"),
        ("someone/Qwen2.5-7B-tuned", "google/gemma-2-9b", "Qwen/Qwen2.5-7B", 0.75, "though its card names"),
        ("someone/Qwen2.5-7B-tuned", "other/riddle-7B", "Qwen/Qwen2.5-7B", 0.85, "its name says Qwen2.5"),
        ("someone/Qwen2.5-7B-tuned", "Qwen/Qwen2.5-Coder-7B", "Qwen/Qwen2.5-Coder-7B", 0.9, "its card names"),
        ("someone/Qwen2.5-Coder-7B-tuned", "Qwen/Qwen2.5-7B", "Qwen/Qwen2.5-Coder-7B", 0.75,
         "though its card"),
    ],
)  # fmt: skip
def test_how_a_name_and_a_card_are_weighed(
    model: str, declared: str, base: str, confidence: float, words: str
) -> None:
    found = origin(model, None, declared)

    assert (found.base_id, found.confidence) == (base, confidence)
    assert words in found.evidence


def test_a_card_of_another_size_says_nothing() -> None:
    assert origin("someone/mystery", 3.0, "Qwen/Qwen2.5-7B") == UNKNOWN
    assert origin("someone/mystery", 7.6, "Qwen/Qwen2.5-7B").base_id == "Qwen/Qwen2.5-7B"


def test_a_chain_of_cards_is_followed_six_steps_and_no_further() -> None:
    cards: dict[str, object] = {f"a/{step}": f"a/{step + 1}" for step in range(1, 9)}

    assert origin("a/0", None, "a/1", {**cards, "a/6": None}).base_id == "a/6"
    assert origin("a/0", None, "a/1", {**cards, "a/7": None}) == UNKNOWN
    assert origin("a/0", None, "a/1", {"a/1": "Qwen/Qwen2.5-7B"}).evidence == (
        "its card names Qwen/Qwen2.5-7B as its base, through a/1"
    )


def test_a_known_base_carries_no_chain_of_its_own() -> None:
    assert origin("Qwen/Qwen2.5-7B-Instruct", 7.616).chain == ("Qwen/Qwen2.5-7B",)
    assert origin("a/b", None, "other/riddle").chain == ("other/riddle",)
    assert UNKNOWN.chain == ()


@pytest.mark.parametrize(
    ("params", "expected", "can_be"),
    [
        (4.5, 5.0, True),  # a ratio of exactly 0.90
        (4.8, 4.0, True),  # 1.20
        (5.2, 3.9999999, False),
        (2.6, 2.0, True),  # 1.30
        (4.8, 10.0, True),  # 0.48
        (0.33, 0.5, True),  # 0.66
        (3.99, 2.0, True),  # 1.995
        (4.01, 2.0, True),  # 2.005
        (3.0, 10.0, False),  # 0.30
        (30.0, 10.0, False),  # 3.00
        (0.9, 0.494, False),  # below one billion as above
    ],
)
def test_the_ends_of_what_fits(params: float, expected: float, can_be: bool) -> None:
    assert fits(params, expected) is can_be


def test_a_fact_about_a_tune_outweighs_its_name_where_the_size_fits() -> None:
    found = origin("HuggingFaceH4/zephyr-7b-beta", 7.242)

    assert (found.base_id, found.family) == ("mistralai/Mistral-7B-v0.1", "Mistral 7B v0.1")
    assert (found.evidence, found.confidence) == ("Zephyr 7B is tuned on Mistral-7B-v0.1", 0.95)
    assert origin("HuggingFaceH4/zephyr-7b-beta", 12.5) == UNKNOWN


def test_a_card_that_names_a_tune_by_another_name_leads_to_its_base() -> None:
    found = origin("someone/tuned", 7.242, "HuggingFaceH4/zephyr-7b-beta")

    assert (found.base_id, found.family) == ("mistralai/Mistral-7B-v0.1", "Mistral 7B v0.1")
    assert (found.confidence, found.evidence) == (
        0.9,
        "its card names HuggingFaceH4/zephyr-7b-beta as its base",
    )
    assert origin("someone/tuned", 12.5, "HuggingFaceH4/zephyr-7b-beta") == UNKNOWN


def test_a_name_without_a_version_is_less_sure() -> None:
    found = origin("someone/Mistral-7B-tuned", 7.242)

    assert (found.base_id, found.confidence) == ("mistralai/Mistral-7B-v0.1", 0.65)
    assert found.evidence.startswith("its name says Mistral 7B; Mistral 7B without a version number")


def test_the_reason_for_a_publisher_s_own_model() -> None:
    assert origin("Qwen/Qwen2.5-7B-Instruct").evidence == "same publisher and name as Qwen/Qwen2.5-7B"
    assert origin("Qwen/QwQ-32B").evidence == "QwQ is a reasoning model trained from Qwen2.5-32B"
    assert origin("Qwen/Qwen2.5-7B-Instruct", 12.0).base_id == "Qwen/Qwen2.5-7B", "whatever size was reported"


def test_the_catalogue_s_variants_belong_to_its_bases() -> None:
    found = origin("allenai/Olmo-3-7B-Instruct")

    assert (found.base_id, found.family) == ("allenai/Olmo-3-1025-7B", "Olmo 3")
    assert "the catalogue names it" in found.evidence


def test_a_base_of_the_catalogue_that_continues_another_carries_its_root() -> None:
    assert origin("tokyotech-llm/Gemma-2-Llama-Swallow-9b-it-v0.1").chain == (
        "tokyotech-llm/Gemma-2-Llama-Swallow-9b-pt-v0.1",
        "google/gemma-2-9b",
    )


@pytest.mark.parametrize(
    "model", ["Qwen/Qwen3-VL-8B-Instruct", "Qwen/Qwen2-Audio-7B", "Qwen/Qwen3-Coder-30B-A3B-Instruct"]
)
def test_another_modality_or_subject_is_another_line(model: str) -> None:
    assert origin(model).base_id is None


def test_a_family_without_a_base_is_not_said_to_have_one() -> None:
    assert origin("Qwen/Qwen2.5-Omni-7B").evidence == "its name says Qwen2.5-VL"
