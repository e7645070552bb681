"""The workspace: what goes into the file comes out of it, and nothing else does."""

from __future__ import annotations

import json
import os
import time

import pandas as pd
import pytest

from core.errors import InvalidInputError
from core.hub import evals as hub_evals
from core.hub.models import HubModel
from core.importers.tables import import_table
from core.workspace import contents
from core.workspace import store as workspace_store
from core.workspace.contents import Batch, Workspace, from_bytes
from core.workspace.store import WorkspaceStore, new_key

ROWS = import_table(
    b"model_id,ifeval,moe,submitted\nme/a,40.123456789012345,no,2026-01-31\nme/b,NA,,\n", name="t"
).frame
MODEL = HubModel(
    "acme/Next-8B", revision="a" * 40, params_b=8.03, license="mit", gated=True, context_length=4096,
    base_models=("acme/Base",), config={"hidden_size": 8, "rope": {"factor": 2.0}}, notes=("a note",),
)  # fmt: skip
EVALS = hub_evals._frame([{"model_id": "acme/Next-8B", "benchmark": "d/b", "task": "t", "value": 0.1 + 0.2}])


def full() -> Workspace:
    return Workspace().with_batch(Batch("runs.csv", ROWS, ("said",))).with_model(MODEL, "base", EVALS)


def test_round_trip_is_exact():
    saved = full().to_bytes()
    loaded = from_bytes(saved)
    assert loaded.to_bytes() == saved
    pd.testing.assert_frame_equal(loaded.batches[0].rows, ROWS)
    assert loaded.models == (MODEL,)
    assert loaded.kinds == {"acme/Next-8B": "base"}
    pd.testing.assert_frame_equal(loaded.evals, EVALS)
    assert loaded.digest() == full().digest() or loaded.batches[0].added != full().batches[0].added


def test_rows_for_the_board():
    rows = full().rows()
    assert rows["model_id"].tolist() == ["me/a", "me/b", "acme/Next-8B"]
    assert full().rows(frozenset({"acme/Next-8B"}))["model_id"].tolist() == ["me/a", "me/b"]
    assert Workspace().rows().empty


def test_adding_again_replaces_and_removing_removes():
    one = full().with_batch(Batch("runs.csv", ROWS.iloc[:1])).with_model(MODEL, None, EVALS)
    assert [len(batch.rows) for batch in one.batches] == [1]
    assert (len(one.models), len(one.evals), dict(one.kinds)) == (1, 1, {})
    assert one.without_batch("runs.csv").without_model("acme/Next-8B").is_empty


def test_bounds():
    many = pd.concat([ROWS] * 2501, ignore_index=True)
    with pytest.raises(InvalidInputError, match="at most 5,000 rows"):
        Workspace().with_batch(Batch("x", many))
    filled = Workspace()
    for number in range(contents.MAX_BATCHES):
        filled = filled.with_batch(Batch(f"x{number}", ROWS))
    with pytest.raises(InvalidInputError, match="at most 50 uploads"):
        filled.with_batch(Batch("one more", ROWS))


def changed(**changes) -> bytes:
    return json.dumps(json.loads(full().to_bytes()) | changes).encode()


def with_row(**changes) -> bytes:
    document = json.loads(full().to_bytes())
    document["batches"][0]["rows"][0] |= changes
    return json.dumps(document).encode()


def with_model(**changes) -> bytes:
    document = json.loads(full().to_bytes())
    document["models"][0] |= changes
    return json.dumps(document).encode()


BAD = {
    "not JSON": b"PK\x03\x04",
    "another JSON": b"{}",
    "older": changed(schema_version=0),
    "newer": changed(schema_version=2),
    "deep": b'{"format":"basewise-workspace","x":' + b"[" * 100_000,
    "too large": b" " * 10_000_001,
    "batches no list": changed(batches={"a": 1}),
    "passes for the board": with_row(source="open-llm-leaderboard"),
    "score out of range": with_row(ifeval=4000),
    "score no number": with_row(ifeval="=1+1"),
    "unknown column": with_row(__class__="x"),
    "name with script": with_row(model_id="<script>alert(1)</script>"),
    "name with a newline": with_row(model_id="me/a\n# title"),
    "text with controls": with_row(license="mit\x1b[31m"),
    "model elsewhere": with_model(repo_id="https://evil.example/x"),
    "model size": with_model(params_b=-5),
    "model context": with_model(context_length="many"),
    "model config": with_model(config={"a": "x" * 100_000}),
    "model missing field": changed(models=[{"repo_id": "a/b"}]),
    "kinds": changed(kinds={"a/b": "root"}),
    "evals value": changed(evals=[{"model_id": "a/b", "benchmark": "d", "value": "1"}]),
    "evals link": changed(evals=[{"model_id": "a/b", "value": 1, "link": "javascript:alert(1)"}]),
}


@pytest.mark.parametrize("body", BAD.values(), ids=BAD.keys())
def test_a_bad_file_is_refused(body):
    with pytest.raises(InvalidInputError) as raised:
        from_bytes(body, name="w.json")
    assert raised.value.what
    assert raised.value.remedy


# -- kept on the server --------------------------------------------------------------------------------------


def test_the_store_gives_back_to_the_key_alone(tmp_path):
    store = WorkspaceStore(tmp_path)
    mine, other = new_key(), new_key()
    assert store.save(mine, b"mine")
    assert store.load(mine) == b"mine"
    assert store.load(other) is None
    assert all(mine not in path.name for path in tmp_path.iterdir()), "a listing gives no key away"
    assert WorkspaceStore(tmp_path).load(mine) == b"mine", "outlives the process"
    store.delete(mine)
    assert store.load(mine) is None


@pytest.mark.parametrize("key", ["", "../../etc/passwd", "a" * 42, "a" * 44, "a" * 42 + "/", None, 7])
def test_what_is_no_key_opens_nothing(tmp_path, key):
    assert WorkspaceStore(tmp_path).load(key) is None


def test_the_store_is_bounded_in_size_number_and_age(tmp_path, monkeypatch):
    monkeypatch.setattr(workspace_store, "MAX_KEPT", 3)
    store = WorkspaceStore(tmp_path)
    with pytest.raises(ValueError):  # noqa: PT011 - no message: the app never does this
        store.save(new_key(), b" " * (contents.MAX_BYTES + 1))
    keys = [new_key() for _ in range(5)]
    for age, key in enumerate(reversed(keys)):
        store.save(key, b"x")
        path = tmp_path / workspace_store._name(key)
        os.utime(path, (time.time() - 100 + age,) * 2)
    store.save(keys[0], b"x")
    assert [store.load(key) is not None for key in keys] == [True, True, True, False, False]
    old = tmp_path / workspace_store._name(keys[1])
    os.utime(old, (time.time() - 31 * 86400,) * 2)
    assert store.load(keys[1]) is None


def test_memory_holds_it_where_the_disk_does_not(tmp_path):
    (tmp_path / "file").write_text("")
    store = WorkspaceStore(tmp_path / "file" / "folder")
    key = new_key()
    assert store.save(key, b"x") is False
    assert store.load(key) == b"x"
