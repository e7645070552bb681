"""A further source in the embedded snapshot: added, replaced, refused, kept when all is built anew."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import pytest

from core import sources
from core.board import build, contents, snapshot
from core.importers import embed
from tests.hub_tables import hub_frame

if TYPE_CHECKING:
    from pathlib import Path

STUDY = "model_id,kind,params_b,ifeval,bbh\nmy-lab/One-7B,base,7,40,31.5\nmy-lab/Two-1B,base,1,20,11\n"
SAID = ["--source", "my-study", "--date", "2026", "--licence", "CC-BY-4.0"]


@pytest.fixture
def inputs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The files a small snapshot was built from; it takes the place of the embedded one."""
    board, newer = tmp_path / "contents.parquet", tmp_path / "newer.csv"
    hub_frame(12).to_parquet(board, index=False)
    columns = ["fullname", *contents.SCORE_COLUMNS]
    hub_frame(1, seed=1)[columns].assign(fullname=["new/A-1B-Base"]).to_csv(newer, index=False)
    (tmp_path / "out").mkdir()
    monkeypatch.setattr(snapshot, "TABLE", tmp_path / "out" / "leaderboard.parquet")
    monkeypatch.setattr(snapshot, "MANIFEST", tmp_path / "out" / "leaderboard.json")
    assert build.main([str(board), str(newer)]) == 0
    return [str(board), str(newer)]


def study(tmp_path: Path, text: str = STUDY) -> str:
    path = tmp_path / "my-study.csv"
    path.write_text(text)
    return str(path)


def on_disk() -> list[bytes]:
    return [snapshot.TABLE.read_bytes(), snapshot.MANIFEST.read_bytes()]


def test_rows_stand_below_the_board_with_their_source(inputs: list[str], tmp_path: Path) -> None:
    before = pd.read_parquet(snapshot.TABLE)
    assert embed.main([study(tmp_path), *SAID]) == 0
    after = pd.read_parquet(snapshot.TABLE)

    pd.testing.assert_frame_equal(after.iloc[:13], before)
    added = after.iloc[13:].set_index("model_id")
    assert added["source"].tolist() == ["my-study"] * 2
    assert added.loc["my-lab/One-7B", ["kind", "params_b", "ifeval", "primary"]].tolist() == [
        "base", 7.0, 40.0, True,
    ]  # fmt: skip
    told = snapshot.manifest()
    assert told["rows"] == 15
    assert told["added"]["my-study"]["rows"] == 2


def test_the_source_is_named_with_licence_and_size(inputs: list[str], tmp_path: Path) -> None:
    embed.main([study(tmp_path), *SAID])
    row = sources.embedded().set_index("what").loc["Scores of my-study"]

    assert row[["source", "state", "size", "licence", "limits"]].tolist() == [
        "my-study", "2026", "2 models", "CC-BY-4.0", "None stated",
    ]  # fmt: skip


def test_a_second_run_replaces_the_first(inputs: list[str], tmp_path: Path) -> None:
    embed.main([study(tmp_path), *SAID])
    embed.main([study(tmp_path, STUDY.replace("40,", "45,")), *SAID])

    rows = pd.read_parquet(snapshot.TABLE).query("source == 'my-study'")
    assert rows["ifeval"].tolist() == [45.0, 20.0]


def test_building_the_snapshot_anew_keeps_it(inputs: list[str], tmp_path: Path) -> None:
    embed.main([study(tmp_path), *SAID])
    before = on_disk()

    assert build.main(inputs) == 0
    assert on_disk() == before


@pytest.mark.parametrize(
    ("text", "more", "why"),
    [
        (STUDY.replace("my-lab/Two-1B", "new/A-1B-Base"), SAID, "in the snapshot already"),
        ("nothing,here\n1,2\n", SAID, "column"),
        (STUDY, ["--source", "prescriptive-scaling", *SAID[2:]], "built from"),
    ],
    ids=["a model twice", "no table of scores", "a name that is taken"],
)
def test_what_cannot_be_used_leaves_the_snapshot_as_it_was(
    inputs: list[str],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    text: str,
    more: list[str],
    why: str,
) -> None:
    before = on_disk()

    assert embed.main([study(tmp_path, text), *more]) == 1
    assert why in capsys.readouterr().err
    assert on_disk() == before
