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

from core.errors import InvalidTableError
from core.importers import parquet
from core.importers.tables import import_table
from tests.places import ROOT

_MEASURE = """
import sys, pyarrow.parquet
from core.errors import DataError
from core.importers.tables import import_table
import_table(b"model_id,ifeval\\nme/a,1\\n", name="a.csv")
def peak():
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmHWM"))
body, before = sys.stdin.buffer.read(), peak()
try:
    import_table(body, name=sys.argv[1])
except DataError:
    pass
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
    body = HOSTILE[name]
    assert len(body) <= 20_000_000
    done = subprocess.run(
        [sys.executable, "-c", _MEASURE, name], input=body, capture_output=True, cwd=ROOT, check=True
    )
    assert float(done.stdout) < 150, "megabytes above where it stood"


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
    endless = tmp_path / "endless.py"
    endless.write_text("import sys\nwhile True: sys.stdout.buffer.write(b'x' * 65536)\n")
    monkeypatch.setattr(parquet, "_CHILD", endless)
    body = io.BytesIO()
    pd.DataFrame({"model_id": ["me/a"], "ifeval": [1.0]}).to_parquet(body)
    with pytest.raises(InvalidTableError, match="unpacks to more"):
        import_table(body.getvalue(), name="a.parquet")


def test_the_child_has_no_secret_in_its_environment(monkeypatch):
    monkeypatch.setenv("HF_TOKEN", "made-up")
    assert "HF_TOKEN" not in parquet._environment()
