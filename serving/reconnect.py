"""Readers whose server ended go on with another one.

A browser that was cut off connects again and goes on where it was: its next message may ask to run one
fragment of the page. A server that has not run the page to its end may not know the fragment, and Streamlit
then drops the message, with whatever the reader changed. So until a run of the page has ended on a
connection, every run asked for there is made a run of the whole page, with the values and address it carries.
"""

from __future__ import annotations

import logging
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

_SOCKET: Final = "/_stcore/stream"
_FROM_BROWSER: Final = ("streamlit.proto.BackMsg_pb2", "BackMsg")
_TO_BROWSER: Final = ("streamlit.proto.ForwardMsg_pb2", "ForwardMsg")
_log = logging.getLogger(__name__)


class WholeFirstRuns:
    """ASGI middleware for the page's socket; everything else passes untouched.

    Where Streamlit's messages can't be read any more, all pass untouched, and the log says so once.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._works = _can_read()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._works and scope["type"] == "websocket" and scope["path"].endswith(_SOCKET):
            receive, send = _whole_until_one_ended(receive, send)
        await self._app(scope, receive, send)


def _whole_until_one_ended(receive: Receive, send: Send) -> tuple[Receive, Send]:
    waiting = True

    async def receiving() -> Message:
        message = await receive()
        if waiting and message["type"] == "websocket.receive" and message.get("bytes"):
            return {**message, "bytes": whole(message["bytes"])}
        return message

    async def sending(message: Message) -> None:
        nonlocal waiting
        if waiting and message["type"] == "websocket.send" and message.get("bytes"):
            waiting = not ends_a_run(message["bytes"])
        await send(message)

    return receiving, sending


def whole(raw: bytes) -> bytes:
    """A browser's message, with its fragment taken out if it asks for a run."""
    message = _parsed(_FROM_BROWSER, raw)
    if message is None or message.WhichOneof("type") != "rerun_script":
        return raw
    if not message.rerun_script.fragment_id:
        return raw
    message.rerun_script.fragment_id = ""
    return bytes(message.SerializeToString())


def ends_a_run(raw: bytes) -> bool:
    """Whether the server says that a run of the whole page came to its end."""
    message = _parsed(_TO_BROWSER, raw)
    return (
        message is not None
        and message.WhichOneof("type") == "script_finished"
        and message.script_finished == message.FINISHED_SUCCESSFULLY
    )


def _new(kind: tuple[str, str]) -> Any:
    module, name = kind
    return getattr(import_module(module), name)()


def _parsed(kind: tuple[str, str], raw: bytes) -> Any:
    message = _new(kind)
    try:
        message.ParseFromString(raw)
    except Exception:  # noqa: BLE001 - whatever its reader raises for bytes that are no message of it
        return None
    return message


def _can_read() -> bool:
    """Whether a message that asks for a fragment is understood, and one that ends a run."""
    try:
        asks, ends = _new(_FROM_BROWSER), _new(_TO_BROWSER)
        asks.rerun_script.fragment_id = "a"
        ends.script_finished = ends.FINISHED_SUCCESSFULLY
        asked = asks.SerializeToString()
        if whole(asked) != asked and ends_a_run(ends.SerializeToString()):
            return True
    except (ImportError, AttributeError, ValueError, TypeError):
        pass
    _log.warning("This Streamlit's messages can't be read: a page may stand still after a reconnect.")
    return False
