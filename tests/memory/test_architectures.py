"""Layer sizes: each embedded model counted against the board, configurations read, hostile ones refused."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import InvalidInputError
from core.leaderboard import load_leaderboard
from core.memory import architectures
from core.memory.resolve import resolve

LLAMA_8B = {
    "model_type": "llama",
    "num_hidden_layers": 32,
    "hidden_size": 4096,
    "num_attention_heads": 32,
    "num_key_value_heads": 8,
    "intermediate_size": 14336,
    "vocab_size": 128256,
    "max_position_embeddings": 131072,
    "tie_word_embeddings": False,
}


@pytest.fixture(scope="module")
def board():
    return load_leaderboard("snapshot").drop_duplicates("model_id").set_index("model_id")


def test_llama_3_1_8b_worked_by_hand():
    shape = architectures.get("meta-llama/Llama-3.1-8B")
    attention = 4096 * 4096 * 2 + 4096 * 1024 * 2
    assert shape.linear_parameters == 32 * (attention + 3 * 4096 * 14336)
    assert shape.embedding_parameters == 2 * 128256 * 4096
    assert shape.small_parameters == 65 * 4096
    assert shape.parameters == 8_030_261_248


@pytest.mark.parametrize("name", architectures.known())
def test_each_model_has_as_many_parameters_as_the_board_says(name, board):
    if name not in board.index or not board.loc[name, "params_b"] > 0:
        pytest.skip("not on the board, or without a size there")
    counted = architectures.get(name).stored_parameters / 1e9
    noted = float(board.loc[name, "params_b"])
    # Some sizes on the board are whole or half billions, taken from the name.
    tolerance = 0.08 if noted == round(noted) else 0.03 if noted == round(noted, 1) else 0.012
    assert counted == pytest.approx(noted, rel=tolerance, abs=0.006)


def test_official_bases_to_15b_are_covered(board):
    official = board[(board["kind"] == "base") & board["official"] & (board["params_b"] <= 15.5)]
    missing = [name for name in official.index if architectures.get(name) is None]
    # Encoder-decoders, state-space and hybrid models, and layers that differ in their heads.
    known_gaps = ("t5", "mamba", "Mamba", "recurrentgemma", "Hymba", "switch-", "DeciLM")
    assert [name for name in missing if not any(gap in name for gap in known_gaps)] == []


def test_a_configuration_gives_the_same_architecture_as_the_table():
    made = architectures.from_config(LLAMA_8B)
    assert made.parameters == architectures.get("meta-llama/Llama-3.1-8B").parameters
    assert made.evidence == "config"


def test_a_mixture_of_experts_counts_all_and_active_parameters():
    shape = architectures.get("allenai/OLMoE-1B-7B-0924")
    assert shape.parameters / 1e9 == pytest.approx(6.92, abs=0.01)
    assert shape.active_parameters / 1e9 == pytest.approx(1.28, abs=0.02)


def test_the_text_part_of_a_multimodal_configuration_is_used():
    made = architectures.from_config(
        {"model_type": "gemma3", "text_config": LLAMA_8B | {"model_type": "gemma3_text"}}
    )
    assert made.layers == 32
    assert made.norms == 4


@pytest.mark.parametrize(
    "change",
    [
        {"num_hidden_layers": None},
        {"num_hidden_layers": 0},
        {"num_hidden_layers": -1},
        {"num_hidden_layers": True},
        {"num_hidden_layers": "32"},
        {"num_hidden_layers": 10**9},
        {"num_hidden_layers": 32.5},
        {"hidden_size": float("nan")},
        {"vocab_size": 10**12},
        {"vocab_size": [1]},
        {"num_key_value_heads": 64},
        {"tie_word_embeddings": "yes"},
        {"num_local_experts": 8, "num_experts_per_tok": 9},
        {"model_type": "mamba"},
        {"model_type": "t5"},
    ],
)
def test_a_broken_or_hostile_configuration_is_explained(change):
    with pytest.raises(InvalidInputError) as caught:
        architectures.from_config(
            {key: value for key, value in (LLAMA_8B | change).items() if value is not None}
        )
    assert caught.value.what


@pytest.mark.parametrize("config", [[], "config", 3, None])
def test_what_is_no_object_is_refused(config):
    with pytest.raises(InvalidInputError):
        architectures.from_config(config)


@given(
    st.dictionaries(
        st.sampled_from([*LLAMA_8B, "num_experts", "head_dim", "text_config", "multi_query"]),
        st.one_of(st.none(), st.integers(), st.floats(), st.text(), st.booleans(), st.lists(st.integers())),
    )
)
def test_any_configuration_gives_an_architecture_or_an_explanation(change):
    try:
        made = architectures.from_config(LLAMA_8B | change)
    except InvalidInputError:
        return
    assert 0 < made.parameters < 1e17


@pytest.mark.parametrize("size", [0.135, 0.5, 1.5, 3, 7, 8, 14, 32, 70, 405])
def test_a_model_known_by_size_alone_has_about_that_size(size):
    assert architectures.from_size(size).parameters / 1e9 == pytest.approx(size, rel=0.12)


@pytest.mark.parametrize("size", [0, -1, math.nan, math.inf, 1e6])
def test_an_impossible_size_is_refused(size):
    with pytest.raises(InvalidInputError):
        architectures.from_size(size)


def test_an_unknown_model_without_a_size_is_explained():
    with pytest.raises(InvalidInputError, match="are known"):
        resolve("nobody/nothing", None)
    assert resolve("nobody/nothing", 7.0).evidence == "size"


def test_a_configuration_of_the_hub_is_used_where_the_layers_are_not_embedded():
    exact = resolve("nobody/nothing", 8.03, LLAMA_8B)

    assert (exact.evidence, exact.caveat, exact.name) == ("config", "", "nobody/nothing")
    assert exact.parameters == architectures.get("meta-llama/Llama-3.1-8B").parameters
    assert resolve("nobody/nothing", None, LLAMA_8B).evidence == "config", "no size is needed"
    assert resolve("Qwen/Qwen2.5-7B", 7.6, LLAMA_8B).evidence == "listed"


@pytest.mark.parametrize(
    ("config", "said"),
    [
        ({"model_type": "llama"}, "doesn't say num_hidden_layers"),
        ({**LLAMA_8B, "num_hidden_layers": 10**9}, "whole number from 0 to 512"),
        ({**LLAMA_8B, "hidden_size": "<b>"}, "whole number"),
        ({**LLAMA_8B, "model_type": "mamba2"}, "not a decoder-only transformer"),
        ({**LLAMA_8B, "num_hidden_layers": 300}, "adds up to"),
    ],
)
def test_a_configuration_of_no_use_leaves_the_size_and_says_why(config, said):
    shape = resolve("nobody/nothing", 8.0, config)

    assert shape.evidence == "size"
    assert shape.parameters == pytest.approx(8e9, rel=0.05)
    assert said in shape.caveat
