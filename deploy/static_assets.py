"""Streamlit's own scripts and styles, sent gzipped and asked for early.

Streamlit sends them as they are (about 9 MB on a first visit) and leaves compression to a proxy; here each
is compressed once and kept. Its page names only what an empty app needs. What ours need next, with all that
imports, is added to the page, so that the browser fetches it while the first answer is under way.
"""

from __future__ import annotations

import gzip
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Final

from anyio import to_thread
from early_scripts import STATIC, EarlyScripts

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

_TYPES: Final = {".js": b"text/javascript; charset=utf-8", ".css": b"text/css; charset=utf-8"}
_LEVEL: Final = 6
HEAD_START: Final = 0.5  # seconds the server's first answer has to itself
_OF_BARE_PAGE: Final = {b"content-length", b"etag", b"last-modified", b"accept-ranges"}
_NOT_PAGES: Final = ("/static/", "/_stcore/", "/media/", "/component/")
# File names carry a hash of their content, so a copy never goes stale.
_KEEP: Final = b"public, immutable, max-age=31536000"


class CompressedAssets:
    """ASGI middleware: answers requests for Streamlit's hashed assets itself and adds hints to its page."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._packed: dict[str, bytes] = {}
        self._early = EarlyScripts((STATIC / "index.html").read_text(encoding="utf-8"))
        # Address to what reads it; only what this names is ever read.
        self._known = {**_assets(), self._early.path: lambda: self._early.file}
        # A moment later, so that the server's first answer has the processor to itself.
        packing = threading.Timer(HEAD_START, self._pack_all)
        packing.daemon = True
        packing.start()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope.get("path", "")
        if scope["type"] != "http" or scope["method"] != "GET":
            await self._app(scope, receive, send)
        elif path in self._known and _takes_gzip(scope):
            body = self._packed.get(path) or await to_thread.run_sync(self._pack, path)
            await _answer(send, 200, [*_headers(path, len(body)), (b"content-encoding", b"gzip")], body)
        elif path == self._early.path:
            await _answer(send, 200, _headers(path, len(self._early.file)), self._early.file)
        elif path.startswith(_NOT_PAGES):
            await self._app(scope, receive, send)
        else:
            await self._app(_plain(scope), receive, _Hinted(scope, send, self._early))

    def _pack(self, path: str) -> bytes:
        if path not in self._packed:
            self._packed[path] = gzip.compress(self._known[path](), _LEVEL, mtime=0)
        return self._packed[path]

    def _pack_all(self) -> None:
        for path in self._known:
            self._pack(path)


class _Hinted:
    """``send`` that adds the hints to a page of HTML, compresses it, and passes anything else on."""

    def __init__(self, scope: Scope, send: Send, early: EarlyScripts) -> None:
        self._scope, self._send, self._early = scope, send, early
        self._start: Message | None = None
        self._page = b""

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start" and _is_page(message):
            self._start = message
        elif self._start is None or message["type"] != "http.response.body":
            await self._send(message)
        else:
            self._page += message.get("body", b"")
            if not message.get("more_body"):
                await self._answer(self._start)

    async def _answer(self, start: Message) -> None:
        page = self._early.add_to(self._page.decode("utf-8")).encode("utf-8")
        headers = [(name, value) for name, value in start["headers"] if name not in _OF_BARE_PAGE]
        if _takes_gzip(self._scope):
            page = gzip.compress(page, _LEVEL, mtime=0)
            headers.append((b"content-encoding", b"gzip"))
        headers.append((b"content-length", str(len(page)).encode("ascii")))
        await _answer(self._send, start["status"], headers, page)


def _assets() -> dict[str, Callable[[], bytes]]:
    return {
        f"/{file.relative_to(STATIC).as_posix()}": file.read_bytes
        for file in sorted(STATIC.glob("static/*/*"))
        if file.suffix in _TYPES
    }


def _is_page(message: Message) -> bool:
    headers = dict(message["headers"])
    return headers.get(b"content-type", b"").startswith(b"text/html") and b"content-encoding" not in headers


def _plain(scope: Scope) -> Scope:
    """The request as if the browser took no compression and kept no copy: the page is changed on its way."""
    dropped = {b"accept-encoding", b"if-none-match", b"if-modified-since", b"range"}
    return {**scope, "headers": [(name, value) for name, value in scope["headers"] if name not in dropped]}


def _takes_gzip(scope: Scope) -> bool:
    headers = dict(scope["headers"])
    return b"gzip" in headers.get(b"accept-encoding", b"") and b"range" not in headers


def _headers(path: str, size: int) -> list[tuple[bytes, bytes]]:
    return [
        (b"content-type", _TYPES[Path(path).suffix]),
        (b"content-length", str(size).encode("ascii")),
        (b"cache-control", _KEEP),
        (b"vary", b"Accept-Encoding"),
    ]


async def _answer(send: Send, status: int, headers: list[tuple[bytes, bytes]], body: bytes) -> None:
    """Two plain messages: Starlette's response classes cost more than the sending."""
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
