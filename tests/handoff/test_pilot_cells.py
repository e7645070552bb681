"""The notebook's pilot without torch: its own functions with made-up trials, and its file read back."""

from __future__ import annotations

import ast
import hashlib
import json
import os
import time
from pathlib import Path
from types import SimpleNamespace

import nbformat
import numpy as np
import pandas as pd
import pytest

from core.decision.tasks import Task
from core.handoff.notebook import build_notebook
from core.pilot.file import read_pilot, task_key

NAMES = ["acme/first", "acme/second", "acme/third"]
SUBSETS = [100, 200, 400]
BOARD = pd.DataFrame({"model_id": NAMES, "params_b": 1.0, "revision": "0" * 40, "license": "mit"})


class NotAsPromised(RuntimeError):  # noqa: N818 - the notebook's name
    pass


def notebook(errors, tmp_path, monkeypatch):
    """The pilot's functions, where a trial gives ``errors[name](subset)`` in the mean."""
    monkeypatch.chdir(tmp_path)
    cells = nbformat.reads(build_notebook(Task(), NAMES, BOARD), as_version=4)["cells"]
    config = next(cell["source"] for cell in cells if "CONFIG_JSON = " in cell["source"])
    literal = next(
        node.value
        for node in ast.parse(config).body
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "CONFIG_JSON"
    )
    settings = json.loads(ast.literal_eval(literal))
    rows = pd.DataFrame({"prompt": [f"secret {i}" for i in range(460)], "target": "5"})
    keep = tmp_path / "runs"
    keep.mkdir(exist_ok=True)
    trials = []

    def trial(model, subset):
        trials.append((model["id"], subset))
        mean = errors[model["id"]](subset)
        # The same examples are hard for all.
        hard = np.random.default_rng(3).gamma(4, 0.25, 60)
        own = np.random.default_rng([subset, NAMES.index(model["id"])]).normal(1, 0.05, 60)
        return {
            "scores": space["rounded"](mean * hard * np.abs(own)),
            "bits_per_byte": [1.0] * 60,
            "seconds": 1.5,
            "peak_gb": None,
            "sequence_length": 64,
            "unreadable": 0,
        }

    space = {
        "np": np, "json": json, "hashlib": hashlib, "os": os, "time": time, "Path": Path, "KEEP": keep,
        "metadata": SimpleNamespace(version=lambda name: "1"), "NotAsPromised": NotAsPromised,
        "torch": SimpleNamespace(cuda=SimpleNamespace(OutOfMemoryError=MemoryError), float32="float32"),
        "CONFIG": settings, "TASK": settings["task"], "USABLE": settings["models"], "SUBSETS": SUBSETS,
        "train": rows[:400], "judge": rows[400:], "METRIC": "mean absolute error, in the target's unit",
        "HELD_OUT": "0" * 64, "CUDA": False, "EPOCHS": 2, "STEPS": -1, "DROPPED_BELOW": 0.02,
        "CLEAR_ABOVE": 0.95, "RUN_NOISE": 0.04, "DONE": {}, "DROPPED": {}, "LEFT_OUT": {},
        "dtype_of": lambda model: "float32",
    }  # fmt: skip
    for cell in cells:
        if cell["cell_type"] == "code" and (
            "def run_pilot" in cell["source"] or "def kept" in cell["source"]
        ):
            for node in ast.parse(cell["source"]).body:
                if isinstance(node, ast.FunctionDef):
                    exec(compile(ast.Module([node], []), cell["id"], "exec"), space)
    space["trial"] = trial
    return space, trials


def flat(value):
    return lambda subset: value


TIED = {NAMES[0]: flat(1.0), NAMES[1]: flat(1.0), NAMES[2]: flat(1.0)}
CLEAR = {NAMES[0]: flat(0.2), NAMES[1]: flat(1.0), NAMES[2]: flat(1.1)}
ONE_HOPELESS = {NAMES[0]: flat(1.0), NAMES[1]: flat(1.0), NAMES[2]: flat(9.0)}
CATCHING_UP = {NAMES[0]: flat(1.0), NAMES[1]: flat(1.0), NAMES[2]: lambda n: 130.0 / n}


def read(tmp_path):
    raw = (tmp_path / "basewise-pilot.json").read_bytes()
    assert b"secret" not in raw
    return read_pilot(raw)


def test_candidates_that_tie_all_go_to_the_end(tmp_path, monkeypatch):
    space, trials = notebook(TIED, tmp_path, monkeypatch)
    space["run_pilot"]()

    assert sorted(trials) == sorted((name, subset) for name in NAMES for subset in SUBSETS)
    pilot = read(tmp_path)
    assert pilot.subsets == SUBSETS
    assert [model.dropped_after for model in pilot.models] == [None] * 3
    assert pilot.task.key == task_key(Task())


def test_candidates_that_give_the_same_answers_share_the_draws(tmp_path, monkeypatch):
    space, _ = notebook(TIED, tmp_path, monkeypatch)
    space["RUN_NOISE"] = 0.0
    same = {(name, 100): {"scores": [0.0] * 60} for name in NAMES}

    assert space["chances"](same, NAMES, 100) == pytest.approx(dict.fromkeys(NAMES, 1 / 3))


def test_a_clear_leader_ends_the_pilot(tmp_path, monkeypatch):
    space, trials = notebook(CLEAR, tmp_path, monkeypatch)
    odds = space["run_pilot"]()

    assert odds[NAMES[0]] > 0.95
    assert {subset for _, subset in trials} == {100, 200}
    assert read(tmp_path).subsets == [100, 200]


def test_one_that_cannot_win_is_dropped(tmp_path, monkeypatch):
    space, trials = notebook(ONE_HOPELESS, tmp_path, monkeypatch)
    space["run_pilot"]()

    assert (NAMES[2], 400) not in trials
    assert (NAMES[1], 400) in trials
    dropped = {model.model_id: model.dropped_after for model in read(tmp_path).models}
    assert dropped == {NAMES[0]: None, NAMES[1]: None, NAMES[2]: 200}


def test_one_that_is_behind_but_catches_up_stays(tmp_path, monkeypatch):
    space, trials = notebook(CATCHING_UP, tmp_path, monkeypatch)
    space["run_pilot"]()

    assert (NAMES[2], 400) in trials or max(subset for _, subset in trials) == 200
    assert NAMES[2] not in space["DROPPED"]


def test_one_that_does_not_train_as_promised_is_left_out(tmp_path, monkeypatch):
    def broken(subset):
        raise NotAsPromised("Most of it stayed in 16 bits.")

    space, _ = notebook(TIED | {NAMES[1]: broken}, tmp_path, monkeypatch)
    space["run_pilot"]()

    assert [model.model_id for model in read(tmp_path).models] == [NAMES[0], NAMES[2]]
    assert "16 bits" in space["LEFT_OUT"][NAMES[1]]


@pytest.mark.parametrize("after", [1, 3, 4, 7])
def test_a_killed_pilot_leaves_whole_subsets_and_goes_on(after, tmp_path, monkeypatch):
    space, trials = notebook(TIED, tmp_path, monkeypatch)
    plain = space["trial"]

    def killed(model, subset):
        if len(trials) == after:
            raise KeyboardInterrupt
        return plain(model, subset)

    space["trial"] = killed
    with pytest.raises(KeyboardInterrupt):
        space["run_pilot"]()
    whole = after // 3
    assert (tmp_path / "basewise-pilot.json").exists() == (whole > 0)
    if whole:
        assert read(tmp_path).subsets == SUBSETS[:whole]

    again, more = notebook(TIED, tmp_path, monkeypatch)
    again["run_pilot"]()

    assert sorted(trials + more) == sorted((name, subset) for name in NAMES for subset in SUBSETS)
    assert read(tmp_path).subsets == SUBSETS


def test_other_data_is_trained_anew(tmp_path, monkeypatch):
    space, _ = notebook(CLEAR, tmp_path, monkeypatch)
    space["run_pilot"]()
    again, more = notebook(CLEAR, tmp_path, monkeypatch)
    again["train"] = again["train"].assign(target="6")
    again["run_pilot"]()

    assert len(more) == 6


@pytest.mark.parametrize("spoilt", ["", "{", '{"scores": [1]}', "[]"])
def test_half_a_run_on_disk_counts_for_nothing(spoilt, tmp_path, monkeypatch):
    space, _ = notebook(CLEAR, tmp_path, monkeypatch)
    space["run_pilot"]()
    kept = sorted((tmp_path / "runs").glob("*.json"))
    kept[0].write_text(spoilt)
    again, more = notebook(CLEAR, tmp_path, monkeypatch)
    again["run_pilot"]()

    assert len(more) == 1


def test_an_edited_file_is_noticed(tmp_path, monkeypatch):
    space, _ = notebook(CLEAR, tmp_path, monkeypatch)
    space["run_pilot"]()
    place = tmp_path / "basewise-pilot.json"
    document = json.loads(place.read_text())
    document["runs"][0]["seconds"] = 2.5

    with pytest.raises(Exception, match="checksum"):
        read_pilot(json.dumps(document).encode())
