"""What docs/data-sources.md claims, checked on small labelled extracts that are part of the repository."""

from __future__ import annotations

import csv
import json
from typing import Any

import pandas as pd
import pytest

from core.board import scoring
from core.importers.harness_tasks import MATH_SUBTASKS
from core.importers.lm_eval import import_results
from core.leaderboard import load_leaderboard
from core.schema import SOURCE_BOARD
from core.tokenizers import facts
from core.variants import pair_variants
from tests.places import ROOT

LABELLED = ROOT / "tests" / "fixtures" / "labelled"
RIGHT_ANSWERS: list[dict[str, Any]] = json.loads((LABELLED / "right_answers.json").read_text())


def rows(name: str) -> list[dict[str, str]]:
    with (LABELLED / name).open(encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


@pytest.fixture(scope="module")
def board() -> pd.DataFrame:
    return load_leaderboard("snapshot")


@pytest.fixture(scope="module")
def told(board: pd.DataFrame) -> dict[tuple[str, str], str]:
    pairs = pair_variants(board)
    return dict(zip(zip(pairs["base_id"], pairs["variant_id"], strict=True), pairs["relation"], strict=True))


@pytest.mark.parametrize("label", rows("relations.csv"), ids=lambda row: row["variant_id"])
def test_each_labelled_relation(label: dict[str, str], told: dict, board: pd.DataFrame) -> None:
    assert {label["base_id"], label["variant_id"]} <= set(board["model_id"])
    found = told.get((label["base_id"], label["variant_id"]), "none")
    assert found == label["relation"], label["why"]


def test_labelled_bases_are_bases_and_their_variants_are_not(board: pd.DataFrame) -> None:
    kinds = board.drop_duplicates("model_id").set_index("model_id")["kind"]
    labels = pd.DataFrame(rows("relations.csv"))
    assert kinds[labels["base_id"].unique()].isin(["base", "continued"]).all()
    assert not kinds[labels["variant_id"].unique()].isin(["base", "continued"]).any()


def results_of(answers: dict[str, Any]) -> bytes:
    """A results file of the harness with the accuracies that so many right answers are."""
    results: dict[str, dict[str, float]] = {}
    for key, tasks in (("bbh", scoring.BBH_SUBTASKS), ("musr", scoring.MUSR_SUBTASKS)):
        for name, task in tasks.items():
            results[f"leaderboard_{key}_{name}"] = {"acc_norm,none": answers[key][name] / task.questions}
    for name, questions in scoring.GPQA_QUESTIONS.items():
        results[f"leaderboard_gpqa_{name}"] = {"acc_norm,none": answers["gpqa"][name] / questions}
    for name, questions in MATH_SUBTASKS.items():
        results[f"leaderboard_math_{name}_hard"] = {"exact_match,none": answers["math"][name] / questions}
    config = {"model_args": f"pretrained={answers['model_id']}"}
    return json.dumps({"results": results, "config": config}).encode()


@pytest.mark.parametrize("answers", RIGHT_ANSWERS, ids=lambda answers: answers["model_id"])
def test_scores_from_right_answers_are_the_published_ones(
    answers: dict[str, Any], board: pd.DataFrame
) -> None:
    """To 1e-9, as the page says, through the importer of the harness's results."""
    published = board[(board["model_id"] == answers["model_id"]) & (board["source"] == SOURCE_BOARD)].iloc[0]
    built = import_results([("r.json", results_of(answers))]).frame.iloc[0]
    for key in ("bbh", "musr", "gpqa"):
        assert built[key] == pytest.approx(published[key], abs=1e-9), key
        assert built[f"{key}_raw"] == pytest.approx(published[f"{key}_raw"], abs=1e-9), key


@pytest.mark.parametrize("label", rows("number_tokens.csv"), ids=lambda row: row["family"])
def test_each_labelled_tokenizer(label: dict[str, str]) -> None:
    family = label["family"]
    assert int(facts.numbers(family)["single"].sum()) == int(label["single_bare"])
    if label["single_after_price"]:  # T5's tokens also hold what follows the number
        assert int(facts.numbers(family, "price")["single"].sum()) == int(label["single_after_price"])
    examples = facts.examples(family).set_index("text")["pieces"]
    assert " ".join(examples["1234"]) == label["tokens_of_1234"]
    known = facts.families().set_index("family").loc[family]
    assert int(known["vocab_size"]) == int(label["vocabulary"])
    assert str(known["source"]) == label["counted_from"]
