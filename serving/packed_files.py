"""Files that never change are packed once and kept, not read and packed again for every new reader.

A first visit asks for some 140 scripts, styles and fonts; reading and packing them took half a second of the
server's one loop for each visitor.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from starlette.datastructures import Headers

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

_MOST: Final = 24_000_000  # bytes of bodies; Streamlit's files have 5 MB, packed
_LARGEST: Final = 4_000_000  # bytes of one body
# Asked for with any of these, a part of the file or another answer may be due.
_CONDITIONS: Final = ("range", "if-none-match", "if-modified-since", "authorization")
# Streamlit answers with the same files below every page's address; kept are those that its page asks for.
_FOLDER: Final = "/static/"
_PACKINGS: Final = ("zstd", "br", "gzip")


_Key = tuple[str, tuple[str, ...]]


class _Answer(NamedTuple):
    start: Message
    body: bytes


class PackedFiles:
    """ASGI middleware that answers again what was answered before, where the app calls the answer immutable.

    Outside of the middleware that packs: one answer for each way of packing that a browser understands.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._kept: dict[_Key, _Answer] = {}
        self._bytes = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        key = _key(scope)
        if key is None:
            await self._app(scope, receive, send)
            return
        kept = self._kept.get(key)
        if kept is not None:
            await send(kept.start)
            await send({"type": "http.response.body", "body": kept.body})
            return
        start: Message | None = None
        body = b""

        async def sending(message: Message) -> None:
            nonlocal start, body
            if message["type"] == "http.response.start":
                start = message if _is_immutable(message) else None
            elif start is not None and message["type"] == "http.response.body":
                body += message.get("body", b"")
                if len(body) > _LARGEST:
                    start = None
                elif not message.get("more_body"):
                    self._keep(key, _Answer(start, body))
            else:
                start = None  # an extension of the server's, which sends the body in another way
            await send(message)

        await self._app(scope, receive, sending)

    def _keep(self, key: _Key, answer: _Answer) -> None:
        if self._bytes + len(answer.body) <= _MOST and key not in self._kept:
            self._kept[key] = answer
            self._bytes += len(answer.body)


def _key(scope: Scope) -> _Key | None:
    """What the answer depends on; None for what is asked for in a way of its own."""
    if scope["type"] != "http" or scope["method"] != "GET":
        return None
    if scope["query_string"] or not scope["path"].startswith(_FOLDER):
        return None
    headers = Headers(scope=scope)
    accepted = headers.get("accept-encoding", "")
    # Preferences among ways of packing are for the middleware that packs.
    if ";" in accepted or any(name in headers for name in _CONDITIONS):
        return None
    asked = {one.strip().lower() for one in accepted.split(",")}
    return scope["path"], tuple(one for one in _PACKINGS if one in asked)


def _is_immutable(start: Message) -> bool:
    headers = Headers(raw=list(start["headers"]))
    return (
        start["status"] == 200
        and "immutable" in headers.get("cache-control", "")
        and headers.get("vary", "").lower() in {"", "accept-encoding"}
        and "set-cookie" not in headers
    )
