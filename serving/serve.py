"""The app behind its own server: warm before the first reader, answers packed and protected, reconnects kept.

    streamlit run serving/serve.py

``streamlit run app.py`` serves the same app without these.
"""

from __future__ import annotations

import sys
import threading
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

ROOT = Path(__file__).resolve().parent.parent
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

import streamlit as st  # noqa: E402
from secure.middleware import SecureASGIMiddleware  # noqa: E402
from starlette.middleware import Middleware  # noqa: E402
from starlette_compress import CompressMiddleware  # noqa: E402

from serving.api import routes  # noqa: E402
from serving.headers import protection  # noqa: E402
from serving.no_delay import switch_off_delays  # noqa: E402
from serving.packed_files import PackedFiles  # noqa: E402
from serving.page_head import PageHead  # noqa: E402
from serving.reconnect import WholeFirstRuns  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

_HEAD_START: Final = 0.5  # seconds the server's first answer has to itself


@asynccontextmanager
async def _warmed(_: Any) -> AsyncIterator[dict[str, Any]]:
    switch_off_delays()
    # In a thread and a moment later: whoever asks whether the server is up gets the first answer at once.
    warming = threading.Timer(_HEAD_START, _warm_up)
    warming.daemon = True
    warming.start()
    yield {}


def _warm_up() -> None:
    # Imported here, because cached functions need the runtime.
    from pages.parts.shell.warm import warm_up  # noqa: PLC0415

    warm_up()


app = st.App(
    ROOT / "app.py",
    lifespan=_warmed,
    routes=routes(),
    middleware=[
        Middleware(PackedFiles),
        Middleware(SecureASGIMiddleware, secure=protection()),
        # Tighter than usual, as each file is packed once: a first visit's scripts are a tenth smaller for it.
        Middleware(CompressMiddleware, zstd_level=9, brotli_quality=6, gzip_level=6),
        Middleware(PageHead),
        Middleware(WholeFirstRuns),
    ],
)
