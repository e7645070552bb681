"""A Streamlit whose private parts have moved: the server goes on without them, and the log says so."""

from __future__ import annotations

import asyncio
import logging
from concurrent.futures import ThreadPoolExecutor

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from serving import headers, no_delay, reconnect
from serving.page_head import PageHead

RUN_ENDED = ForwardMsg(script_finished=ForwardMsg.FINISHED_SUCCESSFULLY).SerializeToString()
RUN_CUT_SHORT = ForwardMsg(script_finished=ForwardMsg.FINISHED_EARLY_FOR_RERUN).SerializeToString()


def passed(messages: list[bytes], answers: tuple[bytes, ...] = ()) -> list[bytes]:
    """What the app behind the middleware receives on the page's socket; it answers each with one of these."""
    received: list[bytes] = []
    waiting = [{"type": "websocket.receive", "bytes": one} for one in messages]
    sent: list[bytes] = []

    async def app(scope, receive, send) -> None:
        for number in range(len(messages)):
            received.append((await receive())["bytes"])
            for answer in answers[number : number + 1]:
                await send({"type": "websocket.send", "bytes": answer})

    async def receive():
        return waiting.pop(0)

    async def send(message) -> None:
        sent.append(message["bytes"])

    scope = {"type": "websocket", "path": "/_stcore/stream"}
    # On a thread of its own: where a browser test ran before, this one has a loop that runs.
    with ThreadPoolExecutor(1) as aside:
        aside.submit(asyncio.run, reconnect.WholeFirstRuns(app)(scope, receive, send)).result()
    assert tuple(sent) == answers, "what the app says reaches the browser as it is"
    return received


def asks_for_a_fragment() -> bytes:
    message = BackMsg()
    message.rerun_script.fragment_id = "a"
    return message.SerializeToString()


def is_whole(raw: bytes) -> bool:
    message = BackMsg.FromString(raw)
    return message.WhichOneof("type") == "rerun_script" and not message.rerun_script.fragment_id


def test_runs_are_whole_ones_until_the_first_has_ended() -> None:
    asked = [asks_for_a_fragment()] * 4
    received = passed(asked, (b"", RUN_CUT_SHORT, RUN_ENDED))
    assert [is_whole(one) for one in received] == [True, True, True, False]
    assert received[3] == asks_for_a_fragment()


@pytest.mark.parametrize("of", ["_FROM_BROWSER", "_TO_BROWSER"])
@pytest.mark.parametrize(
    "missing", [("streamlit.proto.NoSuchFile", "BackMsg"), ("streamlit.proto.Common_pb2", "NoSuchMessage")]
)
def test_messages_that_cant_be_read_pass_untouched(monkeypatch, caplog, of, missing) -> None:
    monkeypatch.setattr(reconnect, of, missing)
    assert passed([asks_for_a_fragment()]) == [asks_for_a_fragment()]
    assert "stand still after a reconnect" in caplog.text


def test_bytes_that_are_no_message_pass(caplog) -> None:
    assert passed([b"\xff\xff", b""]) == [b"\xff\xff", b""]


def test_no_listening_socket_is_said(monkeypatch, caplog) -> None:
    monkeypatch.setattr(no_delay, "_HIGHEST", 0)
    assert no_delay.switch_off_delays() == 0
    assert "40 ms" in caplog.text


def test_without_streamlits_page_inline_scripts_are_let_be(monkeypatch, tmp_path, caplog) -> None:
    monkeypatch.setattr(headers, "_PAGE", tmp_path / "moved.html")
    assert (
        "script-src 'self' blob: 'unsafe-inline'" in headers.protection().headers["Content-Security-Policy"]
    )
    assert "page was not found" in caplog.text


def test_a_page_of_another_form_goes_without_the_sheet(caplog) -> None:
    caplog.set_level(logging.WARNING)
    assert PageHead(None).added_to(b"<html>", "/") == b"<html>"
    assert "usual form" in caplog.text
