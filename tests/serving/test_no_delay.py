"""Connections that a server accepts send small answers at once."""

from __future__ import annotations

import socket
import sys

import pytest

from tests.places import ROOT

sys.path.insert(0, str(ROOT))
from serving.no_delay import switch_off_delays


def delay_is_off(server: socket.socket) -> bool:
    with socket.create_connection(server.getsockname()[:2]), server.accept()[0] as accepted:
        return bool(accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))


@pytest.mark.parametrize("address", ["127.0.0.1", "::1"])
def test_what_a_listening_socket_accepts_has_no_delay(address: str) -> None:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family) as server:
        try:
            server.bind((address, 0))
        except OSError:
            pytest.skip("no IPv6 on this machine")
        server.listen()
        assert not delay_is_off(server)  # what Streamlit's own binding gives
        assert switch_off_delays() >= 1
        assert delay_is_off(server)


def test_other_sockets_and_files_are_left_alone() -> None:
    one, other = socket.socketpair()
    with one, other, socket.socket() as idle:
        before = switch_off_delays()
        assert not idle.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
        one.sendall(b"still open")
        assert other.recv(20) == b"still open"
        assert switch_off_delays() == before
