"""Figures of the candidates: number tokens, tokens per text, memory, licences, age, instruct variants."""

import math

import numpy as np
import pandas as pd
import pytest

from core import licences
from core.charts import decision as charts
from core.decision import memory_figures, native, number_figures, text_figures
from core.decision.candidates import candidate_frame
from core.decision.rank import rank_bases, sensitivity
from core.decision.tasks import TEXTS, Task
from core.leaderboard import load_leaderboard

NAMES = ("meta-llama/Llama-3.1-8B", "Qwen/Qwen2.5-7B", "microsoft/phi-2", "nobody/none")


def number_table(**changes):
    found = number_figures.columns(pd.Series(NAMES), np.ones(len(NAMES), dtype=bool), Task(**changes))
    return pd.DataFrame(found, index=NAMES)


@pytest.fixture(scope="module")
def decision():
    return rank_bases(load_leaderboard(), "price")


def test_number_tokens_of_the_course():
    table = number_table()

    assert table["one_token_share"].tolist()[:3] == [1.0, 0.01, 0.819]
    assert table["first_token_floor"].tolist()[:2] == [0.0, pytest.approx(71.7, abs=0.05)]
    assert table.loc["nobody/none"].drop("tokenizer").isna().all()


def test_answers_of_four_digits_follow_the_tokenizers_rule():
    # 1234 and 1299 share the first token 123/129 in Llama's threes, the first digit in Qwen's digits.
    table = number_table(targets=("1234", "1239", "1999"))

    assert table["one_token_share"].tolist()[:2] == [0, 0]
    assert table.loc[NAMES[0], "first_token_floor"] == pytest.approx((2.5 + 2.5) / 3)
    assert table.loc[NAMES[1], "first_token_floor"] == pytest.approx((5 + 760) / 3)
    assert math.isnan(table.loc[NAMES[2], "one_token_share"]), "no rule is known for irregular merges"


def test_a_decimal_or_negative_answer_is_never_one_token():
    assert number_table(targets=("19.99", "-5"))["one_token_share"].tolist()[:2] == [0, 0]


def test_the_text_before_the_answer_decides_the_context():
    assert number_figures.context(Task(template="{target}")) == "bare"
    assert number_figures.context(Task(template="Price is {target}")) == "space"
    assert number_figures.context(Task(template="Price is ${target}.00")) == "price"
    spaced = number_table(template="Price is {target}")
    assert spaced.loc["microsoft/phi-2", "one_token_share"] < 0.819


def test_tokens_per_text_cover_every_kind_of_text():
    for text in TEXTS:
        fewest = text_figures.fewest(text)
        assert 0 < fewest <= text_figures.per_1000_chars("llama3", text)
    assert math.isnan(text_figures.per_1000_chars("t5_small", "chinese")), "unknown tokens are no compression"


def test_memory_rises_with_batch_and_falls_with_quantisation():
    frame = pd.DataFrame({"model_id": NAMES[:1], "params_b": [8.03]})
    asked = np.array([True])

    def needed(**changes):
        return memory_figures.columns(frame, asked, Task(**changes))["memory_gb"][0]

    assert needed(batch_size=16) > needed(batch_size=1)
    assert needed(method="qlora") < needed(method="lora") < needed(method="full")


def test_a_model_of_unknown_size_has_unknown_memory():
    frame = pd.DataFrame({"model_id": ["nobody/none"], "params_b": [np.nan]})

    found = memory_figures.columns(frame, np.array([True]), Task())

    assert np.isnan(found["memory_gb"]).all()


def test_a_configuration_of_the_hub_gives_the_memory_of_its_layers():
    config = {
        "model_type": "llama", "num_hidden_layers": 32, "hidden_size": 4096, "num_attention_heads": 32,
        "num_key_value_heads": 8, "intermediate_size": 14336, "vocab_size": 128256,
        "tie_word_embeddings": False,
    }  # fmt: skip
    frame = pd.DataFrame({"model_id": ["nobody/none", NAMES[0]], "params_b": [np.nan, 8.03]})
    known = candidate_frame(frame, Task(), configs={"nobody/none": config})
    refused = candidate_frame(
        frame.assign(params_b=8.03), Task(), configs={"nobody/none": {"hidden_size": -1}}
    )

    assert known["memory_gb"].iloc[0] == known["memory_gb"].iloc[1], "the same layers, the same memory"
    low, high = refused["memory_low_gb"], refused["memory_high_gb"]
    assert high.iloc[0] - low.iloc[0] > high.iloc[1] - low.iloc[1], "by its size, with a wider range"


def test_instruct_evidence_is_that_of_the_publishers_own_variant():
    row = candidate_frame(load_leaderboard(), Task()).set_index("model_id").loc["Qwen/Qwen2.5-7B"]

    assert row["instruct_id"] == "Qwen/Qwen2.5-7B-Instruct"
    assert row["instruct_average"] == pytest.approx(35.2, abs=0.05)


def test_age_counts_from_the_newest_upload():
    frame = candidate_frame(load_leaderboard(), Task())

    # Uploaded 2024-07-14; the newest base of the embedded board on 2025-08-14.
    assert frame["age_months"].min() == 0
    assert frame.set_index("model_id").loc["meta-llama/Llama-3.1-8B", "age_months"] == pytest.approx(
        13, abs=0.1
    )


@pytest.mark.parametrize(
    ("key", "commercial", "permissive", "freedom"),
    [
        ("apache-2.0", True, True, 1.0),
        ("llama3.1", True, False, 0.7),
        ("cc-by-sa-4.0", True, False, 0.5),
        ("cc-by-nc-4.0", False, False, 0.0),
        ("other", None, False, None),
        (None, None, False, None),
        ("something-new", None, False, None),
    ],
)
def test_what_licences_allow(key, commercial, permissive, freedom):
    licence = licences.by_key(key)

    assert (licence.commercial, licence.permissive, licences.freedom(licence)) == (
        commercial,
        permissive,
        freedom,
    )


def test_every_licence_on_the_board_is_known_or_said_to_be_unknown():
    for key in load_leaderboard()["license"].dropna().unique():
        licence = licences.by_key(key)
        assert licence.note
        assert licence.key == key.lower() or licence.key in ("other", "unknown")


def test_gated_is_true_or_unknown_never_denied():
    gated = licences.gated(
        ["meta-llama/Llama-3.1-8B", "google/gemma-2-9b", "google/flan-t5-base", "Qwen/Qwen2.5-7B"]
    )

    assert gated.tolist() == [True, True, pd.NA, pd.NA]


def test_which_architectures_load_without_the_publishers_code():
    assert native.loads_natively("LlamaForCausalLM") is True
    assert native.loads_natively("MPTForCausalLM") is True
    assert native.loads_natively("InternLM2ForCausalLM") is False
    assert native.loads_natively(None) is None


def test_rank_chart_draws_the_shares_of_the_draws(decision):
    table = charts.acceptability_table(decision.acceptability)
    fig = charts.rank_acceptability(table, draws=2000)

    assert table.groupby("model_id")["share"].sum().to_numpy() == pytest.approx(1)
    assert fig.data[0].name == "1st"
    assert fig.data[0].x[0] == pytest.approx(decision.ranking["p_first"].iloc[0], abs=1e-4)


def test_memory_chart_has_a_front_and_the_gpus_line(decision):
    fig = charts.score_against_memory(decision.ranking, decision.beyond, gpu_gb=15.8, gpu="T4")
    front = fig.data[-1]

    assert list(front.x) == sorted(front.x)
    assert list(front.y) == sorted(front.y)
    assert fig.layout.shapes[0].x0 == 15.8


def test_contributions_add_up_to_the_points(decision):
    fig = charts.contributions(decision.points)

    total = sum(np.array(trace.x) for trace in fig.data)
    assert total == pytest.approx(decision.ranking["score"].head(10).to_numpy(), abs=0.05)


def test_sensitivity_chart_marks_the_present_weight(decision):
    fig = charts.sensitivity(sensitivity(decision, "numbers"), criterion="numbers", now=0.4)

    assert fig.layout.shapes[0].x0 == 0.4
    assert {trace.name for trace in fig.data} >= {"Llama-3.1-8B", "Qwen2.5-7B"}
