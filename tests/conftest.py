"""What every test shares: no network beyond this machine, one app server, one browser."""

from __future__ import annotations

import gc
import ipaddress
import os
import shutil
import socket
import sys
import tempfile
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, settings

from tests.app_server import AppServer, free_port
from tests.places import SHARED

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# No time limit, neither for an example nor for making one: a busy machine takes many times as long.
settings.register_profile("basewise", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("basewise")

# Tests and the processes they start compile each file once, whatever the shell's setting is.
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
# Nothing may ask a hub: neither a test nor a server it starts.
os.environ["HF_HUB_OFFLINE"] = "1"
# What the app keeps between runs goes where nobody's own files are.
os.environ["BASEWISE_CACHE"] = tempfile.mkdtemp(prefix="basewise-tests-")
os.environ["HF_HUB_DISABLE_TELEMETRY"] = "1"
os.environ.pop("HF_TOKEN", None)

# Whatever ignores the offline switch fails at once instead of leaving the machine.
DEAD_PROXY = {
    "HTTP_PROXY": "http://127.0.0.1:9",
    "HTTPS_PROXY": "http://127.0.0.1:9",
    "NO_PROXY": "127.0.0.1,localhost",
}

# The first that is there. The one without windows of its own takes a third less of the processor.
BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")

_real_connect = socket.socket.connect
_real_connect_ex = socket.socket.connect_ex


class BeyondLoopbackError(AssertionError):
    """A test tried to leave the machine."""


def _refuse_beyond_loopback(address: Any) -> None:
    if not isinstance(address, tuple):
        return  # a Unix socket
    host = str(address[0])
    if host == "localhost":
        return
    try:
        is_local = ipaddress.ip_address(host).is_loopback
    except ValueError:
        is_local = False
    if not is_local:
        raise BeyondLoopbackError(f"tests never leave the machine, but {host} was asked")


def _connect(self: socket.socket, address: Any) -> None:
    _refuse_beyond_loopback(address)
    return _real_connect(self, address)


def _connect_ex(self: socket.socket, address: Any) -> int:
    _refuse_beyond_loopback(address)
    return _real_connect_ex(self, address)


@pytest.fixture(autouse=True, scope="session")
def _loopback_only() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", _connect)
        patch.setattr(socket.socket, "connect_ex", _connect_ex)
        yield


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """One worker a core, from two (browser tests wait a lot) to six (each holds a server and a browser)."""
    return min(max(len(os.sched_getaffinity(0)), 2), 6)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    # Workers take tests from the front of their share and give away from its end: the long ones come first.
    items.sort(key=lambda item: item.get_closest_marker("slow") is None)


def pytest_collection_finish() -> None:
    # Modules and tests stay to the end: no collection of garbage need look through them.
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of reference files, where a developer has it."""
    if not SHARED.is_dir():
        pytest.skip("the reference files (../shared) are not on this machine")
    return SHARED


@pytest.fixture(name="free_port")
def free_port_fixture() -> int:
    """A port of this machine that nobody listens on."""
    return free_port()


@pytest.fixture(scope="session")
def app_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of the app, served as `make run` serves it, with nothing but loopback to talk to."""
    folder = tmp_path_factory.mktemp("server")
    log = folder / "server.log"
    with AppServer(log=log, HF_HOME=str(folder / "hf"), **DEAD_PROXY) as server:
        yield server.url
    printed = log.read_text(encoding="utf-8")
    assert "Traceback" not in printed, printed[-4000:]
    assert "missing ScriptRunContext" not in printed


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """The machine's own Chromium: nothing is downloaded."""
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None:
        pytest.skip("no Chromium on this machine (Debian: apt-get install chromium)")
    return browser_type_launch_args | {
        "executable_path": found,
        "args": [
            "--no-sandbox",
            "--disable-dev-shm-usage",
            # Pages of one context share a process, which makes the app's scripts ready once.
            "--renderer-process-limit=1",
            # Every core has a browser of its own: helper threads for garbage and scripts only get in the way.
            # The debugger, which Playwright switches on, would read charts' scripts anew for each error that
            # they catch, had lines and columns not been noted at first.
            "--js-flags=--single-threaded --no-enable-lazy-source-positions",
            "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
        ],
    }


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any], app_url: str) -> dict[str, Any]:
    return browser_context_args | {"viewport": {"width": 1400, "height": 900}, "base_url": app_url}
