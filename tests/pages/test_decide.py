"""The Decide page: the course's answer, controls that follow, bad input, links, records."""

import json
import random

import pytest

from core.decision.tasks import CRITERIA_KEYS, PRESETS
from core.readiness import assess
from pages.parts.decide import notebook
from pages.parts.model.own_files import Own
from tests.page_driver import open_page

PAGE = "pages/decide.py"


def opened(**params):
    return open_page(PAGE, **params)


def verdict(at):
    assert not at.exception
    return at.subheader[0].value.replace("\\", "")


def text(at):
    return " ".join(element.value for element in at.markdown).replace("\\", "")


def test_on_the_board_it_opens_with_the_courses_answer_and_its_reasons():
    at = opened(field="board")

    assert "Llama-3.1-8B comes first" in verdict(at)
    assert "1,000 of the 1,000 answers as one token" in text(at)
    assert "Weakest point" in text(at)
    assert "Qwen2.5-7B" in text(at)
    # What the same weights say of today's field stands beside it.
    assert "The same weights, then and now" in text(at)


def test_on_todays_field_a_placed_base_is_said_to_be_placed_and_the_courses_answer_stands_beside():
    at = opened()

    assert "placed at" in text(at)
    assert "On the board of March 2025: Llama-3.1-8B, first in" in text(at)


def test_a_link_to_the_board_opens_it_in_a_session_that_looked_at_todays_field():
    at = open_page()
    at.query_params["field"] = "board"
    at.switch_page(PAGE).run()

    assert "Llama-3.1-8B comes first" in verdict(at)


def test_german_and_korean_tickets_can_be_asked_about():
    at = opened()
    at.selectbox(key="d_task").set_value("classification").run()
    at.multiselect(key="d_lang").set_value(["de", "ko"]).run()
    at.segmented_control(key="d_view").set_value("languages").run()

    assert verdict(at)
    assert "of those tested (German" in text(at)
    drawn = json.loads(at.get("plotly_chart")[-1].proto.spec)
    assert {trace["name"] for trace in drawn["data"]} == {"German", "Korean"}, "though few know Korean"
    assert shares(at)[-1] > 0
    assert any("No Korean figure is known for the first 5" in each.value for each in at.info)
    assert text(at).count("No Korean figure") == 0, "it is said once"


def test_equal_weights_show_equal_shares_even_where_no_model_is_left():
    at = opened(d_size=["0", "9"])
    for key in CRITERIA_KEYS[:-1]:
        at.slider(key=f"d_w_{key}").set_value(10)
    at.run()
    assert set(shares(at)[:-1]) == {14}

    at.select_slider(key="d_size").set_value((0, 0.5)).run()
    at.selectbox(key="d_lic").set_value("permissive").run()
    at.slider(key="d_w_age").set_value(20).run()
    assert 0 not in shares(at)[:-1]


def test_what_counts_on_the_board_is_said_on_the_board_only():
    assert "Only the board's own scores count" in text(opened(field="board"))
    assert "own scores count" not in text(opened())


def test_choosing_a_task_keeps_the_readers_facts_lists_what_it_set_and_undoes_it():
    at = opened()
    at.selectbox(key="d_gpu").set_value("rtx4090").run()
    at.selectbox(key="d_lic").set_value("permissive").run()
    at.multiselect(key="d_lang").set_value(["de"]).run()
    at.slider(key="d_w_age").set_value(33).run()
    at.selectbox(key="d_task").set_value("extraction").run()

    assert at.selectbox(key="d_gpu").value == "rtx4090"
    assert at.selectbox(key="d_lic").value == "permissive"
    assert at.multiselect(key="d_lang").value == ["de"]
    assert "Set by the task" in text(at)
    assert "weight of age 33 → 5" in text(at)

    at.multiselect(key="d_lang").set_value(["de", "fr"]).run()
    at.button(key="decide_undo_task").click().run()
    assert at.multiselect(key="d_lang").value == ["de", "fr"]
    assert at.selectbox(key="d_task").value == "price"
    assert at.slider(key="d_w_age").value == 33
    assert "Changed:" in text(at)
    assert "weight of age 5 → 33" in text(at)


def test_size_follows_the_card_until_the_reader_sets_it():
    at = opened()
    at.selectbox(key="d_gpu").set_value("rtx4090").run()
    assert at.select_slider(key="d_size").value == (0, 14)

    at.select_slider(key="d_size").set_value((0, 4)).run()
    at.selectbox(key="d_gpu").set_value("a100-80").run()
    assert at.select_slider(key="d_size").value == (0, 4)


def test_the_smallest_change_can_be_tried():
    at = opened(field="board")
    before = verdict(at)

    at.button(key="decide_try_smallest").click().run()

    assert verdict(at) != before
    assert "Changed:" in text(at)


def test_only_the_shortlist_is_ranked_and_each_is_explained():
    at = opened()
    at.session_state["shortlist"] = ["allenai/Olmo-3-1025-7B", "Qwen/Qwen3-14B-Base"]
    at.run()
    explained = table(at, {"why", "way_back", "p_first"}).set_index("model_id")
    assert "outside 0B to 9B" in explained.loc["Qwen/Qwen3-14B-Base", "why"]
    assert "upper size limit" in explained.loc["Qwen/Qwen3-14B-Base", "way_back"]

    at.toggle(key="d_short").set_value(True).run()
    assert "Olmo-3-1025-7B is the only candidate left" in verdict(at)


def test_an_old_link_to_the_language_task_asks_for_the_same():
    at = opened(d_task="Another language", d_text="German", d_w_age="20")

    assert not at.warning
    assert at.selectbox(key="d_task").value == "instructions"
    assert at.selectbox(key="d_text").value == "german"
    assert (at.slider(key="d_w_text").value, at.slider(key="d_w_age").value) == (30, 20)


def test_base_or_instruct_is_answered_with_reasons():
    at = opened(d_view="Base or instruct")

    assert verdict(at)
    assert "examples" in text(at)


def shares(at):
    """The shares beside the weights."""
    found = [each.value for each in at.markdown if each.value.endswith("%]]")]
    return [int(value.split("[")[-1].removesuffix("%]]")) for value in found]


def table(at, columns):
    return next(each.value for each in at.dataframe if columns <= set(each.value.columns))


def test_taking_the_weight_off_number_tokens_changes_the_answer_without_a_button():
    at = opened(field="board")

    at.slider(key="d_w_numbers").set_value(0).run()

    assert "Llama-3.1-8B" not in verdict(at)


def test_every_preset_gives_an_answer():
    at = opened()
    for key in PRESETS:
        at.selectbox(key="d_task").set_value(key).run()
        assert verdict(at)
        assert at.slider(key="d_w_capability").value == PRESETS[key].task.weights["capability"]


@pytest.mark.parametrize(
    "view",
    ["Ranks", "Score and memory", "Points", "What would change it", "Ruled out", "Memory in detail",
     "Record and notebook"],
)  # fmt: skip
def test_every_view_opens_from_a_link(view):
    at = opened(d_view=view)

    assert verdict(at)
    assert not at.warning


def test_a_link_sets_the_controls():
    at = opened(d_task="Mathematics", d_gpu="L4 24 GB (Colab)", d_w_age="50")

    assert at.selectbox(key="d_task").value == "mathematics"
    assert at.selectbox(key="d_gpu").value == "l4"
    assert at.slider(key="d_w_age").value == 50


def test_a_broken_link_is_said_and_the_rest_applies():
    at = opened(d_gpu="abacus", d_task="Mathematics", d_nonsense="1")

    assert "could not be used" in at.warning[0].value
    assert at.selectbox(key="d_task").value == "mathematics"


def test_no_candidate_left_explains_itself_and_loses_nothing():
    at = opened()
    at.selectbox(key="d_gpu").set_value("other").run()
    at.number_input(key="d_gb").set_value(1.0).run()
    at.multiselect(key="d_named").set_value(["wtfpl"]).run()

    assert "No model meets all constraints" in verdict(at)
    assert "Nothing you entered is lost" in text(at)
    assert at.number_input(key="d_gb").value == 1.0


def test_all_weights_zero_says_what_to_do():
    at = opened()
    for slider in [each for each in at.slider if is_weight(each) and each.key.startswith("d_w_")]:
        slider.set_value(0)
    at.run()

    assert "give at least one criterion weight" in verdict(at)


def test_targets_that_are_not_numbers_are_named_and_stay():
    at = opened()

    at.text_area(key="d_targets").set_value("cheap\n12").run()

    assert any("cheap" in warning.value for warning in at.warning)
    assert at.text_area(key="d_targets").value == "cheap\n12"


def test_a_template_without_its_place_is_explained():
    at = opened()

    at.text_input(key="d_template").set_value("Price is $").run()

    assert verdict(at)
    assert any("{target}" in warning.value.replace("\\", "") for warning in at.warning)


def test_a_downloaded_record_loads_again_and_gives_the_same_answer():
    from core.decision.rank import rank_bases
    from core.handoff import record
    from core.leaderboard import load_leaderboard

    stored = record.to_json(rank_bases(load_leaderboard(), "mathematics"), {"date": "2025-03-13"})
    at = opened(d_view="Record and notebook")

    at.file_uploader(key="decide_upload").upload("record.json", stored.encode(), "application/json").run()

    assert at.selectbox(key="d_task").value == "mathematics"
    assert "gives the same answer" in at.success[0].value


def test_a_broken_record_is_explained():
    at = opened(d_view="Record and notebook")

    at.file_uploader(key="decide_upload").upload("record.json", b"{}", "application/json").run()

    assert "not a decision record" in at.error[0].value.replace("\\", "")
    assert verdict(at)


def test_the_first_three_go_to_the_shortlist_and_their_own_files_into_the_notebook(monkeypatch):
    seen = []
    monkeypatch.setattr(notebook, "build_notebook", lambda *_args, **how: seen.append(how["files"]) or "{}")
    at = opened(d_view="Record and notebook")
    files = {"config.json": b"{}"}
    at.session_state["m_own_files"] = {"Qwen/Qwen3-8B-Base": Own(assess(files), "uploaded", files=files)}

    at.button(key="decide_pick").click().run()

    assert len(at.session_state["shortlist"]) == 3
    assert seen[-1] == {"Qwen/Qwen3-8B-Base": files}


def test_no_combination_of_controls_raises():
    """Fifteen random changes, always of the same kind: the seed is fixed."""
    rng = random.Random(7)
    at = opened()
    for _ in range(15):
        for key in (
            "d_task",
            "d_gpu",
            "d_out",
            "d_text",
            "d_method",
            "d_loop",
            "d_layers",
            "d_lic",
            "d_sure",
        ):
            if rng.random() < 0.4:
                box = at.selectbox(key=key)
                box.set_value(rng.choice(options(key)))
        for slider in at.slider:
            if is_weight(slider) and rng.random() < 0.4:
                slider.set_value(rng.choice([0, 5, 50, 100]))
        for toggle in at.toggle:
            if rng.random() < 0.4 and not toggle.proto.disabled:
                toggle.set_value(rng.random() < 0.5)
        at.multiselect(key="d_kinds").set_value(
            rng.sample(["base", "continued", "instruct"], rng.randint(0, 3))
        )
        at.segmented_control(key="d_view").set_value(
            rng.choice(["ranks", "memory", "points", "flips", "out"])
        )
        at.run()
        assert verdict(at)


def test_the_width_of_a_phone_holds_rank_points_and_evidence():
    at = open_page("pages/decide.py")
    ranking = next(each.value for each in at.dataframe if "beats_first" in each.value.columns)
    assert list(ranking.columns)[:4] == ["model_id", "rank", "score", "evidence"]


def is_weight(slider):
    return bool(slider.key) and slider.key.startswith(("d_w_", "d_b_")) and not slider.proto.disabled


def options(key):
    from core.decision import tasks
    from pages.parts.decide import values

    return {
        "d_task": list(PRESETS),
        "d_gpu": ["t4", "l4", "a100-80", "rtx3060"],
        "d_out": list(tasks.OUTPUTS),
        "d_text": list(tasks.TEXTS),
        "d_method": list(tasks.METHODS),
        "d_loop": list(tasks.FRAMEWORKS),
        "d_layers": list(tasks.ADAPTER_TARGETS),
        "d_lic": list(tasks.LICENCE_NEEDS),
        "d_sure": list(values.CERTAINTY_LABELS),
    }[key]
