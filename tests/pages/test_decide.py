"""The Decide page: the course's answer, controls that follow, bad input, links, records."""

import random

import pytest

from core.decision.tasks import PRESETS
from tests.page_driver import open_page

PAGE = "pages/decide.py"


def opened(**params):
    return open_page(PAGE, **params)


def verdict(at):
    assert not at.exception
    return at.subheader[0].value.replace("\\", "")


def text(at):
    return " ".join(element.value for element in at.markdown).replace("\\", "")


def test_the_page_opens_with_the_courses_answer_and_its_reasons():
    at = opened()

    assert "Llama-3.1-8B" in verdict(at)
    assert "1,000 of the 1,000 answers as one token" in text(at)
    assert "Weakest point" in text(at)
    assert "Qwen2.5-7B" in text(at)


def test_taking_the_weight_off_number_tokens_changes_the_answer_without_a_button():
    at = opened()

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
    for slider in [each for each in at.slider if each.key and each.key.startswith("d_w_")]:
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


def test_the_first_three_go_to_the_shortlist():
    at = opened(d_view="Record and notebook")

    at.button(key="decide_pick").click().run()

    assert "meta-llama/Llama-3.1-8B" in at.session_state["shortlist"]


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
            if slider.key and slider.key.startswith(("d_w_", "d_b_")) and rng.random() < 0.4:
                slider.set_value(rng.choice([0, 5, 50, 100]))
        for toggle in at.toggle:
            if rng.random() < 0.4:
                toggle.set_value(rng.random() < 0.5)
        at.multiselect(key="d_kinds").set_value(
            rng.sample(["base", "continued", "instruct"], rng.randint(0, 3))
        )
        at.segmented_control(key="d_view").set_value(
            rng.choice(["ranks", "memory", "points", "flips", "out"])
        )
        at.run()
        assert verdict(at)


def options(key):
    from pages.parts.decide import form

    return {
        "d_task": list(PRESETS),
        "d_gpu": ["t4", "l4", "a100-80", "rtx3060"],
        "d_out": list(form.OUTPUTS),
        "d_text": list(form.TEXTS),
        "d_method": list(form.METHODS),
        "d_loop": list(form.FRAMEWORKS),
        "d_layers": list(form.ADAPTER_TARGETS),
        "d_lic": list(form.LICENCE_NEEDS),
        "d_sure": list(form.CERTAINTY_LABELS),
    }[key]
