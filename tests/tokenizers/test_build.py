"""The builder of the embedded facts: it merges, checks what it is given, and loses nothing."""

from __future__ import annotations

import hashlib
import json
import shutil

import pandas as pd
import pytest

from core.tokenizers import build
from core.tokenizers.facts import FACTS_FILE
from core.tokenizers.source_table import read_sources
from core.tokenizers.text_cost import NOT_LANGUAGES, load_text_cost, read_samples
from tests.tokenizer_zoo import sentencepiece_model, style

DATA = FACTS_FILE.parent
FILES = (build.SOURCES, build.FACTS, build.NUMBERS, build.COSTS)
ROW = "tiny,Tiny,github.com/acme/tiny,tokenizer.json,0123456789abcdef,MIT,\n"


@pytest.fixture
def folder(tmp_path):
    """A copy of the embedded facts, and beside it a folder with one new tokenizer."""
    for name in FILES:
        shutil.copy(DATA / name, tmp_path / name)
    (tmp_path / "new").mkdir()
    style("digits_split").save(str(tmp_path / "new" / "tiny.json"))
    with (tmp_path / build.SOURCES).open("a") as table:
        table.write(ROW)
    return tmp_path


def run(folder):
    return build.main([str(folder / "new"), "--data", str(folder), "--date", "2027-01-01"])


def families(folder):
    manifest = json.loads((folder / build.FACTS).read_text())
    return {entry["family"]: entry for entry in manifest["families"]}


def test_a_new_family_is_added_and_the_others_stay(folder):
    before = families(folder)
    assert run(folder) == 0
    after = families(folder)
    assert set(after) == {*before, "tiny"}
    assert {key: after[key] for key in before} == before
    tiny = after["tiny"]
    assert (tiny["status"], tiny["single_token_count"], tiny["date"]) == ("computed", 10, "2027-01-01")
    assert tiny["source"] == "github.com/acme/tiny, tokenizer.json at 0123456789abcdef"
    assert "Ġ" not in (folder / build.FACTS).read_text(), "no vocabulary"
    assert read_sources(folder / build.SOURCES)[-1].sha256 == tiny["sha256"]
    grid = pd.read_parquet(folder / build.NUMBERS)
    pd.testing.assert_frame_equal(
        grid[grid["family"] != "tiny"].reset_index(drop=True), pd.read_parquet(DATA / build.NUMBERS)
    )
    costs = pd.read_csv(folder / build.COSTS)
    assert set(costs["family"]) == {*pd.read_csv(DATA / build.COSTS)["family"], "tiny"}


def test_a_second_run_changes_nothing(folder):
    run(folder)
    first = [(folder / name).read_bytes() for name in FILES]
    assert build.main([str(folder / "new"), "--data", str(folder), "--date", "2027-02-02"]) == 0
    assert first == [(folder / name).read_bytes() for name in FILES]


def without_row(table: str, family: str) -> str:
    return "".join(line for line in table.splitlines(keepends=True) if not line.startswith(f"{family},"))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda table: without_row(table, "llama3"), "Rules name families that would be lost: llama3."),
        (lambda table: table.replace("sha256", "hash", 1), "lacks the column sha256"),
        (lambda table: table + ROW, "the family tiny stands there twice"),
        (lambda table: table.replace("tiny,Tiny", "Ti ny,Tiny"), "is not 1 to 40 lower-case letters"),
        (lambda table: table.replace("tiny,Tiny,github.com/acme/tiny", "tiny,Tiny,"), "source_repo is empty"),
        (lambda table: table.replace("MIT,\n", "MIT,xyz\n"), "sha256 is not 64"),
        (lambda table: table[:-1] + "0" * 64 + "\n", "is not the one its row names"),
        (lambda table: table + ROW.replace("tiny", "none"), "names the family none, but there is no file"),
    ],
    ids=["dropped", "column", "twice", "key", "empty", "no sha", "other file", "nothing known"],
)
def test_a_wrong_table_is_named_and_leaves_all_as_it_was(folder, capsys, change, said):
    table = folder / build.SOURCES
    table.write_text(change(table.read_text()))
    before = [(folder / name).read_bytes() for name in FILES]
    assert run(folder) == 1
    assert said in capsys.readouterr().err
    assert before == [(folder / name).read_bytes() for name in FILES]


def test_a_broken_file_leaves_the_old_facts_in_place(folder, capsys):
    (folder / "new" / "tiny.json").write_text("{}")
    assert run(folder) == 1
    assert "tiny.json" in capsys.readouterr().err
    assert "tiny" not in families(folder)


def test_counts_of_an_older_text_are_not_mixed_in(folder, capsys, monkeypatch):
    monkeypatch.setattr(build, "read_samples", lambda: {**read_samples(), "de": "Kurz."})
    assert run(folder) == 1
    assert "sample texts have changed" in capsys.readouterr().err


@pytest.mark.slow
def test_the_committed_facts_are_what_the_builder_makes(shared, tmp_path):
    """Of two real files, one of them a new one of this year; all of them would take minutes."""
    for name in FILES:
        shutil.copy(DATA / name, tmp_path / name)
    (tmp_path / "new").mkdir()
    for file in ("tokenizers/smollm2.json.gz", "tokenizers/new/lucie.json.gz"):
        shutil.copy(shared / file, tmp_path / "new")
    assert run(tmp_path) == 0
    for name in FILES:
        assert (tmp_path / name).read_bytes() == (DATA / name).read_bytes()


# -- what the table of costs holds ---------------------------------------------------------------------------


def test_costs_cover_every_language_on_offer():
    from core.languages import list_languages

    costs = load_text_cost()
    assert set(list_languages()["language"]) <= set(costs["language"])
    assert not set(NOT_LANGUAGES) & set(costs["language"])
    samples = read_samples()
    lengths = costs.drop_duplicates("language").set_index("language")["n_chars"]
    assert lengths.to_dict() == {key: len(samples[key]) for key in lengths.index}


def test_costs_are_tokens_per_1000_characters():
    row = load_text_cost().set_index(["family", "language"]).loc[("llama3", "en")]
    counted = pd.read_csv(DATA / build.COSTS).set_index(["family", "text"]).loc[("llama3", "en")]
    assert row["tokens_per_1000_chars"] == pytest.approx(
        1000 * counted["tokens"] / counted["n_chars"], abs=0.05
    )


def test_a_text_that_cannot_be_spelled_has_no_cost():
    costs = load_text_cost().set_index(["family", "language"])["tokens_per_1000_chars"]
    assert pd.isna(costs["t5_small", "zh"])
    assert costs.drop("t5_small", level="family").notna().all()


def test_a_file_in_another_form_will_do(folder):
    """SentencePiece's own file under the family's key."""
    (folder / "new" / "tiny.json").unlink()
    path, _ = sentencepiece_model(folder / "new", "tiny.model", model_type="bpe", split_digits=True)
    assert run(folder) == 0
    tiny = families(folder)["tiny"]
    assert tiny["grouping"] == "per digit"
    assert tiny["sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()
