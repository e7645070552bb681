"""A Streamlit whose private parts have moved: the server goes on without them, and the log says so."""

from __future__ import annotations

import asyncio
import logging

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg

from serving import headers, no_delay, reconnect
from serving.page_head import PageHead


def passed(messages: list[bytes]) -> list[bytes]:
    """What the app behind the middleware receives on the page's socket."""
    received: list[bytes] = []
    waiting = [{"type": "websocket.receive", "bytes": one} for one in messages]

    async def app(scope, receive, send) -> None:
        received.extend([(await receive())["bytes"] for _ in messages])

    async def receive():
        return waiting.pop(0)

    scope = {"type": "websocket", "path": "/_stcore/stream"}
    asyncio.run(reconnect.WholeFirstRun(app)(scope, receive, None))
    return received


def asks_for_a_fragment() -> bytes:
    message = BackMsg()
    message.rerun_script.fragment_id = "a"
    return message.SerializeToString()


def test_the_first_run_of_a_connection_is_a_whole_one() -> None:
    first, second = passed([asks_for_a_fragment(), asks_for_a_fragment()])
    assert first != asks_for_a_fragment()
    assert BackMsg.FromString(first).rerun_script.fragment_id == ""
    assert second == asks_for_a_fragment()


@pytest.mark.parametrize("missing", ["streamlit.proto.NoSuchFile", "streamlit.proto.Common_pb2"])
def test_messages_that_cant_be_read_pass_untouched(monkeypatch, caplog, missing) -> None:
    monkeypatch.setattr(reconnect, "_MESSAGES", missing)
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
