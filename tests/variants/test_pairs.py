"""Pairs of bases and what was tuned from them."""

from __future__ import annotations

import pandas as pd
import pytest

from core.variants.pairs import COLUMNS, no_public_base, pair_variants
from tests import boards
from tests.places import SHARED

LABELS = SHARED / "data" / "pairs_dev.csv"

OFFICIAL = "official_instruct"
COMMUNITY = "community_finetune"


def relation(base: str, variant: str) -> str | None:
    found = boards.pairs()[(boards.pairs()["base_id"] == base) & (boards.pairs()["variant_id"] == variant)][
        "relation"
    ]
    return None if found.empty else str(found.item())


@pytest.mark.parametrize(
    ("base", "variant", "told"),
    [
        ("Qwen/Qwen2.5-7B", "Qwen/Qwen2.5-7B-Instruct", OFFICIAL),
        ("google/gemma-2-9b", "google/gemma-2-9b-it", OFFICIAL),
        ("mistralai/Mistral-7B-v0.1", "mistralai/Mistral-7B-Instruct-v0.1", OFFICIAL),
        ("mistralai/Mistral-7B-v0.3", "mistralai/Mistral-7B-Instruct-v0.3", OFFICIAL),
        ("meta-llama/Llama-3.1-8B", "meta-llama/Llama-3.1-8B-Instruct", OFFICIAL),
        # names that do not tell
        ("Qwen/Qwen2.5-32B", "Qwen/QwQ-32B", OFFICIAL),
        ("nvidia/Minitron-4B-Base", "nvidia/Nemotron-Mini-4B-Instruct", OFFICIAL),
        ("mistralai/Mistral-7B-v0.1", "HuggingFaceH4/zephyr-7b-beta", COMMUNITY),
        ("meta-llama/Llama-2-70b-hf", "stabilityai/StableBeluga2", COMMUNITY),
        # chains, to the root
        ("ibm-granite/granite-3.1-8b-base", "ibm-granite/granite-3.2-8b-instruct", OFFICIAL),
        ("google/gemma-2-9b", "princeton-nlp/gemma-2-9b-it-SimPO", COMMUNITY),
        # a base that continues another: both
        ("BramVanroy/fietje-2", "BramVanroy/fietje-2-chat", OFFICIAL),
        ("microsoft/phi-2", "BramVanroy/fietje-2-chat", COMMUNITY),
        # two addresses of the same weights
        ("mistralai/Mixtral-8x22B-v0.1", "mistralai/Mixtral-8x22B-Instruct-v0.1", OFFICIAL),
        ("mistral-community/Mixtral-8x22B-v0.1", "mistralai/Mixtral-8x22B-Instruct-v0.1", OFFICIAL),
        # versions, sizes and special bases never cross
        ("Qwen/Qwen2-7B", "Qwen/Qwen2.5-7B-Instruct", None),
        ("Qwen/Qwen2.5-7B", "Qwen/Qwen2.5-72B-Instruct", None),
        ("Qwen/Qwen2.5-7B", "Qwen/Qwen2.5-Math-7B-Instruct", None),
        ("Qwen/Qwen2.5-7B", "Qwen/Qwen2.5-Coder-7B-Instruct", None),
        ("mistralai/Mistral-7B-v0.1", "mistralai/Mistral-7B-Instruct-v0.2", None),
        ("meta-llama/Meta-Llama-3-8B", "meta-llama/Llama-3.1-8B-Instruct", None),
        ("google/gemma-2-2b", "google/gemma-2b-it", None),
        ("CYFRAGOVPL/PLLuM-12B-nc-base", "CYFRAGOVPL/PLLuM-12B-chat", None),
        ("01-ai/Yi-34B-200K", "01-ai/Yi-34B-Chat", None),
    ],
)
def test_well_known_pairs(base: str, variant: str, told: str | None) -> None:
    assert relation(base, variant) == told


def test_the_shape_is_the_contract_s() -> None:
    assert boards.pairs().columns.tolist() == list(COLUMNS)
    assert set(boards.pairs()["relation"]) == {OFFICIAL, COMMUNITY}
    assert boards.pairs()["confidence"].between(0.5, 1).all()
    assert boards.pairs()["evidence"].str.len().gt(8).all()
    assert not boards.pairs().duplicated(["base_id", "variant_id"]).any()


def test_both_sides_stand_on_the_board_and_nothing_is_its_own_variant() -> None:
    models = set(boards.board()["model_id"])

    assert set(boards.pairs()["base_id"]) | set(boards.pairs()["variant_id"]) <= models
    assert (boards.pairs()["base_id"] != boards.pairs()["variant_id"]).all()


def test_a_variant_has_one_root() -> None:
    """More than one base only where the nearest one continues another, or stands under two addresses."""
    several = boards.pairs().groupby("variant_id")["base_id"].agg(set)
    several = several[several.str.len() > 1]

    kinds = boards.board().drop_duplicates("model_id").set_index("model_id")["kind"]
    mirrored = {"mistralai/Mixtral-8x22B-v0.1", "mistral-community/Mixtral-8x22B-v0.1"}
    odd = [bases for bases in several if bases != mirrored and "continued" not in set(kinds[list(bases)])]
    assert odd == []


def test_merges_and_bases_are_nobody_s_variants() -> None:
    kinds = boards.board().drop_duplicates("model_id").set_index("model_id")["kind"]

    assert set(kinds[boards.pairs()["variant_id"]]) <= {"instruct", "finetune"}


def test_every_base_of_a_pair_is_a_base() -> None:
    kinds = boards.board().drop_duplicates("model_id").set_index("model_id")["kind"]
    bases = boards.pairs()["base_id"].unique()

    assert set(kinds[bases]) <= {"base", "continued"}


def test_it_does_not_depend_on_the_order_of_rows() -> None:
    shuffled = boards.board().sample(frac=1, random_state=1)

    pd.testing.assert_frame_equal(pair_variants(shuffled), boards.pairs())


def test_a_filtered_board_has_the_pairs_that_are_left() -> None:
    part = boards.board()[boards.board()["organization"].isin(["Qwen", "google"])]
    pairs = pair_variants(part)
    models = set(part["model_id"])
    left = boards.pairs()[
        boards.pairs()["base_id"].isin(models) & boards.pairs()["variant_id"].isin(models)
    ].reset_index(drop=True)

    assert pairs[["base_id", "variant_id"]].equals(left[["base_id", "variant_id"]])


def test_an_empty_board_has_no_pairs() -> None:
    pairs = pair_variants(boards.board().iloc[:0])

    assert pairs.empty
    assert pairs.columns.tolist() == list(COLUMNS)


def test_name_and_kind_are_enough() -> None:
    small = pd.DataFrame(
        {"model_id": ["Qwen/Qwen2.5-7B", "Qwen/Qwen2.5-7B-Instruct"], "kind": ["base", "instruct"]}
    )

    assert pair_variants(small)["variant_id"].tolist() == ["Qwen/Qwen2.5-7B-Instruct"]


def test_an_unknown_publisher_is_paired_by_its_own_names() -> None:
    small = pd.DataFrame(
        {
            "model_id": ["lab/Nova-5B-base", "lab/Nova-5B-chat", "other/Nova-5B-chat", "lab/Nova-7B-chat"],
            "kind": ["base", "instruct", "finetune", "instruct"],
        }
    )

    pairs = pair_variants(small)

    assert pairs[["base_id", "variant_id", "relation"]].to_numpy().tolist() == [
        ["lab/Nova-5B-base", "lab/Nova-5B-chat", OFFICIAL]
    ]


@pytest.mark.parametrize(
    "model",
    [
        "microsoft/Phi-3-mini-4k-instruct",
        "microsoft/Phi-3.5-mini-instruct",
        "microsoft/phi-4",
        "CohereForAI/aya-23-8B",
        "CohereForAI/c4ai-command-r-v01",
        "LGAI-EXAONE/EXAONE-3.5-7.8B-Instruct",
        "mistralai/Ministral-8B-Instruct-2410",
        "mistralai/Mistral-Large-Instruct-2411",
        "upstage/solar-pro-preview-instruct",
    ],
)
def test_no_public_base_is_a_state_of_its_own(model: str) -> None:
    told = no_public_base(boards.board()).set_index("model_id")

    assert told.loc[model, "reason"]
    assert boards.board().set_index("model_id")["base_state"][[model]].tolist()[0] == "no_public_base"
    assert model not in set(boards.pairs()["variant_id"])


def test_bases_without_an_instruct_model_stay_unpaired() -> None:
    paired = set(boards.pairs().loc[boards.pairs()["relation"] == OFFICIAL, "base_id"])

    assert paired.isdisjoint({"tiiuae/falcon-11B", "microsoft/phi-2", "EleutherAI/pythia-12b"})
    assert "Qwen/Qwen2.5-7B" in paired


@pytest.mark.skipif(not LABELS.is_file(), reason="the labels are not beside the project")
def test_pairs_agree_with_the_labels() -> None:
    labels = pd.read_csv(LABELS)
    told = [relation(base, variant) for base, variant in zip(labels["base"], labels["instruct"], strict=True)]
    official = labels["relation"] == OFFICIAL
    community = labels["relation"] == COMMUNITY
    alike = labels["relation"] == "not_a_pair"

    found = pd.Series(told, index=labels.index)
    assert (found[official] == OFFICIAL).mean() >= 0.98
    assert (found[community] == COMMUNITY).mean() >= 0.80
    assert found[alike].notna().mean() <= 0.01


def paired(*models: str, bases: tuple[str, ...]) -> list[tuple[str, str, str]]:
    """Pairs of a frame of names, the first ones bases."""
    kinds = ["base"] * len(bases) + ["instruct"] * len(models)
    found = pair_variants(pd.DataFrame({"model_id": [*bases, *models], "kind": kinds}))
    return list(zip(found["base_id"], found["variant_id"], found["relation"], strict=True))


@pytest.mark.parametrize(
    ("base", "variant"),
    [
        ("lab/Plum-9B-v2-Base", "lab/Plum-9B-v2"),
        ("lab/Plum-Base-0414", "lab/Plum-0414"),
        ("lab/Plum-3-1025-7B", "lab/Plum-3-7B-Instruct"),
        ("lab/Plum-40b", "lab/Plum-40b-instruct-2512"),
        ("lab/Plum-3b", "lab/Plum-3b-instruct-v0.1"),
        ("lab/Plum-7b", "lab/Plum-7b-instruct3"),
        ("lab/Plum-1.2B-Base", "lab/Plum-1.2B-Thinking"),
        # the catalogue's, under the publisher's former name
        ("zai-org/GLM-4-32B-Base-0414", "THUDM/GLM-4-32B-0414"),
        ("swiss-ai/Apertus-8B-2509", "swiss-ai/Apertus-8B-Instruct-2509"),
        ("google/gemma-4-E4B", "google/gemma-4-E4B-it"),
    ],
)
def test_a_publisher_s_habit_of_naming_is_known(base: str, variant: str) -> None:
    assert paired(variant, bases=(base,)) == [(base, variant, OFFICIAL)]


@pytest.mark.parametrize(
    ("bases", "variant"),
    [
        (("lab/Plum-7B-0924",), "lab/Plum-7B-0125-Instruct"),  # two releases
        (("lab/Plum-7B-0924", "lab/Plum-7B-0125"), "lab/Plum-7B-Instruct"),  # which of the two?
        (("lab/Plum-7B-v0.1",), "lab/Plum-7B-Instruct-v0.2"),
        (("lab/Plum-7B",), "lab/Plum-7B-v2"),
        (("Qwen/Qwen3-8B-Base",), "Qwen/Qwen3-VL-8B-Instruct"),
        (("Qwen/Qwen2-VL-7B",), "Qwen/Qwen2-Audio-7B"),
        (("Qwen/Qwen3-8B-Base",), "Qwen/Qwen3Guard-Gen-8B"),
        (("Qwen/Qwen3-8B-Base",), "Qwen/Qwen3-8B-AWQ"),
        (("Qwen/Qwen3-8B-Base",), "Qwen/Qwen3-8B-FP8"),
    ],
)
def test_look_alikes_are_not_paired(bases: tuple[str, ...], variant: str) -> None:
    assert paired(variant, bases=bases) == []
