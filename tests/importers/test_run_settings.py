"""What a run was asked, against what the board asks: other questions, other numbers of examples."""

from __future__ import annotations

import json

import pandas as pd
import pytest

from core.importers.harness_tasks import FULL, MATH_SUBTASKS, SHOTS, TASKS, board_questions
from core.importers.join_board import complete_rows
from core.importers.lm_eval import import_results
from core.schema import BENCHMARK_KEYS

ALL_LEVELS = {
    "algebra": 1187, "counting_and_prob": 474, "geometry": 479, "intermediate_algebra": 903,
    "num_theory": 540, "prealgebra": 871, "precalculus": 546,
}  # fmt: skip


def results_of(benchmark: str, counts: dict[str, dict[str, int]] | None = None, **said: object):
    results = {}
    for task, (key, metric) in TASKS.items():
        if key == benchmark:
            results[task] = {f"{metric},none": 0.5, "inst_level_strict_acc,none": 0.5}
    document = {
        "results": results,
        "config": {"model_args": "pretrained=acme/Plum-8B"},
        "n-samples": counts or {},
    }
    return import_results([("r.json", json.dumps(document | said).encode())])


def test_the_board_s_counts():
    assert FULL == {
        "ifeval": 541,
        "bbh": 5761,
        "math_lvl_5": 1324,
        "gpqa": 1192,
        "musr": 756,
        "mmlu_pro": 12032,
    }
    assert set(SHOTS) == set(BENCHMARK_KEYS)
    assert board_questions("leaderboard_musr_object_placements") == 256


def math(counts: dict[str, int], original: dict[str, int] | None = None) -> dict[str, dict[str, int]]:
    return {
        f"leaderboard_math_{name}_hard": {"original": (original or counts)[name], "effective": count}
        for name, count in counts.items()
    }


@pytest.mark.parametrize(
    "counts",
    [
        math(ALL_LEVELS),
        math(dict.fromkeys(ALL_LEVELS, 100), ALL_LEVELS),
        math(MATH_SUBTASKS | {"geometry": 133}),
    ],
    ids=["all levels", "a part of all levels", "one question more"],
)
def test_mathematics_of_all_levels_is_not_level_five(counts):
    found = results_of("math_lvl_5", counts)
    assert found.frame[["math_lvl_5", "math_lvl_5_raw", "math_lvl_5_se"]].isna().all(axis=None)
    assert any("MATH 5 is left unknown" in note and "another test" in note for note in found.notes)


def test_mathematics_as_the_board_asks_it():
    found = results_of("math_lvl_5", math(dict(MATH_SUBTASKS)))
    assert found.frame["math_lvl_5"].tolist() == [50.0]
    assert found.frame["comparability"].isna().all()


@pytest.mark.parametrize("benchmark", BENCHMARK_KEYS)
def test_more_questions_than_the_board_has_are_another_test(benchmark):
    counts = {
        task: {"original": board_questions(task) + 1, "effective": board_questions(task) + 1}
        for task, (key, _) in TASKS.items()
        if key == benchmark
    }
    assert results_of(benchmark, counts).frame[benchmark].isna().all()


@pytest.mark.parametrize("benchmark", BENCHMARK_KEYS)
@pytest.mark.parametrize("where", ["n-shot", "configs"])
def test_other_shots_are_said_on_the_row(benchmark, where):
    tasks = [task for task, (key, _) in TASKS.items() if key == benchmark]
    wrong = SHOTS[benchmark] + 3
    said = dict.fromkeys(tasks, wrong) if where == "n-shot" else {t: {"num_fewshot": wrong} for t in tasks}
    found = results_of(benchmark, **{where: said})
    note = f"with {wrong} shots, on the board with {SHOTS[benchmark]}"
    assert note in found.frame["comparability"][0]
    assert any(note in text for text in found.notes)
    assert note in complete_rows(found.frame)["comparability"][0], "and stays where the row is completed"
    right = results_of(benchmark, **{"n-shot": dict.fromkeys(tasks, SHOTS[benchmark])})
    assert right.frame["comparability"].isna().all()


def test_no_shots_at_all_are_a_number():
    found = results_of("mmlu_pro", **{"n-shot": {"leaderboard_mmlu_pro": 0}})
    assert found.frame["comparability"].tolist() == ["MMLU-Pro with 0 shots, on the board with 5"]


def test_a_part_of_the_questions_is_said_on_the_row():
    counts = {"leaderboard_mmlu_pro": {"original": 12032, "effective": 500}}
    for found in (
        results_of("mmlu_pro", counts),
        results_of("mmlu_pro", config={"model_args": "pretrained=a/b", "limit": 500}),
    ):
        assert found.frame["comparability"].tolist() == ["MMLU-Pro on 500 of 12,032 questions"]
        assert found.frame["mmlu_pro_se"][0] == pytest.approx(100 / 0.9 * (0.25 / 500) ** 0.5, rel=1e-6)


def test_runs_with_other_shots_are_not_joined():
    def run(shots: int, accuracy: float) -> bytes:
        document = {
            "results": {"leaderboard_mmlu_pro": {"acc,none": accuracy}},
            "config": {"model_args": "pretrained=acme/Plum-8B"},
            "n-shot": {"leaderboard_mmlu_pro": shots},
        }
        return json.dumps(document).encode()

    frame = import_results([("a", run(5, 0.3)), ("b", run(0, 0.46))]).frame
    assert frame["mmlu_pro"].round(2).tolist() == [22.22, 40.0]
    assert frame["model_id"].is_unique
    assert pd.isna(frame["comparability"][0])
    assert "0 shots" in frame["comparability"][1]


def test_examples_in_one_message_are_said():
    found = results_of("mmlu_pro", chat_template="{{x}}", fewshot_as_multiturn=False)
    assert "one message" in found.frame["comparability"][0]


def test_answers_written_otherwise_are_said_and_kept_apart():
    sampled = {"model_args": "pretrained=acme/Plum-8B", "gen_kwargs": "temperature=0.7,do_sample=True"}
    for said in (sampled["gen_kwargs"], {"temperature": 0.7, "do_sample": True, "until": None}):
        found = results_of("ifeval", config=sampled | {"gen_kwargs": said})
        told = "IFEval answered with do_sample=True, temperature=0.7, on the board as the task says"
        assert found.frame["comparability"].tolist() == [told]
    assert results_of("mmlu_pro", config=sampled).frame["comparability"].isna().all(), (
        "nothing is written there"
    )

    def run(**config: object) -> bytes:
        document = {
            "results": {"leaderboard_ifeval": {"prompt_level_strict_acc": 0.5, "inst_level_strict_acc": 0.5}},
            "config": {"model_args": "pretrained=acme/Plum-8B"} | config,
        }
        return json.dumps(document).encode()

    frame = import_results([("a", run()), ("b", run(gen_kwargs="temperature=0.7"))]).frame
    assert frame["model_id"].tolist() == ["acme/Plum-8B", "acme/Plum-8B-with-gen-kwargs"]


def test_a_share_of_the_questions_is_said_on_the_row():
    found = results_of("mmlu_pro", config={"model_args": "pretrained=a/b", "limit": 0.1})
    assert found.frame["comparability"].tolist() == ["MMLU-Pro on 1,204 of 12,032 questions"]
