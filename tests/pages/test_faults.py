"""Every way the live board can fail: the last good data stays, its age and the cause are said, and it heals.

Each fault is played on the local Hub against the real client, after one good download. The rule checked for
all of them: the old board is still the answer, nothing good on disk changed, the cause is one sentence, and
the next check, once the cause is gone, brings the new board.
"""

from __future__ import annotations

import errno
import json
import multiprocessing
import os
import random
import shutil
import signal
import socket
import sys
import time
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from core.errors import SourceUnavailableError
from core.hub import cache, client, live_board
from core.hub.client import HubAccess
from core.hub.watch import BoardWatch
from tests.hub_server import PATIENCE_S, HubServer, wait_until
from tests.hub_tables import hub_frame, hub_parquet, to_parquet

if TYPE_CHECKING:
    from pathlib import Path

OLD, NEW = hub_parquet(40), hub_parquet(41, seed=1)
API = "/api/datasets/open-llm-leaderboard/contents"


@pytest.fixture
def hub(monkeypatch):
    monkeypatch.setattr(client, "_wait", lambda _state: 0.0)
    with HubServer() as server:
        server.add_board(OLD)
        yield server


@pytest.fixture
def folder(tmp_path, monkeypatch) -> Path:
    monkeypatch.setenv("BASEWISE_CACHE", str(tmp_path / "cache"))
    return live_board.default_folder()


@pytest.fixture(scope="module")
def after_a_check(tmp_path_factory) -> Path:
    """What one good check of the old board leaves on disk."""
    left = tmp_path_factory.mktemp("checked")
    with HubServer() as server:
        server.add_board(OLD)
        assert live_board.refresh(HubAccess(server.url), folder=left).outcome == "updated"
    return left


@pytest.fixture
def checked(hub, folder, after_a_check) -> Path:
    """The folder with the old board in it, as the Hub has it too."""
    shutil.copytree(after_a_check, folder)
    return folder


def check(hub: HubServer, **more) -> live_board.Refreshed:
    return live_board.refresh(HubAccess(hub.url), **more)


def on_disk(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.name != ".lock"}


# -- what the network does -----------------------------------------------------------------------------------

NETWORK = {
    "401": (API, {"status": 401}, "does not accept the token"),
    "403 gated": (API, {"status": 403, "headers": {"X-Error-Code": "GatedRepo"}}, "is gated"),
    "404": (API, {"status": 404, "headers": {"X-Error-Code": "RepoNotFound"}}, "or it is private"),
    "429 with Retry-After": (
        API,
        {"status": 429, "headers": {"Retry-After": "600"}},
        "asks to wait 600 seconds",
    ),
    "500": (API, {"status": 500}, "returned a server error (500)"),
    "502 at the file": ("/parquet/", {"status": 502}, "returned a server error (502)"),
    "cut mid-body": ("/cdn/", {"cut_after": 2000}, "cut before the answer was complete"),
    "slow drip": ("/cdn/", {"drip": (50, 0.05)}, "answered too slowly"),
    "no answer": ("/cdn/", {"hang": 30.0}, "stopped answering"),
    "redirect loop": ("/parquet/", {"redirect_loop": True}, "redirects in a loop"),
    "login page": ("/parquet/", {"body": b"<html>Sign in</html>"}, "not a whole Parquet file"),
}


@pytest.mark.parametrize(("where", "fault", "said"), NETWORK.values(), ids=NETWORK.keys())
def test_network_fault(hub, checked, monkeypatch, where, fault, said):
    kept = on_disk(checked)
    hub.add_board(NEW)
    hub.fault(where, **fault)
    with monkeypatch.context() as impatient:
        if "hang" in fault:
            impatient.setattr(client, "STEP_TIMEOUT", 0.3)
        # The slow one is given up; whatever else goes wrong may take as long as a busy machine takes.
        failed = check(hub, seconds=4 if "drip" in fault else PATIENCE_S)
    assert failed.outcome == "failed"
    assert said in failed.cause
    assert failed.cause.count(". ") == 0
    assert failed.remedy
    assert len(failed.board.frame) == 40
    assert "(less than a day ago)" in failed.board.describe()
    assert on_disk(checked) == kept
    hub.heal()
    healed = check(hub)
    assert (healed.outcome, len(healed.board.frame)) == ("updated", 41)


def test_no_network_at_start(folder, monkeypatch):
    """Nothing stored, nobody answers: said, not raised; `load_leaderboard("hub")` raises the plain error."""
    monkeypatch.setattr(client, "_wait", lambda _state: 0.0)
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", False)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{free.getsockname()[1]}"
    failed = live_board.refresh(HubAccess(address))
    assert (failed.outcome, failed.board) == ("failed", None)
    assert failed.cause == "The Hub could not be reached: the connection failed."
    monkeypatch.setenv("HF_ENDPOINT", address)
    with pytest.raises(SourceUnavailableError, match="could not be reached"):
        live_board.load()


def test_no_network_at_start_with_a_stored_copy(hub, folder, monkeypatch):
    check(hub)
    monkeypatch.setenv("HF_ENDPOINT", "http://no-such-name.invalid")
    assert len(live_board.load()) == 40
    failed = live_board.refresh(HubAccess("http://no-such-name.invalid"))
    assert "could not be looked up" in failed.cause
    assert len(failed.board.frame) == 40


# -- what the file is ----------------------------------------------------------------------------------------


def _without(column: str) -> bytes:
    return to_parquet(hub_frame().drop(columns=column))


def _with(column: str, value: object) -> bytes:
    return to_parquet(hub_frame().assign(**{column: value}))


FILES = {
    "truncated": NEW[:-500],
    "truncated in the middle": NEW[:3000] + NEW[-8:],
    "wrong magic bytes": b"PK\x03\x04" + NEW[4:],
    "empty file": b"",
    "column renamed": to_parquet(hub_frame().rename(columns={"IFEval": "IF-Eval"})),
    "column missing": _without("fullname"),
    "score missing": _without("MMLU-PRO Raw"),
    "column retyped": _with("BBH", "a lot"),
    "zero rows": to_parquet(hub_frame().iloc[:0]),
    "no columns": to_parquet(hub_frame()[[]]),
}


@pytest.mark.parametrize("body", FILES.values(), ids=FILES.keys())
def test_bad_file(hub, checked, body):
    kept = on_disk(checked)
    hub.add_board(body)
    failed = check(hub)
    assert failed.outcome == "failed", failed
    assert failed.cause
    assert len(failed.board.frame) == 40
    assert on_disk(checked) == kept
    hub.add_board(NEW)
    assert len(check(hub).board.frame) == 41


# -- what the disk does --------------------------------------------------------------------------------------


def _corrupt_table(folder: Path) -> None:
    table = next(folder.glob("*.parquet"))
    table.write_bytes(table.read_bytes()[:-100] + b"x" * 100)


def _truncate_table(folder: Path) -> None:
    table = next(folder.glob("*.parquet"))
    table.write_bytes(table.read_bytes()[:1000])


def _lose_table(folder: Path) -> None:
    next(folder.glob("*.parquet")).unlink()


def _manifest(folder: Path, **changes: object) -> None:
    path = folder / "manifest.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | changes))


def _half_manifest(folder: Path) -> None:
    path = folder / "manifest.json"
    path.write_text(path.read_text()[:40])


DISK = {
    "table corrupted": (_corrupt_table, "damaged"),
    "table half written": (_truncate_table, "damaged"),
    "table gone": (_lose_table, "damaged"),
    "manifest half written": (_half_manifest, "note beside the stored copy"),
    "manifest of an older schema": (lambda f: _manifest(f, schema_version=0), "an older version"),
    "manifest of a newer schema": (lambda f: _manifest(f, schema_version=99), "a newer version"),
    "manifest points elsewhere": (lambda f: _manifest(f, sha256="../../etc/passwd"), "note beside"),
    "manifest deep": (lambda f: (f / "manifest.json").write_text("[" * 15_000), "note beside"),
    "manifest without time zone": (lambda f: _manifest(f, fetched="2026-01-01T00:00:00"), "note beside"),
}


@pytest.mark.parametrize(("harm", "said"), DISK.values(), ids=DISK.keys())
def test_damaged_cache(hub, checked, harm, said):
    harm(checked)
    with pytest.raises(cache.CacheDamagedError, match=said):
        live_board.stored()
    hub.fault("/api", status=500)
    failed = check(hub)
    assert (failed.outcome, failed.board) == ("failed", None)
    assert said in failed.note
    hub.heal()
    healed = check(hub)
    assert (healed.outcome, len(healed.board.frame)) == ("updated", 40)
    assert len(live_board.stored().frame) == 40


def test_half_written_leftovers_are_swept_away(hub, folder):
    folder.mkdir(parents=True)
    (folder / "abc.parquet.123.part").write_bytes(b"half")
    assert live_board.stored() is None
    check(hub)
    assert sorted(path.suffix for path in folder.iterdir() if path.name != ".lock") == [".json", ".parquet"]


def test_cache_folder_missing_is_made(hub, folder):
    assert not folder.exists()
    assert check(hub).note == ""
    assert len(live_board.stored().frame) == 40


@pytest.mark.skipif(
    os.geteuid() == 0, reason="root may write to a read-only folder; the next test covers root"
)
def test_cache_folder_read_only(hub, folder):
    check(hub)
    folder.chmod(0o500)
    try:
        hub.add_board(NEW)
        result = check(hub)
    finally:
        folder.chmod(0o700)
    assert (result.outcome, len(result.board.frame)) == ("updated", 41)
    assert "could not be kept on disk" in result.note


@pytest.mark.parametrize("place", ["/proc/basewise", "{tmp}/file/cache"])
def test_cache_folder_cannot_be_made(hub, tmp_path, monkeypatch, place):
    (tmp_path / "file").write_text("not a folder")
    monkeypatch.setenv("BASEWISE_CACHE", place.format(tmp=tmp_path))
    result = check(hub)
    assert (result.outcome, len(result.board.frame)) == ("updated", 40)
    assert "could not be kept on disk" in result.note
    assert "BASEWISE_CACHE" in result.note


def _refresh_on_a_full_disk(url: str) -> None:
    # What is written reaches the disk with fsync at the latest; memory, which tables pass through, has room.
    def full(_number: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    os.fsync = full
    result = live_board.refresh(HubAccess(url))
    sys.exit(0 if result.outcome == "updated" and "could not be kept on disk" in result.note else 1)


def test_disk_full(hub, folder):
    check(hub)
    kept = on_disk(folder)
    hub.add_board(NEW)
    process = multiprocessing.get_context("fork").Process(target=_refresh_on_a_full_disk, args=(hub.url,))
    process.start()
    process.join(PATIENCE_S)
    assert process.exitcode == 0
    assert on_disk(folder) == kept


# -- time and other processes --------------------------------------------------------------------------------


def test_clock_set_back(hub, folder):
    """A copy from "the future" is used, its date is said to be ahead, and it is asked about again."""
    check(hub)
    ahead = (datetime.now(UTC) + timedelta(days=400)).isoformat(timespec="seconds")
    _manifest(folder, fetched=ahead, checked=ahead)
    board = live_board.stored()
    assert "ahead of this one" in board.describe()
    assert not cache.is_recent(ahead, timedelta(hours=6))
    hub.add_board(NEW)
    healed = check(hub)
    assert (healed.outcome, len(healed.board.frame)) == ("updated", 41)
    assert "ahead" not in healed.board.describe()


def _refresh_in_child(url: str, results) -> None:
    result = live_board.refresh(HubAccess(url))
    results.put((result.outcome, len(result.board.frame)))


def test_two_processes_refreshing_at_once(hub, folder):
    hub.fault("/cdn/", drip=(2000, 0.01))
    context = multiprocessing.get_context("fork")
    results = context.Queue()
    both = [context.Process(target=_refresh_in_child, args=(hub.url, results)) for _ in range(2)]
    for process in both:
        process.start()
    found = sorted(results.get(timeout=PATIENCE_S) for _ in both)
    for process in both:
        process.join(PATIENCE_S)
    # The second waits, finds the first one's result and downloads nothing.
    assert found == [("unchanged", 40), ("updated", 40)]
    assert len([path for path in hub.paths() if "/cdn/" in path]) == 1
    assert len(live_board.stored().frame) == 40


def _refresh_for_ever(url: str) -> None:
    while True:
        live_board.refresh(HubAccess(url))


@pytest.mark.slow
def test_killed_during_refreshes(hub, folder):
    """SIGKILL at random points while the board keeps changing: the stored copy is always a whole one.

    BASEWISE_KILLS sets how often at least; speed/kills.py does it to the whole server.
    """
    seen = set()
    pause = random.Random(6)
    check(hub)
    context = multiprocessing.get_context("fork")
    # As long as this machine takes for a refresh now, so that kills fall before, within and after one.
    hub.add_board(NEW)
    begun = time.monotonic()
    whole = context.Process(target=check, args=(hub,))
    whole.start()
    whole.join()
    one = time.monotonic() - begun
    longest, rows = 2 * one, 41
    kills = int(os.environ.get("BASEWISE_KILLS", "5"))
    for attempt in range(kills + 10):
        if attempt >= kills and seen == {40, 41}:
            break
        hub.add_board(NEW if attempt % 2 else OLD)
        process = context.Process(target=_refresh_for_ever, args=(hub.url,))
        process.start()
        time.sleep(pause.uniform(0.0, longest))
        os.kill(process.pid, signal.SIGKILL)
        process.join()
        board = live_board.stored()
        assert board is not None
        assert len(board.frame) in (40, 41)
        # Where the machine has become slower, a refresh gets more time before it is killed.
        longest = 2 * one if len(board.frame) != rows else 1.3 * longest
        rows = len(board.frame)
        seen.add(rows)
    assert seen == {40, 41}
    hub.add_board(hub_parquet(45, seed=9))
    assert len(check(hub).board.frame) == 45


# -- revalidation --------------------------------------------------------------------------------------------


def test_same_revision_downloads_nothing(hub, folder):
    check(hub)
    hub.requests.clear()
    again = check(hub)
    assert again.outcome == "unchanged"
    assert [path.split("?")[0] for path in hub.paths()] == [API]


def test_new_revision_with_the_same_file_is_not_sent_again(hub, folder):
    check(hub)
    repo = hub.repos["datasets", "open-llm-leaderboard/contents"]
    repo.commit = "f" * 40
    again = check(hub)
    assert again.outcome == "unchanged"
    assert again.board.manifest.revision == "f" * 40
    assert live_board.stored().manifest.revision == "f" * 40
    asked = [request for request in hub.requests if "/cdn/" in request.path]
    assert asked[-1].headers["if-none-match"].strip('"') == again.board.manifest.sha256


# -- in the background ---------------------------------------------------------------------------------------


def test_the_watch_returns_at_once_and_can_be_stopped(hub, folder):
    hub.fault("/cdn/", drip=(20, 0.05))
    watch = BoardWatch()
    assert watch.start(HubAccess(hub.url))
    assert not watch.start(HubAccess(hub.url)), "one check at a time"
    assert wait_until(lambda: watch.status.step == "Downloading the board")
    assert watch.board is None
    watch.stop()
    assert watch.wait(PATIENCE_S)
    assert (watch.status.state, watch.board) == ("stopped", None)
    hub.heal()
    watch.start(HubAccess(hub.url))
    assert watch.wait(PATIENCE_S)
    assert (watch.status.state, len(watch.board.frame)) == ("updated", 40)


def test_the_watch_serves_the_stored_copy_first(hub, folder):
    check(hub)
    hub.requests.clear()
    hub.fault("/api", status=503)
    watch = BoardWatch()
    watch.start(HubAccess(hub.url), only_if_old=True)
    assert watch.wait(PATIENCE_S)
    assert (watch.status.state, len(watch.board.frame)) == ("unchanged", 40)
    assert hub.requests == [], "checked a moment ago"
    watch.start(HubAccess(hub.url))
    assert watch.wait(PATIENCE_S)
    assert watch.status.state == "failed"
    assert "503" in watch.status.cause
    assert len(watch.board.frame) == 40
