"""What reports print of one model, beside what the placement expects."""

from __future__ import annotations

import pytest

from core.catalogue import load_reports
from core.model_card.languages import by_language
from core.model_card.references import link_of
from core.model_card.reports import DOUBTFUL, printed_figures, witnesses
from core.placement import load_cells, load_placement

QWEN, LLAMA = "Qwen/Qwen3-8B-Base", "meta-llama/Llama-3.1-8B"


@pytest.mark.parametrize("model", [QWEN, LLAMA, "google/gemma-4-E4B", "allenai/Olmo-3-1025-7B"])
def test_every_printed_figure_is_shown_and_every_used_one_with_its_expectation(model: str) -> None:
    figures = printed_figures(model)
    reports, cells = load_reports(), load_cells()

    assert len(figures) == (reports["model_id"].str.lower() == model.lower()).sum()
    assert figures["expected"].notna().sum() >= (cells["model_id"] == model).sum() > 0
    used = figures[figures["expected"].notna()]
    assert (used["low"] <= used["expected"]).all()
    assert (used["expected"] <= used["high"]).all()


def test_a_figure_left_out_says_why_and_expects_nothing() -> None:
    figures = printed_figures(LLAMA)
    out = figures[figures["verdict"].str.startswith("left out: ")]

    assert len(out) >= 8
    assert out["expected"].isna().all()
    assert out["verdict"].str.contains("quoted from").any()


def test_doubtful_figures_are_marked() -> None:
    figures = printed_figures(LLAMA)
    mbpp = figures[(figures["report"] == "olmo3-report") & (figures["benchmark"] == "MBPP")].iloc[0]

    assert mbpp["verdict"] == "doubtful"
    assert mbpp["doubt"] >= DOUBTFUL
    assert set(figures.loc[figures["doubt"] < DOUBTFUL, "verdict"]) <= {"as expected", "outside the interval"}


def test_reports_are_counted_with_title_and_link() -> None:
    figures = printed_figures(QWEN)
    listed = witnesses(figures).set_index("report")

    assert listed["figures"].sum() == len(figures)
    assert listed["used"].sum() == figures["expected"].notna().sum()
    assert listed.loc["qwen3-report", "title"] == "Qwen3 report"
    assert listed.loc["qwen3-report", "link"] == "https://arxiv.org/abs/2505.09388"
    assert listed.loc["nemotron-nano2-paper", "used"] == 0


@pytest.mark.parametrize("model", [QWEN, LLAMA, "Qwen/Qwen3-32B-Base"])
def test_the_placement_counts_the_reports_that_are_listed(model: str) -> None:
    # Two sets of figures of one report, each by a protocol of its own, are one witness.
    listed = witnesses(printed_figures(model))

    assert load_placement().set_index("model_id").loc[model, "n_reports"] == (listed["used"] > 0).sum()


def test_a_model_in_no_report_gives_empty_tables() -> None:
    figures = printed_figures("nobody/nothing")

    assert figures.empty
    assert witnesses(figures).empty


def test_languages_stand_beside_the_median_of_their_own_language() -> None:
    table = by_language(LLAMA).set_index("language")

    assert (table["low"] <= table["score"]).all()
    assert (table["place"] <= table["of"]).all()
    best = by_language("google/gemma-3-27b-pt").set_index("language")
    assert best.loc["de", "place"] < table.loc["de", "place"]
    assert best.loc["de", "median"] == table.loc["de", "median"]
    assert by_language("nobody/nothing").empty


@pytest.mark.parametrize(
    ("source", "link"),
    [
        ("arXiv 2505.09388", "https://arxiv.org/abs/2505.09388"),
        (
            "model card ibm-granite/granite-3.3-8b-base",
            "https://huggingface.co/ibm-granite/granite-3.3-8b-base",
        ),
        ("http://github.com/a/b README", "https://github.com/a/b"),
        ("Qwen/Qwen3-32B/discussions", "https://huggingface.co/Qwen/Qwen3-32B/discussions"),
        ("openai/gpt-oss README.md", "https://github.com/openai/gpt-oss"),
        ("https://huggingface.co.evil.example/x", None),
        ("https://huggingface.co@evil.example/x", None),
        ("https://mirror.example/x", None),
        ("javascript:alert(1)", None),
        ("Gemma 3n model card", None),
        ("a" * 100_000, None),
    ],
)
def test_a_source_leads_to_its_own_place_or_nowhere(source: str, link: str | None) -> None:
    assert link_of(source) == link
