"""What we add at the end of the page's head: the server's address, our style sheet, and hints of scripts.

Streamlit offers no setting for it. They are added and nothing of the page is changed; a page without a head
of the usual form is sent as it is, and the log says so once.
"""

from __future__ import annotations

import logging
from pathlib import Path
from typing import TYPE_CHECKING, Final

from starlette.datastructures import MutableHeaders

from serving.hints import hints

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

_STYLE: Final = Path(__file__).resolve().parent.parent / "pages" / "parts" / "shell" / "page.css"
_END_OF_HEAD: Final = b"</head>"
# Where the server is: beside the page, as its scripts are. Streamlit's page otherwise asks below its own
# address first and, on every page but the first, waits for two answers that it is not there
# (github.com/streamlit/streamlit/issues/7074; the variable is of its pull requests 11378 and 11537).
SERVER_ADDRESS: Final = b'window.__streamlit ??= { BACKEND_BASE_URL: new URL(".", document.baseURI).href };'
_LARGEST: Final = 200_000  # bytes; Streamlit's page has 2,000
_log = logging.getLogger(__name__)


class PageHead:
    """ASGI middleware for the page itself; every other answer passes untouched."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._always = b"<script>" + SERVER_ADDRESS + b"</script><style>" + _STYLE.read_bytes() + b"</style>"
        self._hints = hints()
        self._told = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "GET":
            await self._app(scope, receive, send)
            return
        if b"text/html" in dict(scope["headers"]).get(b"accept", b""):
            # Streamlit would pack the page; asked for plain, it can be added to, and is packed later.
            scope = {**scope, "headers": [one for one in scope["headers"] if one[0] != b"accept-encoding"]}
        start: Message | None = None
        body = b""

        async def sending(message: Message) -> None:
            nonlocal start, body
            if message["type"] == "http.response.start" and _is_page(message):
                start = message
                return
            if start is None or message["type"] != "http.response.body":
                await send(message)
                return
            body += message.get("body", b"")
            if message.get("more_body") and len(body) <= _LARGEST:
                return
            styled = self.added_to(body, scope["path"])
            headers = MutableHeaders(scope=start)
            if styled != body:
                for name in ("etag", "last-modified", "accept-ranges"):
                    del headers[name]
                if not message.get("more_body"):
                    headers["content-length"] = str(len(styled))
            first, start = start, None
            await send(first)
            await send({**message, "body": styled})

        await self._app(scope, receive, sending)

    def added_to(self, page: bytes, path: str) -> bytes:
        """The page with sheet and hints at the end of its head; the page as it is where that isn't found."""
        head, found, rest = page.partition(_END_OF_HEAD)
        if found and len(page) <= _LARGEST:
            hinted = self._hints.get(path.rpartition("/")[2], b"")
            return head + self._always + hinted + found + rest
        if not self._told:
            self._told = True
            _log.warning("Streamlit's page has no head of the usual form; it goes without our style sheet.")
        return page


def _is_page(start: Message) -> bool:
    headers = MutableHeaders(raw=list(start["headers"]))
    return (
        start["status"] == 200
        and headers.get("content-type", "").startswith("text/html")
        and "content-encoding" not in headers
    )
