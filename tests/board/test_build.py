"""The builder: deterministic, checked first, and never harming the old snapshot."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pandas as pd
import pytest

from core.board import build, contents, snapshot
from core.schema import SCHEMA_VERSION, SOURCE_BOARD, SOURCE_NEWER
from tests.hub_tables import hub_frame
from tests.places import SHARED

NEWER = ["fullname", *contents.SCORE_COLUMNS]


@pytest.fixture
def inputs(tmp_path: Path) -> tuple[Path, Path]:
    board, newer = tmp_path / "contents.parquet", tmp_path / "newer.csv"
    hub_frame(30).to_parquet(board, index=False)
    hub_frame(3, seed=1)[NEWER].assign(fullname=["new/A-1B-Base", "new/B-3B-Base", "new/C-8B-Base"]).to_csv(
        newer, index=False
    )
    return board, newer


@pytest.fixture
def outputs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, Path]:
    folder = tmp_path / "out"
    folder.mkdir()
    table, manifest = folder / "leaderboard.parquet", folder / "leaderboard.json"
    monkeypatch.setattr(snapshot, "TABLE", table)
    monkeypatch.setattr(snapshot, "MANIFEST", manifest)
    return table, manifest


def test_the_same_inputs_give_the_same_bytes(inputs: tuple[Path, Path], outputs: tuple[Path, Path]) -> None:
    assert build.main([str(path) for path in inputs]) == 0
    first = [path.read_bytes() for path in outputs]
    assert build.main([str(path) for path in inputs]) == 0

    assert [path.read_bytes() for path in outputs] == first


def test_the_manifest_says_where_the_figures_come_from(
    inputs: tuple[Path, Path], outputs: tuple[Path, Path]
) -> None:
    build.main([str(path) for path in inputs])
    table, manifest = outputs
    facts = json.loads(manifest.read_text(encoding="utf-8"))

    assert facts["schema_version"] == SCHEMA_VERSION
    assert facts["rows"] == len(pd.read_parquet(table)) == 33
    assert facts["sha256"] == hashlib.sha256(table.read_bytes()).hexdigest()
    assert (facts["board"]["rows"], facts["newer"]["rows"]) == (30, 3)
    assert facts["board"]["date"] == "2024-06-12"
    assert facts["board"]["sha256"] == hashlib.sha256(inputs[0].read_bytes()).hexdigest()
    assert facts["licence"]
    assert facts["command"]


def test_newer_bases_are_marked_as_such(inputs: tuple[Path, Path], outputs: tuple[Path, Path]) -> None:
    build.main([str(path) for path in inputs])
    newer = pd.read_parquet(outputs[0]).iloc[30:]

    assert set(newer["source"]) == {"prescriptive-scaling"}
    assert newer["comparability"].str.contains("later study").all()
    assert newer["params_b"].tolist() == [1.0, 3.0, 8.0]
    assert set(newer["kind"]) == {"base"}


@pytest.mark.parametrize(
    ("column", "value"),
    [("IFEval", 101.0), ("Type", "🧪 imagined"), ("fullname", "<b>x</b>"), ("BBH", "much")],
)
def test_a_fault_leaves_the_old_snapshot_in_place(
    inputs: tuple[Path, Path],
    outputs: tuple[Path, Path],
    capsys: pytest.CaptureFixture[str],
    column: str,
    value: object,
) -> None:
    build.main([str(path) for path in inputs])
    before = [path.read_bytes() for path in outputs]
    broken = hub_frame(30).astype({column: object})
    broken.loc[7, column] = value
    bad = inputs[0].with_name("bad.csv")
    broken.to_csv(bad, index=False)
    capsys.readouterr()

    assert build.main([str(bad), str(inputs[1])]) == 1

    told = capsys.readouterr().err
    assert "Row 8" in told
    assert column in told
    assert "left in place" in told
    assert [path.read_bytes() for path in outputs] == before
    assert sorted(path.name for path in outputs[0].parent.iterdir()) == [
        path.name for path in sorted(outputs)
    ]


def test_a_model_in_both_files_is_refused(
    inputs: tuple[Path, Path], outputs: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    board, newer = inputs
    twice = pd.read_csv(newer)
    twice.loc[0, "fullname"] = hub_frame(30)["fullname"][4]
    twice.to_csv(newer, index=False)

    assert build.main([str(board), str(newer)]) == 1
    assert "both files" in capsys.readouterr().err


def test_the_embedded_snapshot_is_what_its_manifest_says() -> None:
    facts = snapshot.manifest()

    assert facts["sha256"] == hashlib.sha256(snapshot.TABLE.read_bytes()).hexdigest()
    assert (facts["board"]["rows"], facts["newer"]["rows"]) == (4576, 9)
    assert facts["rows"] == 4576 + 9 + sum(added["rows"] for added in facts.get("added", {}).values())
    assert facts["board"]["date"] == "2025-03-13"


@pytest.mark.skipif(not SHARED.is_dir(), reason="the board's file is not beside the project")
def test_the_embedded_snapshot_comes_out_of_its_sources(outputs: tuple[Path, Path]) -> None:
    """The committed figures are what the builder makes of the two files today."""
    embedded = pd.read_parquet(Path(build.__file__).parent.parent / "data" / "leaderboard.parquet")
    embedded = embedded[embedded["source"].isin([SOURCE_BOARD, SOURCE_NEWER])]
    data = SHARED / "data"

    assert (
        build.main([str(data / "open_llm_leaderboard_contents.parquet"), str(data / "newer_bases.csv")]) == 0
    )

    pd.testing.assert_frame_equal(pd.read_parquet(outputs[0]), embedded)


def test_newer_scores_without_a_column_are_refused(
    inputs: tuple[Path, Path], outputs: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    board, newer = inputs
    pd.read_csv(newer).drop(columns="MUSR Raw").to_csv(newer, index=False)

    assert build.main([str(board), str(newer)]) == 1
    assert "“MUSR Raw”" in capsys.readouterr().err
