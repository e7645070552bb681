"""Streamlit's own scripts and styles, sent gzipped and asked for early.

Streamlit sends them as they are (about 9 MB on a first visit) and leaves compression to a proxy; here each
is compressed once and kept. What the pages always need later, the table and the chart, is named in the page's
header, so that the browser fetches it while the first answer is still under way.
"""

from __future__ import annotations

import gzip
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Final

import streamlit
from anyio import to_thread
from starlette.responses import Response

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

STATIC: Final = Path(streamlit.__file__).resolve().parent / "static"
_TYPES: Final = {".js": "text/javascript", ".css": "text/css"}
_SMALLEST: Final = 1_000  # bytes; below this the headers weigh as much as what is saved
_LEVEL: Final = 6
HEAD_START: Final = 0.5  # seconds the server's first answer has to itself
_WANTED_EARLY: Final = ("static/js/DataFrame.*.js", "static/js/PlotlyChart.*.js")
_NOT_PAGES: Final = ("/static/", "/_stcore/", "/media/", "/component/")
# File names carry a hash of their content, so a copy never goes stale.
_KEEP: Final = "public, immutable, max-age=31536000"


class CompressedAssets:
    """ASGI middleware: answers requests for Streamlit's hashed assets itself, passes all else on."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._packed: dict[str, bytes] = {}
        self._known = _assets()
        self._hints = _hints()
        # A moment later, so that the server's first answer has the processor to itself.
        packing = threading.Timer(HEAD_START, self._pack_all)
        packing.daemon = True
        packing.start()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope.get("path", "")
        if scope["type"] != "http" or scope["method"] not in {"GET", "HEAD"}:
            await self._app(scope, receive, send)
        elif path in self._known and _takes_gzip(scope):
            body = await to_thread.run_sync(self._pack, path)
            await _answer(body, path)(scope, receive, send)
        elif path.startswith(_NOT_PAGES):
            await self._app(scope, receive, send)
        else:
            await self._app(scope, receive, self._with_hints(send))

    def _with_hints(self, send: Send) -> Send:
        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], (b"link", self._hints)]
            await send(message)

        return sending

    def _pack(self, path: str) -> bytes:
        if path not in self._packed:
            self._packed[path] = gzip.compress(self._known[path].read_bytes(), _LEVEL, mtime=0)
        return self._packed[path]

    def _pack_all(self) -> None:
        for path in self._known:
            self._pack(path)


def _assets() -> dict[str, Path]:
    """Address to file; only what this list names is ever read."""
    return {
        f"/{file.relative_to(STATIC).as_posix()}": file
        for file in sorted(STATIC.glob("static/*/*"))
        if file.suffix in _TYPES and file.stat().st_size >= _SMALLEST
    }


def _hints() -> bytes:
    """Value of a Link header that names what every page with a table or chart fetches next."""
    files = (file for pattern in _WANTED_EARLY for file in sorted(STATIC.glob(pattern)))
    links = (f"</{file.relative_to(STATIC).as_posix()}>; rel=modulepreload; crossorigin" for file in files)
    return ", ".join(links).encode("ascii")


def _takes_gzip(scope: Scope) -> bool:
    headers = dict(scope["headers"])
    return b"gzip" in headers.get(b"accept-encoding", b"") and b"range" not in headers


def _answer(body: bytes, path: str) -> Response:
    return Response(
        body,
        media_type=_TYPES[Path(path).suffix],
        headers={"Content-Encoding": "gzip", "Cache-Control": _KEEP, "Vary": "Accept-Encoding"},
    )
