"""Streamlit's own scripts, styles and fonts, sent small and asked for early.

Streamlit sends them as they are (about 9 MB on a first visit) and leaves compression to a proxy; here each
is compressed once and kept. Its page names only what an empty app needs. What ours need next, with all that
imports, is added to the page, so that the browser fetches it while the first answer is under way; and so
are styles that no setting of Streamlit reaches (``page.css``).
"""

from __future__ import annotations

import gzip
import hashlib
import logging
import re
import subprocess
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Final

import brotli
import streamlit as st
from anyio import to_thread
from early_scripts import STATIC, EarlyScripts
from small_fonts import made_aside, small_page, small_styles

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

_TYPES: Final = {".js": b"text/javascript; charset=utf-8", ".css": b"text/css; charset=utf-8"}
_FONT: Final = b"font/woff2"
_STYLE: Final = f"<style>{Path(__file__).with_name('page.css').read_text(encoding='utf-8')}</style>"
# Brotli's tenth level takes a sixth off what gzip leaves and a second for every four megabytes, once.
_GZIP, _BROTLI = 6, 10
# What is made here, by name; a page of another replica may ask for it before this one has made it.
_MADE: Final = re.compile(r"/static/(?:css/index|media/[\w-]+)\.[0-9a-f]{12}\.(?:css|woff2)")
_PATIENCE: Final = 20.0  # seconds
HEAD_START: Final = 0.5  # seconds the server's first answer has to itself
_OF_BARE_PAGE: Final = {b"content-length", b"etag", b"last-modified", b"accept-ranges"}
_NOT_PAGES: Final = ("/static/", "/_stcore/", "/media/", "/component/")
# File names carry a hash of their content, so a copy never goes stale.
_KEEP: Final = b"public, immutable, max-age=31536000"


class CompressedAssets:
    """ASGI middleware: answers requests for Streamlit's hashed assets itself and adds hints to its page.

    From the start it sends gzip; a few seconds later also Brotli to browsers that take it, and small fonts.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        base = st.get_option("server.baseUrlPath").strip("/")
        self._base = f"/{base}" if base else ""
        self._packed: dict[tuple[bytes, str], bytes] = {}
        self._early = EarlyScripts((STATIC / "index.html").read_text(encoding="utf-8"))
        # Address to what reads it; only what this names is ever read.
        self._known = _assets() | self._early.made
        # What Streamlit can't answer.
        self._ours = set(self._early.made)
        self._fonts: dict[str, bytes] = {}
        self._has_fonts = threading.Event()
        self._page = self._with_hints
        # A moment later, so that the server's first answer has the processor to itself.
        preparing = threading.Timer(HEAD_START, self._prepare)
        preparing.daemon = True
        preparing.start()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope.get("path", "").removeprefix(self._base)
        if not self._has_fonts.is_set() and _MADE.fullmatch(path):
            await to_thread.run_sync(self._has_fonts.wait, _PATIENCE)
        if scope["type"] != "http" or scope["method"] != "GET":
            await self._app(scope, receive, send)
        elif path in self._fonts:
            await _answer(send, 200, _headers(_FONT, self._fonts[path]), self._fonts[path])
        elif path in self._known and _takes(scope, b"gzip"):
            await self._asset(scope, send, path)
        elif path in self._ours:
            plain = self._known[path]()
            await _answer(send, 200, _headers(_TYPES[Path(path).suffix], plain), plain)
        elif path.startswith(_NOT_PAGES):
            await self._app(scope, receive, send)
        else:
            await self._app(_plain(scope), receive, _Hinted(scope, send, self._page))

    async def _asset(self, scope: Scope, send: Send, path: str) -> None:
        way = b"br" if _takes(scope, b"br") and (b"br", path) in self._packed else b"gzip"
        body = self._packed.get((way, path)) or await to_thread.run_sync(self._gzipped, path)
        await _answer(
            send, 200, [*_headers(_TYPES[Path(path).suffix], body), (b"content-encoding", way)], body
        )

    def _gzipped(self, path: str) -> bytes:
        key = (b"gzip", path)
        if key not in self._packed:
            self._packed[key] = gzip.compress(self._known[path](), _GZIP, mtime=0)
        return self._packed[key]

    def _prepare(self) -> None:
        for path in self._known:
            self._gzipped(path)
        try:
            self._shrink_fonts(made_aside())
        except (OSError, subprocess.SubprocessError, ValueError):
            logging.getLogger(__name__).warning("The small fonts could not be made; whole ones are sent.")
        self._has_fonts.set()
        for path in self._first_needed():
            self._packed[b"br", path] = brotli.compress(self._known[path](), quality=_BROTLI)

    def _shrink_fonts(self, fonts: dict[str, bytes]) -> None:
        """Serve these and a style sheet that names them, and name that in pages from now on."""
        names = list(fonts)
        [whole] = STATIC.glob("static/css/index.*.css")
        styles = small_styles(whole.read_text(encoding="utf-8"), names).encode()
        name = f"index.{hashlib.sha256(styles).hexdigest()[:12]}.css"
        self._known[f"/static/css/{name}"] = lambda: styles
        self._ours.add(f"/static/css/{name}")
        self._fonts = {f"/static/media/{font}": content for font, content in fonts.items()}
        self._page = lambda page: small_page(self._with_hints(page).replace(whole.name, name), names)

    def _with_hints(self, page: str) -> str:
        return self._early.add_to(page).replace("</head>", f"{_STYLE}</head>", 1)

    def _first_needed(self) -> list[str]:
        styles = [path for path in self._known if path.startswith("/static/css/index.")]
        scripts = [f"/static/js/{name}" for name in self._early.names if name not in self._early.small]
        return [*styles, self._early.path, self._early.main_path, *scripts, self._early.chart_path]


class _Hinted:
    """``send`` that adds the hints to a page of HTML, compresses it, and passes anything else on."""

    def __init__(self, scope: Scope, send: Send, hinted: Callable[[str], str]) -> None:
        self._scope, self._send, self._hinted = scope, send, hinted
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
        page = self._hinted(self._page.decode("utf-8")).encode("utf-8")
        headers = [(name, value) for name, value in start["headers"] if name not in _OF_BARE_PAGE]
        if _takes(self._scope, b"gzip"):
            page = gzip.compress(page, _GZIP, mtime=0)
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


def _takes(scope: Scope, way: bytes) -> bool:
    headers = dict(scope["headers"])
    return way in headers.get(b"accept-encoding", b"") and b"range" not in headers


def _headers(kind: bytes, body: bytes) -> list[tuple[bytes, bytes]]:
    return [
        (b"content-type", kind),
        (b"content-length", str(len(body)).encode("ascii")),
        (b"cache-control", _KEEP),
        (b"vary", b"Accept-Encoding"),
    ]


async def _answer(send: Send, status: int, headers: list[tuple[bytes, bytes]], body: bytes) -> None:
    """Two plain messages: Starlette's response classes cost more than the sending."""
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
