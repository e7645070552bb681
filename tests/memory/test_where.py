"""One base on one card: mixtures are told apart by whether their experts are quantised."""

from __future__ import annotations

from core.memory import architectures, gpus
from core.memory.estimate import estimate_memory
from core.memory.where import where_it_runs

SETTING = {"sequence_length": 512, "batch_size": 4}
MIXTRAL = architectures.from_config(
    {
        "model_type": "mixtral",
        "hidden_size": 4096,
        "intermediate_size": 14336,
        "num_hidden_layers": 32,
        "num_attention_heads": 32,
        "num_key_value_heads": 8,
        "vocab_size": 32000,
        "num_local_experts": 8,
        "num_experts_per_tok": 2,
        "max_position_embeddings": 32768,
    }
)


def test_a_dense_base_has_one_place() -> None:
    llama = architectures.get("meta-llama/Llama-3.1-8B")
    (place,) = where_it_runs(llama, gpus.get("t4"), **SETTING)

    assert place.experts == "none"
    assert place.estimate == estimate_memory(llama, method="qlora", **SETTING)
    assert place.longest.safe <= place.longest.likely
    assert place.batch.likely >= 1
    assert place.time is not None


def test_a_mixture_has_two_places_and_plain_loading_costs_more() -> None:
    quantised, plain = where_it_runs(MIXTRAL, gpus.get("a100-40"), **SETTING)

    assert (quantised.experts, plain.experts) == ("quantised", "16-bit")
    more = plain.estimate.weights_gb - quantised.estimate.weights_gb
    assert abs(more - 1.5 * MIXTRAL.expert_parameters / 1e9) < 1e-6
    assert plain.estimate.quantisation_gb < quantised.estimate.quantisation_gb
    assert quantised.verdict != "no"
    assert plain.verdict == "no"
    assert plain.longest.likely == plain.batch.likely == 0
    assert plain.time is None


def test_the_range_of_an_unknown_loader_covers_both() -> None:
    both = estimate_memory(MIXTRAL, method="qlora", **SETTING)
    quantised, plain = where_it_runs(MIXTRAL, gpus.get("h200"), **SETTING)

    assert both.low_gb <= quantised.estimate.low_gb
    assert both.high_gb >= plain.estimate.total_gb


def test_in_16_bit_there_is_nothing_to_quantise() -> None:
    (place,) = where_it_runs(MIXTRAL, gpus.get("h200"), method="lora", **SETTING)

    assert place.experts == "none"
