"""The page for one model: any id gets an answer, and what isn't known is said."""

from __future__ import annotations

import re

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from core.hub.models import HubModel
from core.readiness import assess
from core.workspace.contents import Workspace
from pages.parts.model import reports
from pages.parts.model.own_files import Own
from pages.parts.shell.model_link import NAME_IN_URL, model_url
from tests.page_driver import APP, PATIENCE_S, open_page, words

PAGE = "pages/model.py"


def shown(at) -> str:
    text = "\n".join(str(header.value) for header in at.header).replace("\\", "")
    return f"{text}\n{words(at)}"


@pytest.mark.parametrize(
    ("model", "said"),
    [
        (
            "meta-llama/Llama-3.1-8B",
            ["measured on the six tasks", "has a measured average of 14.4",
             "from 13 reports alone it is placed at", "chat tokens need training",
             "Llama 3.1 Community License", "on the board from it"],
        ),
        (
            "google/gemma-4-E4B",
            ["placed from published tables, not measured", "is placed at 9 (4–15) from 1 report",
             "absence of a warning does not mean", "Apache 2.0"],
        ),
        (
            "Qwen/Qwen3-32B-Base",
            ["no base was published", "has not released the base", "The nearest base that was published"],
        ),
        (
            "microsoft/phi-4",
            ["has a measured average of 30.4", "instruct: tuned by the base's own publisher"],
        ),
        (
            "Qwen/Qwen3-9B-Base",
            ["Nothing is known about Qwen/Qwen3-9B-Base", "Names like it"],
        ),
    ],
)  # fmt: skip
def test_each_kind_of_model_is_answered(model: str, said: list[str]) -> None:
    at = open_page(PAGE, id=model)
    text = shown(at).replace("**", "")

    assert not at.exception
    assert at.query_params["id"] in (model, [model])
    for words_said in said:
        assert words_said.lower() in text.lower(), words_said
    if "placed at" in text and "measured average" not in text:
        assert " has a " not in text


def test_without_a_model_the_page_says_how_to_get_one() -> None:
    at = open_page(PAGE, pick=["Qwen/Qwen2.5-7B"])

    assert not at.exception
    assert "No model is chosen" in words(at)
    assert "From your shortlist" in words(at)


@pytest.mark.parametrize(
    "asked",
    [
        "../../etc/passwd",
        "x/<img src=x onerror=alert(1)>",
        "a/b/c",
        "[x](javascript:alert(1))",
        "%00",
        "a" * 5000,
    ],
)
def test_an_id_that_is_no_repository_is_dropped_and_said(asked: str) -> None:
    at = open_page(PAGE, id=asked)

    assert not at.exception
    assert "No model is chosen" in words(at)
    assert any("Part of this link could not be used" in str(each.value) for each in at.warning)
    for warning in at.warning:  # every sign that could become markup is escaped
        assert "](" not in warning.value
        assert "<" not in warning.value.replace("\\<", "")


def open_with(**state: object):
    """The page in a session that holds ``state``; AppTest can't type what a list doesn't offer."""
    at = AppTest.from_file(str(APP), default_timeout=PATIENCE_S)
    for name, value in state.items():
        at.session_state[name] = value
    return at.run().switch_page(PAGE).run()


def test_a_name_typed_in_that_is_none_is_refused_in_words() -> None:
    at = open_with(id="not a repository")

    assert not at.exception
    assert "not the name of a repository" in words(at)


def test_words_typed_in_find_names() -> None:
    at = open_with(id="olmo-3 7b")

    assert not at.exception
    assert "allenai/Olmo-3-1025-7B" in [button.label.replace("\\", "") for button in at.button]


def test_a_name_on_the_page_leads_to_its_own_page() -> None:
    at = open_page(PAGE, id="Qwen/Qwen3-32B-Base")
    at.button(key="m_to_nearest_Qwen/Qwen3-14B-Base").click().run()

    assert not at.exception
    assert at.selectbox(key="id").value == "Qwen/Qwen3-14B-Base"
    assert "has a measured average" in words(at)


def test_a_picked_name_fills_the_page() -> None:
    at = open_page(PAGE)
    at.selectbox(key="id").set_value("allenai/Olmo-3-1025-7B").run()

    assert not at.exception
    assert "is placed at" in words(at)


def test_an_added_model_is_assessed_from_its_own_config() -> None:
    config = {
        "model_type": "llama", "architectures": ["LlamaForCausalLM"], "num_hidden_layers": 32,
        "hidden_size": 4096, "num_attention_heads": 32, "vocab_size": 32000, "tie_word_embeddings": False,
    }  # fmt: skip
    model = HubModel(
        "nobody/nothing-7B", params_b=7.0, license="mit", config=config, read="2026-11-01T00:00:00"
    )
    added = Workspace().with_model(model, "base")
    at = open_with(id=model.repo_id, workspace=added)
    text = shown(at)

    assert not at.exception
    for said in ("added by you", "From its config.json", "No score of this model is known", "QLoRA needs"):
        assert said in text, said


def test_files_of_the_model_take_the_place_of_facts_about_its_family() -> None:
    config = {"model_type": "qwen3", "architectures": ["Qwen3ForCausalLM"], "num_hidden_layers": 36}
    own = Own(assess({"config.json": config}, model_id="Qwen/Qwen3-8B-Base"), "uploaded files (config.json)")
    at = open_with(id="Qwen/Qwen3-8B-Base", m_own_files={"Qwen/Qwen3-8B-Base": own})
    text = shown(at)

    assert not at.exception
    assert "From its own files" in text
    assert "Published facts about the family" not in text


def test_reading_files_without_a_network_is_explained() -> None:
    at = open_page(PAGE, id="Qwen/Qwen3-8B-Base")
    at.button(key="m_own_read").click().run()

    assert not at.exception
    assert any("offline" in str(each.value) for each in at.error)
    assert "Published facts about the family" in shown(at)


def test_length_and_report_come_from_the_address() -> None:
    at = open_page(PAGE, id="Qwen/Qwen3-8B-Base", m_len="4096", m_report="Qwen3 report")

    assert at.select_slider(key="m_len").value == "4096"
    assert at.selectbox(key="m_report").value == "Qwen3 report"


def test_addresses_of_models() -> None:
    url = model_url("Qwen/Qwen3-8B-Base")

    assert url == "model?id=Qwen/Qwen3-8B-Base"
    assert re.search(NAME_IN_URL, url)[1] == "Qwen/Qwen3-8B-Base"
    assert model_url("a/b&pick=c") == ""
    assert model_url("../x") == ""


def test_a_name_in_other_letters_becomes_the_one_the_sources_write() -> None:
    at = open_with(id="GOOGLE/gemma-4-e4b")

    assert not at.exception
    assert [str(header.value).replace("\\", "") for header in at.header] == ["google/gemma-4-E4B"]


def test_the_cheapest_card_is_the_tables_first_that_fits_and_has_its_price() -> None:
    at = open_page(PAGE, id="Qwen/Qwen2.5-7B")
    cards = next(frame.value for frame in at.dataframe if "longest_safe" in frame.value.columns)
    first = cards[cards["verdict"] == "fits"].iloc[0]
    assert f"holds the whole range: {first['card']} ({first['price']})" in words(at)
    assert "2025" in words(at).partition("Cards are in the order")[2], "the prices' date is said"


def test_the_title_of_printed_figures_tells_inside_outside_and_doubtful_apart() -> None:
    inside, outside, doubtful = "as expected", "outside the interval", "doubtful"
    title = reports._title
    assert (
        title(pd.Series([inside, inside, "not used by the placement"]))
        == "All 2 figures inside the 90% interval"
    )
    assert title(pd.Series([inside, outside])) == "1 of 2 figures inside the 90% interval, none doubtful"
    assert (
        title(pd.Series([inside, outside, doubtful])) == "1 of 3 figures inside the 90% interval, 1 doubtful"
    )
