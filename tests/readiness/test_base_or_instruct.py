"""Base or instruct: one answer, never stronger than what stands behind it."""

from __future__ import annotations

import csv
import re

import pytest

from core.readiness.base_or_instruct import FEW, advise
from core.readiness.tables import table
from tests.places import SHARED

QWEN = "Qwen/Qwen3-8B-Base", "Qwen/Qwen3-8B"
LLAMA = "meta-llama/Llama-3.1-8B", "meta-llama/Llama-3.1-8B-Instruct"
OTHER = "acme/base", "acme/chat"


def test_without_a_variant_there_is_no_choice() -> None:
    found = advise("acme/base", None, examples=50, chat=True)

    assert (found.choice, found.ground, found.graft) == ("base", "settled", "")


@pytest.mark.parametrize(
    ("pair", "given", "choice", "ground"),
    [
        (QWEN, {}, "base", "measured, weakly"),
        (LLAMA, {}, "instruct", "measured, weakly"),
        (OTHER, {}, "either", "open"),
        (OTHER, {"examples": FEW - 1}, "instruct", "advice"),
        (OTHER, {"examples": FEW}, "either", "open"),
        (OTHER, {"chat": True}, "instruct", "advice"),
        (OTHER, {"chat": False, "output": "number"}, "base", "advice"),
        (OTHER, {"chat": False, "output": "text"}, "either", "open"),
        (QWEN, {"examples": 100}, "either", "open"),
        (QWEN, {"chat": True}, "either", "open"),
        (LLAMA, {"chat": True, "examples": 100}, "instruct", "measured, weakly"),
        (OTHER, {"to_sell": True, "base_licence": "cc-by-nc-4.0"}, "instruct", "settled"),
        (OTHER, {"to_sell": True, "variant_licence": "llama4", "examples": 10}, "base", "settled"),
        (
            OTHER,
            {"to_sell": True, "base_licence": "llama4", "variant_licence": "llama4"},
            "either",
            "settled",
        ),
        (OTHER, {"base_licence": "cc-by-nc-4.0"}, "either", "open"),
    ],
)
def test_the_answer_and_its_ground(pair, given, choice, ground) -> None:
    found = advise(*pair, **given)

    assert (found.choice, found.ground) == (choice, ground)
    assert found.graft
    if choice != "either":
        assert re.split("[,:]", found.answer)[0] == f"Tune {pair[choice == 'instruct']}"


def test_only_what_rules_a_side_out_is_settled() -> None:
    for pair in (QWEN, LLAMA, OTHER):
        for examples in (10, 10_000):
            for chat in (True, False, None):
                assert advise(*pair, examples=examples, chat=chat).ground != "settled"


def test_a_pair_that_cannot_be_compared_speaks_for_neither() -> None:
    found = advise("Qwen/Qwen3.5-35B-A3B-Base", "Qwen/Qwen3.5-35B-A3B")

    (pair,) = [reason for reason in found.reasons if reason.measured]
    assert pair.side == "neither"
    assert "2026-04-11" in pair.weakness
    assert found.ground == "open"


def test_another_variant_of_the_base_speaks_for_neither() -> None:
    found = advise("Qwen/Qwen3-8B-Base", "acme/Qwen3-8B-chat")

    (pair,) = [reason for reason in found.reasons if reason.measured]
    assert pair.side == "neither"
    assert "is not acme/Qwen3-8B-chat" in pair.weakness


def test_untrained_chat_tokens_count_only_where_chat_is_needed() -> None:
    needed = advise(*LLAMA, chat=True)

    assert any("adapters alone" in reason.what for reason in needed.reasons)
    assert not any("adapters alone" in reason.what for reason in advise(*LLAMA, chat=False).reasons)


def test_both_schools_are_quoted_with_links() -> None:
    schools = advise(*OTHER).schools

    assert {quote.side for quote in schools} == {"base", "instruct"}
    assert all(quote.source.startswith("https://") and quote.read for quote in schools)


def test_every_reason_names_its_weakness_or_decides() -> None:
    found = advise(*LLAMA, examples=100, chat=True, to_sell=True, base_licence="llama4")

    for reason in found.reasons:
        assert reason.weakness or reason.decides or reason.side == "neither"
        assert reason.date


def test_pairs_are_those_of_the_reference() -> None:
    path = SHARED / "data" / "tuning" / "tinker_pairs.csv"
    if not path.is_file():
        pytest.skip("the reference folder is not beside the project")
    with path.open(encoding="utf-8", newline="") as file:
        theirs = {
            (row["base"], row["sibling"], row["shared_cells"], row["cells_where_base_better"],
             "no" if row["comparable"] == "no" else "weakly")
            for row in csv.DictReader(file)
        }  # fmt: skip

    ours = {(row["base_id"], row["variant_id"], row["settings"], row["base_lower"], row["usable"])
            for row in table("measured_pairs")}  # fmt: skip
    assert ours == theirs


@pytest.mark.parametrize(
    ("pair", "said"),
    [
        (LLAMA, f"{LLAMA[0]} and {LLAMA[1]} can only be fetched once the publisher's terms are accepted"),
        ((LLAMA[0], "google/gemma-2-9b"), "once the publishers' terms are accepted"),
        (
            (LLAMA[0], "Qwen/Qwen3-8B"),
            f"{LLAMA[0]} can only be fetched once the publisher's terms are accepted",
        ),
    ],
)
def test_gated_models_name_their_publishers(pair: tuple[str, str], said: str) -> None:
    assert said in " ".join(reason.what for reason in advise(*pair).reasons)
