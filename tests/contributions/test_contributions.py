"""Contributions: what pages export can be completed and taken; what is wrong is named by row and reason."""

from __future__ import annotations

import json
import re
import shutil

import pandas as pd
import pytest

from core.catalogue import check, load_report_sources
from core.contributions import faults, read_contribution, to_json
from core.contributions.__main__ import main
from core.contributions.exports import memory_to_fill, pilot_of, scores_of
from core.decision.tasks import PRESETS
from core.errors import InvalidInputError
from core.field.entered import Entered
from core.memory.check import evaluate_memory
from core.pilot.file import read_pilot
from tests.pilot.make_pilot import as_bytes, document
from tests.places import ROOT

TODAY = "2026-11-29"
KINDS = ("memory", "pilot", "scores")
ENTERED = Entered(
    "my-lab/Model-2-7B-Base", params_b=7.24, released="2026-10", license="apache-2.0",
    link="https://example.org/model-2", scores=(("MMLU", "5", 71.2), ("GSM8K", "", 60.0)),
)  # fmt: skip


def example(kind: str) -> dict:
    """The file that CONTRIBUTING shows for a kind."""
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    files = [json.loads(body) for body in re.findall(r"^```json\n(.*?)^```", text, re.MULTILINE | re.DOTALL)]
    return next(file for file in files if file["kind"] == kind)


def bare(given: dict) -> bytes:
    return json.dumps(given).encode()


@pytest.fixture
def data(tmp_path):
    for part in ("reports", "catalogue"):
        shutil.copytree(ROOT / "core" / "data" / part, tmp_path / "data" / part)
    return tmp_path / "data"


@pytest.mark.parametrize("kind", KINDS)
def test_the_example_of_contributing_is_taken_and_added(kind, data, tmp_path, capsys):
    path = tmp_path / "basewise-contribution.json"
    path.write_bytes(bare(example(kind)))

    assert main([str(path), "--add"], data) == 0

    said = capsys.readouterr().out
    assert "Taken:" in said
    assert "Written: data/" in said
    assert check.check(data / "catalogue", data / "reports") == []
    assert main([str(path), "--add"], data) == 1
    assert "already" in capsys.readouterr().out


def test_added_memory_is_a_measurement_the_estimate_can_be_held_against(data, tmp_path):
    path = tmp_path / "file.json"
    path.write_bytes(bare(example("memory")))
    main([str(path), "--add"], data)

    check = evaluate_memory(pd.read_csv(data / "contributed" / "memory.csv"))

    assert check.comparable == len(example("memory")["rows"])


def test_added_scores_are_a_report_and_their_base_a_row(data, tmp_path):
    path = tmp_path / "file.json"
    given = example("scores")
    path.write_bytes(bare(given))
    main([str(path), "--add"], data)

    assert given["base"]["report"] in {s.title for s in load_report_sources(data / "reports").values()}
    assert given["base"]["model_id"] in (data / "catalogue" / "bases.csv").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("kind", "where", "value", "reason"),
    [
        ("memory", ("rows", 0, "peak_gb"), None, "row 1: peak_gb is empty"),
        ("memory", ("rows", 0, "peak_gb"), 9_000.0, "row 1: 9000 GB, where about"),
        ("memory", ("rows", 0, "peak_gb"), -1, "row 1: Expected `float`"),
        ("memory", ("rows", 0, "model_id"), "not a name!", "row 1: "),
        ("memory", ("rows", 0, "prompt"), "my text", "row 1: Object contains unknown field"),
        ("memory", ("by",), "", "by: write who measured it"),
        ("memory", ("version",), 2, "version 2"),
        ("memory", ("format",), "other", "no contribution"),
        ("memory", ("rows",), [], "length >= 1"),
        ("pilot", ("rows", 0, "subset"), 10_000_000, "row 1: a subset of 10,000,000"),
        ("pilot", ("settings", "held_out"), 3, "3 held-out examples"),
        ("pilot", ("rows", 0, "peak_gb"), 999.0, "row 1: a peak of 999 GB"),
        ("scores", ("rows", 0, "benchmark"), "Nothing-Bench", "row 1: unknown benchmark 'Nothing-Bench'"),
        ("scores", ("rows", 1, "value"), 101, "row 2: 101 is outside 0 to 100"),
        ("scores", ("rows", 0, "shots"), "five", "row 1: shots is not a number"),
        ("scores", ("source",), "http://example.org", "source: no https address"),
        ("scores", ("base", "report"), "", "base: report is empty"),
        ("scores", ("base", "released"), "last may", "length <= 7"),
        ("scores", ("base", "released"), "2026-13", "released is not YYYY-MM"),
        ("scores", ("base", "publisher"), "My\nLab", "base: publisher holds a line break"),
        ("scores", ("base", "licence"), "my-own-terms", "base: unknown licence 'my-own-terms'"),
        ("scores", ("created",), "2026-99-99", "created: no such day: 2026-99-99"),
        ("memory", ("rows", 0, "gpu"), "T4\t16 GB", "row 1: gpu holds a line break"),
        ("memory", ("by",), "me\u2028", "by holds a line break"),
        ("pilot", ("settings", "gpu"), "T4\x00", "settings: gpu holds a line break"),
    ],
)
def test_what_is_wrong_is_named(kind, where, value, reason, tmp_path, capsys):
    given = example(kind)
    place = given
    for step in where[:-1]:
        place = place[step]
    place[where[-1]] = value
    path = tmp_path / "file.json"
    path.write_bytes(bare(given))

    assert main([str(path)]) == 1
    assert reason in capsys.readouterr().out


@pytest.mark.parametrize("body", [b"", b"[]", b"{" * 5_000, b"\xff\xfe", b"x" * 1_000_001, b'{"format":1}'])
def test_a_hostile_file_gets_a_sentence(body):
    with pytest.raises(InvalidInputError, match="can't be taken"):
        read_contribution(body)


def test_rows_given_twice_are_named():
    for kind in KINDS:
        given = example(kind)
        given["rows"].append(given["rows"][0])
        assert any("row 1" in fault for fault in faults(read_contribution(bare(given)))), kind


def test_what_pages_export_says_what_is_left_to_fill_in():
    task = PRESETS["classification"].task
    memory = memory_to_fill(task, "Qwen/Qwen3-8B-Base", "L4 24 GB (Colab)", created=TODAY)
    scores = scores_of(ENTERED, created=TODAY)

    for found, left in ((memory, "peak_gb is empty"), (scores, "report is empty")):
        assert found is not None
        assert read_contribution(to_json(found).encode()) == found
        assert any(left in fault for fault in faults(found))
    assert scores_of(Entered("a/b"), created=TODAY) is None


def test_a_pilot_is_given_as_means_without_hashes_or_single_scores():
    measured = read_pilot(as_bytes(document({"Qwen/Qwen3-8B-Base": [3, 2, 1, 1]})))
    found = pilot_of(measured, created=TODAY)
    text = to_json(found)

    assert [row.mean_score for row in found.rows] == [run.mean_score for run in measured.runs]
    assert measured.task.key not in text
    assert measured.examples.held_out_sha256 not in text
    assert '"scores"' not in text
    assert faults(found) == ["by: write who measured it, or give a source"]


@pytest.mark.parametrize(("where", "value"), [("publisher", "   "), ("active_params_b", 1_500.0)])
def test_what_the_catalogue_would_not_take_is_not_written(where, value, data, tmp_path, capsys):
    given = example("scores")
    given["base"] |= {"model_id": "new-lab/Model-9T", "params_b": 4_999.0, where: value}
    (tmp_path / "file.json").write_bytes(bare(given))
    before = {path: path.read_bytes() for path in data.rglob("*.*")}
    wrong = main([str(tmp_path / "file.json"), "--add"], data)

    assert wrong == 1
    assert "The catalogue would have a fault: bases.csv, line" in capsys.readouterr().out
    assert {path: path.read_bytes() for path in data.rglob("*.*")} == before
