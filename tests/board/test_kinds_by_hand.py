"""Each rule that tells a kind, alone, on made-up rows: what turns it and what does not."""

from __future__ import annotations

import pytest

from core.board.kinds import Row, kind_of
from core.board.lineage import origin


def row(model: str = "lab/mystery-7B", reported: str | None = "base", **said: object) -> Row:
    fields: dict = {
        "reported_base": reported == "base", "architecture": "LlamaForCausalLM", "chat_template": False,
        "merged": False, "moe": False, "official": False, "ifeval": 20.0, "declared": None,
    }  # fmt: skip
    return Row(model_id=model, reported_kind=reported, **(fields | said))


def kind(given: Row, *, params: float | None = None, own_base: str | None = None) -> tuple[str, str]:
    return kind_of(given, origin(given.model_id, params, given.declared), own_base=own_base)


@pytest.mark.parametrize(
    ("ifeval", "told"),
    [(0.0, "base"), (41.9, "base"), (42.0, "base"), (42.1, "finetune"), (80.0, "finetune"), (None, "base")],
)
def test_no_base_follows_instructions_beyond_forty_two_points(ifeval: float | None, told: str) -> None:
    assert kind(row(ifeval=ifeval))[0] == told


def test_the_reason_names_the_score() -> None:
    assert kind(row(ifeval=64.4)) == (
        "finetune",
        "reported pretrained; follows instructions (IFEval 64) as no base does",
    )


@pytest.mark.parametrize(
    ("model", "said", "told"),
    [
        # What its publisher says outweighs the report.
        ("Qwen/Qwen2.5-7B", {"reported": "finetune"}, "base"),
        ("Qwen/Qwen2.5-7B-Instruct", {}, "instruct"),
        ("someone/Qwen2.5-7B", {}, "base"),  # a copy
        ("someone/Qwen2.5-7B", {"merged": True}, "merge"),
        ("someone/Qwen2.5-7B", {"reported": "merge"}, "merge"),
        # Merges.
        ("lab/mystery-7B", {"reported": "merge"}, "merge"),
        ("lab/mystery-7B", {"merged": True}, "merge"),
        ("lab/mystery-7B", {"reported": "finetune", "merged": True}, "merge"),
        ("lab/mystery-ties-7B", {"reported": "finetune"}, "merge"),
        ("lab/mystery-frankenthing-7B", {}, "merge"),
        ("lab/mystery-merged-7B", {"reported": "finetune"}, "merge"),
        (
            "lab/mystery-lora-merged-7B",
            {"reported": "finetune"},
            "finetune",
        ),  # adapters merged into their base
        ("lab/mystery-sft-slerp-7B", {"reported": "finetune"}, "merge"),
        ("lab/mystery-4x7B", {}, "merge"),
        ("lab/mystery-4x7B", {"official": True}, "base"),
        # Cut, stretched or packed by others.
        ("lab/mystery-pruned-7B", {}, "other"),
        ("lab/mystery-awq-7B", {}, "other"),
        ("lab/mystery-pruned-7B", {"reported": "finetune"}, "finetune"),
        # Reported as bases, but tuned.
        ("lab/mystery-sft-7B", {}, "finetune"),
        ("lab/MysteryChat-7B", {}, "finetune"),
        ("lab/mystery-7B", {"chat_template": True}, "finetune"),
        ("lab/mystery-7B-base", {"chat_template": True}, "base"),
        ("lab/mystery-7B", {"reported": "continued", "chat_template": True}, "finetune"),
        ("lab/mystery-7B-base", {"reported": "continued", "chat_template": True}, "continued"),
        # Made from another publisher's model.
        ("lab/mystery-7B", {"declared": "Qwen/Qwen2.5-7B"}, "other"),
        ("lab/mystery-7B", {"declared": "Qwen/Qwen2.5-7B", "chat_template": True}, "other"),
        ("lab/mystery-7B-base", {"declared": "Qwen/Qwen2.5-7B"}, "continued"),
        ("lab/mystery-7B", {"declared": "Qwen/Qwen2.5-7B", "reported": "continued"}, "continued"),
        ("lab/mystery-7B", {"declared": "Qwen/Qwen2.5-7B-Instruct", "reported": "continued"}, "finetune"),
        ("lab/mystery-7B", {"declared": "lab/riddle-7B"}, "base"),  # its publisher's own
        ("lab/mystery-7B", {"declared": "other/riddle-7B"}, "other"),
        ("lab/mystery-7B", {"declared": "lab/mystery-7B (Merge)"}, "other"),
        ("lab/mystery-7B", {"declared": "Removed"}, "base"),
        ("lab/mystery-7B", {"reported": "continued"}, "continued"),
        # Reported as tuned, or not at all.
        ("lab/mystery-7B", {"reported": "finetune"}, "finetune"),
        ("lab/mystery-7B-base", {"reported": "finetune"}, "base"),
        ("lab/mystery-7B-base", {"reported": "finetune", "chat_template": True}, "finetune"),
        ("lab/mystery-7B-base", {"reported": "finetune", "declared": "other/riddle-7B"}, "finetune"),
        ("lab/mystery-7B-base-sft", {"reported": "finetune"}, "finetune"),
        ("lab/mystery-7B", {"reported": "instruct"}, "finetune"),
        ("lab/mystery-7B", {"reported": "instruct", "official": True}, "instruct"),
        ("lab/mystery-7B", {"reported": "finetune", "official": True}, "finetune"),
        ("lab/mystery-7B", {"reported": "instruct", "official": True, "declared": "other/x-7B"}, "finetune"),
        ("lab/mystery-7B", {"reported": None}, "finetune"),
        # Images.
        ("lab/mystery-7B", {"reported": "multimodal"}, "multimodal"),
        ("lab/mystery-7B", {"architecture": "LlavaForConditionalGeneration"}, "multimodal"),
        ("lab/mystery-7B", {"architecture": None}, "base"),
        # Scores instead of text.
        ("lab/mystery-7B-Reward", {}, "other"),
        ("lab/mystery-7B-Reward", {"reported": "merge"}, "merge"),
        ("lab/mystery-7B-Reward", {"merged": True}, "merge"),
        ("lab/mystery-7B", {"architecture": "LlamaForSequenceClassification"}, "other"),
    ],
)
def test_each_rule(model: str, said: dict, told: str) -> None:
    assert kind(row(model, **said))[0] == told


@pytest.mark.parametrize(
    ("model", "said", "told"),
    [
        ("lab/mystery-7B-sft", {}, "instruct"),  # reported a base, named as tuned
        ("lab/mystery-7B-sft", {"reported": "finetune"}, "instruct"),
        ("lab/mystery-7B", {"reported": "finetune"}, "instruct"),
        ("lab/mystery-7B-sft", {"reported": "finetune", "declared": "other/riddle-7B"}, "finetune"),
        ("lab/mystery-7B", {}, "base"),
    ],
)
def test_a_publisher_s_own_base_makes_its_tune_an_instruct_model(model: str, said: dict, told: str) -> None:
    assert kind(row(model, **said), own_base="lab/riddle-7B")[0] == told


@pytest.mark.parametrize(
    ("given", "evidence"),
    [
        (row(), "as reported"),
        (row(reported="merge"), "reported as a merge"),
        (row(reported="instruct", official=True), "reported as its publisher's chat model"),
        (row(reported="continued"), "as reported"),
        (row(reported="finetune"), "as reported"),
        (row(reported=None), "taken as tuned: nothing says that it is a base"),
        (row("lab/mystery-7B-sft", reported=None), "tuned, from an unknown base"),
        (row(reported="finetune", reported_base=True),
         "reported fine-tuned; another run of it is reported pretrained"),
        (row(merged=True), "reported pretrained; its card is tagged as a merge"),
        (row("lab/x-slerp"), "reported pretrained; “slerp” in its name"),
        (row("lab/x-pruned"),
         "reported pretrained; “pruned” in its name: a model cut, stretched or packed by others"),
        (row("lab/x-sft"), "reported pretrained; “sft” in its name"),
        (row("lab/SomeChat"), "reported pretrained; “chat” in its name"),
        (row(declared="other/y-7B"), "reported pretrained; made from other/y-7B by others"),
        (row(declared="lab/y-7B"), "its publisher's own lab/y-7B, pretrained further"),
        (row(reported="finetune", declared="other/y-7B"), "tuned from other/y-7B"),
        (row(reported="continued", declared="other/y-7B"), "pretrained further from other/y-7B"),
        (
            row(reported="continued", declared="other/y-chat"),
            "reported continuously pretrained; starts from other/y-chat, which is tuned already",
        ),
    ],
)  # fmt: skip
def test_evidence_word_for_word(given: Row, evidence: str) -> None:
    assert kind(given)[1] == evidence


@pytest.mark.parametrize(
    ("model", "params", "reported", "told", "evidence"),
    [
        (
            "dicta-il/dictalm2.0", 7.25, "continued", "continued",
            "mistralai/Mistral-7B-v0.1 pretrained further and offered as a base",
        ),
        ("Qwen/Qwen2.5-7B", 7.6, "base", "base", "its publisher offers it as a base (Qwen2.5)"),
        (
            "Qwen/Qwen2.5-7B-Instruct", 7.6, "instruct", "instruct",
            "tuned by the publisher of Qwen/Qwen2.5-7B",
        ),
        ("microsoft/phi-4", 14.7, "instruct", "instruct", "Microsoft published Phi-4 as a tuned model only"),
        (
            "HuggingFaceH4/zephyr-7b-beta", 7.24, "finetune", "finetune",
            "tuned from mistralai/Mistral-7B-v0.1",
        ),
        ("HuggingFaceH4/zephyr-7b-beta", 12.5, "finetune", "finetune", "a known tuned model"),
        (
            "someone/Mixtral-8x7B-more", None, "other", "finetune",
            "reported other; tuned from mistralai/Mixtral-8x7B-v0.1",
        ),
    ],
)  # fmt: skip
def test_well_known_families_word_for_word(
    model: str, params: float | None, reported: str, told: str, evidence: str
) -> None:
    assert kind(row(model, reported), params=params) == (told, evidence)


def test_a_name_of_a_family_with_another_size_is_not_its_base() -> None:
    told = kind(row("someone/Qwen2.5-7B-more"), params=12.0)
    assert told == ("other", "reported pretrained; its name is that of Qwen2.5, its size is not")


def test_a_family_without_a_base_has_none_among_its_copies() -> None:
    told, evidence = kind(row("someone/Phi-3-mini-4k-more"), params=3.8)
    assert told == "finetune"
    assert "of a family without a base" in evidence
