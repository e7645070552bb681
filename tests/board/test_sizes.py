"""Sizes: what the board reports, what the name says, what the family has."""

from __future__ import annotations

import pytest

from core.board.lineage import origin
from core.board.sizes import Size, size_of
from core.leaderboard import load_leaderboard


def size(model: str, reported: float | None, *, merged: bool = False, moe: bool = False) -> Size:
    return size_of(model, reported, origin(model, reported), merged=merged, moe=moe)


@pytest.mark.parametrize(
    ("model", "reported", "params", "word"),
    [
        ("internlm/internlm2-1_8b", 8.0, 1.889, "cannot be"),
        ("databricks/dbrx-base", 0.0, 131.597, "cannot be"),
        ("cognitivecomputations/dolphin-2.9.2-Phi-3-Medium", -1.0, 13.96, "cannot be"),
        ("google/gemma-2-9b", 9.0, 9.242, "rounded"),
        ("unsloth/phi-4-bnb-4bit", 8.058, 14.66, "quantised"),
        ("someone/Llama-3.1-8B-tune", 16.061, 8.03, "twice"),
        ("mistralai/Mistral-Nemo-Base-2407", 11.58, 12.248, "falls short"),
        ("someone/Zeus-8B", 4.015, 8.0, "quantised"),
        ("someone/Mystery-13B", 13.016, 13.016, "as reported"),
        ("someone/Mystery-13B", None, 13.0, "in its name"),
        ("Qwen/Qwen2.5-3B", 3.086, 3.086, "as reported"),
    ],
)
def test_the_best_evidence_wins(model: str, reported: float | None, params: float, word: str) -> None:
    found = size(model, reported)

    assert found.params_b == pytest.approx(params)
    assert word in found.evidence


@pytest.mark.parametrize("reported", [None, 0.0, -1.0, float("nan")])
def test_nothing_to_go_by_is_unknown_not_nought(reported: float | None) -> None:
    assert size("someone/mystery", reported).params_b is None


def test_a_mixture_has_a_total_and_an_active_size() -> None:
    found = size("mistralai/Mixtral-8x7B-v0.1", 46.703, moe=True)

    assert (found.params_b, found.active_b) == (46.703, 12.9)


def test_a_cut_model_keeps_its_own_figure() -> None:
    assert size("someone/13_pruned_layers_llama3.1-8b", 5.195).params_b == 5.195


@pytest.mark.parametrize(
    "model", ["google/gemma-2-9b", "google/gemma-2-9b-it", "princeton-nlp/gemma-2-9b-it-SimPO"]
)
def test_a_family_is_never_split_by_rounding(model: str) -> None:
    board = load_leaderboard()

    assert set(board.loc[board["model_id"] == model, "size_class_b"]) == {9.0}


def test_every_gemma_2_9b_on_the_board_counts_as_nine() -> None:
    board = load_leaderboard()
    family = board[(board["base_id"] == "google/gemma-2-9b") | (board["model_id"] == "google/gemma-2-9b")]

    assert len(family) > 40
    assert (family["size_class_b"] <= 9.0).all()


def test_no_size_on_the_board_is_impossible() -> None:
    board = load_leaderboard()

    assert board["params_b"].dropna().gt(0).all()
    assert board["params_b"].isna().sum() <= 3
    assert (board["size_class_b"].isna() == board["params_b"].isna()).all()


@pytest.mark.parametrize(
    ("model", "params", "active"),
    [
        ("meta-llama/Llama-4-Scout-17B-16E", 109.0, 17.0),
        ("tencent/Hunyuan-A13B-Instruct", 80.0, 13.0),  # a tune has its base's size
        ("google/gemma-4-E4B", 8.0, 4.5),
        ("ibm-granite/granite-3.3-8b-base", 8.1, None),
    ],
)
def test_the_catalogue_knows_sizes_that_names_do_not_tell(
    model: str, params: float, active: float | None
) -> None:
    found = size(model, None)

    assert (found.params_b, found.active_b) == (params, active)
    assert found.evidence == "as published, from the catalogue"


@pytest.mark.parametrize("model", ["moonshotai/Kimi-VL-A3B", "lab/Plum-17B-16E", "lab/Plum-E4B"])
def test_parameters_in_use_alone_leave_the_size_unknown(model: str) -> None:
    assert size(model, None).params_b is None
