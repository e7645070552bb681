"""Lift and order of bases: hand-worked on a small board, and the facts of the course on the real one."""

import numpy as np
import pandas as pd
import pytest

from core.schema import SCORE_KEYS, SOURCE_BOARD, SOURCE_NEWER
from core.variants import lift
from core.variants.no_base import list_without_base, matching
from tests import boards


def small_board(**scores: float) -> pd.DataFrame:
    """One row per model with the same score everywhere and an error of 3, or 4 for names with "it"."""
    rows = []
    for model, score in scores.items():
        error = 4.0 if "it" in model else 3.0
        row = {"model_id": f"org/{model}", "organization": "org", "precision": "bfloat16", "kind": "base"}
        row |= {"params_b": 7.0, "chat_template": "it" in model, "source": SOURCE_BOARD}
        for key in SCORE_KEYS:
            row |= {key: score, f"{key}_se": error}
        rows.append(row)
    return pd.DataFrame(rows).astype({"precision": "string"})


def pair(
    base: str, variant: str, relation: str = "official_instruct", confidence: float = 0.9
) -> dict[str, object]:
    return {
        "base_id": f"org/{base}", "variant_id": f"org/{variant}", "relation": relation, "evidence": "made up",
        "confidence": confidence,
    }  # fmt: skip


def test_lift_and_its_error_by_hand() -> None:
    table = lift.lift_table(small_board(a=20, a_it=26), pd.DataFrame([pair("a", "a_it")]))
    assert len(table) == 1
    assert table.loc[0, "lift_bbh"] == pytest.approx(6)
    assert table.loc[0, "lift_bbh_se"] == pytest.approx(5)  # 3 and 4 make 5
    assert table.loc[0, "caveat"] == ""


def test_of_several_official_variants_the_one_named_after_the_base_is_shown() -> None:
    board = small_board(**{"M-7B": 20, "Q_it": 40, "M-7B_it": 30, "M-7B_it-1M": 31})
    pairs = pd.DataFrame([pair("M-7B", name) for name in ("Q_it", "M-7B_it-1M", "M-7B_it")])
    table = lift.lift_table(board, pairs)
    assert table.loc[0, "variant_id"] == "org/M-7B_it"
    assert table.loc[0, "n_variants"] == 3


@pytest.mark.parametrize(
    ("variants", "shown"),
    [
        (("M-7B-SFT", "M-7B-DPO", "M-7B-Instruct"), "M-7B-Instruct"),
        (("M-7B-Think", "M-7B-Instruct-2507"), "M-7B-Instruct-2507"),
        (("M-7B-SFT", "M-7B-Think"), "M-7B-Think"),
        (("M-7B", "M-7B-Instruct-2507"), "M-7B"),
        (("M-7B-SFT",), "M-7B-SFT"),
    ],
)
def test_what_a_publisher_offers_for_use_goes_before_its_stages(
    variants: tuple[str, ...], shown: str
) -> None:
    board = small_board(**{"M-7B-Base": 20, **dict.fromkeys(variants, 30)})
    table = lift.lift_table(board, pd.DataFrame([pair("M-7B-Base", name) for name in variants]))
    assert table.loc[0, "variant_id"] == f"org/{shown}"
    assert table.loc[0, "n_variants"] == len(variants)


def test_a_more_certain_pair_comes_first() -> None:
    board = small_board(M=20, M_it=30, other_it=31)
    pairs = pd.DataFrame([pair("M", "M_it", confidence=0.5), pair("M", "other_it", confidence=0.9)])
    assert lift.lift_table(board, pairs).loc[0, "variant_id"] == "org/other_it"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"a_it": {"chat_template": False}}, "without its chat template"),
        ({"a": {"chat_template": True}}, "the base ran with a chat template"),
        ({"a": {"precision": "float16"}}, "the base ran in float16, the variant in bfloat16"),
        ({"a": {"source": SOURCE_NEWER}}, "different sources"),
    ],
)
def test_runs_that_differ_get_a_caveat(change: dict[str, dict[str, object]], words: str) -> None:
    board = small_board(a=20, a_it=26).set_index("model_id", drop=False)
    for model, values in change.items():
        for column, value in values.items():
            board.loc[f"org/{model}", column] = value
    table = lift.lift_table(board.reset_index(drop=True), pd.DataFrame([pair("a", "a_it")]))
    assert words in table.loc[0, "caveat"]


def test_median_lifts_leave_out_what_is_not_comparable() -> None:
    table = pd.DataFrame({f"lift_{key}": [2.0, 4.0, 100.0] for key in SCORE_KEYS}).assign(
        caveat=["", "", "x"]
    )
    medians = lift.median_lifts(table).set_index("key")
    assert medians.loc["bbh", "median"] == 3
    assert medians.loc["bbh", "pairs"] == 2


def test_median_lifts_of_nothing_are_unknown() -> None:
    assert lift.median_lifts(boards.lifts().head(0))["median"].isna().all()


def test_three_orders_of_the_same_bases() -> None:
    board = small_board(a=30, b=20, a_it=31, b_it=40, b_tune=35)
    pairs = pd.DataFrame([pair("a", "a_it"), pair("b", "b_it"), pair("b", "b_tune", "community_finetune")])
    orders = lift.order_bases(lift.lift_table(board, pairs), board, pairs, "average").set_index("base_id")
    assert orders["own_place"].to_dict() == {"org/a": 1, "org/b": 2}
    assert orders["instruct_place"].to_dict() == {"org/a": 2, "org/b": 1}
    assert orders["best_id"].to_dict() == {"org/a": "org/a_it", "org/b": "org/b_it"}
    assert orders["n_descendants"].to_dict() == {"org/a": 1, "org/b": 2}


def test_pairs_whose_models_are_not_on_the_board_are_left_out() -> None:
    assert lift.lift_table(small_board(a=20), pd.DataFrame([pair("a", "gone_it")])).empty


@pytest.mark.parametrize(
    ("base", "variant"),
    [
        ("Qwen/Qwen2.5-7B", "Qwen/Qwen2.5-7B-Instruct"),
        ("google/gemma-2-9b", "google/gemma-2-9b-it"),
        ("mistralai/Mistral-7B-v0.1", "mistralai/Mistral-7B-Instruct-v0.1"),
        ("mistralai/Mistral-7B-v0.3", "mistralai/Mistral-7B-Instruct-v0.3"),
        ("meta-llama/Llama-3.1-8B", "meta-llama/Llama-3.1-8B-Instruct"),
    ],
)
def test_bases_of_the_course_stand_beside_their_instruct_variant(base: str, variant: str) -> None:
    row = boards.lifts().set_index("base_id").loc[base]
    assert row["variant_id"] == variant
    runs = boards.board().set_index("model_id")
    assert row["lift_average"] == pytest.approx(runs.loc[variant, "average"] - runs.loc[base, "average"])


def test_llama_31_instruct_ran_without_its_template_and_says_so() -> None:
    assert "chat template" in boards.lifts().set_index("base_id").loc["meta-llama/Llama-3.1-8B", "caveat"]


def test_the_lift_is_mostly_ifeval() -> None:
    medians = lift.median_lifts(boards.lifts()).set_index("key")["median"]
    assert medians["ifeval"] > 10
    assert medians.drop(["ifeval", "average"]).abs().max() < 3


def test_descendants_are_sorted_and_belong_to_the_base() -> None:
    tuned = lift.descendants(boards.board(), boards.pairs(), "meta-llama/Llama-3.1-8B")
    assert tuned["average"].is_monotonic_decreasing
    assert tuned["model_id"].is_unique
    assert "meta-llama/Llama-3.1-8B-Instruct" in set(tuned["model_id"])


def test_orders_on_the_real_board_are_permutations() -> None:
    orders = lift.order_bases(boards.lifts(), boards.board(), boards.pairs(), "average")
    for name in lift.ORDERS:
        assert sorted(orders[f"{name}_place"]) == list(range(1, len(orders) + 1))
    best = orders.dropna(subset=["descendant"])
    assert np.all(best["descendant"] >= best["instruct"] - 1e-9)


def test_phi_3_has_no_public_base_and_a_base_of_similar_size_is_named() -> None:
    listed = list_without_base(boards.board()).set_index("model_id")
    phi = listed.loc["microsoft/Phi-3-mini-4k-instruct"]
    instead = boards.board().set_index("model_id").loc[phi["instead_id"]]
    assert instead["kind"] == "base"
    assert abs(instead["params_b"] - phi["params_b"]) < 0.35 * phi["params_b"]
    assert "microsoft/phi-2" not in listed.index


def test_search_finds_models_without_a_base() -> None:
    assert "microsoft/Phi-3-mini-4k-instruct" in matching(boards.board(), "PHI-3 mini")
    assert matching(boards.board(), "qwen2.5-7b") == []
