"""The Variants page: each view, its explained states, and nothing that raises."""

import random

import pytest

from tests.page_driver import SEEDS, disturb, open_page, words

PAGE = "pages/variants.py"


def test_opens_with_pairs_and_says_what_the_lift_is() -> None:
    at = open_page(PAGE)
    assert not at.exception
    shown = at.dataframe(key="v_table").value.set_index("base_id")
    # Names are links to the models' pages.
    assert shown.loc["model?id=google/gemma-2-9b", "variant_id"] == "model?id=google/gemma-2-9b-it"
    assert "chat template" in shown.loc["model?id=meta-llama/Llama-3.1-8B", "caveat"]
    assert "IFEval" in words(at)


@pytest.mark.parametrize("view", ["Lift", "Order", "Family", "Unpaired", "Evidence"])
def test_each_view_opens_from_a_link(view: str) -> None:
    at = open_page(PAGE, v_view=view)
    assert not at.exception
    assert not at.warning


def test_names_carry_the_shortlist_to_the_new_tab() -> None:
    shown = open_page(PAGE, pick="Qwen/Qwen2.5-7B").dataframe(key="v_table").value
    for column in ("base_id", "variant_id"):
        assert shown[column].str.endswith("&pick=Qwen/Qwen2.5-7B").all()


def test_order_changes_the_rows() -> None:
    by_own = open_page(PAGE).dataframe(key="v_table").value
    by_instruct = open_page(PAGE, v_order="instruct score").dataframe(key="v_table").value
    assert by_own["base_average"].is_monotonic_decreasing
    assert by_instruct["variant_average"].is_monotonic_decreasing
    assert set(by_own["base_id"]) == set(by_instruct["base_id"])


def test_comparable_only_leaves_out_runs_with_a_caveat() -> None:
    shown = open_page(PAGE, v_fair="true").dataframe(key="v_table").value
    assert (shown["caveat"] == "").all()
    assert "model?id=meta-llama/Llama-3.1-8B" not in set(shown["base_id"])


def test_bases_without_an_instruct_variant_are_listed() -> None:
    at = open_page(PAGE, v_view="Unpaired", v_q="phi")
    assert "model?id=microsoft/phi-2" in set(at.dataframe(key="v_alone").value["model_id"])


def test_models_without_a_public_base_are_listed_with_what_to_use_instead() -> None:
    listed = open_page(PAGE, v_view="Unpaired").dataframe[-1].value.set_index("model_id")
    assert isinstance(listed.loc["microsoft/Phi-3-mini-4k-instruct", "instead_id"], str)


def test_nothing_in_view_is_explained_and_leads_back() -> None:
    at = open_page(PAGE, v_q="phi-3")
    assert "Published without a base" in words(at)
    at.button(key="v_reset_empty").click().run()
    assert len(at.dataframe(key="v_table").value) > 20


def test_evidence_names_its_figures_and_sources() -> None:
    text = words(open_page(PAGE, v_view="Evidence"))
    for part in ("0.86", "0.79", "0.06", "LoRA Land", "https://arxiv.org/abs/2405.00732"):
        assert part in text


def test_a_base_can_be_added_to_the_shortlist() -> None:
    at = open_page(PAGE)
    at.session_state["v_table_ticked"] = ["google/gemma-2-9b"]
    at.run()
    at.button(key="v_table_add").click().run()
    assert at.session_state["shortlist"] == ["google/gemma-2-9b"]


def test_what_a_filter_hides_is_neither_added_nor_lost() -> None:
    at = open_page(PAGE)
    large, small = "google/gemma-2-9b", "Qwen/Qwen2.5-0.5B"
    at.session_state["v_table_ticked"] = [large, small]
    at.select_slider(key="v_size").set_range(0, 0.5).run()
    assert "1 ticked row hidden by the filters" in words(at)
    assert "Add 1 base" in at.button(key="v_table_add").label
    at.button(key="v_table_add").click().run()
    assert at.session_state["shortlist"] == [small]
    at.select_slider(key="v_size").set_range(0, 9).run()
    assert "hidden by the filters" not in words(at)
    assert "Add 1 base" in at.button(key="v_table_add").label
    at.button(key="v_table_untick").click().run()
    assert at.button(key="v_table_add").disabled
    assert at.button(key="v_table_untick").disabled


def test_the_family_view_opens_with_a_base_of_the_shortlist() -> None:
    at = open_page(PAGE, v_view="Family", pick="google/gemma-2-9b")
    assert at.selectbox(key="v_base").value == "google/gemma-2-9b"


@pytest.mark.parametrize("query", [{"v_view": "Everything"}, {"v_size": ["a", "b"]}, {"v_base": "no/body"}])
def test_a_broken_link_opens_and_says_what_was_dropped(query) -> None:
    at = open_page(PAGE, **query)
    assert not at.exception
    [warning] = at.warning
    assert "could not be used" in warning.value
    for values in query.values():
        assert (values if isinstance(values, str) else ", ".join(values)) in warning.value


@pytest.mark.parametrize("seed", SEEDS)
def test_no_combination_of_controls_raises(seed: int) -> None:
    rng = random.Random(seed)
    at = open_page(PAGE)
    steps = []
    for _ in range(18):
        steps.append(disturb(at, rng, ("v_table", "v_order_table", "v_alone")))
        assert not at.exception, steps


def test_an_empty_view_says_what_hides_the_bases() -> None:
    said = words(open_page(PAGE, v_q="zzzz"))
    assert "No base passes the size range and the search at once." in said
    assert "Unpaired” lists models that were" in said
