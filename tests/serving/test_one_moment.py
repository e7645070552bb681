"""What a reader does to the Leaderboard while the page itself changes, spoken as the browser speaks.

The browser sends what changes in one moment in one message, which names one fragment to run, and with each
message the states of all controls as far as it has heard of them.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import connect

if TYPE_CHECKING:
    from streamlit.proto.ClientState_pb2 import ClientState
    from websockets.sync.client import ClientConnection

PATIENCE_S = 180
_COUNTED = re.compile(r"([\d,]+) of [\d,]+ rows shown")
SMALLER = "8"
ADD = "board_add"
# Of rows that the smaller range leaves in view, but not all of those above them.
PLACE, OTHER = 8, 12


class Visit:
    """A session on the Leaderboard after its first run, which left the chart out."""

    def __init__(self, socket: ClientConnection, link: str = "field=board") -> None:
        self._socket = socket
        self._page = ""
        self.slider, self.sliders_fragment = "", ""
        self.trigger, self.triggers_fragment = "", ""
        self.counted = ""
        """How many rows the page says it shows."""
        self.ids: dict[str, str] = {}
        """Of table, number of the table, and buttons, by key."""
        self.number = ""
        """Of the table that the page drew last."""
        self.ticked: list[int] = []
        """Places of the rows which that table shows ticked."""
        self.labels: dict[str, str] = {}
        """What buttons say, by key."""
        self.models: list[str] = []
        """The models picked, of which the last run says more."""
        message = BackMsg()
        message.rerun_script.query_string = link
        message.rerun_script.page_name = "leaderboard"
        self.send(message)
        self.first = self.hear()

    def send(self, message: BackMsg) -> None:
        self._socket.send(message.SerializeToString())

    def ask(self, fragment: str, *, size: str, drawn: bool) -> None:
        """What a browser sends: the fragment to run, the slider, and whether the table is drawn by now."""
        message = self._message(fragment, size)
        if drawn:
            message.rerun_script.widget_states.widgets.add(
                id=f"$$STREAMLIT_INTERNAL_KEY_{self.trigger}__events",
                json_trigger_value='[{"event":"drawn","value":true}]',
            )
        self.send(message)

    def act(self, *, ticks: list[int], number: str, size: str = "9", press: str = "") -> None:
        """What a browser sends of the results: ticks in the table of that number, the slider, a button."""
        message = self._message(self.sliders_fragment, size)
        states = message.rerun_script.widget_states.widgets
        chosen = json.dumps({"selection": {"rows": ticks, "columns": [], "cells": []}})
        states.add(id=self.ids["board_table"], string_value=chosen)
        states.add(id=self.ids["number"], string_value=number)
        if press:
            states.add(id=self.ids[press], trigger_value=True)
        self.send(message)
        self.models = []
        self.hear()

    def _message(self, fragment: str, size: str) -> BackMsg:
        """The fragment to run and what the slider shows."""
        message = BackMsg()
        rerun: ClientState = message.rerun_script
        rerun.page_script_hash, rerun.fragment_id = self._page, fragment
        rerun.query_string = f"field=board&size=0&size={size}"
        rerun.widget_states.widgets.add(id=self.slider).string_array_value.data.extend(["0", size])
        return message

    def hear(self) -> list[str]:
        """What kinds of elements a run sends, to its end."""
        kinds = []
        while True:
            answer = ForwardMsg.FromString(self._socket.recv(timeout=PATIENCE_S))
            kind = answer.WhichOneof("type")
            if kind == "navigation":
                self._page = answer.navigation.page_script_hash or self._page
            elif kind == "new_session":
                self._page = answer.new_session.page_script_hash or self._page
            elif kind == "script_finished" and answer.script_finished in {
                ForwardMsg.FINISHED_SUCCESSFULLY, ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY,
            }:  # fmt: skip
                return kinds
            elif kind == "delta" and answer.delta.WhichOneof("type") == "new_element":
                kinds.append(self._remember(answer))

    def _remember(self, answer: ForwardMsg) -> str:
        element, fragment = answer.delta.new_element, answer.delta.fragment_id
        kind = element.WhichOneof("type")
        if kind == "slider" and element.slider.id.endswith("-size"):
            self.slider, self.sliders_fragment = element.slider.id, fragment
        elif kind == "bidi_component" and element.bidi_component.id.endswith("-table_first"):
            self.trigger, self.triggers_fragment = element.bidi_component.id, fragment
        elif kind == "dataframe" and element.dataframe.id.endswith("-board_table"):
            self.ids["board_table"] = element.dataframe.id
            if element.dataframe.selection_state:
                self.ticked = json.loads(element.dataframe.selection_state)["selection"]["rows"]
        elif kind == "text_input" and element.text_input.id.endswith("-ticks_number_board_table"):
            self.ids["number"], self.number = element.text_input.id, element.text_input.value
        elif kind == "button":
            key = element.button.id.rsplit("-", 1)[-1]
            self.ids[key], self.labels[key] = element.button.id, element.button.label
        elif kind == "page_link" and element.page_link.label.startswith("Page of "):
            self.models.append(element.page_link.label)
        elif kind == "markdown" and (said := _COUNTED.search(element.markdown.body)):
            self.counted = said.group(1)
        return str(kind)


def _connect(url: str) -> connect:
    address = url.replace("http", "ws", 1) + "/_stcore/stream"
    return connect(address, subprotocols=["streamlit"], max_size=None, origin=url)


@pytest.fixture
def visit(app_url):
    with _connect(app_url) as socket:
        yield Visit(socket)


def test_the_first_run_leaves_the_chart_out_and_the_asking_brings_it(visit) -> None:
    assert "dataframe" in visit.first
    assert "plotly_chart" not in visit.first
    visit.ask(visit.triggers_fragment, size="9", drawn=True)
    assert "plotly_chart" in visit.hear()


def test_a_slider_moved_in_that_moment_counts(visit) -> None:
    before = visit.counted
    visit.ask(visit.triggers_fragment, size=SMALLER, drawn=True)
    assert "plotly_chart" in visit.hear()
    assert visit.counted not in {"", before}


def test_a_slider_moved_while_the_chart_is_worked_out_counts(visit) -> None:
    before = visit.counted
    sliders_fragment = visit.sliders_fragment
    visit.ask(visit.triggers_fragment, size="9", drawn=True)
    visit.ask(sliders_fragment, size=SMALLER, drawn=False)
    visit.hear()
    if visit.counted == before:
        visit.hear()
    assert visit.counted not in {"", before}
    assert visit.sliders_fragment == sliders_fragment, "the fragment keeps its name, by which it is asked for"


def test_a_slider_moved_before_brings_the_chart_itself(visit) -> None:
    visit.ask(visit.sliders_fragment, size=SMALLER, drawn=False)
    assert "plotly_chart" in visit.hear()


@pytest.mark.parametrize("link", ["by=My+own+weights", "nosuch=1", "pick=no/such"])
def test_what_stands_above_now_and_then_leaves_the_fragment_its_name(app_url, visit, link) -> None:
    with _connect(app_url) as socket:
        other = Visit(socket, f"field=board&{link}")
        assert other.first != visit.first
        assert other.sliders_fragment == visit.sliders_fragment


@pytest.fixture
def picked(visit) -> Visit:
    """One model picked in the table, and the browser has heard of it."""
    visit.act(ticks=[PLACE], number=visit.number)
    assert visit.ticked == [PLACE]
    assert visit.labels[ADD] == "Add 1 model to the shortlist"
    return visit


def test_ticks_taken_away_do_not_come_back_with_what_the_browser_had_not_heard(picked) -> None:
    heard = picked.number
    picked.act(ticks=[PLACE], number=heard, press=ADD)
    assert picked.labels[ADD] == "Add to the shortlist"
    before = picked.counted
    picked.act(ticks=[PLACE], number=heard, size=SMALLER)
    assert picked.counted != before
    assert picked.labels[ADD] == "Add to the shortlist"


def test_the_same_row_ticked_once_more_counts(picked) -> None:
    picked.act(ticks=[PLACE], number=picked.number, press=ADD)
    picked.act(ticks=[PLACE], number=picked.number)
    assert picked.labels[ADD] == "Add 1 model to the shortlist"


def test_ticks_stay_with_their_model_when_the_browser_has_not_heard_of_another_order(picked) -> None:
    heard, models = picked.number, picked.models
    assert len(models) == 1
    picked.act(ticks=[PLACE], number=heard, size=SMALLER)
    assert picked.models == models
    assert picked.ticked != [PLACE]
    picked.act(ticks=[PLACE], number=heard, size="9")
    assert picked.models == models


def test_a_row_ticked_in_the_order_before_is_the_one_the_reader_saw(picked) -> None:
    heard = picked.number
    picked.act(ticks=[PLACE, OTHER], number=heard)
    both = picked.models
    assert len(both) == 2
    picked.act(ticks=[PLACE], number=picked.number)
    heard = picked.number
    picked.act(ticks=[PLACE], number=heard, size=SMALLER)
    picked.act(ticks=[PLACE, OTHER], number=heard, size=SMALLER)
    assert picked.models == both


def test_what_the_browser_says_of_a_table_nobody_drew_changes_nothing(picked) -> None:
    models = picked.models
    picked.act(ticks=[1, 2], number="no number")
    assert picked.models == models
