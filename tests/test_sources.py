"""Every embedded source names itself, its state, its size and its limits."""

from core import sources
from core.board import snapshot
from core.catalogue import load_report_sources
from core.leaderboard import load_leaderboard
from core.placement import load_placement
from core.placement import stored as placement
from core.tokenizers import facts


def test_each_source_says_what_it_is():
    table = sources.embedded()
    assert list(table.columns) == list(sources.COLUMNS)
    said = table.drop(columns="link")
    assert (said != "").all(axis=None)
    assert table["what"].is_unique


def test_the_sizes_are_those_of_the_data():
    said = dict(sources.embedded().set_index("what")["size"])
    rows = load_leaderboard()["source"].value_counts()
    assert said["Benchmark scores"] == f"{rows['open-llm-leaderboard']:,} evaluations"
    assert said["Scores of newer bases"] == f"{rows['prescriptive-scaling']:,} models"
    families = facts.families()["status"]
    assert said["Number tokens"].startswith(f"{(families == 'computed').sum()} tokenizers")


def test_a_missing_file_leaves_its_source_out(monkeypatch, tmp_path):
    manifest = snapshot.manifest()
    monkeypatch.setattr(snapshot, "manifest", lambda: manifest)
    monkeypatch.setattr(snapshot, "DATA_DIR", tmp_path)
    monkeypatch.setattr(placement, "BASES_FILE", "no-such-file.parquet")
    placement._read.cache_clear()
    left = list(sources.embedded()["what"])
    assert left[:2] == ["Benchmark scores", "Scores of newer bases"]
    assert not {"Placed bases", "Scores by language", "Number tokens", "Architectures"} & set(left)


def test_what_is_placed_names_its_reports():
    said = sources.embedded().set_index("what")
    placed, reports = load_placement(), load_report_sources()
    sized = int((placed["evidence"] == "size only").sum())
    assert said["size"]["Placed bases"].startswith(f"{len(placed) - sized} bases")
    assert said["size"]["Placed bases"].endswith(f"{sized} by their size alone")
    assert said["source"]["Placed bases"].startswith(f"{len(reports)} reports")
    assert said["source"]["Scores by language"] == "14 of the reports listed below"
