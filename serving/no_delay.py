"""Small answers leave at once.

Streamlit binds its listening socket without naming the protocol, and asyncio switches Nagle's algorithm
off only where TCP is named (Kludex/uvicorn, issue 3149). Left on, each answer of two writes and each
run of small WebSocket messages waits for the reader's delayed acknowledgement: 40 ms a time.
"""

from __future__ import annotations

import logging
import os
import socket
import stat
from contextlib import suppress

# Streamlit opens few files before it listens, so the socket's number is small.
_HIGHEST = 256
_log = logging.getLogger(__name__)


def switch_off_delays() -> int:
    """Set ``TCP_NODELAY`` on every listening socket of this process; what they accept inherits it.

    Returns the number of sockets set. Meant for the start of the server, when it listens but hasn't accepted.
    """
    found = 0
    for number in range(_HIGHEST):
        with suppress(OSError):  # closed, or a socket of another kind
            if stat.S_ISSOCK(os.fstat(number).st_mode):
                found += _set(number)
    if not found:
        _log.warning("No listening socket was found: small answers may wait 40 ms.")
    return found


def _set(number: int) -> bool:
    """Whether it was a listening TCP socket. Closes a copy of the number, not the socket."""
    with socket.socket(fileno=os.dup(number)) as one:
        listens = one.family in {socket.AF_INET, socket.AF_INET6} and one.getsockopt(
            socket.SOL_SOCKET, socket.SO_ACCEPTCONN
        )
        if listens:
            one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return bool(listens)
