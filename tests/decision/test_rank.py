"""The decision: constraints, criteria, uncertainty, flips, and what is said about bad input."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from core.decision import criteria, flips, memory_figures, simulation, unknowns
from core.decision.candidates import benchmark_values, candidate_frame
from core.decision.rank import TIE, rank_bases, sensitivity, tied
from core.decision.tasks import CRITERIA_KEYS, PRESETS, Task
from core.errors import InvalidInputError, InvalidTableError
from core.leaderboard import load_leaderboard
from core.schema import BENCHMARK_KEYS

COURSE = Task()
LLAMA = "meta-llama/Llama-3.1-8B"


@pytest.fixture(scope="module")
def board():
    return load_leaderboard("snapshot")


@pytest.fixture(scope="module")
def candidates(board):
    return candidate_frame(board, COURSE)


@pytest.fixture(scope="module")
def course(candidates):
    return rank_bases(candidates, COURSE)


def weights(**given):
    return {key: float(given.get(key, 0)) for key in CRITERIA_KEYS}


def rows(*models):
    """A bare table of bases: name, one score for all benchmarks, size."""
    table = pd.DataFrame(models, columns=["model_id", "score", "params_b"])
    for key in BENCHMARK_KEYS:
        table[key], table[f"{key}_se"] = table["score"], 1.0
    return table.drop(columns="score")


def test_course_choice_comes_first_by_its_tokenizer_while_others_lead_on_scores(course):
    ranking = course.ranking.set_index("model_id")

    assert course.first == LLAMA
    assert ranking.loc[LLAMA, "numbers"] == 1
    for leader in ("Qwen/Qwen2.5-7B", "google/gemma-2-9b"):
        assert ranking.loc[leader, "capability"] > ranking.loc[LLAMA, "capability"]
        assert ranking.loc[leader, "numbers"] == pytest.approx(0.01)


def test_without_weight_on_number_tokens_the_course_choice_is_not_first(candidates):
    decision = rank_bases(candidates, replace(COURSE, weights={**COURSE.weights, "numbers": 0}))

    assert decision.first != LLAMA
    assert decision.ranking.set_index("model_id").loc[LLAMA, "rank"] > 5


def test_a_bare_leaderboard_gives_the_same_answer(board, course):
    pd.testing.assert_frame_equal(rank_bases(board, "price").ranking, course.ranking)


def test_the_same_question_gives_the_same_answer_to_the_last_digit(candidates, course):
    again = rank_bases(candidates, COURSE)

    pd.testing.assert_frame_equal(again.ranking, course.ranking)
    assert again.reasons == course.reasons


def test_the_order_of_the_rows_changes_no_score(candidates, course):
    shuffled = rank_bases(candidates.sample(frac=1, random_state=1), COURSE)

    expected = course.ranking.set_index("model_id")["score"]
    pd.testing.assert_series_equal(shuffled.ranking.set_index("model_id")["score"], expected, check_like=True)


def test_dropping_a_loser_changes_no_other_score(candidates, course):
    without = candidates[candidates["model_id"] != course.ranking["model_id"].iloc[-1]]
    # Compared where every figure is known: what is typical for the unknown ones may move.
    known = course.ranking.dropna(subset=["numbers", "instruct", "memory", "licence", "age"])["model_id"]

    before = course.ranking.set_index("model_id").loc[known, "score"]
    after = rank_bases(without, COURSE).ranking.set_index("model_id")["score"]
    np.testing.assert_allclose(after.reindex(known).dropna(), before[after.reindex(known).notna().to_numpy()])


def test_ranking_holds_what_the_contract_names(course):
    expected = {"model_id", "rank", "score", "p_first", "rank_low", "rank_high", *CRITERIA_KEYS}

    assert expected <= set(course.ranking.columns)
    assert {"model_id", "constraint"} <= set(course.excluded.columns)
    assert course.ranking["p_first"].sum() == pytest.approx(1)
    assert (course.ranking["rank_low"] <= course.ranking["rank_high"]).all()
    assert course.points[list(CRITERIA_KEYS)].sum(axis=1).to_numpy() == pytest.approx(
        course.ranking["score"].to_numpy()
    )


def test_every_model_is_either_ranked_or_ruled_out_with_a_reason(board, course):
    named = set(course.ranking["model_id"]) | set(course.excluded["model_id"])

    assert named == set(board["model_id"])
    assert course.excluded["why"].str.len().min() > 0


def test_hand_worked_score_of_two_models():
    # Capability alone: 30 of 50 points is 60 of 100.
    decision = rank_bases(rows(("a/x", 30.0, 7.0), ("a/y", 20.0, 7.0)), {"weights": weights(capability=1)})

    assert decision.ranking["score"].tolist() == pytest.approx([60, 40])
    assert decision.firmness == "clear"


def test_equal_models_are_a_tie_and_it_is_said_how_often_the_second_is_ahead():
    decision = rank_bases(rows(("a/x", 30.0, 7.0), ("a/y", 30.0, 7.0)), {"weights": weights(capability=1)})

    assert decision.firmness == "tie"
    share = decision.ranking["beats_first"].iloc[1]
    assert decision.verdict.startswith("A tie: x has the most points (first in ")
    assert f"but y is ahead of it in {share:.0%}." in decision.verdict
    assert decision.ranking["rank"].tolist() == [1, 1]
    assert decision.ranking["p_first"].tolist() == pytest.approx([0.5, 0.5], abs=0.05)


def test_a_rival_that_another_is_nearly_always_ahead_of_does_not_share_the_first_place():
    # y and z are far more certain than x, and y is 3 points ahead of z: where z is ahead of x, so is y.
    table = rows(("a/x", 30.0, 7.0), ("a/y", 29.0, 7.0), ("a/z", 27.0, 7.0))
    for key in BENCHMARK_KEYS:
        table[f"{key}_se"] = [15.0, 0.1, 0.1]
    decision = rank_bases(table, {"weights": weights(capability=1), "certainty": "exact"})

    ranking = decision.ranking.set_index("model_id")
    assert ranking.loc["a/z", "beats_first"] >= TIE
    assert ranking.loc["a/z", "p_first"] < 0.01
    assert tied(decision.ranking)["model_id"].tolist() == ["a/y"]
    assert " z " not in decision.verdict


def test_a_tie_of_many_names_three_and_counts_the_rest():
    table = rows(*((f"a/m{n}", 30.0, 7.0) for n in range(6)))
    verdict = rank_bases(table, {"weights": weights(capability=1)}).verdict

    assert verdict.count("%") == 4
    assert "and 2 more in at least a third." in verdict


def test_names_that_collide_carry_their_publisher_everywhere():
    table = rows(("Qwen/Q-14B", 30.0, 7.0), ("b/Q-14B", 29.9, 7.0), ("a/z", 10.0, 7.0))
    decision = rank_bases(table.assign(license="mit"), {"weights": weights(capability=1, licence=1)})

    assert decision.names == {"Qwen/Q-14B": "Qwen/Q-14B", "b/Q-14B": "b/Q-14B", "a/z": "z"}
    said = [decision.verdict, *decision.reasons, decision.weakest, *decision.flips["sentence"]]
    mentions = [sentence for sentence in said if "Q-14B" in sentence]
    assert len(mentions) > 2
    assert not [each for each in mentions if " Q-14B" in each or each.startswith("Q-14B")]


def test_chance_of_the_first_place_is_the_normal_one():
    # Two models 1 point apart, each with an error of 1/sqrt(6) on the mean of six benchmarks.
    task = {
        "weights": weights(capability=1),
        "benchmarks": dict.fromkeys(BENCHMARK_KEYS, 1.0),
        "certainty": "exact",
        "draws": 20_000,
    }
    decision = rank_bases(rows(("a/x", 30.0, 7.0), ("a/y", 29.0, 7.0)), task)

    # Phi(1 / sqrt(2/6)) = Phi(1.732) = 0.958
    assert decision.ranking["p_first"].iloc[0] == pytest.approx(0.958, abs=0.006)


def test_less_sure_weights_make_a_less_firm_answer(candidates):
    sure = rank_bases(candidates, replace(COURSE, certainty="exact")).ranking["p_first"].iloc[0]
    unsure = rank_bases(candidates, replace(COURSE, certainty="unknown")).ranking["p_first"].iloc[0]

    assert unsure < sure


def test_drawn_weights_scatter_around_the_given_ones_and_zero_stays_zero():
    shares = np.array([0.6, 0.4, 0.0])

    drawn = simulation.draw_weights(np.random.default_rng(1), shares, 60, 20_000)

    assert drawn.sum(axis=1) == pytest.approx(1)
    assert drawn.mean(axis=0) == pytest.approx(shares, abs=0.005)
    # Standard deviation of a Dirichlet share: sqrt(w (1 - w) / (total + 1)).
    assert drawn[:, 0].std() == pytest.approx((0.6 * 0.4 / 61) ** 0.5, rel=0.05)
    assert not drawn[:, 2].any()


def test_a_weight_flip_is_where_the_two_scores_meet():
    # x: 0.8 and 0.2, y: 0.4 and 0.6: at weights 1/2 each they tie; the flip from 0.7 lies at 0.5.
    value = np.array([[0.8, 0.2], [0.4, 0.6]])

    table = flips.weight_flips(["x", "y"], value, np.array([0.7, 0.3]), ["first", "second"])

    assert table["needed"].tolist() == pytest.approx([0.5, 0.5])
    assert table["new_first"].tolist() == ["y", "y"]
    assert table["smallest"].tolist() == [True, False]


def test_a_weight_flip_really_changes_the_first_place(candidates, course):
    flip = course.flips[course.flips["by"] == "weight"].iloc[0]
    key = next(each.key for each in criteria.CRITERIA if each.label == flip["what"])
    others = sum(value for name, value in COURSE.weights.items() if name != key)
    needed = flip["needed"] + np.sign(flip["change"]) * 0.002
    changed = {**COURSE.weights, key: others * needed / (1 - needed)}

    assert rank_bases(candidates, replace(COURSE, weights=changed)).first == flip["new_first"]


def test_a_constraint_flip_really_changes_the_first_place(board, course):
    flip = course.flips[course.flips["sentence"].str.contains("continued")].iloc[0]

    assert rank_bases(board, replace(COURSE, kinds=("base", "continued"))).first == flip["new_first"]


def test_smallest_size_limit_that_rules_the_winner_out(candidates, course):
    flip = course.flips[course.flips["sentence"].str.startswith("Set the upper size limit")].iloc[0]

    assert rank_bases(candidates, replace(COURSE, size_max=7.7)).first == flip["new_first"]


def test_sensitivity_follows_the_weight(course):
    swept = sensitivity(course, "numbers").set_index(["model_id", "weight"])["p_first"]

    assert swept[LLAMA, 0.0] < 0.05
    assert swept[LLAMA].max() > TIE
    assert swept.groupby("weight").sum().max() <= 1 + 1e-9


def three_with_instruct(*averages):
    """Three bases alike but for the instruct variant's average."""
    table = rows(("a/x", 30.0, 7.0), ("a/y", 30.0, 7.0), ("a/z", 30.0, 7.0))
    return table.assign(instruct_average=averages, instruct_average_se=0.0)


def test_an_unknown_figure_puts_a_model_neither_ahead_nor_behind():
    # Capability 30 of 50 weighs half; instruct evidence 40, unknown and 20 of 50: 0.8, their mean 0.6, 0.4.
    task = {"weights": weights(capability=1, instruct=1), "certainty": "exact", "draws": 20_000}
    decision = rank_bases(three_with_instruct(40.0, np.nan, 20.0), task)

    ranking = decision.ranking.set_index("model_id")
    assert ranking.loc[["a/x", "a/y", "a/z"], "score"].tolist() == pytest.approx([70, 60, 50])
    # Drawn as 40 or 20, it ties with the first in half of the draws and is ahead in half of those.
    assert ranking.loc["a/y", "beats_first"] == pytest.approx(0.25, abs=0.02)
    assert any("puts nobody ahead or behind" in note for note in decision.notes)
    assert not any("instruct variant" in sentence for sentence in decision.reasons)


def test_a_first_place_that_rests_on_an_unknown_is_said_in_one_sentence():
    task = {"weights": weights(capability=9, instruct=1), "certainty": "exact"}
    rests = [
        note for note in rank_bases(three_with_instruct(30.0, np.nan, 29.0), task).notes if "rests" in note
    ]

    # 30 and 29 points known: at the high end of what is typical the unknown stays behind 30.
    assert rests == []
    table = three_with_instruct(30.0, np.nan, 20.0)
    table.loc[1, list(BENCHMARK_KEYS)] = 31.0
    rests = [note for note in rank_bases(table, task).notes if "rests" in note]
    assert len(rests) == 1
    assert "(instruct evidence of y)" in rests[0]
    assert "x would be first" in rests[0]


def test_what_is_typical_follows_capability_only_where_that_foretells_known_figures():
    capability = np.linspace(0.1, 0.9, 9)
    alike, scatter = unknowns.typical(capability + 0.1, capability, np.array([0.5, 5.0, np.nan]))
    # On a straight line: 0.6 at 0.5; no line is followed beyond 0.9; without a capability, the middle.
    assert alike.tolist() == pytest.approx([0.6, 1.0, 0.6])
    assert np.abs(scatter).max() < 1e-9

    unlike, scatter = unknowns.typical(
        np.array([0.1, 0.9, 0.1, 0.9, 0.1, 0.9, 0.1, 0.9, 0.1]), capability, np.array([0.1, 0.9])
    )
    assert unlike.tolist() == pytest.approx([4.1 / 9, 4.1 / 9])
    assert scatter.max() == pytest.approx(0.9 - 4.1 / 9)


def test_without_its_instruct_figure_a_base_keeps_its_points_but_for_a_little(candidates, course):
    """The figure of each base that has one is taken away in turn; it was worth up to 2.8 points."""
    before = course.ranking.set_index("model_id")["score"]
    known = course.ranking.dropna(subset=["instruct"])["model_id"].head(12)
    moved = []
    for name in known:
        blank = candidates.assign(
            instruct_average=candidates["instruct_average"].mask(candidates["model_id"] == name)
        )
        after = rank_bases(blank, replace(COURSE, draws=1)).ranking.set_index("model_id")["score"]
        moved.append(after[name] - before[name])
    assert np.abs(moved).max() < 1.0
    assert abs(np.mean(moved)) < 0.4


def test_memory_counts_in_full_once_the_lengths_and_batch_surely_fit(candidates):
    # Needing 10-14 GB of 15 and 2-3 of 15 is the same; 14-18 of 15 is sure by a quarter.
    found = memory_figures.fits(
        np.array([3.0, 12.5, -1.0, np.nan]),
        np.full(4, 15.0),
        np.array([10.0, 2.0, 14.0, np.nan]),
        np.array([14.0, 3.0, 18.0, np.nan]),
    )
    assert found.tolist() == pytest.approx([1, 1, 0.25, np.nan], nan_ok=True)

    decision = rank_bases(candidates, replace(COURSE, weights=weights(capability=1, memory=99)))
    assert decision.ranking["size_b"].iloc[0] > 2


def test_contradictory_limits_leave_nothing_and_say_what_would_help(board):
    decision = rank_bases(board, replace(COURSE, size_min=9.0, size_max=3.0))

    assert decision.firmness == "none"
    assert decision.criteria["weight"].sum() == pytest.approx(1), "the weights are still the reader's"
    assert not decision.criteria["known"].any()
    assert decision.ranking.empty
    assert any("size range is empty" in note for note in decision.notes)


def test_no_candidate_left_names_the_nearest_change(candidates):
    decision = rank_bases(candidates, replace(COURSE, gpu_gb=0.5).to_dict() | {"size_min": 8.0})

    assert decision.first == ""
    assert decision.verdict.startswith("No model meets all constraints")


def test_one_candidate_is_called_the_only_one():
    decision = rank_bases(rows(("a/x", 30.0, 7.0)), "classification")

    assert decision.firmness == "only"
    assert "only" in decision.verdict
    assert len(decision.ranking) == 1


def test_an_empty_table_is_explained(board):
    assert "empty" in rank_bases(board.head(0), COURSE).verdict


def test_all_weights_zero_is_a_tie_and_says_so(candidates):
    decision = rank_bases(candidates, replace(COURSE, weights=weights()))

    assert decision.firmness == "unweighted"
    assert set(decision.ranking["rank"]) == {1}
    assert "No weight is set" in decision.verdict


@pytest.mark.parametrize("bad", [float("nan"), -5.0, float("inf")])
def test_an_unusable_weight_counts_as_nothing(candidates, bad):
    decision = rank_bases(candidates, replace(COURSE, weights={**COURSE.weights, "age": bad}))

    assert decision.criteria.set_index("key").loc["age", "weight"] == 0
    assert any("age counts as 0" in note for note in decision.notes)


def test_a_missing_score_is_typical_of_models_with_the_same_scores_elsewhere():
    # Ten bases with 10 to 28 points on everything: one of 30 elsewhere gets 30, on the line.
    table = rows(*((f"a/{i}", 10.0 + 2 * i, 7.0) for i in range(11)))
    table.loc[10, "mmlu_pro"] = float("nan")
    full = rank_bases(rows(*((f"a/{i}", 10.0 + 2 * i, 7.0) for i in range(11))), COURSE).ranking

    decision = rank_bases(table, COURSE)

    assert decision.ranking["capability"].to_numpy() == pytest.approx(full["capability"], abs=1)
    assert decision.first == "a/10"
    assert any("lack a benchmark score" in note for note in decision.notes)


def test_a_missing_score_among_few_is_their_mean_with_their_scatter():
    table = rows(("a/x", 30.0, 7.0), ("a/y", 20.0, 7.0), ("a/z", 25.0, 7.0))
    table.loc[0, "mmlu_pro"] = float("nan")

    score, error, filled = benchmark_values(table)

    place = BENCHMARK_KEYS.index("mmlu_pro")
    assert score[0, place] == pytest.approx(22.5)
    assert error[0, place] == pytest.approx(2.5)
    assert filled.sum() == 1


def test_a_model_without_any_score_is_ruled_out():
    decision = rank_bases(rows(("a/x", 30.0, 7.0), ("a/y", float("nan"), 7.0)), COURSE)

    assert decision.excluded["constraint"].tolist() == ["No scores"]


def test_targets_that_are_not_numbers_leave_the_number_criterion_out(candidates):
    decision = rank_bases(
        candidates.drop(columns=["one_token_share"]), replace(COURSE, targets=("cheap", "dear"))
    )

    assert decision.criteria.set_index("key").loc["numbers", "weight"] == 0
    assert any("can't be read as one" in note for note in decision.notes)


def test_a_template_that_does_not_format_is_explained_and_ranked_without_it(board):
    decision = rank_bases(board, replace(COURSE, template="Price is $"))

    assert decision.first
    assert any("{target}" in note for note in decision.notes)


def test_an_architecture_no_one_knows_is_ruled_out_until_its_code_is_accepted():
    table = rows(("a/x", 30.0, 7.0), ("a/y", 20.0, 7.0)).assign(
        architecture=["NeverHeardOfForCausalLM", None]
    )

    assert rank_bases(table, COURSE).excluded["constraint"].tolist() == ["Publisher's code"]
    assert rank_bases(table, replace(COURSE, remote_code=True)).first == "a/x"


def test_examples_longer_than_a_base_was_trained_for_rule_it_out_until_they_are_shorter():
    table = rows(("a/short", 30.0, 7.0), ("a/long", 20.0, 7.0), ("a/unknown", 10.0, 7.0)).assign(
        context_length=[2048, 8192, None]
    )
    asked = replace(COURSE, gpu="a100-80", prompt_tokens=2047, target_tokens=2)

    decision = rank_bases(table, asked)
    assert decision.first == "a/long"
    out = decision.excluded.set_index("model_id").loc["a/short"]
    assert out["constraint"] == "Context length"
    assert out["why"] == "trained for 2,048 tokens, prompt and answer together have 2,049"
    assert out["way_back"] == "Shorten prompts to 2,046 tokens."
    assert rank_bases(table, replace(asked, prompt_tokens=2046)).first == "a/short"
    assert "a/unknown" in set(decision.ranking["model_id"]), "unknown is no reason"
    answers = rank_bases(table, replace(asked, target_tokens=4096)).excluded
    assert answers["way_back"].tolist() == [""], "no prompt is short enough"


def test_each_ruled_out_model_comes_back_by_the_change_it_names(board):
    decision = rank_bases(board, COURSE)
    back = decision.excluded.set_index("model_id").loc["google/gemma-2-27b", "way_back"]

    assert "size limit to 27B" in back
    assert "GPU" in back
    loose = replace(COURSE, size_max=27.0, gpu="a100-80")
    assert "google/gemma-2-27b" in set(rank_bases(board, loose).ranking["model_id"])


def test_licence_needs_rule_out_by_what_the_licence_says(board):
    decision = rank_bases(board, replace(COURSE, licence="permissive", unknown_licence=False))

    assert set(decision.ranking["license"]) <= {"apache-2.0", "mit", "cc-by-4.0", "bsd-3-clause-clear"}


def test_gated_models_can_be_ruled_out(board):
    assert not rank_bases(board, replace(COURSE, gated=False)).first.startswith("meta-llama/")


def test_all_presets_give_an_answer_with_reasons(board):
    for key in PRESETS:
        decision = rank_bases(board, key)
        assert decision.first
        assert len(decision.reasons) >= 2
        assert decision.weakest


def test_a_table_without_model_ids_is_refused():
    with pytest.raises(InvalidTableError, match="model_id"):
        rank_bases(pd.DataFrame({"name": ["x"]}), COURSE)


def test_an_unknown_preset_is_refused(candidates):
    with pytest.raises(InvalidInputError, match="no preset"):
        rank_bases(candidates, "poem")


def test_no_model_name_decides(board):
    """Renaming every organisation changes tokenizers to unknown, so the favourite falls with its evidence."""
    renamed = board.assign(model_id="x" + board["model_id"].str.replace("/", "_", regex=False))

    assert "Llama-3.1-8B" not in rank_bases(renamed, COURSE).first


CONTRACT = (
    "model_id", "organization", "precision", "kind", "params_b", "architecture", "license", "likes",
    "submitted", "average", *BENCHMARK_KEYS, *(f"{key}_se" for key in BENCHMARK_KEYS), "source",
)  # fmt: skip


@pytest.mark.parametrize("only_bases", [False, True])
def test_columns_of_the_contract_alone_are_enough(board, only_bases):
    bare = board.loc[board["kind"] == "base" if only_bases else slice(None), list(CONTRACT)]

    assert rank_bases(bare, COURSE).first == LLAMA
    assert rank_bases(bare, replace(COURSE, weights={**COURSE.weights, "numbers": 0.0})).first != LLAMA
