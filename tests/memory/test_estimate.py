"""Training memory: weights to the byte, terms worked by hand, and the range against measured runs."""

import json
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import DataError, InvalidInputError, InvalidTableError
from core.memory import architectures, gpus, parts
from core.memory import fit as memory_fit
from core.memory.build_check import TARGET, as_record
from core.memory.check import evaluate_memory, find_architecture
from core.memory.estimate import estimate_memory, estimate_qlora_memory
from core.memory.frameworks import FRAMEWORKS

ROOT = Path(__file__).parent.parent.parent
DEV = ROOT.parent / "shared" / "data" / "memory_measured_dev.csv"
MORE = ROOT / "core" / "data" / "memory_measured_more.csv"
LLAMA = "meta-llama/Llama-3.1-8B"
SETTING = {
    "sequence_length": 192,
    "batch_size": 4,
    "lora_rank": 32,
    "targets": "q,k,v,o",
    "framework": "huggingface",
}


def estimate(model=LLAMA, **change):
    return estimate_qlora_memory(model, **(SETTING | change))


@pytest.mark.parametrize(
    ("model", "adapter", "megabytes"),
    [(LLAMA, False, 5591.5), (LLAMA, True, 5700.6), ("meta-llama/Llama-3.2-1B", False, 1012.0)],
)
def test_weights_are_those_measured_to_a_tenth_of_a_megabyte(model, adapter, megabytes):
    found = estimate(model)
    assert 1000 * (found.weights_gb + adapter * found.adapter_gb) == pytest.approx(megabytes, abs=0.05)


def test_the_terms_sum_up_to_the_total_inside_its_range():
    for framework in FRAMEWORKS:
        for method in parts.METHODS:
            found = estimate_memory(LLAMA, method=method, **(SETTING | {"framework": framework}))
            assert sum(found.terms().values()) == pytest.approx(found.total_gb)
            assert found.low_gb < found.total_gb < found.high_gb
            assert all(value >= 0 for value in found.terms().values())


def test_the_adapter_worked_by_hand():
    # r x (in + out): q and o 4096 + 4096, k and v 4096 + 1024, 32 blocks, 4 bytes.
    assert estimate().adapter_gb * 1e9 == 4 * 32 * 32 * (2 * 8192 + 2 * 5120)


def test_logits_cost_two_and_a_half_megabytes_a_token_in_a_plain_loop():
    """With the checkpoints, as the published maximal contexts of an 8B model imply."""
    long, short = (estimate(sequence_length=n, batch_size=1) for n in (10_000, 1_000))
    assert (long.total_gb - short.total_gb) / 9_000 * 1e3 == pytest.approx(2.5, rel=0.1)


def test_a_fused_loss_needs_far_less_for_long_sequences():
    plain, fused = (estimate(sequence_length=8192, framework=name) for name in ("huggingface", "unsloth"))
    assert fused.logits_gb < plain.logits_gb / 10
    assert fused.total_gb < plain.total_gb / 2


def test_checkpointing_trades_memory():
    with_it, without = (estimate(checkpointing=value) for value in (True, False))
    assert with_it.activations_gb < without.activations_gb / 4
    both = estimate(checkpointing="unknown")
    assert both.low_gb == with_it.low_gb
    assert both.high_gb == without.high_gb
    assert with_it.total_gb < both.total_gb < without.total_gb


def test_eight_bit_adam_holds_a_quarter():
    assert estimate(optimizer="adamw_8bit").optimizer_gb == pytest.approx(estimate().optimizer_gb / 4)


def test_full_fine_tuning_needs_several_times_the_weights():
    full, lora, qlora = (
        estimate_memory(LLAMA, method=method, **SETTING) for method in ("full", "lora", "qlora")
    )
    assert full.total_gb > 2 * lora.total_gb > 2 * qlora.total_gb
    assert full.adapter_gb == 0
    assert full.weights_gb * 1e9 == 2 * architectures.get(LLAMA).parameters


def test_a_model_known_by_size_alone_has_a_wider_range():
    known, guessed = estimate(LLAMA), estimate(8.03)
    width = [(found.high_gb - found.low_gb) / found.total_gb for found in (known, guessed)]
    assert width[1] > 1.3 * width[0]
    assert guessed.low_gb < known.total_gb < guessed.high_gb


def test_a_configuration_works_as_well_as_a_name():
    config = {
        "model_type": "llama", "num_hidden_layers": 32, "hidden_size": 4096, "num_attention_heads": 32,
        "num_key_value_heads": 8, "intermediate_size": 14336, "vocab_size": 128256,
        "tie_word_embeddings": False,
    }  # fmt: skip
    assert estimate(config).total_gb == pytest.approx(estimate().total_gb)


@given(
    st.sampled_from(["sequence_length", "batch_size", "lora_rank"]),
    st.integers(1, 2_000),
    st.sampled_from(sorted(FRAMEWORKS)),
)
def test_more_of_anything_never_needs_less(name, value, framework):
    less, more = (estimate(framework=framework, **{name: n}) for n in (value, value + 1))
    for edge in ("low_gb", "total_gb", "high_gb"):
        assert getattr(less, edge) <= getattr(more, edge) + 1e-9


@pytest.mark.parametrize(
    "change",
    [
        {"sequence_length": 0},
        {"sequence_length": 1.5},
        {"batch_size": -1},
        {"batch_size": True},
        {"lora_rank": 10**9},
        {"targets": "everything"},
        {"targets": ""},
        {"framework": "abacus"},
        {"optimizer": "sgd2"},
        {"model": "nobody/nothing"},
        {"model": float("nan")},
        {"model": {}},
    ],
)
def test_what_cannot_be_used_is_explained(change):
    with pytest.raises(DataError) as caught:
        estimate(**change)
    assert caught.value.what


def test_layers_with_adapters_may_be_named_as_usual():
    assert parts.parse_targets(["q_proj", "v_proj"]) == ("q", "v")
    assert parts.parse_targets("all_linear") == parts.ALL_LINEAR
    assert parts.parse_targets("v k q") == ("q", "k", "v")


NO_SHARED = pytest.mark.skipif(not DEV.exists(), reason="there is no ../shared beside the project")


@pytest.mark.parametrize("path", [pytest.param(DEV, marks=NO_SHARED), MORE])
def test_the_range_holds_measured_runs(path):
    check = evaluate_memory(pd.read_csv(path))
    assert check.comparable >= 30
    assert check.inside_share >= 0.9
    assert check.median_error <= 0.2


def test_the_range_is_narrow_enough_to_be_of_use():
    """Where the source states every setting, the top is at most three times the bottom at the median."""
    rows = evaluate_memory(pd.read_csv(MORE)).rows
    assert (rows["high_gb"] / rows["low_gb"]).median() < 3


def measured(**change):
    row = {
        "model": LLAMA, "params_b": 8.03, "method": "QLoRA", "quant": "bnb.nf4-dq", "seq_len": "192",
        "seq_note": "", "batch": 4, "grad_ckpt": "yes", "lora_r": 32, "targets": "q,k,v,o", "optimizer": "",
        "gpu": "T4", "value": "11", "unit": "GB", "measure": "nvidia-smi", "source": "by hand", "repo": "",
    }  # fmt: skip
    return pd.DataFrame([row | change])


@pytest.mark.parametrize(
    ("change", "comparable"),
    [
        ({}, True),
        ({"method": "LoRA"}, True),
        ({"method": "full"}, False),
        ({"method": "Adapter v2"}, False),
        ({"method": "LoRA (emb)"}, False),
        ({"method": "LoRA", "quant": "bnb-int8"}, False),
        ({"targets": "whatever the recipe says"}, True),
        ({"gpu": "8xA100"}, False),
        ({"gpu": "1 x A100-40G"}, True),
        ({"seq_len": None}, False),
        ({"value": "OOM"}, False),
        ({"value": None}, False),
        ({"unit": "bananas"}, False),
        ({"targets": None, "grad_ckpt": None, "lora_r": None}, True),
    ],
)
def test_rows_left_out_have_a_reason(change, comparable):
    row = evaluate_memory(measured(**change)).rows.iloc[0]
    assert bool(row["comparable"]) is comparable
    assert bool(row["reason"]) is not comparable


def test_lora_on_four_bit_weights_counts_as_qlora():
    lora, qlora = (evaluate_memory(measured(method=name)).rows.iloc[0] for name in ("LoRA", "QLoRA"))
    assert lora["estimate_gb"] == qlora["estimate_gb"]


def test_gib_and_allocated_figures_are_put_on_the_same_footing():
    gib = evaluate_memory(measured(value="10", unit="GiB")).rows.iloc[0]
    assert gib["measured_gb"] == pytest.approx(10.737, abs=0.001)
    device, allocated = (
        evaluate_memory(measured(measure=measure)).rows.iloc[0]["estimate_gb"]
        for measure in ("nvidia-smi", "max memory allocated")
    )
    assert allocated < device


def test_what_the_source_leaves_open_widens_the_range():
    stated = evaluate_memory(measured()).rows.iloc[0]
    silent = evaluate_memory(measured(grad_ckpt=None, targets=None)).rows.iloc[0]
    assert silent["low_gb"] < stated["low_gb"]
    assert silent["high_gb"] > stated["high_gb"]


def test_a_table_without_a_column_is_named_and_an_empty_one_is_no_crash():
    with pytest.raises(InvalidTableError, match="seq_len"):
        evaluate_memory(measured().drop(columns="seq_len"))
    check = evaluate_memory(measured().iloc[:0])
    assert check.comparable == 0
    assert "None" in check.summary()


@pytest.mark.parametrize(
    ("label", "size", "name"),
    [
        ("Llama 2", 13.0, "meta-llama/Llama-2-13b-hf"),
        ("Llama 3.1 8B Instruct", 8.03, "meta-llama/Llama-3.1-8B-Instruct"),
        ("phi-1.5", 1.3, "microsoft/phi-1_5"),
        ("StableLM Alpha", 3.0, "stabilityai/stablelm-base-alpha-3b"),
        ("gemma-2b", 2.5, "google/gemma-2b"),
        ("mistral-7b", 7.2, "mistralai/Mistral-7B-v0.1"),
    ],
)
def test_labels_of_tables_find_their_architecture(label, size, name):
    assert find_architecture(label, size).parameters == architectures.get(name).parameters


def test_the_embedded_check_is_what_the_code_computes_now():
    embedded = json.loads(TARGET.read_text())
    rows = evaluate_memory(pd.read_csv(MORE)).rows
    fresh = as_record(evaluate_memory(pd.read_csv(MORE)))["rows"]
    assert len(fresh) == len(rows)
    assert [row for row in embedded["rows"] if row["source"] in set(rows["source"])] == fresh


def test_the_longest_sequence_is_the_last_that_fits():
    shape = architectures.get(LLAMA)
    setting = {"method": "qlora", "lora_rank": 32, "targets": "q,k,v,o", "framework": "huggingface"}
    fit = memory_fit.longest_sequence(shape, 15.8, batch_size=4, **setting)
    assert 0 < fit.safe <= fit.likely
    for length, edge in ((fit.safe, "high_gb"), (fit.likely, "total_gb")):
        fits, too_long = (
            estimate_memory(shape, sequence_length=n, batch_size=4, **setting) for n in (length, length + 1)
        )
        assert getattr(fits, edge) <= 15.8 < getattr(too_long, edge)


def test_the_longest_sequence_ends_at_the_context_length():
    shape = replace(architectures.get("meta-llama/Llama-3.2-1B"), context_length=512)
    setting = {"method": "qlora", "lora_rank": 8, "targets": "q,v", "framework": "unsloth"}
    assert memory_fit.longest_sequence(shape, 80, batch_size=1, **setting).likely == 512


def test_nothing_fits_a_card_that_is_too_small():
    shape = architectures.get("meta-llama/Llama-3.1-70B")
    setting = {"method": "full", "framework": "huggingface"}
    assert memory_fit.largest_batch(shape, 15.8, sequence_length=128, **setting).likely == 0
    found = estimate_memory(shape, sequence_length=128, batch_size=1, **setting)
    assert memory_fit.verdict(found, 15.8) == "no"
    assert memory_fit.cheapest_gpu(found) == (None, None)


def test_the_course_runs_on_colabs_t4():
    """Llama 3.1 8B, r=32 on q, k, v, o, batch 4, 182 tokens and the answer: trained on a T4 in the course."""
    found = estimate(sequence_length=188)
    assert memory_fit.verdict(found, gpus.get("t4").usable_gb) == "fits"


def test_the_cheapest_card_is_the_cheapest_of_those_that_hold_it():
    found = gpus.cheapest_that_holds(20)
    assert found.usable_gb >= 20
    assert all(other.price >= found.price for other in gpus.GPUS if other.usable_gb >= 20)
    assert gpus.cheapest_that_holds(1_000) is None


def test_colabs_t4_comes_first_and_an_unknown_card_is_explained():
    assert gpus.GPUS[0].key == "t4"
    with pytest.raises(InvalidInputError, match="no GPU"):
        gpus.get("abacus")
