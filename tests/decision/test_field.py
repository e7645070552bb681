"""Deciding on today's field: placed bases, their covariances, languages, and what rules them out."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from core.decision import language_figures, simulation, wording
from core.decision.candidates import candidate_frame
from core.decision.rank import rank_bases
from core.decision.tasks import CRITERIA_KEYS, Task, preset
from core.languages import load_languages
from core.leaderboard import load_field
from core.schema import BENCHMARK_KEYS, Z90

CAPABILITY = {key: float(key == "capability") for key in CRITERIA_KEYS}
EQUAL = dict.fromkeys(BENCHMARK_KEYS, 1.0)


@pytest.fixture(scope="module")
def field():
    return load_field("today")


def row(name, score, se, *, evidence="placed", covariance=0.0, reports=1):
    """A base whose six scores and errors are all alike."""
    cells = {"model_id": name, "params_b": 7.0, "license": "mit", "evidence": evidence, "n_reports": reports}
    for i, key in enumerate(BENCHMARK_KEYS):
        cells |= {key: score, f"{key}_se": se}
        cells |= {f"cov_{key}_{other}": covariance for other in BENCHMARK_KEYS[i + 1 :]}
    return cells


def decide(*rows, **changes):
    task = Task(weights=CAPABILITY, benchmarks=EQUAL, certainty="exact", draws=20_000)
    return rank_bases(pd.DataFrame(list(rows)), replace(task, **changes))


def test_errors_that_go_together_do_not_average_out():
    # Six errors of 6 points: alone the mean's is 6 / sqrt(6) = 2.449; fully together it is 6.
    alone = candidate_frame(pd.DataFrame([row("a/x", 20.0, 6.0)]), Task(benchmarks=EQUAL))
    together = candidate_frame(pd.DataFrame([row("a/x", 20.0, 6.0, covariance=36.0)]), Task(benchmarks=EQUAL))

    assert alone["capability_se"].iloc[0] == pytest.approx(2.449, abs=1e-3)
    assert together["capability_se"].iloc[0] == pytest.approx(6)


def test_draws_follow_the_covariance():
    # 1 point apart, errors of 0 and of 6 going together: Phi(1/6) = 0.566, not Phi(1/2.449) = 0.658.
    decision = decide(
        row("a/sure", 20.0, 0.0, evidence="measured"), row("a/placed", 19.0, 6.0, covariance=36.0)
    )

    assert decision.first == "a/sure"
    assert decision.ranking["p_first"].iloc[0] == pytest.approx(0.566, abs=0.012)


def test_the_variance_of_a_weighted_sum_is_worked_out_as_by_hand():
    # w = (2, 3): 4 * 1 + 9 * 4 + 2 * 6 * 0.5 = 46.
    scores = simulation.Scores(
        np.zeros((1, 2)), np.array([[1.0, 2.0]]), np.array([0.5, 0.5]), np.array([[0.5]])
    )

    assert scores.variance(np.array([[2.0, 3.0]])).tolist() == [[46.0]]


def test_a_lonely_score_does_not_lead_by_the_luck_of_its_interval():
    # Five bases of one report each, a point behind with errors of 15 points, against one that is known:
    # each of the five often draws far above it, none has the first place for it.
    lonely = [row(f"a/lonely{i}", 29.0, 15.0, covariance=225.0) for i in range(5)]
    decision = decide(row("a/known", 30.0, 1.0, evidence="measured"), *lonely)

    assert decision.first == "a/known"
    assert decision.firmness == "tie"
    # Alone against one of them it is ahead in Phi(1 / 15) = 53%.
    assert decision.ranking["beats_first"].iloc[1:].max() == pytest.approx(0.47, abs=0.02)


def test_most_points_in_an_open_field_is_not_called_probable():
    rivals = [row(f"a/r{i}", 20.0, 12.0, covariance=144.0) for i in range(12)]
    decision = decide(row("a/x", 30.0, 1.0, evidence="measured"), *rivals)

    assert decision.ranking["beats_first"].iloc[1:].max() < 1 / 3
    assert decision.ranking["p_first"].iloc[0] < 0.5
    assert decision.firmness == "open"
    assert "probably" not in decision.verdict


def test_placed_by_size_alone_is_out_unless_asked_for():
    rows = row("a/x", 20.0, 5.0), row("a/guess", 40.0, 9.0, evidence="size only", reports=0)

    shut, opened = decide(*rows), decide(*rows, size_only=True)

    assert shut.ranking["model_id"].tolist() == ["a/x"]
    assert shut.excluded["constraint"].tolist() == ["Placed by size alone"]
    assert opened.first == "a/guess"
    assert "by its size, date and family alone" in " ".join(opened.reasons)


def test_a_placed_base_is_said_to_be_placed_and_from_how_many_reports():
    said = decide(row("a/x", 26.0, 2.0, reports=3), row("a/y", 20.0, 2.0)).reasons

    # 26 points, an error of 2 / sqrt(6) on their mean, times 1.645.
    assert "is placed at 26.0 points (25–27) from 3 reports" in " ".join(said)
    assert "scores" not in said[1]


def test_todays_field_leads_by_what_is_known_and_every_base_is_ranked_or_ruled_out(field):
    decision = rank_bases(field, "price")

    assert set(decision.ranking["model_id"]) | set(decision.excluded["model_id"]) == set(field["model_id"])
    assert (decision.ranking["evidence"] != "size only").all()
    assert {"measured", "placed"} <= set(decision.ranking["evidence"])
    # The later study is part of today's field.
    assert "Later study" not in set(decision.excluded["constraint"])


def test_nothing_is_said_to_score_that_is_only_placed(field):
    for key in ("price", "classification", "mathematics"):
        decision = rank_bases(field, key)
        placed = decision.ranking.loc[decision.ranking["evidence"] != "measured", "model_id"]
        for name in placed.str.rsplit("/", n=1).str[-1]:
            for sentence in (*decision.reasons, decision.weakest):
                assert f"{name} scores" not in sentence


def test_sale_in_the_eu_rules_out_by_licence(field):
    decision = rank_bases(
        field, replace(preset("classification"), sold_in_eu=True, size_max=150.0, gpu_gb=900.0)
    )

    out = decision.excluded[decision.excluded["constraint"] == "Sale in the EU"]
    assert out["model_id"].str.contains("Hunyuan").any()
    assert not decision.ranking["eu_commercial"].eq(False).any()


def test_bases_that_need_a_trained_end_token_are_out_on_request(field):
    decision = rank_bases(field, replace(preset("classification"), trained_stop=True))

    assert not decision.ranking["trained_embeddings_needed"].eq(True).any()
    assert "Stopping needs training" in set(decision.excluded["constraint"])


def test_only_the_shortlist_is_ranked(field):
    picks = ("allenai/Olmo-3-1025-7B", "Qwen/Qwen3-8B-Base")
    decision = rank_bases(field, Task(only=picks))

    assert set(decision.ranking["model_id"]) == set(picks)
    assert set(decision.excluded["constraint"]) == {"Not on the shortlist"}


def test_languages_count_only_once_chosen(field):
    without = rank_bases(field, "classification")
    both = rank_bases(field, replace(preset("classification"), languages=("de", "ko")))

    weight = both.criteria.set_index("key")["weight"]
    # Of 130; the field's bases alone hold no instruct variant, so its 5 are shared out.
    assert weight["language"] == pytest.approx(30 / 125)
    assert without.criteria.set_index("key")["weight"]["language"] == 0
    assert not any("languages" in note for note in without.notes)


def test_each_language_is_counted_on_its_own_and_one_without_leading_figures_is_named(field):
    decision = rank_bases(field, replace(preset("classification"), languages=("de", "ko")))
    ranked = decision.ranking["model_id"].tolist()
    table = load_languages()
    known = {code: set(table.loc[table["language"] == code, "model_id"]) for code in ("de", "ko")}
    missing = {code: sum(name not in known[code] for name in ranked) for code in known}

    assert f"German figures of {missing['de']}, Korean figures of {missing['ko']}" in " ".join(decision.notes)
    assert not known["ko"] & set(ranked[:5])
    at, first = next((i, name) for i, name in enumerate(ranked, start=1) if name in known["ko"])
    said = next(note for note in decision.notes if note.startswith("No Korean figure is known"))
    assert "for the first 5 candidates, so Korean sets none of them apart" in said
    assert said.endswith(f"The first with a Korean one is {decision.names[first]}, at rank {at}.")


def test_a_figure_in_languages_names_only_those_it_rests_on(field):
    task = replace(preset("classification"), languages=("de", "ko"))
    table = load_languages()
    german = table[table["language"] == "de"].set_index("model_id")["score"]
    here = field[field["model_id"].isin(german.index)]["model_id"]
    name = next(each for each in here if not language_figures.known([each], "ko")[0])
    row = candidate_frame(field[field["model_id"] == name], task).iloc[0]

    said = wording.figure("language", row, task)
    assert said == f"scores {german[name]:.0f} points in German, with no figure in Korean"


def test_the_value_of_a_language_is_its_place_between_the_lowest_and_the_highest():
    table = load_languages()
    german = table[table["language"] == "de"].sort_values("score")
    lowest, highest = german.iloc[0], german.iloc[-1]
    found = language_figures.columns(
        pd.Series([lowest["model_id"], highest["model_id"], "nobody/knows"]), ("de",)
    )

    assert found["language_value"][:2].tolist() == [0, 1]
    assert np.isnan(found["language_value"][2])
    assert found["language_score"][1] == highest["score"]
    half = (highest["high"] - highest["low"]) / 2 / Z90
    assert found["language_value_se"][1] == pytest.approx(half / (highest["score"] - lowest["score"]))


def test_a_language_nobody_tested_a_base_in_counts_as_typical_with_all_its_scatter():
    table = load_languages()
    german = set(table.loc[table["language"] == "de", "model_id"])
    korean = set(table.loc[table["language"] == "ko", "model_id"])
    one = min(german - korean)
    names = pd.Series([one, *sorted(korean)])
    both = language_figures.columns(names, ("de", "ko"))
    alone = language_figures.columns(names, ("de",))

    assert both["languages_known"][0] == 1
    # By hand: the mean of its German value and of what is typical in Korean.
    typical = language_figures.columns(names, ("ko",))["language_value"][1:]
    expected = (alone["language_value"][0] + typical.mean()) / 2
    assert both["language_value"][0] == pytest.approx(expected)
    error = np.hypot(alone["language_value_se"][0], typical.std()) / 2
    assert both["language_value_se"][0] == pytest.approx(error)


def test_the_old_language_preset_still_answers_and_is_no_longer_offered(field):
    task = preset("language")

    assert task.preset == "instructions"
    assert (task.text, task.weights["text"], task.weights["language"]) == ("polish", 30, 0)
    assert Task.from_dict({"preset": "language"}) == task
    assert rank_bases(field, "language").first


def test_flips_by_weight_come_true_when_they_are_applied(field):
    task = preset("price")
    candidates = candidate_frame(field, task)
    decision = rank_bases(candidates, task)
    tried = 0
    for flip in decision.flips.to_dict("records"):
        if flip["by"] != "weight" or not flip["apply"]:
            continue
        tried += 1
        weights = dict(zip(CRITERIA_KEYS, map(float, flip["apply"]), strict=True))
        changed = rank_bases(candidates, replace(task, weights=weights))
        score = changed.ranking.set_index("model_id")["score"]
        assert score[flip["new_first"]] >= score.max() - 1e-6, flip["sentence"]
        assert all(0 <= each <= 100 for each in flip["apply"])
    assert tried >= 2


def test_a_smaller_size_limit_that_is_said_to_flip_the_result_does(field):
    task = preset("price")
    decision = rank_bases(field, task)
    sizes = decision.flips[decision.flips["what"] == "Size range"]

    assert len(sizes)
    for flip in sizes.to_dict("records"):
        after = rank_bases(field, replace(task, **flip["apply"]))
        assert flip["new_first"] in set(after.ranking["model_id"])
        assert decision.first not in set(after.ranking["model_id"]) or flip["new_first"] == after.first
