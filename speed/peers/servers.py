"""The three servers: started, asked whether they answer, weighed, ended."""

from __future__ import annotations

import os
import socket
import subprocess
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
FULL_BOARD = "/leaderboard?base=false&unknown=true&size=0&size=150"
# Names of Basewise among the contestants: this checkout, and an earlier one beside it.
OURS, BEFORE = "ours", "before"


# As make run and the Dockerfile set them.
MEMORY = {
    "MALLOC_ARENA_MAX": "2", "MALLOC_MMAP_THRESHOLD_": "32768", "ARROW_DEFAULT_MEMORY_POOL": "system",
}  # fmt: skip


@dataclass(frozen=True)
class App:
    """One of the contestants. ``python`` is the interpreter of its own environment."""

    name: str
    python: Path
    folder: Path = ROOT

    @property
    def is_basewise(self) -> bool:
        return self.name in {OURS, BEFORE}

    @property
    def path(self) -> str:
        """Address of the whole board: the same 4,585 rows in every contestant."""
        if not self.is_basewise:
            return "/"
        return FULL_BOARD if self.name == BEFORE else f"{FULL_BOARD}&field=board"

    def command(self, board: Path, port: int) -> list[str]:
        if self.is_basewise:
            script = next(
                one for one in ("serving/serve.py", "deploy/serve.py") if (self.folder / one).exists()
            )
            return [
                str(self.python), "-m", "streamlit", "run", script, "--server.port", str(port),
                "--server.headless", "true", "--server.fileWatcherType", "none",
            ]  # fmt: skip
        script = {"L": "peer_leaderboard.py", "G": "peer_gradio.py"}[self.name]
        return [str(self.python), str(HERE / script), str(board), str(port)]


@dataclass
class Running:
    app: App
    process: subprocess.Popen[bytes]
    url: str
    seconds_to_answer: float

    def resident_mb(self) -> float:
        """Resident memory of the server and what it started, in MB (1e6 bytes)."""
        total = 0
        for pid in _family(self.process.pid):
            try:
                lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
            except (FileNotFoundError, ProcessLookupError):
                continue
            total += sum(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmRSS:"))
        return total / 1e6


@contextmanager
def serve(app: App, board: Path) -> Iterator[Running]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    env = os.environ | {
        "GRADIO_ANALYTICS_ENABLED": "False", "HF_HUB_OFFLINE": "1", "NO_PROXY": "127.0.0.1,localhost",
    }  # fmt: skip
    if app.is_basewise:
        env |= MEMORY
    started = time.perf_counter()
    process = subprocess.Popen(
        app.command(board, port),
        cwd=app.folder,
        env=env,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    url = f"http://127.0.0.1:{port}"
    try:
        yield Running(app, process, url, _wait(url, process, started))
    finally:
        process.terminate()
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()


def _wait(url: str, process: subprocess.Popen[bytes], started: float) -> float:
    while time.perf_counter() - started < 90:
        if process.poll() is not None:
            raise RuntimeError(f"a server ended at once with code {process.returncode}")
        try:
            with urllib.request.urlopen(url, timeout=20) as answer:
                answer.read()
                return time.perf_counter() - started
        except (urllib.error.URLError, OSError):
            time.sleep(0.02)
    raise TimeoutError(url)


def _family(pid: int) -> list[int]:
    try:
        listed = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    except FileNotFoundError:
        listed = []
    return [pid, *(other for child in listed for other in _family(int(child)))]
