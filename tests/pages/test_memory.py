"""Memory in detail and the hand-off on the Decide page, as a reader meets them."""

import nbformat
import pytest

from core.handoff.notebook import build_notebook
from tests.page_driver import open_page


def opened(**params):
    app = open_page("pages/decide.py", **params)
    assert not app.exception
    return app


def words(app):
    return " ".join(str(element.value) for kind in (app.markdown, app.caption, app.error) for element in kind)


def test_memory_in_detail_shows_candidates_and_the_check():
    app = opened(d_view="Memory in detail")
    table = next(frame.value for frame in app.dataframe if "verdict" in frame.value.columns)
    assert len(table) == 8
    assert set(table["evidence"]) <= {
        "layer sizes known",
        "layer sizes as published",
        "from the size alone",
    }
    text = words(app)
    assert "How well this estimate does" in text
    assert "off by" in text
    assert "litgpt" in text.lower()
    assert "Contribute a measured run" in [each.proto.label for each in app.get("download_button")]


def test_a_pasted_config_adds_a_model_and_a_broken_one_is_explained_without_being_lost():
    app = opened(d_view="Memory in detail")
    app.text_area(key="decide_config").set_value("7").run()
    table = next(frame.value for frame in app.dataframe if "verdict" in frame.value.columns)
    assert table["evidence"].iloc[-1] == "from the size alone"
    app.text_area(key="decide_config").set_value('{"model_type": "llama"').run()
    assert not app.exception
    assert "neither a config" in words(app)
    assert app.text_area(key="decide_config").value == '{"model_type": "llama"'


def test_more_examples_take_longer_and_nothing_else_changes():
    app = opened(d_view="Memory in detail")
    before = next(frame.value for frame in app.dataframe if "verdict" in frame.value.columns)
    app.number_input(key="d_examples").set_value(100_000).run()
    after = next(frame.value for frame in app.dataframe if "verdict" in frame.value.columns)
    assert (before["hours"] != after["hours"]).all()
    assert before[["total_gb", "range", "longest"]].equals(after[["total_gb", "range", "longest"]])


@pytest.mark.parametrize("value", ["0", "abc", "99999999999"])
def test_a_bad_number_of_examples_in_a_link_is_said_and_dropped(value):
    app = opened(d_view="Memory in detail", d_examples=value)
    assert any("could not be used" in str(warning.value) for warning in app.warning)
    assert app.number_input(key="d_examples").value == 10_000


def test_the_notebook_is_offered_beside_the_record():
    app = opened(d_view="Record and notebook")
    assert "Notebook for Colab" in words(app)


def test_the_pages_notebook_is_for_the_first_three_of_the_ranking():
    from core.decision.candidates import candidate_frame
    from core.decision.rank import rank_bases
    from core.decision.tasks import Task
    from core.leaderboard import load_leaderboard

    board = load_leaderboard("snapshot")
    decision = rank_bases(candidate_frame(board, Task()), Task())
    first = decision.ranking["model_id"].head(3).tolist()
    text = build_notebook(Task(), first, board, gpu_gb=15.8)
    nbformat.validate(nbformat.reads(text, as_version=4))
    assert all(name in text for name in first)
