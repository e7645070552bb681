"""What a server does once, so that no reader waits for it."""

from __future__ import annotations

import gc
import importlib
import threading

from pages.parts.shell import board

_lock = threading.Lock()
_done = threading.Event()
# Imported by every page with a chart or table; each takes a noticeable part of a second.
_HEAVY = ("pandas", "pyarrow.parquet", "plotly.graph_objects", "plotly.io", "streamlit.elements.plotly_chart")


def warm_up() -> None:
    """Import and load what all pages share, then keep the collector away from it. Safe to call often.

    Streamlit runs a full collection after every rerun; walking the modules and the board each time costs
    more than the page itself, so what lives for ever is frozen out of it.
    """
    if _done.is_set():
        return
    with _lock:
        if _done.is_set():
            return
        for name in _HEAVY:
            importlib.import_module(name)
        board.embedded_today()
        gc.collect()
        gc.freeze()
        _done.set()
