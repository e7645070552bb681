"""Connections that are cut at a moment's notice.

A server can send its headers letter by letter: each step comes in time, the whole never does, and no hook of
the HTTP client is called meanwhile. So the sockets of the requests within a block are known here, and shut
when the block's time is over or the reader has stopped it.
"""

from __future__ import annotations

import socket
import threading
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_LOOK: Final = 0.2
# What httpcore2 calls the moments at which a connection is there; its answer is the stream.
_CONNECTED: Final = ("connection.connect_tcp.complete", "connection.start_tls.complete")


class Sockets:
    """Those in use within one block; ``trace`` is the HTTP client's extension of that name."""

    def __init__(self) -> None:
        self._open: list[socket.socket] = []
        self._lock = threading.Lock()

    def trace(self, event: str, info: dict[str, Any]) -> None:
        """Take note of a new connection."""
        ask = getattr(info.get("return_value"), "get_extra_info", None)
        if not event.endswith(_CONNECTED) or ask is None:
            return
        found = ask("socket")
        if isinstance(found, socket.socket):
            with self._lock:
                self._open.append(found)

    def cut(self) -> None:
        """Shut them all: whoever waits for one is told that it ended."""
        with self._lock:
            for one in self._open:
                with suppress(OSError):
                    one.shutdown(socket.SHUT_RDWR)


@contextmanager
def cut_when(is_over: Callable[[], bool], sockets: Sockets) -> Iterator[None]:
    """Cut ``sockets`` as soon as ``is_over`` says so, while the block runs."""
    done = threading.Event()

    def look() -> None:
        while not done.wait(_LOOK):
            if is_over():
                sockets.cut()

    threading.Thread(target=look, daemon=True, name="hub-limits").start()
    try:
        yield
    finally:
        done.set()
