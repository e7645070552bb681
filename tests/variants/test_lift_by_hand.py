"""Lift, its spread, and the orders of bases, on boards of a few made-up models."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from core.schema import SCORE_KEYS, SOURCE_BOARD
from core.variants import lift


def board(**scores: float | None) -> pd.DataFrame:
    """One row per model, the same score everywhere; instruct models end in "_it"."""
    rows = []
    for name, score in scores.items():
        row: dict[str, object] = {
            "model_id": f"lab/{name}", "organization": "lab", "precision": "bfloat16", "kind": "base",
            "params_b": 7.0, "chat_template": name.endswith("_it"), "source": SOURCE_BOARD, "primary": True,
        }  # fmt: skip
        for key in SCORE_KEYS:
            row |= {key: np.nan if score is None else score, f"{key}_se": 1.0}
        rows.append(row)
    return pd.DataFrame(rows).astype({"precision": "string"})


def pairs(
    *given: tuple[str, str], relation: str = "official_instruct", confidence: float = 0.9
) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {"base_id": f"lab/{base}", "variant_id": f"lab/{variant}", "relation": relation,
             "evidence": "made up", "confidence": confidence}
            for base, variant in given
        ]
    )  # fmt: skip


RUN = {"source": SOURCE_BOARD, "chat_template": False, "precision": "bfloat16"}
TUNED = RUN | {"chat_template": True}
ALL_THREE = (
    "the two runs come from different sources; the instruct model ran without its chat template; "
    "the base ran with a chat template"
)


@pytest.mark.parametrize(
    ("base", "variant", "said"),
    [
        ({}, {}, ""),
        ({"source": "other"}, {}, "the two runs come from different sources"),
        ({}, {"chat_template": False}, "the instruct model ran without its chat template"),
        ({"chat_template": True}, {}, "the base ran with a chat template"),
        ({"precision": "float16"}, {}, "the base ran in float16, the variant in bfloat16"),
        ({"chat_template": pd.NA}, {"chat_template": pd.NA}, ""),
        ({"comparability": "MMLU-Pro with 0 shots"}, {}, ""),  # the board's own notes are about templates
        (
            {"source": "own", "comparability": "a base run with a chat template; MMLU-Pro with 0 shots"},
            {"source": "own", "comparability": "IFEval on 4 of 541 questions"},
            "the base: MMLU-Pro with 0 shots; the variant: IFEval on 4 of 541 questions",
        ),
        ({"precision": pd.NA}, {}, ""),
        ({}, {"precision": pd.NA}, ""),
        ({"chat_template": True, "source": "other"}, {"chat_template": False}, ALL_THREE),
    ],
)
def test_each_reason_against_a_comparison(base: dict, variant: dict, said: str) -> None:
    assert lift.caveat(RUN | base, TUNED | variant) == said


def test_quartiles_of_the_lift_by_hand() -> None:
    """Lifts 0, 10, 20, 30, 100: quartiles at the second and the fourth of five."""
    table = pd.DataFrame({f"lift_{key}": [30.0, 0.0, 100.0, 10.0, 20.0, 999.0] for key in SCORE_KEYS})
    table["caveat"] = ["", "", "", "", "", "not comparable"]
    medians = lift.median_lifts(table).set_index("key")
    assert medians.index.tolist() == list(SCORE_KEYS)
    assert medians.loc["bbh", ["low", "median", "high", "pairs"]].tolist() == [10, 20, 30, 5]
    between = lift.median_lifts(table.iloc[:4]).set_index("key").loc["bbh"]
    # Of 0, 10, 30, 100: a quarter of the way is 7.5, three quarters 47.5.
    assert between[["low", "median", "high", "pairs"]].tolist() == [7.5, 20, 47.5, 4]


def test_a_score_that_is_not_known_counts_in_no_median() -> None:
    table = pd.DataFrame({f"lift_{key}": [4.0, np.nan] for key in SCORE_KEYS}).assign(caveat="")
    assert lift.median_lifts(table)["pairs"].tolist() == [1] * len(SCORE_KEYS)
    none = lift.median_lifts(table.iloc[1:])
    assert none["pairs"].tolist() == [0] * len(SCORE_KEYS)
    assert none[["low", "median", "high"]].isna().all(axis=None)


def test_every_column_of_a_pair_by_hand() -> None:
    frame = board(a=20, a_it=26)
    frame.loc[1, "params_b"] = 8.0
    table = lift.lift_table(frame, pairs(("a", "a_it")))
    row = table.iloc[0]
    assert (row["base_id"], row["variant_id"], row["n_variants"], row["params_b"]) == (
        "lab/a",
        "lab/a_it",
        1,
        7.0,
    )
    assert (row["evidence"], row["confidence"], row["caveat"]) == ("made up", 0.9, "")
    for key in SCORE_KEYS:
        found = row[[f"base_{key}", f"variant_{key}", f"lift_{key}", f"base_{key}_se", f"variant_{key}_se"]]
        assert found.tolist() == [20, 26, 6, 1, 1]
        assert row[f"lift_{key}_se"] == pytest.approx(2**0.5)


def test_community_tunes_are_no_instruct_variants() -> None:
    made = pd.concat([pairs(("a", "a_it")), pairs(("a", "a_x"), relation="community_finetune")])
    table = lift.lift_table(board(a=20, a_it=26, a_x=50), made)
    assert (table["variant_id"].tolist(), table["n_variants"].tolist()) == (["lab/a_it"], [1])


def test_of_equally_certain_variants_the_name_closest_to_the_base_is_shown() -> None:
    frame = board(**{"m-7B": 1, "m-7B-x_it": 2, "m-7B_it": 3, "m_it": 4})
    for order in (1, -1):
        made = pairs(("m-7B", "m-7B-x_it"), ("m-7B", "m_it"), ("m-7B", "m-7B_it")).iloc[::order]
        table = lift.lift_table(frame, made)
        assert (table["variant_id"].tolist(), table["n_variants"].tolist()) == (["lab/m-7B_it"], [3])


def test_a_more_certain_variant_goes_before_a_closer_name() -> None:
    made = pd.concat([pairs(("m", "m_it"), confidence=0.5), pairs(("m", "z_it"), confidence=0.6)])
    assert lift.lift_table(board(m=1, m_it=2, z_it=3), made)["variant_id"].tolist() == ["lab/z_it"]


def test_equal_names_are_ordered_by_the_alphabet() -> None:
    made = pairs(("m", "m-b_it"), ("m", "m-a_it"))
    assert lift.lift_table(board(**{"m": 1, "m-a_it": 2, "m-b_it": 3}), made)["variant_id"].tolist() == [
        "lab/m-a_it"
    ]


def test_bases_stand_in_order_of_their_names() -> None:
    made = pairs(("b", "b_it"), ("a", "a_it"), ("c", "gone_it"))
    assert lift.lift_table(board(b=1, b_it=2, a=3, a_it=4, c=5), made)["base_id"].tolist() == [
        "lab/a",
        "lab/b",
    ]


def test_descendants_best_first() -> None:
    made = pd.concat([
        pairs(("a", "a_it")), pairs(("a", "a_x"), ("a", "a_y"), ("a", "gone"), relation="community_finetune"),
        pairs(("b", "b_it")),
    ])  # fmt: skip
    tuned = lift.descendants(board(a=1, a_it=20, a_x=30, a_y=10, b=2, b_it=99), made, "lab/a")
    assert tuned["model_id"].tolist() == ["lab/a_x", "lab/a_it", "lab/a_y"]
    assert tuned["average"].tolist() == [30, 20, 10]
    assert tuned.columns.tolist() == [
        "model_id", "organization", "relation", "kind", "average", "average_se", "evidence", "confidence",
    ]  # fmt: skip


def test_three_orders_by_hand() -> None:
    """c leads on its own, a through its instruct variant, b through what others made of it."""
    frame = board(a=10, a_it=50, b=20, b_it=30, b_x=90, c=30, c_it=40, c_gone=None)
    made = pd.concat([
        pairs(("a", "a_it"), ("b", "b_it"), ("c", "c_it")),
        pairs(("b", "b_x"), ("c", "c_gone"), relation="community_finetune"),
    ])  # fmt: skip
    table = lift.lift_table(frame, made)
    orders = lift.order_bases(table, frame, made, "average")
    assert orders["base_id"].tolist() == ["lab/c", "lab/b", "lab/a"]
    assert "index" not in orders.columns
    places = orders.set_index("base_id")[["own_place", "instruct_place", "descendant_place", "n_descendants"]]
    assert places.loc["lab/a"].tolist() == [3, 1, 2, 1]
    assert places.loc["lab/b"].tolist() == [2, 3, 1, 2]
    assert places.loc["lab/c"].tolist() == [1, 2, 3, 1], "what has no score counts as no descendant"
    assert orders.set_index("base_id")["best_id"].to_dict() == {
        "lab/a": "lab/a_it", "lab/b": "lab/b_x", "lab/c": "lab/c_it",
    }  # fmt: skip
    for order, first in (("own", "lab/c"), ("instruct", "lab/a"), ("descendant", "lab/b")):
        sorted_table = lift.in_order(table, frame, made, "average", order)
        assert sorted_table["base_id"].iloc[0] == first
        assert sorted_table.columns.tolist() == table.columns.tolist()


def test_bases_or_variants_without_the_score_are_in_no_order() -> None:
    frame = board(a=10, a_it=None, b=20, b_it=30)
    made = pairs(("a", "a_it"), ("b", "b_it"))
    orders = lift.order_bases(lift.lift_table(frame, made), frame, made, "bbh")
    assert orders["base_id"].tolist() == ["lab/b"]
    assert orders["own_place"].tolist() == [1]


def test_equal_descendants_are_ordered_by_name() -> None:
    frame = board(a=10, a_it=20, a_b=30, a_a=30)
    made = pd.concat([pairs(("a", "a_it")), pairs(("a", "a_b"), ("a", "a_a"), relation="community_finetune")])
    orders = lift.order_bases(lift.lift_table(frame, made), frame, made, "bbh")
    assert (orders["best_id"].tolist(), orders["n_descendants"].tolist()) == (["lab/a_a"], [3])
