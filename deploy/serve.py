"""The app behind its own server: warmed up before the first reader, assets compressed, reconnects kept.

    streamlit run deploy/serve.py

``streamlit run app.py`` serves the same app without these three.
"""

from __future__ import annotations

import sys
import threading
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

ROOT = Path(__file__).resolve().parent.parent
for place in (str(ROOT), str(ROOT / "deploy")):
    if place not in sys.path:
        sys.path.insert(0, place)

import streamlit as st  # noqa: E402
from give_back import keep_giving_back  # noqa: E402
from no_delay import switch_off_delays  # noqa: E402
from reconnect import WholeFirstRun  # noqa: E402
from starlette.middleware import Middleware  # noqa: E402
from static_assets import HEAD_START, CompressedAssets  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import AsyncIterator


@asynccontextmanager
async def _warmed(_: Any) -> AsyncIterator[dict[str, Any]]:
    switch_off_delays()
    # In a thread and a moment later: whoever asks whether the server is up gets the first answer at once.
    warming = threading.Timer(HEAD_START, _warm_up)
    warming.daemon = True
    warming.start()
    ended = keep_giving_back()
    yield {}
    ended.set()


def _warm_up() -> None:
    # Imported here, because cached functions need the runtime.
    from pages.parts.warm import warm_up  # noqa: PLC0415

    warm_up()


app = st.App(
    ROOT / "app.py", lifespan=_warmed, middleware=[Middleware(CompressedAssets), Middleware(WholeFirstRun)]
)
