"""Parquet of some kilobytes that stands for gigabytes: the server's own memory stays where it was."""

from __future__ import annotations

import io
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from core.errors import InvalidTableError, SourceUnavailableError
from core.importers.tables import import_table
from core.leaderboard import load_leaderboard
from core.sandbox import tables
from core.tokenizers import read_targets
from tests.places import ROOT

_MEASURE = """
import sys, pyarrow.parquet
from concurrent.futures import ThreadPoolExecutor
from core.errors import DataError
from core.importers.tables import import_table
import_table(b"model_id,ifeval\\nme/a,1\\n", name="a.csv")
def peak():
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmHWM"))
from core.tokenizers.read_targets import column, columns
columns(b"y" + bytes([10]) + b"1", "a.csv")
body, before = sys.stdin.buffer.read(), peak()
def targets(body, name):
    column(body, name, columns(body, name)[0])
def ask(_):
    for read in (lambda: import_table(body, name=sys.argv[1]), lambda: targets(body, sys.argv[1])):
        try:
            read()
        except DataError:
            pass
with ThreadPoolExecutor(int(sys.argv[2])) as readers:
    list(readers.map(ask, range(int(sys.argv[2]))))
print((peak() - before) / 1000)
"""


def bomb(columns: int, rows: int, letters: int) -> bytes:
    """One long text in a dictionary, meant by every row of every column."""
    text = pa.DictionaryArray.from_arrays(pa.array([0] * rows, pa.int32()), pa.array(["x" * letters]))
    names = ["model_id", "license", "kind", "precision", "architecture", "revision", "declared_base"]
    body = io.BytesIO()
    pq.write_table(pa.table(dict.fromkeys(names[:columns], text)), body, compression="zstd")
    return body.getvalue()


def wide_csv() -> bytes:
    """19 MB whose characters take four bytes each in memory once one of them is beyond the plane of usual."""
    return ("model_id,ifeval,notes\n" + "me/a,40," + "é" * 9_500_000 + "🙂\n").encode()


HOSTILE = {
    "long text.parquet": bomb(4, 5_000, 19_000),
    "short text often.parquet": bomb(7, 5_000, 1_100),
    "longer text.parquet": bomb(7, 5_000, 2_000_000),
    "one line.csv": wide_csv(),
    "many lines.csv": b"model_id,ifeval\n" + b"me/a,40\n" * 2_400_000,
    "wide cells.csv": b"model_id,license\n" + ("me/a," + "y" * 3_000 + "🙂\n").encode() * 4_900,
}


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads Linux's own account of memory")
@pytest.mark.parametrize("name", HOSTILE)
def test_no_upload_swells_the_server(name):
    assert _rise(name, 1) < 150, "megabytes above where it stood"


def _rise(name: str, readers: int) -> float:
    """Megabytes that the peak rises by when all bring the file at once, as results and as targets."""
    body = HOSTILE[name]
    assert len(body) <= 20_000_000
    command = [sys.executable, "-c", _MEASURE, name, str(readers)]
    done = subprocess.run(command, input=body, capture_output=True, cwd=ROOT, check=True)
    return float(done.stdout)


def test_ten_at_once_are_each_refused():
    body = bomb(4, 5_000, 19_000)

    def refused(_: int) -> bool:
        with pytest.raises(InvalidTableError, match="more than 1,200 bytes"):
            import_table(body, name="bomb.parquet")
        return True

    with ThreadPoolExecutor(10) as readers:
        assert all(readers.map(refused, range(10)))


def test_texts_that_are_bounded_one_by_one_are_bounded_in_sum():
    with pytest.raises(InvalidTableError, match="unpacks to more"):
        import_table(bomb(7, 5_000, 1_100), name="bomb.parquet")


def test_a_long_entry_of_a_dictionary_that_no_row_means_does_no_harm():
    texts = pa.DictionaryArray.from_arrays(pa.array([1, 1], pa.int32()), pa.array(["x" * 5_000, "mit"]))
    body = io.BytesIO()
    pq.write_table(pa.table({"model_id": ["me/a", "me/b"], "ifeval": [1.0, 2.0], "license": texts}), body)
    assert import_table(body.getvalue(), name="a.parquet").frame["license"].tolist() == ["mit", "mit"]


def test_the_reader_stops_at_its_limit_whatever_the_child_writes(tmp_path, monkeypatch):
    endless = tmp_path / "unpack.py"
    endless.write_text("import sys\nwhile True: sys.stdout.buffer.write(b'x' * 65536)\n")
    monkeypatch.setattr(tables, "_CHILDREN", tmp_path)
    body = io.BytesIO()
    pd.DataFrame({"model_id": ["me/a"], "ifeval": [1.0]}).to_parquet(body)
    with pytest.raises(InvalidTableError, match="unpacks to more"):
        import_table(body.getvalue(), name="a.parquet")


def test_target_values_and_boards_on_disk_are_bounded_as_uploads_are(tmp_path):
    body = bomb(4, 5_000, 2_000_000)
    path = tmp_path / "board.parquet"
    path.write_bytes(body)
    with pytest.raises(InvalidTableError):
        read_targets.columns(body, "targets.parquet")
    with pytest.raises(InvalidTableError):
        read_targets.column(body, "targets.parquet", "model_id")
    with pytest.raises(InvalidTableError):
        load_leaderboard(path)


def test_a_process_killed_from_outside_says_nothing_of_the_file(tmp_path, monkeypatch):
    killed = tmp_path / "unpack.py"
    killed.write_text("import os; os.kill(os.getpid(), 9)")
    monkeypatch.setattr(tables, "_CHILDREN", tmp_path)
    with pytest.raises(SourceUnavailableError, match="server is busy"):
        import_table(bomb(1, 1, 1), name="a.parquet")


def test_no_parquet_of_others_is_read_in_this_process():
    """Only the child, and the readers of files that ship with the app."""
    own = {"core/board/snapshot.py", "core/tokenizers/facts.py", "core/placement/stored.py"}
    calls = ("pd.read_parquet(", "ParquetFile(", "read_metadata(", "pq.read_table(")
    found = {
        path.relative_to(ROOT).as_posix()
        for folder in ("core", "pages")
        for path in (ROOT / folder).rglob("*.py")
        if any(call in path.read_text(encoding="utf-8") for call in calls) and "build" not in path.name
    }
    assert found - own == {"core/sandbox/children/unpack.py", "core/sandbox/children/number_columns.py"}
