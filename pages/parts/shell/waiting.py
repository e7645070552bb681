"""Wait for something slow: with what has come so far, a way to stop, and no hold on the reader.

The work runs in a thread of its own and never touches Streamlit. The script asks every moment how far it is;
each time Streamlit can take up what the reader did meanwhile, which a blocking call would keep waiting.
"""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, TypeVar

import streamlit as st

from core.sandbox import readers

if TYPE_CHECKING:
    from collections.abc import Callable

Result = TypeVar("Result")
_STEP_SECONDS: Final = 0.2


@dataclass(slots=True)
class Progress:
    """What the work tells: bytes of the file that is coming in. ``cancel`` is set to stop it."""

    cancel: threading.Event = field(default_factory=threading.Event)
    received: int = 0
    expected: int | None = None

    def on_bytes(self, received: int, expected: int | None) -> None:
        self.received, self.expected = received, expected

    @property
    def share(self) -> float:
        return min(self.received / self.expected, 1.0) if self.expected else 0.0

    @property
    def words(self) -> str:
        """Nothing for what is too small to be waited for."""
        if max(self.received, self.expected or 0) < 100_000:
            return ""
        of = f" of {self.expected / 1e6:.1f}" if self.expected else ""
        return f": {self.received / 1e6:.1f}{of} MB"


def wait_for(
    work: Callable[[Progress], Result], *, said: str, key: str, on_stop: Callable[[], None]
) -> Result:
    """Result of ``work``, which runs aside; what it raises is raised here.

    If the reader goes elsewhere the work ends by itself, within its own limits of time and size.

    Args:
        work: minds ``Progress.cancel``.
        said: what is going on, in a few words.
        key: of the button that stops it.
        on_stop: called once the reader has pressed it, before the page is drawn anew.
    """
    progress = Progress()

    def stop() -> None:
        progress.cancel.set()
        on_stop()

    pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="basewise-waiting")
    future = pool.submit(_for_reader, readers.current(), work, progress)
    pool.shutdown(wait=False)
    if not wait([future], timeout=_STEP_SECONDS).done:
        place = st.empty()
        with place.container(horizontal=True, vertical_alignment="center"):
            bar = st.progress(0.0, f"{said} …")
            st.button("Stop", key=key, icon=":material/stop_circle:", on_click=stop)
        while not wait([future], timeout=_STEP_SECONDS).done:
            bar.progress(progress.share, f"{said}{progress.words} …")
        place.empty()
    return future.result()


def _for_reader(reader: str, work: Callable[[Progress], Result], progress: Progress) -> Result:
    with readers.acting_for(reader):
        return work(progress)
