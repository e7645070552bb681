"""The pilot on Decide: planned, brought back, refused with a reason, kept, named by a link, in the record."""

import json

import pytest
from streamlit.testing.v1 import AppTest

from core.decision.tasks import Task, preset
from core.handoff import record
from tests.page_driver import APP, PATIENCE_S
from tests.pilot.make_pilot import as_bytes, document

PAGE = "pages/decide.py"
LLAMA, OLDER = "meta-llama/Llama-3.1-8B", "meta-llama/Meta-Llama-3-8B"


@pytest.fixture
def opened():
    at = AppTest.from_file(str(APP), default_timeout=PATIENCE_S)
    at.query_params["field"] = "board"
    at.run()
    at.switch_page(PAGE)
    at.query_params["field"] = "board"
    at.query_params["d_view"] = "Pilot"
    return at.run()


def text(at):
    assert not at.exception
    return " ".join(element.value for element in (*at.markdown, *at.error, *at.info)).replace("\\", "")


def verdict(at):
    assert not at.exception, at.exception
    return at.subheader[0].value.replace("\\", "")


def bring(at, content, name="basewise-pilot.json"):
    return at.file_uploader(key="decide_pilot_upload").upload(name, content, "application/json").run()


def turned(task=None):
    """A pilot in which the runner-up ends far better than the first."""
    task = task or Task(newer=False)
    return document({LLAMA: [0.9, 0.8, 0.75, 0.72], OLDER: [0.7, 0.5, 0.36, 0.26]}, task=task)


def test_a_pilot_is_planned_with_candidates_subsets_time_and_price(opened):
    said = text(opened)

    assert "Subsets of" in said
    assert "hours on the T4" in said
    assert "change the choice" in said or "changes the choice" in said
    plan = next(each.value for each in opened.dataframe if "could_be_first" in each.value)
    assert plan["model_id"].tolist()[0] == LLAMA


def test_a_pilot_comes_back_moves_the_answer_is_kept_and_can_be_taken_out(opened):
    bring(opened, as_bytes(turned()))

    said = text(opened)
    assert OLDER.split("/")[1] in verdict(opened)
    assert "Before the pilot, first:" in said
    assert "With the pilot, first:" in said
    assert "One more step?" in said
    assert any("on course to end better" in warning.value for warning in opened.warning)
    assert f"~{OLDER}~" in str(opened.query_params["d_pilot"])

    # It holds while other views and weights are looked at.
    opened.segmented_control(key="d_view").set_value("ranks").run()
    assert "With the pilot, first:" in text(opened)

    opened.segmented_control(key="d_view").set_value("pilot").run()
    assert "Contribute this" in [each.proto.label for each in opened.get("download_button")]
    opened.button(key="decide_pilot_remove").click().run()
    assert LLAMA.split("/")[1] in verdict(opened)
    assert "d_pilot" not in opened.query_params


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (as_bytes(turned())[:400], "cut off"),
        (as_bytes(turned(preset("code"))), "another task"),
        (as_bytes(turned() | {"version": 9}), "version 9"),
        (as_bytes(turned() | {"created": "2026-11-30T12:00:00Z"}), "changed after"),
        (as_bytes(document({"nobody/knows": [1, 0.9, 0.8, 0.7]}, task=Task())), "is a candidate here"),
    ],
)
def test_what_cannot_be_used_says_why_and_the_answer_stays(opened, content, why):
    bring(opened, content)

    assert why in text(opened)
    assert LLAMA.split("/")[1] in verdict(opened)
    assert "With the pilot" not in text(opened)


def test_a_link_that_rests_on_a_pilot_says_so_where_the_file_is_missing(opened):
    opened.query_params["d_pilot"] = f"0123456789ab~{OLDER}~71"
    opened.run()

    assert "rests on a pilot (0123456789ab)" in text(opened)
    assert "was first in 71% of the draws" in text(opened)


def test_the_record_carries_the_pilot_and_gives_the_updated_answer_again():
    from core.decision.rank import rank_bases
    from core.leaderboard import load_leaderboard
    from core.pilot import read_pilot, update

    pilot = turned()
    decision = update(rank_bases(load_leaderboard(), Task()), read_pilot(as_bytes(pilot)))
    stored = record.to_json(decision, {"field": "board"}, record.Surroundings(pilot=pilot))
    read = record.from_json(stored)

    assert json.loads(stored)["pilot"]["checksum"] == pilot["checksum"]
    assert read.pilot == pilot
    assert "## Pilot" in record.to_markdown(decision, {"field": "board"})
