"""One model gathered: whatever the id, what is known is said and the rest stays unknown."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from core.errors import InvalidInputError
from core.hub.models import HubModel
from core.leaderboard import load_leaderboard
from core.model_card import gather, kin, memory
from core.model_card.names import canonical, known_names, near
from core.placement import load_placement
from core.schema import SCORE_KEYS
from core.variants.pairs import pair_variants

QWEN, GEMMA, LLAMA = "Qwen/Qwen3-8B-Base", "google/gemma-4-E4B", "meta-llama/Llama-3.1-8B"


@pytest.fixture(scope="module")
def board() -> pd.DataFrame:
    return load_leaderboard()


@pytest.fixture(scope="module")
def pairs(board: pd.DataFrame) -> pd.DataFrame:
    return pair_variants(board)


def average(card) -> pd.Series:
    return card.scores.set_index("key").loc["average"]


def test_a_measured_base_has_its_score_and_is_placed_from_reports_alone(board: pd.DataFrame) -> None:
    card = gather(LLAMA, board)
    run = board[(board["model_id"] == LLAMA) & board["primary"]].iloc[0]

    assert card.status == "measured"
    assert average(card)["measured"] == pytest.approx(run["average"])
    assert average(card)["measured_high"] - average(card)["measured"] == pytest.approx(
        1.645 * run["average_se"], rel=1e-3
    )
    assert card.sentence.startswith("has a measured average of 14.4 (13.2–15.6); from 13 reports alone it is")


def test_a_placed_base_never_has_a_score(board: pd.DataFrame) -> None:
    card = gather(GEMMA, board)
    row = load_placement().set_index("model_id").loc[GEMMA]

    assert card.status == "placed"
    assert card.run is None
    assert average(card).isna()[["measured", "measured_low", "measured_high"]].all()
    assert (average(card)["placed"], average(card)["placed_low"]) == (
        row["placed_average"],
        row["placed_low"],
    )
    assert card.sentence.startswith("is placed at ")
    assert card.sentence.endswith(" from 1 report")
    assert " has " not in f" {card.sentence} "


def test_a_base_without_published_scores_says_so(board: pd.DataFrame) -> None:
    alone = load_placement().query("evidence == 'size only' and not measured")["model_id"].iloc[0]
    card = gather(alone, board)

    assert card.status == "size only"
    assert "by its size, date and family alone" in card.sentence


def test_a_base_that_was_never_published_names_the_nearest_one(board: pd.DataFrame) -> None:
    card = gather("Qwen/Qwen3-32B-Base", board)

    assert card.status == "no base"
    assert card.without_base is not None
    assert card.without_base.nearest == "Qwen/Qwen3-14B-Base"
    assert card.n_reports > 0  # its publisher's report scores it all the same


def test_a_tuned_model_of_the_board_that_has_no_base_keeps_its_scores(board: pd.DataFrame) -> None:
    card = gather("microsoft/phi-4", board)

    assert card.status == "measured"
    assert card.without_base is not None
    assert card.known.kind == "instruct"


def test_an_unknown_model_is_unknown(board: pd.DataFrame) -> None:
    card = gather("nobody/nothing-9B", board)

    assert card.status == "unknown"
    assert card.sentence == ""
    assert card.known.params_b is None
    assert card.scores.drop(columns=["key", "label"]).isna().all(axis=None)


def test_a_tuned_model_that_only_the_catalogue_names_is_no_stranger(board: pd.DataFrame) -> None:
    for name in ("Qwen/Qwen3-8B", "Qwen/Qwen3-32B"):  # of a base that was published, and of one that wasn't
        card = gather(name, board)
        assert (card.status, card.known.kind) == ("unscored", "instruct")


def test_what_the_hub_said_of_an_added_model_is_taken(board: pd.DataFrame) -> None:
    added = HubModel(
        "nobody/nothing-9B", params_b=9.1, license="mit", gated=False, context_length=4096,
        created="2026-05-03", base_models=(LLAMA,), read="2026-11-01T00:00:00",
    )  # fmt: skip
    card = gather("nobody/nothing-9B", board, added)

    assert card.status == "unscored"
    assert (card.known.params_b, card.known.licence, card.known.released) == (9.1, "mit", "2026-05")
    assert card.known.gated is False
    assert kin.tuned_from(card, pd.DataFrame(columns=["base_id", "variant_id"])) == [LLAMA]


def test_the_catalogue_goes_before_the_hub(board: pd.DataFrame) -> None:
    card = gather(QWEN, board, HubModel(QWEN, params_b=99.0, license="other"))

    assert (card.known.params_b, card.known.licence) == (8.0, "apache-2.0")


@pytest.mark.parametrize("name", ["", "a/b/c", "../etc/passwd", "a" * 4000, "x/<script>", "a/b?c=d", "a b/c"])
def test_what_is_no_repository_is_refused(board: pd.DataFrame, name: str) -> None:
    with pytest.raises(InvalidInputError):
        gather(name, board)


@pytest.mark.parametrize(
    ("asked", "meant"),
    [
        ("qwen/QWEN3-8b-base", QWEN),
        ("meta-llama/Meta-Llama-3.1-8B", LLAMA),
        ("a/b", "a/b"),
        ("olmo-3-1025-7b", "allenai/Olmo-3-1025-7B"),
    ],
)
def test_names_are_found_whatever_their_case(board: pd.DataFrame, asked: str, meant: str) -> None:
    assert canonical(asked, known_names(board["model_id"])) == meant


def test_names_like_an_unknown_one_begin_with_those_of_its_publisher(board: pd.DataFrame) -> None:
    names = known_names(board["model_id"])

    assert near("Qwen/Qwen3-9B-Base", names)[0].startswith("Qwen/Qwen3")
    assert "allenai/Olmo-3-1025-7B" in near("Olmo-3 7b", names)
    assert near("nobody/xyzzy-quux", names) == []


def test_relatives_of_a_base(board: pd.DataFrame, pairs: pd.DataFrame) -> None:
    card = gather(LLAMA, board)
    family = kin.same_family(card, board)

    assert {"meta-llama/Llama-3.2-3B", "meta-llama/Meta-Llama-3-8B"} <= set(family["model_id"])
    assert LLAMA not in set(family["model_id"])
    assert kin.instruct_variants(card, board, pairs)["model_id"].tolist() == [
        "meta-llama/Llama-3.1-8B-Instruct"
    ]
    assert kin.community_tunes(card, pairs) > 100


def test_variants_of_a_base_that_is_only_placed_come_from_the_catalogue(
    board: pd.DataFrame, pairs: pd.DataFrame
) -> None:
    variants = kin.instruct_variants(gather(GEMMA, board), board, pairs)

    assert variants["model_id"].tolist() == ["google/gemma-4-E4B-it"]
    assert variants["average"].isna().all()


def test_a_tuned_model_names_what_it_was_made_from(board: pd.DataFrame, pairs: pd.DataFrame) -> None:
    assert kin.tuned_from(gather("Qwen/Qwen2.5-7B-Instruct", board), pairs) == ["Qwen/Qwen2.5-7B"]


def test_memory_is_known_from_layers_or_said_not_to_be(board: pd.DataFrame) -> None:
    known = memory.on_cards(gather(LLAMA, board))
    assert known.estimate is not None
    assert known.basis == "its layer sizes are known"
    assert known.cheapest is not None
    assert known.cards[known.cards["verdict"] == "fits"]["card"].iloc[0] == known.cheapest.label
    assert (known.cards["longest_safe"] <= known.cards["longest_likely"]).all()

    unknown = memory.on_cards(gather("nobody/nothing", board))
    assert unknown.estimate is None
    assert unknown.cards.empty
    assert unknown.caveat


def test_a_tuned_model_takes_the_layers_of_its_base(board: pd.DataFrame) -> None:
    card = gather("Qwen/Qwen2.5-7B-Instruct", board)

    assert memory.on_cards(card, bases=["Qwen/Qwen2.5-7B"]).basis == "its layer sizes are known"


def test_a_hostile_config_leaves_the_size_to_estimate_with(board: pd.DataFrame) -> None:
    config = {"hidden_size": 10**30, "num_hidden_layers": -1, "num_attention_heads": "x"}
    card = gather("nobody/x", board, HubModel("nobody/x", params_b=7.0, config=config))

    found = memory.on_cards(card)
    assert found.estimate is not None
    assert "hidden_size" in found.caveat or "num_hidden_layers" in found.caveat

    without = memory.on_cards(replace(card, known=replace(card.known, params_b=None)))
    assert without.estimate is None


def test_a_base_entered_by_hand_is_placed_not_measured(board: pd.DataFrame) -> None:
    row = board[board["model_id"] == LLAMA].iloc[[0]].copy()
    row["model_id"], row["source"], row["evidence"] = "me/mine-8B", "placement", "placed"
    row["comparability"] = "entered by you: placed from 2 scores"
    row["n_reports"], row["n_scores"] = 1, 2
    for key in SCORE_KEYS:
        row[f"{key}_low"], row[f"{key}_high"] = row[key] - 5, row[key] + 5
    card = gather("me/mine-8B", pd.concat([board, row], ignore_index=True))

    assert card.status == "placed"
    assert card.sentence == "is placed at 14 (9–19) from 1 report"
    assert card.remark == "entered by you: placed from 2 scores"
    assert card.run is None
