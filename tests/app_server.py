"""A server of the app for tests, as `make run` starts it."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from typing import TYPE_CHECKING, Self

import pytest

from tests.places import ROOT

if TYPE_CHECKING:
    from pathlib import Path

# Seconds. Only a server that never comes up takes them all.
PATIENCE_S = 180


def free_port(*addresses: str) -> int:
    """A port that nobody listens on at any of the addresses (default: 127.0.0.1)."""
    first, *others = addresses or ("127.0.0.1",)
    with socket.socket() as probe:
        probe.bind((first, 0))
        port = int(probe.getsockname()[1])
        for address in others:
            with socket.socket() as other:
                try:
                    other.bind((address, port))
                except OSError as problem:
                    pytest.skip(f"{address} can't be listened on here: {problem}")
    return port


class AppServer:
    """Up from `with` to its end; ``settings`` go into its environment."""

    def __init__(
        self,
        *,
        address: str = "127.0.0.1",
        port: int | None = None,
        log: Path | None = None,
        **settings: str,
    ) -> None:
        self.port = port or free_port(address)
        self.url = f"http://{address}:{self.port}"
        self._log = log
        self._environment = os.environ | settings
        self._command = [
            sys.executable, "-m", "streamlit", "run", "serving/serve.py", "--server.address", address,
            "--server.port", str(self.port), "--server.headless", "true", "--server.fileWatcherType", "none",
        ]  # fmt: skip

    def __enter__(self) -> Self:
        log = self._log.open("ab") if self._log else subprocess.DEVNULL
        self.process = subprocess.Popen(
            self._command, cwd=ROOT, env=self._environment, stdout=log, stderr=subprocess.STDOUT
        )
        try:
            self._wait_until_up()
        except BaseException:
            self.kill()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.process.terminate()
        try:
            self.process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            self.kill()

    def kill(self) -> None:
        """End it without a word."""
        self.process.kill()
        self.process.wait()

    def _wait_until_up(self) -> None:
        end = time.monotonic() + PATIENCE_S
        while self.process.poll() is None and time.monotonic() < end:
            try:
                with urllib.request.urlopen(f"{self.url}/_stcore/health", timeout=30):
                    return
            except (urllib.error.URLError, OSError):
                time.sleep(0.2)
        printed = self._log.read_text()[-2000:] if self._log else ""
        pytest.fail(f"the app's server did not come up:\n{printed}")
