"""The report of kinds and pairs against labels."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from core.variants import report
from tests.places import ROOT, SHARED

if TYPE_CHECKING:
    from pathlib import Path

ROWS = [
    ("Qwen/Qwen2.5-7B", "Qwen/Qwen2.5-7B-Instruct", "official_instruct", ""),
    ("Qwen/Qwen2.5-7B", "nvidia/AceInstruct-7B", "community_finetune", ""),
    ("Qwen/Qwen2-7B", "Qwen/Qwen2.5-7B-Instruct", "not_a_pair", "version"),
]


def labels(folder: Path, rows: list[tuple[str, str, str, str]]) -> Path:
    path = folder / "labels.csv"
    pd.DataFrame(rows, columns=["base", "instruct", "relation", "note"]).to_csv(path, index=False)
    return path


def test_right_labels_are_all_found(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert report.main([str(labels(tmp_path, ROWS))]) == 0

    told = capsys.readouterr().out
    assert "official pairs found" in told
    assert "1 of 1    100.00%" in told
    assert "rows that are wrong" not in told


def test_wrong_labels_are_listed_with_the_reason(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = [
        ("Qwen/Qwen2-7B", "Qwen/Qwen2.5-7B-Instruct", "official_instruct", "not so"),
        ("microsoft/phi-4", "google/gemma-2-9b-it", "community_finetune", "not so"),
        ("google/gemma-2-9b", "google/gemma-2-9b-it", "not_a_pair", "not so"),
    ]
    report.main([str(labels(tmp_path, rows))])

    told = capsys.readouterr().out
    assert "Qwen/Qwen2-7B -> Qwen/Qwen2.5-7B-Instruct: paired with Qwen/Qwen2.5-7B" in told
    assert "microsoft/phi-4: instruct (reported pretrained; Microsoft published Phi-4" in told
    assert "google/gemma-2-9b -> google/gemma-2-9b-it: told as official_instruct" in told


def test_models_that_are_not_on_the_board_do_not_count(tmp_path: Path) -> None:
    known = report.read_labels(labels(tmp_path, [*ROWS, ("a/b", "c/d", "official_instruct", "")]))
    board = report.load_leaderboard()
    shares = report.compare(known, board, report.pair_variants(board))

    assert {share.title: share.total for share in shares}["official pairs found"] == 1


def test_labels_of_kinds_alone_are_read_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "kinds.csv"
    pd.DataFrame({"model_id": ["gpt2", "microsoft/phi-4"], "kind": ["base", "instruct"]}).to_csv(
        path, index=False
    )

    assert report.main([str(path)]) == 0
    assert "rows that are wrong" not in capsys.readouterr().out


def test_without_labels_it_explains_itself(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert report.main([str(tmp_path / "none.csv")]) == 0
    assert "make report LABELS=" in capsys.readouterr().out


def test_a_file_without_the_columns_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "odd.csv"
    path.write_text("a,b\n1,2\n", encoding="utf-8")

    assert report.main([str(path)]) == 1
    assert "“base”" in capsys.readouterr().err


@pytest.mark.skipif(not SHARED.is_dir(), reason="the labels are not beside the project")
def test_the_command_prints_the_figures() -> None:
    told = subprocess.run(
        [sys.executable, "-m", "core.variants.report", str(SHARED / "data" / "pairs_dev.csv")],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout

    for title in ("bases told", "others told", "official pairs", "look-alikes", "community tunes", "hits on"):
        assert title in told
