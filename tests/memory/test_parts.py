"""The terms of training memory worked by hand on small made-up models, a mixture of experts among them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from core.errors import InvalidInputError
from core.memory import parts
from core.memory.architectures import Architecture
from core.memory.frameworks import FRAMEWORKS

# Queries 8 wide, keys and values 4, hidden 10, MLP 6, gated.
DENSE = Architecture(
    name="made/dense", layers=3, hidden=10, heads=4, kv_heads=2, head_dim=2, intermediate=6, vocabulary=50,
    tied=False,
)  # fmt: skip
# Five experts of which two work, and a shared one of width 7.
MIXTURE = replace(DENSE, name="made/mixture", experts=5, experts_per_token=2, shared_intermediate=7)
PLAIN_MLP = replace(DENSE, name="made/plain", mlp="plain", norm="layer", norms=2)
PLAIN = replace(
    FRAMEWORKS["huggingface"], held_inputs=5.0, shares_inputs=False, offloads_checkpoints=False,
    in_place_backward=False, keeps_quantised_inputs=False, keeps_whole_qkv=False,
)  # fmt: skip
LINEAR = 3 * (10 * 8 + 10 * 4 + 10 * 4 + 8 * 10 + 3 * 10 * 6)
REST = 2 * 50 * 10 + (3 * 2 * 10 + 10)


def test_weights_by_hand() -> None:
    assert DENSE.linear_parameters == LINEAR == 1260
    assert parts.weight_bytes(DENSE, "qlora") == 0.5 * LINEAR + 2 * REST
    assert parts.weight_bytes(DENSE, "lora") == parts.weight_bytes(DENSE, "full") == 2 * (LINEAR + REST)


def test_scales_of_four_bits_by_hand() -> None:
    # One scale for 64 weights: 4 bytes, or 1 byte and a 256th of 4 more.
    assert parts.quantisation_bytes(DENSE, "qlora", double=False) == LINEAR * 4 / 64
    assert parts.quantisation_bytes(DENSE, "qlora") == pytest.approx(LINEAR / 64 * (1 + 4 / 256), rel=1e-12)
    assert (
        parts.quantisation_bytes(DENSE, "lora") == parts.quantisation_bytes(DENSE, "full", double=False) == 0
    )


@pytest.mark.parametrize(
    ("targets", "per_rank"),
    [
        (("q",), 10 + 8), (("k",), 10 + 4), (("o",), 8 + 10), (("gate", "up"), 2 * 16), (("down",), 16),
        (("q", "k", "v", "o", "gate", "up", "down"), 18 + 14 + 14 + 18 + 3 * 16),
    ],
)  # fmt: skip
def test_adapters_of_a_dense_model_by_hand(targets: tuple[str, ...], per_rank: int) -> None:
    assert parts.adapter_parameters(DENSE, 4, targets) == 3 * 4 * per_rank


@pytest.mark.parametrize(
    ("targets", "per_rank"),
    [
        (("q",), 18),  # attention carries no experts
        (("up",), 17 + 5 * 16),  # the shared expert's own, and five more
        (("gate", "up", "down"), 3 * 17 + 3 * 5 * 16),
        (("o", "down"), 18 + 17 + 5 * 16),
    ],
)
def test_adapters_of_a_mixture_by_hand(targets: tuple[str, ...], per_rank: int) -> None:
    assert parts.adapter_parameters(MIXTURE, 4, targets) == 3 * 4 * per_rank


def test_a_mixture_without_gates_has_no_adapter_there() -> None:
    plain = replace(MIXTURE, mlp="plain")
    assert parts.adapter_parameters(plain, 1, ("gate", "up", "down")) == 3 * (2 * 17 + 2 * 5 * 16)
    assert parts.adapter_parameters(PLAIN_MLP, 1, ("gate",)) == 0


def test_adapters_of_a_mixture_without_a_shared_expert() -> None:
    bare = replace(MIXTURE, shared_intermediate=0)
    assert parts.adapter_parameters(bare, 2, ("up", "down")) == 3 * 2 * 2 * 5 * 16


# What one block keeps of a token, worked by hand: two norms of 32-bit inputs (2 x 4 x 10); queries, keys,
# values and the attention's output in 16 bits (2 x (8 + 2 x 4) + 2 x 8); three inner tensors of the MLP
# (2 x 3 x 6).
DENSE_KEPT = 80 + 32 + 16 + 36
ALL = parts.ALL_LINEAR


@pytest.mark.parametrize(
    ("change", "targets", "method", "kept"),
    [
        ({}, (), "lora", DENSE_KEPT),
        ({}, ("q",), "lora", DENSE_KEPT + 5 * 10),
        ({}, ("q", "k", "v"), "lora", DENSE_KEPT + 5 * 30),
        ({"shares_inputs": True}, ("q", "k", "v"), "lora", DENSE_KEPT + 5 * 10),
        ({}, ("o",), "lora", DENSE_KEPT + 5 * 8),
        ({}, ("gate", "up"), "lora", DENSE_KEPT + 5 * 20),
        ({"shares_inputs": True}, ("gate", "up", "down"), "lora", DENSE_KEPT + 5 * (10 + 6)),
        ({}, ("down",), "lora", DENSE_KEPT + 5 * 6),
        ({"keeps_whole_qkv": True}, (), "lora", DENSE_KEPT + 2 * (8 + 4)),
        ({"keeps_quantised_inputs": True}, (), "lora", DENSE_KEPT),
        ({"keeps_quantised_inputs": True}, (), "qlora", DENSE_KEPT + 2 * (10 * 2 + 6)),
        ({"offloads_checkpoints": True}, (), "lora", DENSE_KEPT - 40),
        # Full tuning keeps the inputs of all layers, in 16 bits, whatever the targets say.
        ({}, (), "full", DENSE_KEPT + 2 * (30 + 8 + 20 + 6)),
        ({}, ("q",), "full", DENSE_KEPT + 2 * (30 + 8 + 20 + 6)),
    ],
)
def test_what_a_block_keeps_by_hand(change: dict, targets: tuple[str, ...], method: str, kept: float) -> None:
    assert parts.block_bytes(DENSE, replace(PLAIN, **change), targets, method)[0] == kept


def test_what_a_block_needs_on_top_by_hand() -> None:
    assert parts.block_bytes(DENSE, PLAIN, (), "lora")[1] == 4 * 10 + 4 * 6
    assert parts.block_bytes(DENSE, replace(PLAIN, in_place_backward=True), (), "lora")[1] == 4 * 10


def test_a_mixture_keeps_what_its_active_experts_and_the_shared_one_made() -> None:
    kept, needed = parts.block_bytes(MIXTURE, PLAIN, ("down",), "lora")
    width = 2 * 6 + 7
    assert kept == 80 + 32 + 16 + 2 * 3 * width + 5 * width
    assert needed == 40 + 4 * width
    one = replace(MIXTURE, experts_per_token=0, shared_intermediate=0)
    assert parts.block_bytes(one, PLAIN, (), "lora")[0] == DENSE_KEPT, "at least one expert works"


def test_blocks_in_parallel_with_a_plain_mlp_share_one_norm_in_16_bits() -> None:
    kept, _ = parts.block_bytes(PLAIN_MLP, PLAIN, (), "lora")
    assert kept == 1 * 2 * 10 + 32 + 16 + 2 * 6
    quantised, _ = parts.block_bytes(PLAIN_MLP, replace(PLAIN, keeps_quantised_inputs=True), (), "qlora")
    assert quantised == kept + 2 * (10 + 6)


@pytest.mark.parametrize(
    ("said", "chosen"),
    [
        ("q", ("q",)), ("o_proj v_proj", ("v", "o")), ("All Linear layers", ALL), ("all_linear", ALL),
        ("qkv;down+up", ("q", "k", "v", "up", "down")), (["c_attn"], ("q", "k", "v")),
        ("attention", parts.ATTENTION),
        (["", " mlp "], parts.MLP),
    ],
)  # fmt: skip
def test_targets_as_people_write_them(said: str | list[str], chosen: tuple[str, ...]) -> None:
    assert parts.parse_targets(said) == chosen


@pytest.mark.parametrize("said", ["", [], "q, embed_tokens", " ,; "])
def test_targets_that_are_none_are_refused(said: str | list[str]) -> None:
    with pytest.raises(InvalidInputError) as raised:
        parts.parse_targets(said)
    assert raised.value.remedy


def test_the_unknown_target_is_named_shortly() -> None:
    with pytest.raises(InvalidInputError, match=f"^'{'x' * 40}' is not"):
        parts.parse_targets(["x" * 90])


def test_optimizers_by_hand() -> None:
    # Two moments for each parameter: 4, 2 or 1 byte each.
    assert parts.OPTIMIZERS == {"adamw_32bit": 8, "adamw_16bit": 4, "adamw_8bit": 2, "paged_adamw_8bit": 2}
