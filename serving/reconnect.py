"""Readers whose server ended go on with another one.

A browser that was cut off connects again and goes on where it was: its next message may ask to run one
fragment of the page. A server that never ran the page knows no fragments and would answer nothing. So the
first run asked for on a connection is made a run of the whole page, with the values and address it carries.
"""

from __future__ import annotations

import logging
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

_SOCKET: Final = "/_stcore/stream"
_MESSAGES: Final = "streamlit.proto.BackMsg_pb2"
_log = logging.getLogger(__name__)


class WholeFirstRun:
    """ASGI middleware for the page's socket; everything else passes untouched.

    Where Streamlit's messages can't be read any more, all pass untouched, and the log says so once.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._works = _can_read()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._works and scope["type"] == "websocket" and scope["path"].endswith(_SOCKET):
            receive = _whole_first(receive)
        await self._app(scope, receive, send)


def _whole_first(receive: Receive) -> Receive:
    waiting = True

    async def receiving() -> Message:
        nonlocal waiting
        message = await receive()
        if waiting and message["type"] == "websocket.receive" and message.get("bytes"):
            raw, was_run = whole(message["bytes"])
            message = {**message, "bytes": raw}
            waiting = not was_run
        return message

    return receiving


def whole(raw: bytes) -> tuple[bytes, bool]:
    """The message with its fragment taken out, and whether it asked for a run at all."""
    message = _message()
    try:
        message.ParseFromString(raw)
    except Exception:  # noqa: BLE001 - whatever its reader raises for bytes that are no message of it
        return raw, False
    if message.WhichOneof("type") != "rerun_script":
        return raw, False
    if not message.rerun_script.fragment_id:
        return raw, True
    message.rerun_script.fragment_id = ""
    return message.SerializeToString(), True


def _message() -> Any:
    return import_module(_MESSAGES).BackMsg()


def _can_read() -> bool:
    """Whether a message that asks for a fragment is understood."""
    try:
        message = _message()
        message.rerun_script.fragment_id = "a"
        if whole(message.SerializeToString())[1]:
            return True
    except (ImportError, AttributeError, ValueError, TypeError):
        pass
    _log.warning("This Streamlit's messages can't be read: a page may stand still after a reconnect.")
    return False
