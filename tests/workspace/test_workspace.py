"""The workspace: what goes into the file comes out of it, and nothing else does."""

from __future__ import annotations

import json
import os
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields, replace

import pandas as pd
import pytest

from core.decision.tasks import Task
from core.errors import InvalidInputError
from core.field.entered import Entered
from core.hub import evals as hub_evals
from core.hub.models import HubModel
from core.importers.tables import import_table
from core.workspace import document as file_parts
from core.workspace import pilots
from core.workspace import store as workspace_store
from core.workspace.contents import Batch, Workspace, from_bytes
from core.workspace.days import days
from core.workspace.merge import JOINS, merged
from core.workspace.store import WorkspaceStore, new_key
from tests.pilot.make_pilot import as_bytes, document

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
    for number in range(file_parts.MAX_BATCHES):
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
    "model without a name": changed(models=[{"params_b": 7}]),
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


def save(store, key, body, visitor=""):
    return store.update(key, lambda _: body, visitor)


def test_the_store_gives_back_to_the_key_alone(tmp_path):
    store = WorkspaceStore(tmp_path)
    mine, other = new_key(), new_key()
    assert save(store, mine, b"mine")
    assert store.load(mine) == b"mine"
    assert store.load(other) is None
    assert all(mine not in path.name for path in tmp_path.rglob("*")), "a listing gives no key away"
    assert WorkspaceStore(tmp_path).load(mine) == b"mine", "outlives the process"
    store.delete(mine)
    assert store.load(mine) is None


@pytest.mark.parametrize("key", ["", "../../etc/passwd", "a" * 42, "a" * 44, "a" * 42 + "/", None, 7])
def test_what_is_no_key_opens_nothing(tmp_path, key):
    assert WorkspaceStore(tmp_path).load(key) is None


def test_what_is_saved_is_bounded_and_outdated_after_thirty_days_of_use(tmp_path):
    store, key = WorkspaceStore(tmp_path), new_key()
    with pytest.raises(ValueError):  # noqa: PT011 - no message: the app never does this
        save(store, key, b" " * (file_parts.MAX_BYTES + 1))
    save(store, key, b"x")
    path = tmp_path / workspace_store._name(key)
    used = path.stat().st_mtime
    os.utime(path, (used - 29 * 86_400,) * 2)
    assert store.load(key) == b"x"
    assert path.stat().st_mtime == used, "looking at it counts as use"
    os.utime(path, (used - 30 * 86_400,) * 2)
    assert store.load(key) is None
    save(store, new_key(), b"y")
    assert not path.exists()


def test_a_stranger_pushes_out_only_their_own(tmp_path, monkeypatch):
    monkeypatch.setattr(workspace_store, "MAX_OF_VISITOR", 3)
    monkeypatch.setattr(workspace_store, "MAX_KEPT", 5)
    store, reader = WorkspaceStore(tmp_path), new_key()
    assert save(store, reader, b"mine", "192.0.2.1")
    strangers = [new_key() for _ in range(8)]
    for at, key in enumerate(strangers):
        assert save(store, key, b"x", "192.0.2.2")
        path = tmp_path / workspace_store._name(key)
        os.utime(path, (path.stat().st_mtime - 8 + at,) * 2)
    assert [store.load(key) is not None for key in strangers] == [False] * 5 + [True] * 3
    assert store.load(reader) == b"mine"
    # A crowd of strangers: no room is no reason to drop what is younger than 30 days.
    crowd = [save(store, new_key(), b"x", f"198.51.100.{at}") for at in range(6)]
    assert crowd == [True] + [False] * 5
    assert store.load(reader) == b"mine"
    assert save(store, reader, b"more", "192.0.2.1"), "what is kept can be saved again"


def test_bytes_of_a_visitor_are_bounded_too(tmp_path, monkeypatch):
    monkeypatch.setattr(workspace_store, "MAX_BYTES_OF_VISITOR", 1_000)
    store, keys = WorkspaceStore(tmp_path), [new_key() for _ in range(3)]
    for at, key in enumerate(keys):
        assert save(store, key, b"x" * 400, "192.0.2.2")
        path = tmp_path / workspace_store._name(key)
        os.utime(path, (path.stat().st_mtime - 8 + at,) * 2)
    assert [store.load(key) is not None for key in keys] == [False, True, True]


@pytest.mark.parametrize("years", [50, -20])
def test_a_wrong_clock_deletes_nothing(tmp_path, monkeypatch, years):
    store, key = WorkspaceStore(tmp_path), new_key()
    save(store, key, b"x")
    moment = time.time() + years * 365 * 86_400
    monkeypatch.setattr(time, "time", lambda: moment)
    save(store, new_key(), b"y")
    assert store.load(key) == b"x"
    monkeypatch.undo()
    save(store, new_key(), b"z")
    assert store.load(key) == b"x"


def test_days_of_use_are_counted_one_by_one(tmp_path, monkeypatch):
    monkeypatch.setattr(time, "time", lambda: 1_000 * 86_400.0)
    assert [days(tmp_path), days(tmp_path)] == [1_000, 1_000]
    for jump, expected in ((1, 1_001), (1, 1_001), (400, 1_002), (2, 1_003)):
        monkeypatch.setattr(time, "time", lambda jump=jump: (1_000 + jump) * 86_400.0)
        assert days(tmp_path) == expected


def test_tabs_that_save_at_once_lose_nothing(tmp_path):
    key = new_key()

    def add(tab: int) -> None:
        for step in range(5):
            mine = b"%d.%d " % (tab, step)
            WorkspaceStore(tmp_path).update(key, lambda body, mine=mine: (body or b"") + mine)

    with ThreadPoolExecutor(4) as tabs:
        list(tabs.map(add, range(4)))
    found = (WorkspaceStore(tmp_path).load(key) or b"").split()
    assert sorted(found) == sorted(b"%d.%d" % (tab, step) for tab in range(4) for step in range(5))


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes in the file system here")
def test_pipes_and_links_in_place_of_a_workspace_are_not_read(tmp_path):
    store, key = WorkspaceStore(tmp_path / "kept"), new_key()
    secret = tmp_path / "secret"
    secret.write_text("secret")
    path = store.folder / workspace_store._name(key)
    for plant in (os.mkfifo, lambda path: path.symlink_to(secret)):
        save(store, new_key(), b"x")
        path.unlink(missing_ok=True)
        plant(path)
        assert store.load(key) is None
        assert save(store, key, b"mine")
        assert store.load(key) == b"mine"
    assert secret.read_text() == "secret"


def test_memory_holds_it_where_the_disk_does_not(tmp_path):
    (tmp_path / "file").write_text("")
    store = WorkspaceStore(tmp_path / "file" / "folder")
    key = new_key()
    assert save(store, key, b"x") is False
    assert store.load(key) == b"x"


def pilot_of(output: str, template: str = Task().template) -> str:
    task = replace(Task(), output=output, template=template)
    return as_bytes(document({"a/one": [6, 5, 4, 3], "b/two": [7, 6, 5, 4]}, task=task)).decode()


def everything() -> Workspace:
    return full().with_entered(Entered("me/base-7B", params_b=7.0)).with_pilot(pilot_of("number"))


def test_every_field_of_a_workspace_is_saved_loaded_and_merged():
    """A new field fails here until it is part of :func:`everything`, of the file, and of ``merge.JOINS``."""
    whole = everything()
    assert set(JOINS) == {field.name for field in fields(Workspace)}
    joined = (merged(whole, Workspace()), merged(Workspace(), whole), merged(whole, whole))
    for field in fields(Workspace):
        held = getattr(whole, field.name)
        assert len(held), field.name
        for found in (from_bytes(whole.to_bytes()), *joined):
            if isinstance(held, pd.DataFrame):
                pd.testing.assert_frame_equal(getattr(found, field.name), held)
            elif field.name == "batches":
                assert [batch.name for batch in found.batches] == ["runs.csv"]
                pd.testing.assert_frame_equal(found.batches[0].rows, ROWS)
            elif field.name == "pilots":
                assert [json.loads(text) for text in found.pilots] == [json.loads(text) for text in held]
            else:
                assert getattr(found, field.name) == held


def test_of_what_two_tabs_both_have_the_later_speaks():
    newer = EVALS.assign(value=0.5)
    other = (
        Workspace()
        .with_batch(Batch("runs.csv", ROWS.iloc[:1]))
        .with_batch(Batch("theirs", ROWS))
        .with_model(MODEL, "instruct", newer)
        .with_entered(Entered("me/base-7B", params_b=8.0))
        .with_pilot(pilot_of("text"))
        .with_pilot(pilot_of("number"))
    )
    whole = merged(everything(), other)
    assert [(batch.name, len(batch.rows)) for batch in whole.batches] == [("runs.csv", 1), ("theirs", 2)]
    assert (dict(whole.kinds), whole.evals["value"].tolist()) == ({"acme/Next-8B": "instruct"}, [0.5])
    assert [base.params_b for base in whole.entered] == [8.0]
    assert [pilots.read(text).task.output for text in whole.pilots] == ["text", "number"]


def test_of_the_pilots_of_two_tabs_the_last_are_kept():
    one = Workspace(pilots=tuple(pilot_of("number", f"{at} {{value}}") for at in range(4)))
    other = Workspace(pilots=tuple(pilot_of("number", f"{at} {{value}}") for at in range(2, 6)))
    assert merged(one, other).pilots == (*one.pilots[1:2], *other.pilots)


ODD_NAMES = [
    "scores 10.30\u202fPM.csv",
    "no\u00a0break.csv",
    "zero\u200bwidth.json",
    "two\nlines.csv",
    "\ud800.csv",
    "\u200b",
]


@pytest.mark.parametrize("name", ODD_NAMES)
def test_what_a_file_is_called_or_notes_keeps_nobody_from_the_rest(name):
    rows = ROWS.assign(precision="bf\u00a016", revision="a\u200bb")
    kept = Workspace().with_batch(Batch(name, rows, (f"“{name}” was read",)))
    again = from_bytes(kept.to_bytes())
    assert again.to_bytes() == kept.to_bytes()
    assert again.batches[0].rows["precision"].tolist() == ["bf 16", "bf 16"]
    assert again.without_batch(again.batches[0].name).is_empty


def test_what_could_not_be_read_again_is_not_kept():
    """It would keep everything else of the workspace from its owner."""
    large = replace(MODEL, config={f"quantised_{n}": "layer" * 20 for n in range(900)})
    with pytest.raises(
        InvalidInputError, match=r"It can't be kept: .*a configuration; expected at most 50,000"
    ):
        full().with_model(large, None)
    letters = replace(MODEL, config={f"name_{n}": "ä" * 100 for n in range(150)})
    assert from_bytes(full().with_model(letters, None).to_bytes()).models == (letters,)
