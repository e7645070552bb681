"""Models side by side: figures as on the board, words for what is unknown, and a safe Markdown export."""

import numpy as np
import pandas as pd
import pytest

from core import comparison
from core.errors import InvalidInputError
from tests import boards

QWEN, GEMMA, LLAMA = "Qwen/Qwen2.5-7B", "google/gemma-2-9b", "meta-llama/Llama-3.1-8B"
SEVEN = (
    QWEN,
    GEMMA,
    LLAMA,
    "Qwen/Qwen2.5-3B",
    "Qwen/Qwen2.5-1.5B",
    "google/gemma-2-2b",
    "mistralai/Mistral-7B-v0.3",
)


def compare(*models: str, **options: str) -> comparison.Comparison:
    return comparison.compare(boards.board(), models, boards.lifts(), **options)


def test_differences_are_taken_to_the_reference() -> None:
    found = compare(QWEN, GEMMA, reference=GEMMA)
    scores = found.scores.set_index(["model_id", "key"])
    runs = boards.board().set_index("model_id")["bbh"]
    assert scores.loc[(QWEN, "bbh"), "difference"] == pytest.approx(runs[QWEN] - runs[GEMMA])
    assert np.isnan(scores.loc[(GEMMA, "bbh"), "difference"])


def test_a_difference_is_real_only_beyond_noise() -> None:
    scores = compare(QWEN, GEMMA).scores.set_index(["model_id", "key"])
    assert bool(scores.loc[(GEMMA, "average"), "real"])
    assert not bool(scores.loc[(GEMMA, "musr"), "real"])
    assert pd.isna(scores.loc[(QWEN, "average"), "real"])


def test_chances_are_complementary() -> None:
    chances = compare(QWEN, GEMMA, LLAMA, by="musr").chances
    assert chances.loc[QWEN, LLAMA] + chances.loc[LLAMA, QWEN] == pytest.approx(1)
    assert np.isnan(chances.loc[QWEN, QWEN])


def test_facts_cover_licence_variant_and_tokenizer() -> None:
    facts = compare(LLAMA, QWEN).facts
    assert facts.loc["Instruct variant", LLAMA] == "meta-llama/Llama-3.1-8B-Instruct"
    assert "without its chat template" in facts.loc["Lift of the average", LLAMA]
    assert facts.loc["0 to 999 as one token", LLAMA] == "1000 of 1000"
    assert facts.loc["0 to 999 as one token", QWEN] == "10 of 1000"
    assert "Apache" in facts.loc["Licence", QWEN]


def test_a_model_without_a_public_base_says_so() -> None:
    facts = compare("microsoft/Phi-3-mini-4k-instruct").facts.iloc[:, 0]
    assert "no public base" in facts["Instruct variant"]


def test_an_instruct_model_names_its_base() -> None:
    assert QWEN in compare("Qwen/Qwen2.5-7B-Instruct").facts.loc["Instruct variant"].iloc[0]


def test_newer_bases_are_marked_and_their_gaps_are_unknown_not_empty() -> None:
    facts = compare("Qwen/Qwen3-8B-Base").facts.iloc[:, 0]
    assert "later study" in facts["Source of the scores"]
    assert facts["Precision of the run"] == "unknown"
    assert facts.map(str).str.strip().ne("").all()


@pytest.mark.parametrize("models", [(), SEVEN, (QWEN, "nobody/nothing")])
def test_what_cannot_be_compared_is_refused_in_plain_words(models: tuple[str, ...]) -> None:
    with pytest.raises(InvalidInputError):
        compare(*models)


def test_a_model_named_twice_counts_once() -> None:
    assert compare(QWEN, QWEN).model_ids == [QWEN]


def test_summary_says_how_sure_it_is() -> None:
    assert "over 99% probability (more than noise)" in comparison.summary(compare(QWEN, GEMMA))
    assert "within noise" in comparison.summary(compare(QWEN, GEMMA, by="musr"))
    assert "second model" in comparison.summary(compare(QWEN))


def test_markdown_holds_every_model_and_figure() -> None:
    text = comparison.to_markdown(compare(QWEN, GEMMA), source="Scores: a board of 2025.")
    assert f"{boards.board().set_index('model_id').loc[QWEN, 'average']:.1f} ±" in text
    assert QWEN in text
    assert GEMMA in text
    assert text.rstrip().endswith("Scores: a board of 2025.")
    tables = [line for line in text.splitlines() if line.startswith("|")]
    assert all(line.count("|") == tables[0].count("|") for line in tables)


def test_names_from_outside_cannot_become_markup() -> None:
    board = boards.board()[boards.board()["model_id"] == QWEN].assign(model_id="x/<img src=a>|[l](http://e)")
    found = comparison.compare(board, ["x/<img src=a>|[l](http://e)"], boards.lifts())
    text = comparison.to_markdown(found, source="")
    assert "<img" not in text.replace("\\<img", "")
    assert "[l](" not in text.replace("\\[l\\](", "")


def test_a_placed_base_is_never_said_to_have_a_score() -> None:
    field = boards.today()
    placed = field[field["evidence"] == "placed"].iloc[0]
    found = comparison.compare(field, [placed["model_id"], LLAMA], boards.lifts(), languages=["de"])
    own = found.facts[placed["model_id"]]
    assert own["How its scores are known"].startswith(f"placed at {placed['average']:.0f} (")
    assert found.facts.loc["How its scores are known", LLAMA] == "measured"
    assert found.facts.loc["May be sold in the EU", LLAMA] in {"yes", "no", "unknown"}
    assert "In German" in found.facts.index
