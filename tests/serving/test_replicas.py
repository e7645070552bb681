"""Two replicas behind a real Caddy with the repository's Caddyfile: a reader stays with one until it ends."""

from __future__ import annotations

import gzip
import json
import os
import re
import shutil
import socket
import struct
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from playwright.sync_api import expect
from streamlit.runtime import metrics_util

from tests.app_server import free_port
from tests.places import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Page

CADDYFILE = ROOT / "deploy" / "Caddyfile"
# Bytes; smaller ones go as they are.
_WORTH_PACKING = 1_000
OWN_RESULTS = Path(__file__).parent.parent / "fixtures" / "lm_eval" / "full.json"
ADDRESSES = ("127.0.0.1", "127.0.0.2")
PATIENCE_S = 180
PATIENCE_MS = PATIENCE_S * 1_000

pytestmark = pytest.mark.browser


class NameServer:
    """Compose's name server in small: the name of the app gives the address of every replica that runs."""

    def __init__(self) -> None:
        self.running: list[str] = []
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 0))
        self.port = int(self._socket.getsockname()[1])
        threading.Thread(target=self._serve, daemon=True).start()

    def close(self) -> None:
        self._socket.sendto(b"", ("127.0.0.1", self.port))

    def _serve(self) -> None:
        with self._socket:
            while True:
                asked, reader = self._socket.recvfrom(512)
                if not asked:
                    return
                self._socket.sendto(self._answer(asked), reader)

    def _answer(self, asked: bytes) -> bytes:
        end = asked.index(b"\0", 12) + 5
        question, kind = asked[12:end], struct.unpack("!H", asked[end - 4 : end - 2])[0]
        known = question.startswith(b"\x03app")
        found = self.running if known and kind == 1 else []
        head = asked[:2] + struct.pack("!HHHHH", 0x8580 if known else 0x8583, 1, len(found), 0, 0)
        records = (struct.pack("!HHHIH", 0xC00C, 1, 1, 1, 4) + socket.inet_aton(one) for one in found)
        return head + question + b"".join(records)


@dataclass
class Deployment:
    """What compose would start, on addresses of this machine."""

    folder: Path
    proxy_port: int
    app_port: int
    names: NameServer
    replicas: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    started: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.proxy_port}"

    def start(self, address: str) -> None:
        """A replica as `make run` starts it; all share one folder for what readers add."""
        settings = {"BASEWISE_CACHE": str(self.folder / "cache"), "HF_HOME": str(self.folder / "hf")}
        self.replicas[address] = self.run(
            [
                sys.executable, "-m", "streamlit", "run", "serving/serve.py", "--server.address", address,
                "--server.port", str(self.app_port), "--server.headless", "true",
                "--server.fileWatcherType", "none",
            ],
            settings | {"STREAMLIT_SERVER_COOKIE_SECRET": "one for all"},
        )  # fmt: skip
        wait_until(lambda: fetch(f"http://{address}:{self.app_port}/_stcore/health"), "the replica is up")
        self.names.running.append(address)

    def start_proxy(self, caddy: str) -> None:
        self.run(
            [caddy, "run", "--config", str(CADDYFILE), "--adapter", "caddyfile"],
            {
                "BASEWISE_PROXY_ADDRESS": "127.0.0.1",
                "BASEWISE_PROXY_PORT": str(self.proxy_port),
                "BASEWISE_APP_PORT": str(self.app_port),
                "BASEWISE_RESOLVERS": f"resolvers udp/127.0.0.1:{self.names.port}",
                "XDG_DATA_HOME": str(self.folder),
                "XDG_CONFIG_HOME": str(self.folder),
            },
        )
        wait_until(lambda: fetch(f"{self.url}/_stcore/health"), "the proxy reaches a replica")

    def run(self, command: list[str], settings: dict[str, str]) -> subprocess.Popen[bytes]:
        with (self.folder / "log").open("ab") as log:
            process = subprocess.Popen(
                command, cwd=ROOT, env=os.environ | settings, stdout=log, stderr=subprocess.STDOUT
            )
        self.started.append(process)
        return process

    def kill(self, address: str) -> None:
        """End a replica without a word. Compose's name server drops it at once; the proxy asks later."""
        replica = self.replicas.pop(address)
        replica.kill()
        replica.wait()
        self.names.running.remove(address)

    def readers(self, address: str) -> int:
        return active(fetch(f"http://{address}:{self.app_port}/_stcore/metrics")[0].decode())

    def holder(self) -> str:
        """The one replica that holds the one reader."""
        counts = {address: self.readers(address) for address in self.replicas}
        assert sorted(counts.values()) in ([1], [0, 1]), counts
        return max(counts, key=counts.__getitem__)


def active(metrics: str) -> int:
    found = re.search(r"^active_sessions (\d+)$", metrics, re.MULTILINE)
    assert found is not None, metrics[:500]
    return int(found[1])


def fetch(url: str, **headers: str) -> tuple[bytes, dict[str, str]]:
    request = urllib.request.Request(url, headers={k.replace("_", "-"): v for k, v in headers.items()})
    with urllib.request.urlopen(request, timeout=PATIENCE_S) as answer:
        return answer.read(), {name.lower(): value for name, value in answer.headers.items()}


def wait_until(condition: Callable[[], Any], what: str) -> None:
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end:
        try:
            if condition():
                return
        except (urllib.error.URLError, OSError):
            pass
        time.sleep(0.1)
    pytest.fail(f"not within {PATIENCE_S} s: {what}")


@pytest.fixture(scope="module")
def caddy() -> str:
    found = shutil.which("caddy")
    if found is None:
        pytest.skip("no Caddy on this machine (Debian: apt-get install caddy)")
    return found


@pytest.fixture(scope="module")
def deployment(caddy: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    folder, names = tmp_path_factory.mktemp("replicas"), NameServer()
    whole = Deployment(folder, free_port("127.0.0.1"), free_port(*ADDRESSES), names)
    try:
        for address in ADDRESSES:
            whole.start(address)
        whole.start_proxy(caddy)
        yield whole
    finally:
        names.close()
        for process in whole.started:
            process.kill()
            process.wait()


@pytest.fixture(scope="session")
def browser_context_args() -> dict[str, Any]:
    return {"viewport": {"width": 1400, "height": 900}}


@pytest.fixture
def reader(page: Page) -> Page:
    """A page with patience for busy machines."""
    expect.set_options(timeout=PATIENCE_MS)
    page.set_default_timeout(PATIENCE_MS)
    return page


def assert_all_requests_reach_the_holder(page: Page, deployment: Deployment) -> None:
    """Each replica counts its readers, so the count tells who answered. By chance: one in a million."""
    for _ in range(20):
        assert active(page.request.get(f"{deployment.url}/_stcore/metrics").text()) == 1


def add_own_results(page: Page) -> None:
    """The file goes to the replica in a request of its own; only the one that holds the session takes it."""
    page.locator("input[type=file]").first.set_input_files(OWN_RESULTS)
    expect(page.get_by_text("full.json")).to_be_visible()
    page.get_by_role("button", name="Add these results").click()
    expect(page.get_by_text("Added 1 row")).to_be_visible()
    page.wait_for_function("() => document.cookie.includes('basewise_workspace')")


def test_assets_are_kept_a_year_and_compressed_and_the_page_is_asked_for_again(
    deployment: Deployment,
) -> None:
    page, headers = fetch(deployment.url, Accept_Encoding="gzip")
    assert headers["content-encoding"] == "gzip"
    assert "no-cache" in headers["cache-control"]
    assert headers["x-content-type-options"] == "nosniff"
    assert "server" not in headers

    assets = re.findall(r'"\./(static/[\w./-]+\.(?:js|css))"', gzip.decompress(page).decode())
    sizes = {}
    for asset in dict.fromkeys(assets):
        plain, headers = fetch(f"{deployment.url}/{asset}", Accept_Encoding="identity")
        assert "content-encoding" not in headers, asset
        assert {"immutable", "max-age=31536000"} <= set(headers["cache-control"].split(", ")), asset
        sizes[asset] = len(plain)
        if len(plain) < _WORTH_PACKING:
            continue
        packed, headers = fetch(f"{deployment.url}/{asset}", Accept_Encoding="gzip, deflate")
        assert headers["content-encoding"] == "gzip", asset
        assert "accept-encoding" in headers["vary"].lower(), asset
        assert gzip.decompress(packed) == plain, asset
    largest = max(sizes, key=lambda asset: sizes[asset])
    assert sizes[largest] > 100_000
    # Newer browsers get it smaller.
    assert fetch(f"{deployment.url}/{largest}", Accept_Encoding="zstd")[1]["content-encoding"] == "zstd"


def test_a_second_visit_takes_scripts_from_the_browsers_own_store(
    reader: Page, deployment: Deployment
) -> None:
    fetched = """() => performance.getEntriesByType("resource").filter(one => one.transferSize)
                 .map(one => one.name).filter(name => /\\.(js|css)$/.test(name))"""

    def visit() -> set[str]:
        reader.goto(f"{deployment.url}/leaderboard")
        expect(reader.get_by_text("rows shown")).to_be_visible()
        return set(reader.evaluate(fetched))

    first = visit()
    assert len(first) > 20
    assert first & visit() == set()


def test_a_reader_stays_with_one_replica(reader: Page, deployment: Deployment) -> None:
    sockets: list[str] = []
    reader.on("websocket", lambda one: sockets.append(one.url))
    reader.goto(f"{deployment.url}/data?x_part=Results")
    add_own_results(reader)
    wait_until(lambda: sum(map(deployment.readers, ADDRESSES)) == 1, "one reader alone is left")
    held_by = deployment.holder()
    assert_all_requests_reach_the_holder(reader, deployment)

    for _ in range(3):
        reader.reload()
        expect(reader.get_by_text("With 1 row of your own")).to_be_visible()
        wait_until(lambda: sum(map(deployment.readers, ADDRESSES)) == 1, "the session before has ended")
        assert deployment.holder() == held_by
    assert len(sockets) == 4
    assert all(one.startswith(f"ws://127.0.0.1:{deployment.proxy_port}/") for one in sockets)


def test_a_reader_whose_replica_is_killed_goes_on_with_the_other(
    reader: Page, deployment: Deployment
) -> None:
    reader.goto(f"{deployment.url}/data?x_part=Results")
    add_own_results(reader)
    reader.goto(f"{deployment.url}/leaderboard?size=0&size=7&pick=google/gemma-2-9b")
    counted = reader.get_by_text("rows shown")
    expect(counted).to_be_visible()
    before = counted.inner_text()
    sidebar = reader.get_by_test_id("stSidebar")
    expect(sidebar.get_by_text("With 1 row of your own")).to_be_visible()
    wait_until(lambda: sum(map(deployment.readers, ADDRESSES)) == 1, "one reader alone is left")
    reader.evaluate("() => { window.neverLoadedAnew = true }")

    first = deployment.holder()
    second = next(address for address in ADDRESSES if address != first)
    kept = {one["name"]: one["value"] for one in reader.context.cookies()}["basewise_replica"]
    deployment.kill(first)
    # Who asks just now is kept waiting for the other, not told that the gateway is bad.
    assert fetch(f"{deployment.url}/_stcore/health", Cookie=f"basewise_replica={kept}")
    wait_until(lambda: deployment.readers(second) == 1, "the page has connected to the other replica")

    # A change of the slider shows that the other one answers, from where the page was.
    expect(reader.get_by_test_id("stStatusWidget")).to_have_count(0)
    expect(counted).to_have_text(before)
    slider = reader.get_by_role("slider", name=re.compile("Size in billions.*end"))
    slider.focus()
    reader.keyboard.press("ArrowLeft")
    expect(counted).not_to_have_text(before)
    expect(reader).to_have_url(re.compile("size=0&size=6"))
    expect(slider).to_have_attribute("aria-valuetext", "6")
    expect(sidebar.get_by_text("1 of at most 12")).to_be_visible()
    expect(sidebar.get_by_text("With 1 row of your own")).to_be_visible()
    assert reader.evaluate("() => window.neverLoadedAnew")

    # The first comes back; the reader stays where the session is now, so that its files arrive.
    deployment.start(first)
    wait_until(
        lambda: active(fetch(f"{deployment.url}/_stcore/metrics")[0].decode()) == 0,
        "the proxy sends strangers to the replica that came back",
    )
    assert deployment.holder() == second
    assert_all_requests_reach_the_holder(reader, deployment)
    sidebar.get_by_role("link", name="Data", exact=True).click()
    expect(reader.get_by_text("With 1 row of your own")).to_be_visible()
    reader.get_by_role("radio", name="Results").click()
    add_own_results(reader)
    assert reader.evaluate("() => window.neverLoadedAnew")
    assert deployment.holder() == second


def test_all_replicas_of_the_image_are_one_installation_to_the_browser() -> None:
    """Where the id is another's, the page drops its state on reconnecting: sliders show what isn't applied.

    Replicas on one machine share its id, so the test above can't show it.
    """
    image = (ROOT / "deploy" / "Dockerfile").read_text(encoding="utf-8")

    assert re.search(rf"echo [0-9a-f]{{32}} > {re.escape(metrics_util._ETC_MACHINE_ID_PATH)}\b", image)


def test_what_the_caddyfile_falls_back_on_is_what_compose_starts(caddy: str) -> None:
    adapted = subprocess.run(
        [caddy, "adapt", "--config", str(CADDYFILE), "--adapter", "caddyfile"],
        capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    compose = yaml.safe_load((ROOT / "deploy" / "compose.yaml").read_text(encoding="utf-8"))
    (server,) = json.loads(adapted)["apps"]["http"]["servers"].values()
    proxy = next(one for one in server["routes"][0]["handle"] if one["handler"] == "reverse_proxy")

    assert proxy["dynamic_upstreams"]["name"] in compose["services"]
    assert [proxy["dynamic_upstreams"]["port"]] == compose["services"]["app"]["expose"]
    assert "resolver" not in proxy["dynamic_upstreams"]
    assert server["listen"] == ["0.0.0.0:8080"]
    assert compose["services"]["proxy"]["ports"] == ["8080:8080"]
